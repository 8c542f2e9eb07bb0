// What every explorer needs from the page: its state in words, spoken when it comes to rest; messages;
// names for slider handles, which ipywidgets leaves unnamed; and keys that stay in the figure.
const MOVES = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End", " "]);
const QUIET = 400; // milliseconds without a change before a screen reader is told

// A fine slider (sliders.py) has very small steps, so that it can hold any weight; its keys go by tenths, or by
// the power of ten in its class nn-key…; with Shift by a tenth of that.
function moveFineSlider(e) {
  const slider = e.target.closest?.(".nn-fine .noUi-target")?.noUiSlider;
  if (!slider || !(e.key in STEPS) || e.ctrlKey || e.metaKey || e.altKey) return;
  const power = Number(/nn-key(-?\d+)/.exec(e.target.closest(".nn-fine").className)?.[1] ?? -1);
  e.preventDefault();
  e.stopImmediatePropagation(); // the slider's own keys would add their step
  slider.set(stepped(e, slider.get(true), power));
}

// A number may be typed as it is printed, with a real minus, or with a decimal comma.
function readTyped(e) {
  if (!e.target.matches?.(".widget-readout") || (e.type === "keydown" && e.key !== "Enter")) return;
  const plain = e.target.textContent.replace("−", "-").replace(",", ".");
  if (plain !== e.target.textContent) e.target.textContent = plain;
}

const BUTTONS = ["Play or pause the film", "Stop the film and go to its start"];

function nameSliders(root) {
  for (const element of root.querySelectorAll("[title='null']")) element.removeAttribute("title"); // a tooltip of none
  for (const play of root.querySelectorAll(".widget-play")) {
    play.querySelectorAll("button").forEach((button, n) => {
      if (BUTTONS[n] && !button.hasAttribute("aria-label")) button.setAttribute("aria-label", BUTTONS[n]);
    });
  }
  for (const slider of root.querySelectorAll(".widget-slider")) {
    const name = slider.querySelector(".widget-label")?.textContent;
    const readout = slider.querySelector(".widget-readout");
    if (!name) continue;
    for (const handle of slider.querySelectorAll(".noUi-handle")) {
      if (handle.getAttribute("aria-label") !== name) handle.setAttribute("aria-label", name);
      const value = readout?.textContent;
      if (value && handle.getAttribute("aria-valuetext") !== value) handle.setAttribute("aria-valuetext", value);
    }
    if (readout && readout.getAttribute("role") !== "textbox") {
      readout.setAttribute("role", "textbox");
      readout.setAttribute("tabindex", "0");
    }
    readout?.setAttribute("aria-label", `${name}, type a value`);
  }
}

// A control may vanish while the keyboard is on it: answered, or made anew for another network. The keyboard then
// goes to the one of the same name, or to what is at the same place; else, a moment later, to a button.
const PATIENCE = 200; // milliseconds until a new one should be there
const LONGER = 5000; // and where one will surely come, however far the kernel is
const PLACES = { ".nn-diagram": "[tabindex='0']", ".nn-chosen": "[role='slider']" };
const named = (e) => e.getAttribute("aria-label") || e.title || e.textContent;

function keepFocus(root) {
  let last = null, timer = null, name, place;
  const note = (e) => {
    clearTimeout(timer);
    timer = null;
    [last, name] = [e.target, named(e.target)];
    place = Object.keys(PLACES).find((around) => e.target.closest(around));
  };
  const there = (e) => e.isConnected && e.checkVisibility();
  // An element that is taken away is left while it is still there; so look again a moment later.
  const leave = (e) => setTimeout(() => {
    if (e.target === last && there(last) && !last.matches(":focus")) last = null;
    find();
  });
  const lost = () => {
    const active = root.getRootNode().activeElement;
    return last && !there(last) && (!active || active === document.body);
  };
  const find = () => {
    if (!lost()) return;
    const stops = [...root.querySelectorAll("button, input, select, [tabindex='0']")].filter(there);
    const next = stops.find((e) => named(e) === name) ?? (place && root.querySelector(`${place} ${PLACES[place]}`));
    if (next) next.focus();
    else timer ??= setTimeout(() => {
      timer = null;
      if (lost()) (root.querySelector(".widget-toggle-button.mod-active") ?? stops[0])?.focus();
    }, place ? LONGER : PATIENCE);
  };
  return { find, listeners: [["focusin", note, false], ["focusout", leave, false]], stop: () => clearTimeout(timer) };
}

// Whether a drawer is open is told by a class alone; it is said too, and again when the class changes.
function tellToggles(root, watch) {
  for (const button of root.querySelectorAll(".widget-toggle-button")) {
    if (!button.hasAttribute("aria-pressed")) watch.observe(button, { attributeFilter: ["class"] });
    button.setAttribute("aria-pressed", button.classList.contains("mod-active"));
  }
}

// Marks on the sliders: where the learner's hand had left them.
function showGhosts(root, shares) {
  shares.forEach((share, k) => {
    for (const slider of root.querySelectorAll(`.nn-p${k} .noUi-base`)) {
      let ghost = slider.querySelector(".nn-ghost");
      if (!ghost) {
        ghost = document.createElement("div");
        ghost.className = "nn-ghost";
        ghost.title = "where your hand left it";
        slider.append(ghost);
      }
      ghost.style.left = `${100 * share}%`;
    }
  });
  if (!shares.length) for (const ghost of root.querySelectorAll(".nn-ghost")) ghost.remove();
}

