// One step of a walk: its lines and the same as matrices. While a step stays, only texts change; the buttons are
// made once, so that focus stays where it is.
const SLOPE = "slope of "; // how the lines of single weights begin (equations.py)
const put = (tag, className, parent, text = "") => {
  const el = document.createElement(tag);
  if (className) el.className = className;
  el.textContent = text;
  parent?.append(el);
  return el;
};

// The tables, in rows: one with no sign before it begins a new row. Returns the cells in the order of the texts.
function build(box, matrices) {
  box.replaceChildren();
  const cells = [];
  let row;
  for (const { sign, name, lit, rows, columns } of matrices) {
    if (!sign || !row) row = put("div", "nn-product", box);
    if (sign) put("span", "nn-sign", row, sign);
    const table = put("table", "", row);
    put("caption", "", table, name);
    const head = columns.length && put("tr", "", put("thead", "", table));
    if (head && rows.length) put("td", "", head);
    for (const column of columns) put("th", "", head, column).scope = "col";
    const body = put("tbody", "", table);
    lit.forEach((flags, i) => {
      const tr = put("tr", "", body);
      if (rows.length) put("th", "", tr, rows[i]).scope = "row";
      for (const flag of flags) cells.push(put("td", flag ? "nn-cell nn-lit" : "nn-cell", tr));
    });
  }
  return cells;
}

export default {
  initialize: hear,

  render({ model, el }) {
    el.classList.add("nn-arithmetic");
    const head = put("div", "nn-steps", el);
    head.setAttribute("role", "group");
    head.setAttribute("aria-label", "Steps of one example");
    const back = put("button", "", head, "‹ Back");
    const heading = put("span", "nn-heading", head);
    heading.setAttribute("aria-live", "polite");
    const next = put("button", "", head, "Next ›");
    const list = put("ul", "nn-lines", el);
    const box = put("div", "nn-matrices", el);
    for (const [name, value] of [["role", "group"], ["tabindex", "0"], ["aria-label", "The same step as matrices"]]) {
      box.setAttribute(name, value);
    }

    const showHead = () => {
      const step = model.get("step"), count = model.get("count");
      write(heading, count > 1 ? `step ${step + 1} of ${count} · ${model.get("title")}` : model.get("title"));
      back.hidden = next.hidden = count <= 1;
      back.setAttribute("aria-disabled", step <= 0); // a disabled button would lose the focus
      next.setAttribute("aria-disabled", step >= count - 1);
    };
    const showLines = () => {
      const lines = model.get("lines");
      while (list.children.length > lines.length) list.lastChild.remove();
      const slopes = lines.filter((line) => line.startsWith(SLOPE)).length;
      list.classList.toggle("nn-beside", slopes > 0 && slopes <= 4); // the slopes beside the other lines, not below
      lines.forEach((line, n) => {
        const item = list.children[n] ?? put("li", "", list);
        if (!item.children.length) item.append(put("b"), put("span"));
        const end = Math.max(0, line.indexOf(" = "));
        write(item.firstChild, line.slice(0, end));
        write(item.lastChild, line.slice(end).replaceAll(" × ", "\u00a0×\u00a0")); // a product stays on one line
        item.classList.toggle("nn-slope", line.startsWith(SLOPE));
      });
    };
    let shape, cells;
    const showMatrices = () => {
      const matrices = model.get("matrices");
      const now = JSON.stringify(matrices.map(({ cells, ...rest }) => rest));
      if (now !== shape) cells = build(box, matrices);
      box.hidden = !matrices.length;
      shape = now;
      matrices.flatMap((matrix) => matrix.cells.flat()).forEach((text, n) => write(cells[n], text));
    };
    const showLarge = () => el.classList.toggle("nn-large", model.get("large"));
    const go = (by) => {
      const step = Math.min(model.get("count") - 1, Math.max(0, model.get("step") + by));
      if (step === model.get("step")) return;
      model.set("step", step);
      model.save_changes();
    };
    back.addEventListener("click", () => go(-1));
    next.addEventListener("click", () => go(1));
    head.addEventListener("keydown", (e) => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[e.key];
      if (!by || e.ctrlKey || e.metaKey || e.altKey || e.shiftKey) return;
      e.preventDefault();
      e.stopPropagation(); // JupyterLab and live slides would go to another cell or slide
      go(by);
    });
    return follow(model, { "title step count": showHead, lines: showLines, matrices: showMatrices, large: showLarge });
  },
};
