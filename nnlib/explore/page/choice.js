// A question with answers to choose from: a group of radio buttons, named by the question.
export default {
  initialize: hear,

  render({ model, el }) {
    const group = document.createElement("fieldset");
    const question = document.createElement("legend");
    group.className = "nn-answers";
    question.textContent = model.get("question");
    group.append(question);
    const name = `nn-${Math.random()}`; // of this view alone, or two views would be one group
    const radios = model.get("answers").map((answer, k) => {
      const radio = Object.assign(document.createElement("input"), { type: "radio", name, value: k });
      const label = document.createElement("label");
      radio.onchange = () => {
        if (!model.get("kept")) { model.set("chosen", k); model.save_changes(); }
        show();
      };
      const text = document.createElement("span");
      text.textContent = answer;
      label.append(radio, text);
      group.append(label);
      return radio;
    });
    // A guess that is kept can still be reached and read with the keyboard, but no longer changed.
    const show = () => radios.forEach((radio, k) => {
      radio.checked = k === model.get("chosen");
      radio.setAttribute("aria-disabled", model.get("kept"));
    });
    const changes = ["change:chosen", "change:kept"];
    for (const change of changes) model.on(change, show);
    show();
    el.append(group);
    return () => { for (const change of changes) model.off(change, show); };
  },
};
