// "Show my home time": writes the reader's own time under each time of the venue.
//
//   <button type="button" hidden aria-pressed="false" data-home-time="America/Los_Angeles">…</button>
//
// The attribute's zone is the reader's home; left empty, the device's own zone is taken.
const KEY = "home-time";
const button = document.querySelector("[data-home-time]");

if (button) {
  const zone = button.dataset.homeTime || Intl.DateTimeFormat().resolvedOptions().timeZone;
  const show = remembered();
  button.hidden = false;
  apply(show, zone);
  button.addEventListener("click", () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    remember(on);
    apply(on, zone);
  });
}

function apply(on, zone) {
  button.setAttribute("aria-pressed", String(on));
  for (const old of document.querySelectorAll(".home-time")) old.remove();
  if (!on) return;
  for (const time of document.querySelectorAll("main time[data-form]:not([data-form=date])")) {
    const line = document.createElement("span");
    line.className = "home-time";
    line.textContent = written(time.dateTime, time.dataset.until, zone);
    time.after(line);
  }
}

function written(start, end, zone) {
  const language = document.documentElement.lang;
  const clock = new Intl.DateTimeFormat(language, { timeZone: zone, weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const from = new Date(start);
  const words = end ? clock.formatRange(from, new Date(end)) : clock.format(from);
  const name = new Intl.DateTimeFormat(language, { timeZone: zone, timeZoneName: "short" })
    .formatToParts(from)
    .find((part) => part.type === "timeZoneName").value;
  return `${words} ${name}`;
}

function remembered() {
  try {
    return localStorage.getItem(KEY) === "on";
  } catch {
    return false;
  }
}

function remember(on) {
  try {
    localStorage.setItem(KEY, on ? "on" : "off");
  } catch {
    // The choice then lasts for this page.
  }
}
