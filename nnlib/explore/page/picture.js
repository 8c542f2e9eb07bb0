// A live picture: the newest PNG in an <img> with its words as alt text.
const PART = 8192; // bytes; a call takes only so many arguments

// For a blob's address the page would ask the browser's other processes twice, and the picture come milliseconds later.
function base64(view) {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  let text = "";
  for (let n = 0; n < bytes.length; n += PART) text += String.fromCharCode(...bytes.subarray(n, n + PART));
  return btoa(text);
}

export default {
  initialize: hear,

  render({ model, el }) {
    const img = make("img", { className: "nn-picture", width: model.get("width") });
    const show = () => { img.src = `data:image/png;base64,${base64(model.get("png"))}`; };
    const name = () => { img.alt = model.get("alt"); }; // it may change where no pixel does
    el.append(img);
    return follow(model, { png: show, alt: name });
  },
};
