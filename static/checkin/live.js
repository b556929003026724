// Keeps the living part of a page fresh: asks for it again and again, and swaps what has changed.
//
//   <div data-live data-url="…" data-etag="…" data-every="1500" data-ticket="…">parts</div>
//   <p data-live-old hidden>… <span data-live-age></span> …</p>      shown while the figures are old
//   <p data-live-gone hidden>…</p>                                    shown when they may not be had
//
// It asks by the ticket alone, and with the cookie now and then for a new ticket. A hidden page asks rarely,
// and one that gets no answer waits longer each time.
const RENEW_MS = 15_000;
const HIDDEN_MS = 15_000;
const SLOWEST_MS = 8_000;
const OLD_MS = 15_000;
const PATIENCE_MS = 6_000;

export class Living {
  #root;
  #etag;
  #ticket;
  #renewedAt = performance.now();
  #countedAt = Date.now();
  #failures = 0;
  #sources = new Map();
  #timer;
  #asking = false;

  constructor(root) {
    this.#root = root;
    this.#etag = root.dataset.etag;
    this.#ticket = root.dataset.ticket ?? "";
    this.#countedAt -= Number(root.dataset.age ?? 0);
    for (const part of root.children) this.#sources.set(part.id, part.outerHTML);
    document.addEventListener("visibilitychange", () => this.#soon(document.hidden ? HIDDEN_MS : 0));
    addEventListener("online", () => this.#soon(0));
    setInterval(() => this.#tellAge(), 1000);
    this.#soon(Number(root.dataset.every));
  }

  /** How old the figures on the screen are, in milliseconds. */
  get age() {
    return Math.max(0, Date.now() - this.#countedAt);
  }

  #soon(delay) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), delay);
  }

  async #ask() {
    if (this.#asking) return;
    this.#asking = true;
    try {
      await this.#fetch();
    } catch {
      this.#failures += 1; // no line, or no answer in time
    }
    this.#asking = false;
    this.#tellAge();
    const pause = Number(this.#root.dataset.every) * 2 ** Math.min(this.#failures, 3);
    this.#soon(document.hidden ? HIDDEN_MS : Math.min(pause, SLOWEST_MS));
  }

  async #fetch() {
    const renewing = !this.#ticket || performance.now() - this.#renewedAt > RENEW_MS;
    const headers = { "HX-Request": "true", "If-None-Match": this.#etag };
    if (!renewing) headers["Watch-Ticket"] = this.#ticket;
    const answer = await fetch(this.#root.dataset.url, {
      headers,
      credentials: renewing ? "same-origin" : "omit",
      redirect: "manual",
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (answer.status !== 200 && answer.status !== 304) {
      const refused = answer.type === "opaqueredirect" || answer.status === 404;
      this.#ticket = "";
      // A ticket that ran out while the page slept, or somebody who may not see this any more: the cookie tells at once.
      if (refused && !renewing) {
        await this.#fetch();
        return;
      }
      this.#failures += 1;
      tellGone(refused);
      return;
    }
    this.#failures = 0;
    tellGone(false);
    this.#countedAt = Date.now() - Number(answer.headers.get("Figures-Age") ?? 0);
    if (answer.headers.has("Watch-Ticket")) {
      this.#ticket = answer.headers.get("Watch-Ticket");
      this.#renewedAt = performance.now();
    }
    if (answer.status === 200) {
      this.#swap(await answer.text());
      this.#etag = answer.headers.get("ETag");
    }
  }

  #swap(html) {
    const parts = [...new DOMParser().parseFromString(html, "text/html").body.children];
    const known = [...this.#root.children].map((part) => part.id);
    const same = parts.length === known.length && parts.every((part, place) => part.id === known[place]);
    if (!same) {
      this.#root.replaceChildren(...parts);
    } else {
      for (const part of parts) {
        if (this.#sources.get(part.id) !== part.outerHTML) replace(document.getElementById(part.id), part);
      }
    }
    this.#sources.clear();
    for (const part of new DOMParser().parseFromString(html, "text/html").body.children) {
      this.#sources.set(part.id, part.outerHTML);
    }
    this.#root.dispatchEvent(new CustomEvent("live:swapped"));
  }

  #tellAge() {
    const old = this.age > OLD_MS;
    show("[data-live-old]", old);
    for (const place of document.querySelectorAll("[data-live-age]")) place.textContent = spoken(this.age);
    document.documentElement.classList.toggle("is-old", old);
  }
}

function spoken(age) {
  const seconds = Math.floor(age / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
}

function show(selector, visible) {
  for (const element of document.querySelectorAll(selector)) element.hidden = !visible;
}

/** Says that the figures may not be seen any more, and takes them off the screen. */
function tellGone(gone) {
  show("[data-live-gone]", gone);
  document.documentElement.classList.toggle("is-gone", gone);
}

/** Puts a part in the place of another: what was unfolded, scrolled to and in focus stays so. */
function replace(before, after) {
  const open = new Set([...before.querySelectorAll("details[open][id]")].map((details) => details.id));
  for (const details of after.querySelectorAll("details[id]")) details.open = open.has(details.id);
  const scrolled = [...before.querySelectorAll(".table-wrap")].map((wrap) => wrap.scrollLeft);
  const focus = before.contains(document.activeElement) ? document.activeElement : null;
  const same = focus && (focus.id ? `#${CSS.escape(focus.id)}` : focus.dataset.key && `[data-key="${CSS.escape(focus.dataset.key)}"]`);
  before.replaceWith(after);
  after.querySelectorAll(".table-wrap").forEach((wrap, place) => {
    wrap.scrollLeft = scrolled[place] ?? 0;
  });
  if (same) after.querySelector(same)?.focus({ preventScroll: true });
}

for (const root of document.querySelectorAll("[data-live]")) new Living(root);
