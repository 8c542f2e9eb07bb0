// A live picture: the newest PNG in an <img> with its words as alt text.
export default {
  render({ model, el }) {
    const img = document.createElement("img");
    img.className = "nn-picture";
    img.width = model.get("width");
    let url;
    const show = () => {
      const old = url;
      img.src = url = URL.createObjectURL(new Blob([model.get("png")], { type: "image/png" }));
      img.alt = model.get("alt");
      if (old) URL.revokeObjectURL(old);
    };
    model.on("change:png", show);
    show();
    el.append(img);
    return () => {
      model.off("change:png", show);
      URL.revokeObjectURL(url);
    };
  },
};
