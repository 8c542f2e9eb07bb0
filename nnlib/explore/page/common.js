// What every module of the page begins with (module.py).

// One element a tag; properties as given.
function make(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

// anywidget waits two seconds for a model's module. A busy page takes longer, and from then on anywidget drops
// whatever the kernel says to that model: its figure would never move again. So such a model hears the kernel as
// any other widget does, and asks for what it has missed. A module gets a proxy; the model itself comes with an event.
function hear({ model }) {
  const name = "change:_anywidget_id", id = model.get("_anywidget_id");
  const mend = (real) => {
    model.off(name, mend);
    real._handle_comm_msg({ content: { data: {} } }).catch(() => {
      const plain = Object.getPrototypeOf(Object.getPrototypeOf(real)); // what anywidget's models extend
      real.comm?.on_msg((message) => plain._handle_comm_msg.call(real, message));
      real.comm?.send({ method: "request_state" }, {});
    });
  };
  model.on(name, mend);
  model.set("_anywidget_id", `${id} again`);
  model.set("_anywidget_id", id);
}

