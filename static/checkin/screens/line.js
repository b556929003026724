/** The calm line that never goes away: on line or off, how many cards, how fresh, how many wait. */

import { ago, byId, icon } from "./show.js";
import { say } from "./words.js";

export function drawLine({ isUp, cards, synced_ms, queued }) {
  const line = byId("line");
  const state = isUp ? "online" : "offline";
  if (line.dataset.line !== state) line.querySelector(".line__icon").replaceChildren(icon(isUp ? "wifi" : "offline"));
  line.dataset.line = state;
  line.dataset.cards = cards ?? "";
  line.dataset.queued = queued;
  line.dataset.synced = synced_ms ?? "";
  put("line-state", say(state));
  put("line-cards", cards === null ? say("no_cards") : say("cards", { n: cards.toLocaleString() }));
  put("line-age", synced_ms ? say("synced", { ago: ago(synced_ms) }) : "");
  put("line-queued", queued ? say("queued", { n: queued }) : "");
}

function put(id, words) {
  if (byId(id).textContent !== words) byId(id).textContent = words;
}
