// What every explorer needs from the page: its state in words, spoken when it comes to rest; messages;
// names for slider handles, which ipywidgets leaves unnamed; and keys that stay in the figure.
const MOVES = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End", " "]);
const QUIET = 400; // milliseconds without a change before a screen reader is told

const STEPS = { ArrowRight: 0.1, ArrowUp: 0.1, ArrowLeft: -0.1, ArrowDown: -0.1, PageUp: 1, PageDown: -1 };

// A fine slider (parameters.py) has very small steps, so that it can hold any weight; its keys go by tenths, and
// with Shift by hundredths.
function moveFineSlider(e) {
  const slider = e.target.closest?.(".nn-fine .noUi-target")?.noUiSlider;
  if (!slider || !(e.key in STEPS) || e.ctrlKey || e.metaKey || e.altKey) return;
  e.preventDefault();
  e.stopImmediatePropagation(); // the slider's own keys would add their step
  const grid = e.shiftKey ? 0.01 : 0.1;
  const step = e.shiftKey ? Math.sign(STEPS[e.key]) * grid : STEPS[e.key];
  slider.set(Math.round(slider.get(true) / grid) * grid + step);
}

// A number may be typed as it is printed, with a real minus, or with a decimal comma.
function readTyped(e) {
  if (!e.target.matches?.(".widget-readout") || (e.type === "keydown" && e.key !== "Enter")) return;
  const plain = e.target.textContent.replace("−", "-").replace(",", ".");
  if (plain !== e.target.textContent) e.target.textContent = plain;
}

const BUTTONS = ["Play or pause the film", "Stop the film and go to its start"];

function nameSliders(root) {
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

export default {
  render({ model, el }) {
    const words = document.createElement("div");
    const spoken = document.createElement("div");
    const message = document.createElement("div");
    words.className = "nn-words";
    words.setAttribute("aria-hidden", "true"); // the same words are spoken from the line below
    spoken.className = "nn-spoken";
    spoken.setAttribute("aria-live", "polite");
    message.className = "nn-message";
    message.setAttribute("role", "alert");
    el.append(message, words, spoken);

    let quiet;
    const show = () => {
      words.textContent = model.get("words");
      clearTimeout(quiet);
      quiet = setTimeout(() => { spoken.textContent = model.get("words"); }, QUIET);
    };
    const warn = () => {
      message.textContent = model.get("message");
      message.hidden = !model.get("message");
    };
    model.on("change:words", show);
    model.on("change:message", warn);
    show();
    warn();

    let root, gone = false;
    // JupyterLab and Notebook leave a key alone while this mark is on the focused element; left there it would
    // take Ctrl+S from the learner too, so it is set for plain keys only.
    const mark = (e) => {
      if (!root?.contains(e.target)) return;
      const plain = !e.ctrlKey && !e.metaKey && !e.altKey && e.key !== "Enter" && e.key !== "Escape";
      e.target.toggleAttribute("data-lm-suppress-shortcuts", plain);
    };
    const keep = (e) => { if (MOVES.has(e.key)) e.stopPropagation(); }; // live slides would turn the page
    const watch = new MutationObserver(() => nameSliders(root));
    const find = () => {
      if (gone) return;
      root = el.closest(".nn-explorer");
      if (!root) { requestAnimationFrame(find); return; }
      root.addEventListener("keydown", moveFineSlider, true);
      root.addEventListener("keydown", readTyped, true);
      root.addEventListener("blur", readTyped, true);
      root.addEventListener("keydown", keep);
      watch.observe(root, { childList: true, subtree: true, characterData: true });
      nameSliders(root);
    };
    window.addEventListener("keydown", mark, true);
    find();
    return () => {
      gone = true;
      clearTimeout(quiet);
      watch.disconnect();
      window.removeEventListener("keydown", mark, true);
      root?.removeEventListener("keydown", moveFineSlider, true);
      root?.removeEventListener("keydown", readTyped, true);
      root?.removeEventListener("blur", readTyped, true);
      root?.removeEventListener("keydown", keep);
      model.off("change:words", show);
      model.off("change:message", warn);
    };
  },
};
