// A form whose press prints a badge: the answer is printed on this page, and the desk goes on.
//
//   <form data-prints="/organise/…/desk/" data-printing="…" data-unprinted="…">
//     <button name="paper" value="a6" formtarget="_blank">            without this file: a PDF in a tab of its own
//     <p role="status"></p>                                            says what happens
//     <p data-prints-elsewhere hidden>                                 shown where the browser cannot print by itself
//     <button name="paper" formtarget="_blank" data-opens hidden>      shown when it did not print: opens the PDF
//
// A plain script that the page waits for, not a module: a module runs after the form can already be pressed, and on a
// slow line the press of a quick desk would then not print.

const AFTER_SENDING = 400; // milliseconds: the browser has taken the form by then
const printing = import("./desk/printing.js");

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const button = event.submitter;
  if (form.dataset.prints === undefined || event.defaultPrevented || button?.name !== "paper") return;
  if (opensPdf(form, button)) {
    setTimeout(() => location.assign(form.dataset.prints), AFTER_SENDING);
    return;
  }
  event.preventDefault();
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  tell(form, form.dataset.printing);
  try {
    await print(form, button.value);
  } catch (trouble) {
    tell(form, form.dataset.unprinted);
    offerPdf(form, button.value);
    if (trouble instanceof TypeError || trouble instanceof DOMException) return; // no line, no picture: said
    if (!(trouble instanceof (await printing).NotPrinted)) throw trouble;
  } finally {
    form.ariaBusy = "false";
  }
});

document.addEventListener("DOMContentLoaded", async () => {
  const { canPrint } = await printing;
  for (const note of document.querySelectorAll("[data-prints-elsewhere]")) note.hidden = canPrint();
});

async function print(form, paper) {
  const sent = new FormData(form);
  sent.set("paper", paper);
  sent.set("medium", "svg");
  const answer = await fetch(form.action, { method: "POST", body: sent });
  const picture = await answer.blob();
  if (picture.type.startsWith("image/svg+xml")) {
    await (await printing).printPicture(picture, paper);
    location.assign(form.dataset.prints);
  } else if (answer.redirected) {
    location.assign(answer.url);
  } else if (answer.status === 422) {
    await showFaults(await picture.text());
  } else {
    throw new (await printing).NotPrinted();
  }
}

/** The form comes back with what was typed and what is wrong with it, as it does without this file. */
async function showFaults(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  document.querySelector("main").replaceWith(page.querySelector("main"));
  document.querySelector("main [aria-invalid=true], main input:not([type=hidden])")?.focus();
}

function opensPdf(form, button) {
  return button.dataset.opens !== undefined || form.querySelector("[data-prints-elsewhere]")?.hidden === false;
}

function offerPdf(form, paper) {
  const button = form.querySelector("[data-opens]");
  button.value = paper;
  button.hidden = false;
}

function tell(form, words) {
  form.querySelector("[role=status]").textContent = words;
}
