/** Of all tabs of this browser only one scans and syncs; another may take over. */

const LOCK = "plenary-checkin-shift";

export class Tab {
  /** @param {{taken: () => void}} parts `taken` is called when another tab has taken over */
  constructor({ taken }) {
    Object.assign(this, { taken, holds: false, waiting: null });
  }

  /** Becomes the one tab as soon as there is no other; `won` is called then. */
  wait(won) {
    this.waiting = new AbortController();
    this.#request({ signal: this.waiting.signal }, won);
  }

  /** Becomes the one tab now, whoever it was. */
  takeOver(won) {
    this.waiting?.abort();
    this.#request({ steal: true }, won);
  }

  #request(options, won) {
    const held = () =>
      new Promise(() => {
        // Held until the page ends or another tab takes over.
        this.holds = true;
        won();
      });
    navigator.locks.request(LOCK, options, held).catch((trouble) => {
      if (options.signal?.aborted && !this.holds) return;
      if (trouble.name !== "AbortError") throw trouble;
      this.holds = false;
      this.taken();
    });
  }
}
