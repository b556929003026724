/** Asks the server (CP1, section 2) and takes the time from each of its answers. */

import { anchorOf } from "../clock.js";

/** The server said no; `code` is the protocol's, `detail` a sentence in the page's language. */
export class Refused extends Error {
  constructor(status, { code = "unavailable", detail = "" } = {}) {
    super(detail);
    Object.assign(this, { status, code, detail });
  }
}

/** There was no answer: `code` is no_network or too_slow. */
export class Unreachable extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

export class Api {
  /**
   * @param {{base: string, language: string, token: string|null, boot_id: string}} options
   */
  constructor({ base, language, token = null, boot_id }) {
    Object.assign(this, { base, language, token, boot_id, anchor: null });
  }

  post(address, body, within_ms) {
    return this.#ask(address, { method: "POST", body: JSON.stringify(body) }, within_ms);
  }

  /** Answers null for 304. */
  get(address, { etag = null, within_ms } = {}) {
    return this.#ask(address, { headers: etag ? { "If-None-Match": `"${etag}"` } : {} }, within_ms);
  }

  async #ask(address, { headers = {}, ...request }, within_ms = 8_000) {
    const sent_ms = Math.round(performance.now());
    let answer;
    let body;
    try {
      answer = await fetch(this.base + address, {
        ...request,
        headers: { ...headers, ...this.#headers(request.method) },
        cache: "no-store",
        credentials: "omit",
        signal: AbortSignal.timeout(within_ms),
      });
      this.#anchorFrom(answer, sent_ms);
      body = answer.status === 304 ? null : await answer.json().catch(() => ({}));
    } catch (trouble) {
      throw new Unreachable(trouble.name === "TimeoutError" ? "too_slow" : "no_network");
    }
    if (!answer.ok && answer.status !== 304) throw new Refused(answer.status, body);
    return body;
  }

  #headers(method) {
    return {
      "Accept-Language": this.language,
      ...(method === "POST" ? { "Content-Type": "application/json" } : {}),
      ...(this.token ? { Authorization: `Bearer ${this.token}` } : {}),
    };
  }

  #anchorFrom(answer, sent_ms) {
    const header_ms = Number(answer.headers.get("CP1-Time"));
    if (!Number.isSafeInteger(header_ms) || header_ms <= 0) return;
    const arrived_ms = Math.round(performance.now());
    const anchor = anchorOf({ header_ms, sent_ms, arrived_ms, boot_id: this.boot_id });
    if (anchor !== null) this.anchor = anchor;
  }
}
