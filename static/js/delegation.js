// A focal point's pages. Both helps are only helps: without them the pages do all their work.

// Tells the organiser that a person, not a mail scanner, has the letter open: it takes a visible page and a moment.
const letter = document.querySelector('[data-opened^="/"]');
const MOMENT = 1500; // milliseconds

function tellOpened() {
  if (document.visibilityState !== "visible") return;
  document.removeEventListener("visibilitychange", tellOpened);
  setTimeout(() => {
    const headers = JSON.parse(document.body.getAttribute("hx-headers"));
    fetch(letter.dataset.opened, { method: "POST", headers, keepalive: true }).catch(() => {});
  }, MOMENT);
}

if (letter) {
  document.addEventListener("visibilitychange", tellOpened);
  tellOpened();
}

/** Returns the two lines that the badge will show for what is typed; the model has the same rule. */
export function namesOnBadge({ given, family, suffix, native, familyFirst, badge, chinese }) {
  const names = familyFirst ? [family, given] : [given, family];
  const latin = badge || [...names, suffix].filter(Boolean).join(" ");
  const own = native === latin ? "" : native;
  const [first, second] = chinese ? [own, latin] : [latin, own];
  return first ? [first, second] : [second, ""];
}

const form = document.querySelector("form[data-badge-preview]");

function show() {
  const value = (name) => form.elements[name].value.trim();
  const [first, second] = namesOnBadge({
    given: value("given_name"),
    family: value("family_name"),
    suffix: value("suffix"),
    native: value("native_name"),
    familyFirst: value("name_order") === "family_first",
    badge: value("badge_name"),
    chinese: value("language") === "zh-hans",
  });
  form.querySelector(".badge-name").hidden = !first;
  form.querySelector(".badge-name__first").textContent = first;
  form.querySelector(".badge-name__second").textContent = second;
}

if (form) {
  form.addEventListener("input", show);
  show();
}
