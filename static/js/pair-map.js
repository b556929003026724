// Points at a state or province: the lines that end there stand out, and so do the regions they lead to.
for (const map of document.querySelectorAll("[data-pair-map]")) {
  const regions = [...map.querySelectorAll("[data-code]")];
  const arcs = [...map.querySelectorAll("[data-ends]")];

  const show = (event) => {
    const code = event.target.closest?.("[data-code]")?.dataset.code;
    const ends = new Set();
    for (const arc of arcs) {
      const both = arc.dataset.ends.split(" ");
      arc.classList.toggle("is-on", both.includes(code));
      if (both.includes(code)) both.forEach((end) => ends.add(end));
    }
    for (const region of regions) region.classList.toggle("is-on", ends.has(region.dataset.code));
    map.classList.toggle("is-choosing", ends.size > 0);
  };

  for (const kind of ["pointerover", "focusin"]) map.addEventListener(kind, show);
  for (const kind of ["pointerleave", "focusout"]) map.addEventListener(kind, () => show({ target: map }));
}
