// The network as SVG, put in the page once for each layout. Otherwise only numbers travel and attributes change,
// so that focus, clicks and screen readers survive every frame.
const POSITIVE = "#0072B2", NEGATIVE = "#D55E00";
const VALUES = ["aria-valuemin", "aria-valuemax", "aria-valuenow", "aria-valuetext"];
const MANY = 40; // lines; of more, Tab stops only at those into the neuron in hand
const SMALLEST = 8, READABLE = 9.5, LETTER = 0.62;

// The rule of `number` in style.py.
const text = (x) => {
  const size = Math.abs(x);
  if (size >= 1e6) {
    const [digits, power] = x.toExponential(1).split("e+");
    return `${digits} × 10${[...power].map((d) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[d]).join("")}`.replace("-", "−");
  }
  const t = x.toFixed(size < 100 ? 2 : size < 1000 ? 1 : 0);
  return Number(t) === 0 ? "0.00" : t.replace("-", "−");
};

// The rule of `fitted` in layout.py; the font is never larger than the style sheet says.
const fit = (t, words) => {
  if (t.words === words) return;
  t.words = words;
  const room = Number(t.dataset.room), most = Math.floor(room / (SMALLEST * LETTER));
  const close = words.length > most ? words.replace(" × ", "×") : words; // the power of ten counts most
  t.textContent = close.length > most ? `${close.slice(0, most - 1)}…` : close;
  t.style.setProperty("--fit", `${(room / (LETTER * Math.max(1, t.textContent.length))).toFixed(1)}px`);
};

