// Small helps for every page. Each works on an attribute; without this file the page still does its work.
//
//   <form data-confirm="Send to 22 delegations?" data-confirm-action="Send">   asks before it is sent
//   <form class="filters" data-auto-submit>                                     sends itself on a change
//   <button data-copy="text" data-copied="Copied">                              copies, and says so
//   <details class="menu">                                                      closes on Escape or a click beside it
//   <output data-counts="delegations">22</output>                               how many of that name its form would send
//   <form data-along="narrowing">                                               brings what is filled in there along
//   <p data-while-changed="narrowing" hidden>                                   shown while other boxes are ticked there than came
//   <p data-needs-script hidden>, <p data-without-script>                       shown with, and without, this file

document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
  if (!question || event.target.dataset.confirmed) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  ask(question, event.submitter?.dataset.confirmAction ?? event.target.dataset.confirmAction).then((yes) => {
    if (!yes) return;
    event.target.dataset.confirmed = "yes";
    event.target.requestSubmit(event.submitter);
    delete event.target.dataset.confirmed;
  });
}, { capture: true });

/** Shows a question with its action and resolves to the answer. */
function ask(question, action) {
  const template = document.getElementById("confirm-template");
  const dialog = template.content.cloneNode(true).querySelector("dialog");
  dialog.querySelector("h2").textContent = question;
  if (action) dialog.querySelector('[value="yes"]').textContent = action;
  document.body.append(dialog);
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      resolve(dialog.returnValue === "yes");
      dialog.remove();
    });
    dialog.showModal();
  });
}

// A part of the page that renews itself waits while a question is open: the form that asked is in it.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (document.querySelector("dialog[open]")) event.preventDefault();
});
document.addEventListener("htmx:beforeSwap", (event) => {
  if (document.querySelector("dialog[open]")) event.detail.shouldSwap = false;
});

const DELAY_WHILE_TYPING = 400; // milliseconds
let waiting;

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-auto-submit]");
  if (!form) return;
  clearTimeout(waiting);
  const typing = event.target.matches('input[type="search"], input[type="text"]');
  waiting = setTimeout(() => form.requestSubmit(), typing ? DELAY_WHILE_TYPING : 0);
});

// A filter that was left empty does not belong in the address.
document.addEventListener("formdata", (event) => {
  if (!event.target.matches("form[data-auto-submit]")) return;
  for (const [name, value] of [...event.formData]) {
    if (value === "") event.formData.delete(name);
  }
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  const before = button.innerHTML;
  button.textContent = button.dataset.copied ?? "✓";
  setTimeout(() => {
    button.innerHTML = before;
  }, 2000);
});

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

for (const each of document.querySelectorAll("[data-needs-script]")) each.hidden = false;
for (const each of document.querySelectorAll("[data-without-script]")) each.hidden = true;

/** Counts what is ticked, with what hidden fields carry along; says nothing anew where nothing changed. */
function count() {
  for (const each of document.querySelectorAll("[data-counts]")) {
    const number = String(new FormData(each.closest("form")).getAll(each.dataset.counts).length);
    if (each.textContent !== number) each.textContent = number;
  }
}

function tellChanges() {
  for (const each of document.querySelectorAll("[data-while-changed]")) {
    const form = document.getElementById(each.dataset.whileChanged);
    each.hidden = ![...form.elements].some((box) => box.checked !== box.defaultChecked);
  }
}

for (const look of [count, tellChanges]) {
  document.addEventListener("change", look);
  // A browser that comes back to a page ticks what was ticked before.
  window.addEventListener("pageshow", look);
}

// What is filled in elsewhere on the page goes along, unless the form has a field of that name itself.
document.addEventListener("formdata", (event) => {
  const other = document.getElementById(event.target.dataset.along);
  if (!other) return;
  const own = new Set(event.formData.keys());
  for (const [name, value] of new FormData(other)) {
    if (!own.has(name)) event.formData.append(name, value);
  }
});

// A long navigation is opened where the reader is. The page itself stays where it is.
const menu = document.querySelector(".sidebar__inner");
const here = menu?.querySelector("[aria-current]");
if (here && here.offsetTop + here.offsetHeight > menu.clientHeight) menu.scrollTop = here.offsetTop - menu.clientHeight / 2;
