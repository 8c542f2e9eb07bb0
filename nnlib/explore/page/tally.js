// The boxes and bars of a tally. Python reads what is typed; a box with the keyboard in it is left alone.
const KEYS = { ArrowUp: 1, ArrowDown: -1 };

// One answer: its text, the box for its count, and a bar for this vote and for the one before.
function row(answer) {
  const mark = make("strong", {}), box = make("input", { type: "text", inputMode: "numeric", maxLength: 5 });
  box.ariaLabel = `votes for ${answer}`;
  box.setAttribute("role", "spinbutton");
  box.setAttribute("aria-valuemin", 0);
  const votes = ["nn-now", "nn-before"].map((className) => {
    const bar = make("span", { className: "nn-bar" }), said = make("span", {});
    return { bar, said, line: make("div", { className }, bar, said) };
  });
  const text = make("div", { className: "nn-asked" }, answer, mark);
  const bars = make("div", { className: "nn-bars" }, ...votes.map(({ line }) => line));
  return { element: make("div", { className: "nn-vote" }, text, box, bars), mark, box, votes };
}

export default {
  initialize: hear,

  render({ model, el }) {
    const rows = model.get("answers").map(row);
    const question = make("legend", { textContent: model.get("question") });
    el.append(make("fieldset", { className: "nn-votes" }, question, ...rows.map(({ element }) => element)));

    const send = () => {
      model.set("typed", [model.get("typed")[0] + 1, rows.map(({ box }) => box.value)]);
      model.save_changes();
    };
    const show = () => {
      const [counts, lengths, written] = ["counts", "lengths", "written"].map((name) => model.get(name));
      const heard = model.get("heard") === model.get("typed")[0]; // or what was typed is still on its way
      rows.forEach(({ mark, box, votes }, k) => {
        if (heard && !box.matches(":focus")) box.value = counts[k] || "";
        box.setAttribute("aria-valuenow", counts[k]);
        mark.textContent = k === model.get("right") ? " ✓ right" : "";
        votes.forEach(({ bar, said, line }, n) => {
          const length = lengths[n]?.[k] ?? 0, text = written[n]?.[k] ?? "";
          bar.style.setProperty("--length", length);
          bar.hidden = !length;
          said.textContent = n && text ? `before: ${text}` : text;
          line.hidden = n && !text;
        });
      });
    };
    rows.forEach(({ box }, k) => {
      box.oninput = send;
      box.onfocus = () => box.select();
      box.onblur = show;
      box.onkeydown = (e) => {
        if (e.ctrlKey || e.metaKey || e.altKey || e.shiftKey) return;
        if (e.key === "Enter") rows[(k + 1) % rows.length].box.focus();
        else if (e.key in KEYS) {
          box.value = Math.max(0, (Number(box.value) || 0) + KEYS[e.key]);
          box.select();
          send();
        } else return;
        e.preventDefault();
      };
    });
    return follow(model, { "counts lengths written right heard": show });
  },
};
