// What every module of the page begins with (module.py).

// How far a key goes, in steps of what it moves.
const STEPS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 };

// The number a key's steps on, on a grid of tens, tenths …; with Shift one step on the grid below.
function stepped(e, value, power) {
  const grid = 10 ** (e.shiftKey ? power - 1 : power);
  return (Math.round(value / grid) + (e.shiftKey ? Math.sign(STEPS[e.key]) : STEPS[e.key])) * grid;
}

// One element a tag; properties as given.
function make(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

// What says this already is left alone: a screen reader would be told again.
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// Show now, and again at each change of a trait that the key names, as in { "title step": show }; returns what ends it.
// first : what to call now, where one of them shows it all.
function follow(model, shows, first = Object.values(shows)) {
  const heard = ([names, show]) => names.split(" ").map((name) => [`change:${name}`, show]);
  const pairs = Object.entries(shows).flatMap(heard);
  for (const pair of pairs) model.on(...pair);
  for (const show of first) show();
  return () => { for (const pair of pairs) model.off(...pair); };
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

