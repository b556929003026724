/** The service worker: what makes the page start without a line, and how a new version comes in. */

const CHOICE = "plenary-scanner-choice";
const ANSWER_WITHIN_MS = 4_000;
const LOOK_EVERY_MS = 3_600_000;
const TAKE_WITHIN_MS = 5_000;
const TAKE_AT_START_WITHIN_MS = 2_000;
const TRY_AGAIN_MS = 30_000;

export class Worker {
  /**
   * @param {{address: string, scope: string, language: string, waits: () => void, fails: () => void, rests: () => Promise<void>}} parts
   *   `waits`: a new version is there; `fails`: the first one could not be kept; `rests` resolves
   *   where the page may be left, between scans
   */
  constructor(parts) {
    Object.assign(this, parts, { registration: null, isServed: false, isTaking: false, isLate: false, isLeaving: false, hasFailed: false, later: null });
  }

  get isSupported() {
    return "serviceWorker" in navigator;
  }

  /** Registers it; of no consequence without a line, when the one from before still serves. */
  async begin() {
    if (!this.isSupported) return;
    this.isServed = navigator.serviceWorker.controller !== null;
    navigator.serviceWorker.addEventListener("controllerchange", () => this.#changed());
    await keepLanguage(this.language);
    await this.#register();
    if (this.registration?.waiting) this.waits();
    setInterval(() => this.registration?.update().catch(() => {}), LOOK_EVERY_MS);
  }

  async #register() {
    try {
      this.registration = await navigator.serviceWorker.register(this.address, { scope: this.scope, updateViaCache: "none" });
    } catch {
      this.registration = (await navigator.serviceWorker.getRegistration(this.scope)) ?? null;
    }
    const { registration } = this;
    if (registration !== null) {
      registration.onupdatefound = () => this.#watch(registration.installing);
      this.#watch(registration.installing);
    }
    if (this.#isBare) this.#failed();
  }

  /** Nothing serves, and nothing is on its way. */
  get #isBare() {
    return !(this.registration?.active || this.registration?.waiting || this.registration?.installing);
  }

  /**
   * The first version could not be kept, and the browser has forgotten it: a file was missing, or is
   * not what the server lists, as while it changes its own version. Then it is tried again.
   */
  #failed() {
    this.hasFailed = true;
    this.fails();
    this.later = setTimeout(() => this.tryAgain(), TRY_AGAIN_MS);
  }

  /** Tries at once, if the last time was in vain. */
  async tryAgain() {
    clearTimeout(this.later);
    if (this.hasFailed && this.#isBare) await this.#register();
  }

  /** At the start, before anything is asked for or shown: takes the version that waits, if it comes in at once. */
  async takeAtStart() {
    if (this.registration?.waiting && (await this.#letIn(TAKE_AT_START_WITHIN_MS))) await this.#startAnew();
  }

  /**
   * Takes the version that waits and starts the page with it, between two scans.
   *
   * A browser lets it in once the old one has ended what it does. Chromium can miss that moment while
   * the page asks for something, and then never lets it in: the page is started anew all the same, and
   * asks once more by that.
   */
  async take() {
    if (!this.isLate) {
      if (!this.registration?.waiting) return;
      await this.#letIn(TAKE_WITHIN_MS);
    }
    await this.#startAnew();
  }

  async #startAnew() {
    // Who presses twice while the page is being left would begin that from the beginning.
    if (this.isLeaving) return;
    this.isLeaving = true;
    await this.rests();
    location.reload();
    await new Promise(() => {}); // this page is over
  }

  async #letIn(within_ms) {
    this.isTaking = true;
    const isTaken = await new Promise((resolve) => {
      const late = setTimeout(() => resolve(false), within_ms);
      const changed = () => {
        clearTimeout(late);
        resolve(true);
      };
      navigator.serviceWorker.addEventListener("controllerchange", changed, { once: true });
      this.registration.waiting.postMessage({ type: "take" });
    });
    this.isTaking = false;
    return isTaken;
  }

  /** The first version there is, the one that we take; or one that another tab took, or that came in too late for us. */
  #changed() {
    if (this.isServed && !this.isTaking) {
      this.isLate = true;
      this.waits();
    }
    this.isServed = true;
  }

  /** Calls once the first version serves. */
  whenServing(call) {
    if (this.isSupported) navigator.serviceWorker.ready.then(() => this.state()).then((state) => state && call());
  }

  /**
   * `{version, whole, fonts}`: whether everything is kept that a start without a line needs, and all
   * of the Chinese font; null if nothing serves yet.
   */
  async state() {
    if (!this.registration) return null;
    const worker = navigator.serviceWorker.controller ?? this.registration.active;
    if (!worker) return null;
    return ask(worker, { type: "state" });
  }

  /** Fetches again what the browser has thrown away. */
  async mend() {
    const worker = this.registration?.active;
    return worker ? ask(worker, { type: "mend" }) : null;
  }

  /** Fetches every part of the Chinese font, for a device that has none; it goes on by itself. */
  keepFonts() {
    this.registration?.active?.postMessage({ type: "fonts" });
  }

  #watch(worker) {
    if (worker === null) return;
    worker.onstatechange = () => {
      if (worker.state === "installed" && navigator.serviceWorker.controller) this.waits();
      if (worker.state === "activated") this.hasFailed = false;
      if (worker.state === "redundant" && this.#isBare) this.#failed();
    };
  }
}

/** Lets the next start speak this language, with or without a line. */
export async function chooseLanguage(language, cookie) {
  document.cookie = `${cookie}=${language};path=/;max-age=31536000;samesite=lax${location.protocol === "https:" ? ";secure" : ""}`;
  if (!("caches" in window)) return;
  const cache = await caches.open(CHOICE);
  await cache.put("/language", new Response(language));
}

/** Until somebody chooses, the phone goes on in the language that it was first spoken to in. */
async function keepLanguage(language) {
  const cache = await caches.open(CHOICE);
  if (!(await cache.match("/language"))) await cache.put("/language", new Response(language));
}

function ask(worker, question) {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    const late = setTimeout(() => resolve(null), ANSWER_WITHIN_MS);
    port1.onmessage = ({ data }) => {
      clearTimeout(late);
      resolve(data);
    };
    worker.postMessage(question, [port2]);
  });
}
