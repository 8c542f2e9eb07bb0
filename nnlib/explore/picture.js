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
      if (old) URL.revokeObjectURL(old);
    };
    const name = () => { img.alt = model.get("alt"); }; // it may change where no pixel does
    model.on("change:png", show);
    model.on("change:alt", name);
    show();
    name();
    el.append(img);
    return () => {
      model.off("change:png", show);
      model.off("change:alt", name);
      URL.revokeObjectURL(url);
    };
  },
};
