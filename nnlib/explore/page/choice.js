// A question with answers to choose from: a group of radio buttons, named by the question.
export default {
  initialize: hear,

  render({ model, el }) {
    const question = make("legend", { textContent: model.get("question") });
    const group = make("fieldset", { className: "nn-answers" }, question);
    const name = `nn-${Math.random()}`; // of this view alone, or two views would be one group
    const radios = model.get("answers").map((answer, k) => {
      const radio = make("input", { type: "radio", name, value: k });
      radio.onchange = () => {
        if (!model.get("kept")) { model.set("chosen", k); model.save_changes(); }
        show();
      };
      group.append(make("label", {}, radio, make("span", { textContent: answer })));
      return radio;
    });
    // A guess that is kept can still be reached and read with the keyboard, but no longer changed.
    const show = () => radios.forEach((radio, k) => {
      radio.checked = k === model.get("chosen");
      radio.setAttribute("aria-disabled", model.get("kept"));
    });
    el.append(group);
    return follow(model, { "chosen kept": show });
  },
};