// How far a training is, with a button to stop it.
function progressBar(model) {
  const bar = make("progress", { max: 1, ariaLabel: "training" });
  const stop = make("button", { textContent: "Stop training", type: "button" });
  stop.onclick = () => { model.set("halted", model.get("halted") + 1); model.save_changes(); };
  const box = make("div", { className: "nn-progress" }, bar, stop);
  const show = () => {
    const share = model.get("progress");
    box.hidden = share < 0;
    bar.value = Math.max(0, share);
  };
  return { element: box, shows: { progress: show } };
}

// A question, and what the learner says to it: an answer, or that they skip it.
function questionBox(model) {
  const text = make("span", {});
  const answer = make("input", { type: "text", size: 12, ariaLabel: "your guess" });
  const commit = make("button", { textContent: "This is my guess", type: "submit" });
  const skip = make("button", { textContent: "Skip", type: "button" });
  const box = make("form", { className: "nn-question" }, text, answer, commit, skip);
  const reply = (said) => { model.set("reply", [model.get("reply")[0] + 1, said]); model.save_changes(); };
  box.onsubmit = (e) => {
    e.preventDefault();
    if (answer.value.trim()) reply(answer.value.trim());
    else answer.focus();
  };
  answer.onkeydown = (e) => { // within a notebook of JupyterLab, Enter alone submits no form
    if (e.key !== "Enter" || e.shiftKey || e.isComposing) return;
    e.preventDefault();
    box.requestSubmit();
  };
  skip.onclick = () => reply("");
  const show = () => {
    const asked = model.get("question");
    if (text.textContent !== asked) answer.value = "";
    text.textContent = asked;
    box.hidden = !asked;
  };
  return { element: box, shows: { question: show } };
}

// The widgets' states of one frame, each handed to its model as if the kernel had sent it alone. They are handed out
// without a pause: at each, every slider would have the page laid out anew.
function handOut(model) {
  const receive = async (content, buffers) => {
    content.paths.forEach((path, n) => {
      const last = path.pop();
      path.reduce((part, key) => part[key], content.states)[last] = buffers[n];
    });
    const find = async (id) => model.widget_manager.get_model(id);
    const found = await Promise.allSettled(Object.keys(content.states).map(find));
    Object.values(content.states).forEach((state, n) => {
      try {
        found[n].value.set_state(state);
      } catch { /* closed meanwhile */ }
    });
  };
  model.on("msg:custom", receive);
  model.set("ready", true);
  model.save_changes();
  return () => model.off("msg:custom", receive);
}

export default {
  initialize({ model }) {
    hear({ model });
    return handOut(model);
  },

  render({ model, el }) {
    const [words, spoken, message] = ["words", "spoken", "message"].map((name) => make("div", { className: `nn-${name}` }));
    words.setAttribute("aria-hidden", "true"); // the same words are spoken from the line below
    spoken.setAttribute("aria-live", "polite");
    message.setAttribute("role", "alert");
    const parts = [questionBox(model), progressBar(model)];
    el.append(...parts.map((part) => part.element), message, words, spoken);

    let quiet;
    const show = () => {
      words.textContent = model.get("words");
      clearTimeout(quiet);
      quiet = setTimeout(() => { spoken.textContent = model.get("spoken"); }, QUIET);
    };
    const warn = () => {
      message.textContent = model.get("message");
      message.hidden = !model.get("message");
    };
    let root, focus, gone = false;
    const dress = () => {
      nameSliders(root);
      tellToggles(root, watch);
      showGhosts(root, model.get("ghosts"));
      focus.find();
    };
    const shows = { "words spoken": show, message: warn, ghosts: () => root && dress() };
    const unfollow = follow(model, Object.assign(shows, ...parts.map((part) => part.shows)));

    // JupyterLab and Notebook leave a key alone while this mark is on the focused element; left there it would
    // take Ctrl+S from the learner too, so it is set for plain keys only.
    const mark = (e) => {
      if (!root?.contains(e.target)) return;
      const runs = e.key === "Enter" && e.shiftKey, leaves = e.key === "Escape"; // the cell
      const plain = !e.ctrlKey && !e.metaKey && !e.altKey && !runs && !leaves;
      e.target.toggleAttribute("data-lm-suppress-shortcuts", plain);
    };
    const keep = (e) => { if (MOVES.has(e.key)) e.stopPropagation(); }; // live slides would turn the page
    const digit = (e) => {
      const typing = e.target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(e.target.tagName);
      if (!/^[1-9]$/.test(e.key) || e.ctrlKey || e.metaKey || e.altKey || typing) return;
      model.set("digit", [model.get("digit")[0] + 1, Number(e.key)]);
      model.save_changes();
      e.stopPropagation();
    };
    const hold = (e) => { // a hand on a weight stops the film, before it moves anything
      if (!e.target.closest?.(".nn-fine .noUi-target")) return;
      model.set("held", model.get("held") + 1);
      model.save_changes();
    };
    const listeners = [
      ["keydown", moveFineSlider, true], ["keydown", readTyped, true], ["blur", readTyped, true],
      ["pointerdown", hold, true], ["keydown", keep, false], ["keydown", digit, false],
    ];
    const watch = new MutationObserver(dress);
    const find = () => {
      if (gone) return;
      root = el.closest(".nn-explorer");
      if (!root) { requestAnimationFrame(find); return; }
      focus = keepFocus(root);
      listeners.push(...focus.listeners);
      for (const listener of listeners) root.addEventListener(...listener);
      watch.observe(root, { childList: true, subtree: true, characterData: true });
      dress();
    };
    window.addEventListener("keydown", mark, true);
    find();
    return () => {
      gone = true;
      clearTimeout(quiet);
      focus?.stop();
      watch.disconnect();
      window.removeEventListener("keydown", mark, true);
      for (const listener of listeners) root?.removeEventListener(...listener);
      unfollow();
    };
  },
};