export default {
  initialize: hear,

  render({ model, el }) {
    el.classList.add("nn-diagram");
    const limit = () => model.get("limit");
    let wires, lines, halos, names, texts, titles, neurons;
    let pointed = null, focused = null; // the neuron, or the one at the end of the line, under the pointer or focus
    let over = null; // the line under the pointer

    // What a hand has set and the kernel has not answered yet, by parameter: [count, value]. It is shown at once,
    // and sent again with every further move until the kernel has seen it.
    const waiting = new Map();
    let count = model.get("seen");
    const current = (k) => (waiting.has(k) ? waiting.get(k)[1] : model.get("theta")[k] ?? 0);

    const build = () => {
      waiting.clear();
      pointed = focused = over = null;
      el.innerHTML = model.get("svg"); // made and escaped by diagram.py
      const all = (selector) => [...el.querySelectorAll(selector)];
      [wires, texts, titles, neurons] = ["[data-k]", "[data-t]", "[data-of]", "[data-neuron]"].map(all);
      lines = new Map(all("[data-line]").map((line) => [line.dataset.line, line]));
      halos = el.querySelector(".nn-halos");
      names = all("text.nn-name");
      for (const t of names) fit(t, t.dataset.words = t.textContent);
      for (const g of wires) g.dataset.label = g.getAttribute("aria-label");
    };
    const showWires = () => {
      for (const [k, [n]] of waiting) if (n <= model.get("seen")) waiting.delete(k);
      const [notes, written, strengths] = ["notes", "written", "strengths"].map((name) => model.get(name));
      for (const g of wires) {
        const k = g.dataset.k, value = current(+k), note = notes[k], shown = written[k] ?? text(value);
        const spoken = note ? `${shown}, slope of the loss ${note}` : shown;
        if (g.getAttribute("role") === "slider") {
          g.setAttribute("aria-valuenow", value.toFixed(2));
          g.setAttribute("aria-valuetext", spoken);
        } else g.setAttribute("aria-label", `${g.dataset.label}: ${spoken}, fixed`);
        g.classList.toggle("nn-noted", Boolean(note));
        fit(g.querySelector(".nn-number"), note || (g.dataset.prefix || "") + shown);
        const line = lines.get(k);
        if (line) {
          const thin = g.classList.contains("nn-quiet") ? 0.6 : 1, strength = strengths[k] ?? Math.abs(value);
          line.setAttribute("stroke", value < 0 ? NEGATIVE : POSITIVE);
          line.setAttribute("stroke-dasharray", value < 0 ? "7 4" : "none");
          line.setAttribute("stroke-width", (thin * Math.min(9, Math.max(0, 1 + 1.6 * strength))).toFixed(1));
          line.setAttribute("stroke-opacity", Math.min(1, Math.max(0, 0.25 + strength)).toFixed(2));
        }
      }
    };
    const showTexts = () => {
      const given = model.get("texts"), fills = model.get("fills");
      for (const t of texts) fit(t, given[t.dataset.t] ?? "");
      for (const t of titles) {
        const parts = t.dataset.of.split(" ").map((n) => given[n]).filter(Boolean);
        t.textContent = [t.dataset.name, ...parts].join(", ");
      }
      for (const g of neurons) {
        g.querySelector(".nn-node").setAttribute("fill-opacity", (fills[g.dataset.neuron] ?? 0).toFixed(2));
      }
    };
    const showNeurons = () => {
      const [marks, zoomed, zooms] = ["marks", "neuron", "zooms"].map((name) => model.get(name));
      for (const t of names) {
        const mark = marks[t.dataset.name];
        const both = mark ? `${t.dataset.words} · ${mark}` : t.dataset.words;
        fit(t, mark && t.dataset.room < READABLE * LETTER * both.length ? mark : both);
      }
      for (const g of neurons) {
        const n = +g.dataset.neuron, name = g.querySelector("title").dataset.name;
        g.classList.toggle("nn-marked", Boolean(marks[n]));
        g.classList.toggle("nn-zoomed", n === zoomed);
        g.setAttribute("role", zooms ? "button" : "img");
        if (zooms) g.setAttribute("aria-pressed", n === zoomed);
        else g.removeAttribute("aria-pressed");
        g.setAttribute("aria-label", [name, marks[n], zooms && "zoom in"].filter(Boolean).join(", "));
      }
    };
    // In a compact picture the numbers into one neuron show: it is in hand.
    const showHand = () => {
      const lit = new Set(model.get("lit")), selected = model.get("selected");
      const chosen = lit.size ? null : wires.find((g) => +g.dataset.k === selected)?.dataset.end;
      const hand = pointed ?? focused ?? chosen;
      for (const g of wires) {
        const k = +g.dataset.k;
        g.classList.toggle("nn-selected", k === selected);
        g.classList.toggle("nn-lit", lit.has(k));
        g.classList.toggle("nn-faded", lit.size > 0 && !lit.has(k));
        g.classList.toggle("nn-hand", g.dataset.end === hand);
        const line = lines.get(g.dataset.k);
        line?.classList.toggle("nn-faded", lit.size > 0 && !lit.has(k));
        line?.classList.toggle("nn-aside", hand != null && g.dataset.end !== hand && g.classList.contains("nn-quiet"));
      }
      const bands = [[lit, "nn-lit"], [lit.size ? [] : [selected], "nn-selected"], [[over], ""]];
      halos.replaceChildren(...bands.flatMap(([ks, kind]) => [...ks].map((k) => halo(k, kind))).filter(Boolean));
      for (const t of names) t.classList.toggle("nn-held", t.dataset.name === hand);
      if (wires.length > MANY) showStops(focused ?? chosen ?? "0");
    };
    const showStops = (neuron) => {
      for (const g of wires) if (!g.classList.contains("nn-fixed")) g.tabIndex = g.dataset.end === neuron ? 0 : -1;
      for (const g of neurons) g.tabIndex = g.dataset.neuron === neuron ? 0 : -1;
    };
    // The neuron that an arrow key leads to: up and down in its layer, left and right to the layers beside it.
    const neighbour = (g, key) => {
      const [x, y] = place(g), along = key === "ArrowUp" || key === "ArrowDown";
      const sign = key === "ArrowUp" || key === "ArrowLeft" ? -1 : 1;
      const way = ([u, v]) => sign * (along ? v - y : u - x);
      const near = ([u, v]) => way([u, v]) * 1000 + Math.abs(along ? u - x : v - y);
      return neurons.map((n) => [n, place(n)])
        .filter(([, at]) => way(at) > 0 && (!along || at[0] === x))
        .sort((one, two) => near(one[1]) - near(two[1]))[0]?.[0];
    };
    const place = (g) => ["x", "y"].map((name) => Number(g.querySelector(".nn-ground").getAttribute(name)));
    const halo = (k, kind) => {
      const band = lines.get(String(k))?.cloneNode();
      for (const name of ["data-line", "stroke", "stroke-dasharray", "stroke-width", "stroke-opacity"]) band?.removeAttribute(name);
      band?.setAttribute("class", `nn-halo ${kind}`);
      return band;
    };
    const showLimit = () => {
      for (const g of wires) {
        if (g.getAttribute("role") !== "slider") continue;
        g.setAttribute("aria-valuemin", -limit());
        g.setAttribute("aria-valuemax", limit());
      }
    };
    const showFixed = () => {
      const fixed = new Set(model.get("fixed"));
      for (const g of wires) {
        const free = !fixed.has(+g.dataset.k);
        g.classList.toggle("nn-fixed", !free);
        g.setAttribute("role", free ? "slider" : "img");
        g.setAttribute("aria-label", g.dataset.label);
        if (free) g.setAttribute("tabindex", 0);
        else for (const name of ["tabindex", ...VALUES]) g.removeAttribute(name);
      }
      showLimit();
      showWires();
      showHand();
    };
    const showAll = () => { build(); showFixed(); showTexts(); showNeurons(); };
    const unfollow = follow(model, {
      svg: showAll, "theta seen notes written strengths": showWires, "texts fills": showTexts,
      "marks neuron zooms": showNeurons, "lit selected": showHand, limit: showLimit, fixed: showFixed,
    }, [showAll]);

    const wire = (e) => e.target.closest("[data-k]:not(.nn-fixed)");
    // Of what lies under the pointer the number counts first, then a line.
    const under = (e) => {
      const found = el.getRootNode().elementsFromPoint?.(e.clientX, e.clientY) ?? [];
      return found.find((part) => part.matches("[data-k]:not(.nn-fixed) .nn-chip"))?.parentNode ?? wire(e);
    };
    const press = (e) => { const g = under(e); if (g) { g.focus(); e.preventDefault(); } };
    const held = (e) => {
      const g = e.target.closest("[data-k], [data-neuron]");
      return g ? g.dataset.end ?? g.dataset.neuron : null;
    };
    const point = (e) => {
      const on = e.type === "pointerover";
      pointed = on ? held(e) : null;
      over = on ? wire(e)?.dataset.k : null;
      showHand();
    };
    const focus = (e) => { focused = e.type === "focusin" ? held(e) : null; showHand(); };
    const select = (e) => {
      const g = wire(e);
      if (!g || +g.dataset.k === model.get("selected")) return;
      model.set("selected", +g.dataset.k);
      model.save_changes();
    };
    const zoom = (e) => {
      const g = e.target.closest("[data-neuron]");
      if (!g || !model.get("zooms")) return;
      const n = +g.dataset.neuron;
      model.set("neuron", n === model.get("neuron") ? -1 : n);
      model.save_changes();
    };
    const key = (e) => {
      if (e.ctrlKey || e.metaKey || e.altKey) return;
      if (e.target.closest("[data-neuron]") && (e.key === "Enter" || e.key === " ")) {
        e.preventDefault();
        if (!e.repeat) zoom(e);
        return;
      }
      const neuron = e.target.closest("[data-neuron]");
      if (neuron && e.key.startsWith("Arrow")) {
        e.preventDefault();
        neighbour(neuron, e.key)?.focus();
        return;
      }
      const g = wire(e);
      if (!g) return;
      const k = +g.dataset.k;
      let value;
      if (e.key in STEPS) value = stepped(e, current(k), model.get("key"));
      else if (e.key === "Home") value = -limit();
      else if (e.key === "End") value = limit();
      else return;
      e.preventDefault();
      value = Number(Math.min(limit(), Math.max(-limit(), value)).toFixed(3));
      count = Math.max(count, model.get("seen")) + 1; // another view of this figure counts too
      waiting.set(k, [count, value]);
      showWires();
      model.set("moves", Object.fromEntries(waiting)); // a trait: while the kernel is busy only the newest waits
      model.save_changes();
    };
    const listeners = {
      pointerdown: press, click: zoom, focusin: focus, focusout: focus, pointerover: point, pointerout: point,
    };
    for (const [name, listener] of Object.entries(listeners)) el.addEventListener(name, listener);
    el.addEventListener("focusin", select);
    el.addEventListener("keydown", key);
    return unfollow;
  },
};
