// The network as SVG, put in the page once. Afterwards only numbers travel and attributes change, so that
// focus, clicks and screen readers survive every frame.
const POSITIVE = "#0072B2", NEGATIVE = "#D55E00";
const STEPS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 };

// The rule of `number` in layout.py.
const text = (x) => {
  const size = Math.abs(x);
  if (size >= 1e6) {
    const [digits, power] = x.toExponential(1).split("e+");
    return `${digits} × 10${[...power].map((d) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[d]).join("")}`.replace("-", "−");
  }
  const t = x.toFixed(size < 100 ? 2 : size < 1000 ? 1 : 0);
  return Number(t) === 0 ? "0.00" : t.replace("-", "−");
};

export default {
  render({ model, el }) {
    el.innerHTML = model.get("svg"); // made and escaped by diagram.py
    el.classList.add("nn-diagram");
    const wires = [...el.querySelectorAll("[data-k]")];
    const texts = [...el.querySelectorAll("[data-t]")];
    const neurons = [...el.querySelectorAll("[data-fill]")];
    const limit = () => model.get("limit");

    // What a hand has set and the kernel has not answered yet, by parameter: [count, value]. It is shown at once,
    // and sent again with every further move until the kernel has seen it.
    const waiting = new Map();
    let count = model.get("seen");
    const current = (k) => (waiting.has(k) ? waiting.get(k)[1] : model.get("theta")[k]);

    const showWires = () => {
      for (const [k, [n]] of waiting) if (n <= model.get("seen")) waiting.delete(k);
      for (const g of wires) {
        const value = current(+g.dataset.k);
        const shown = text(value);
        g.setAttribute("aria-valuenow", value.toFixed(2));
        g.setAttribute("aria-valuetext", shown);
        g.querySelector(".nn-number").textContent = (g.dataset.prefix || "") + shown;
        const line = g.querySelector(".nn-wire");
        if (line) {
          line.setAttribute("stroke", value < 0 ? NEGATIVE : POSITIVE);
          line.setAttribute("stroke-dasharray", value < 0 ? "7 4" : "none");
          line.setAttribute("stroke-width", Math.min(9, 1 + 1.6 * Math.abs(value)).toFixed(1));
          line.setAttribute("stroke-opacity", Math.min(1, 0.25 + Math.abs(value)).toFixed(2));
        }
      }
    };
    const showTexts = () => {
      const given = model.get("texts");
      for (const t of texts) t.textContent = given[+t.dataset.t] ?? "";
      const fills = model.get("fills");
      for (const n of neurons) n.setAttribute("fill-opacity", (fills[+n.dataset.fill] ?? 0).toFixed(2));
    };
    const showSelected = () => {
      for (const g of wires) g.classList.toggle("nn-selected", +g.dataset.k === model.get("selected"));
    };
    const showLimit = () => {
      for (const g of wires) {
        g.setAttribute("aria-valuemin", -limit());
        g.setAttribute("aria-valuemax", limit());
      }
    };
    const shows = { theta: showWires, seen: showWires, texts: showTexts, fills: showTexts, selected: showSelected, limit: showLimit };
    for (const [name, show] of Object.entries(shows)) { model.on(`change:${name}`, show); show(); }

    const group = (e) => e.target.closest("[data-k]");
    const press = (e) => { const g = group(e); if (g) { g.focus(); e.preventDefault(); } };
    const select = (e) => {
      const g = group(e);
      if (!g || +g.dataset.k === model.get("selected")) return;
      model.set("selected", +g.dataset.k);
      model.save_changes();
    };
    const key = (e) => {
      const g = group(e);
      if (!g || e.ctrlKey || e.metaKey || e.altKey) return;
      const k = +g.dataset.k, step = model.get("step") * (e.shiftKey ? 0.1 : 1); // as the sliders do
      let value;
      if (e.key in STEPS) value = Math.round(current(k) / step + STEPS[e.key]) * step;
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
    el.addEventListener("pointerdown", press);
    el.addEventListener("focusin", select);
    el.addEventListener("keydown", key);
    return () => { for (const [name, show] of Object.entries(shows)) model.off(`change:${name}`, show); };
  },
};
