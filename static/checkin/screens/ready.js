/** Tells whether this phone can work offline now, and starts the shift of one that can. */

import { checks, isReady } from "../shift/readiness.js";
import { write } from "../store/db.js";
import { canSound } from "./feedback.js";
import { ago, byId, element, icon } from "./show.js";
import { say } from "./words.js";

/**
 * Asks the browser not to clear the storage; `kept` is called once it agrees. Firefox asks its user,
 * who may never answer: nothing may wait for this.
 */
export async function askToKeep(kept) {
  if (!navigator.storage?.persist || (await isKept())) return;
  if (await navigator.storage.persist().catch(() => false)) kept();
}

/** Looks at everything and draws it. */
export async function drawReady({ held, isLeaseOver, worker, hasFailed, offset_ms, silent, queued, needsFonts }) {
  const facts = {
    held,
    isLeaseOver,
    worker,
    hasFailed,
    offset_ms,
    needsFonts,
    canWrite: await canWrite(),
    persisted: await isKept(),
    free: await freeBytes(),
    camera: await cameraState(),
    sounds: canSound() && !silent,
    installed: matchMedia("(display-mode: standalone)").matches || navigator.standalone === true,
  };
  const list = checks(facts, Date.now());
  const ready = isReady(list);
  const told = { n: held?.cards.toLocaleString() ?? "", ago: held ? ago(held.synced_ms) : "", minutes: minutes(offset_ms) };
  byId("ready").dataset.offline = ready ? "yes" : "no";
  byId("ready-answer").replaceChildren(icon(ready ? "state-good" : "state-bad"), say(ready ? "ready_yes" : "ready_no"));
  byId("ready-list").replaceChildren(...list.map((check) => row(check, told)));
  byId("ready-queued").textContent = queued ? say("queued_kept", { n: queued }) : "";
  byId("start").disabled = !ready;
  return ready;
}

function row({ id, state, told }, facts) {
  const item = element("li", `checks__item checks__item--${state}`);
  item.dataset.check = id;
  item.dataset.state = state;
  const words = element("span", "checks__words");
  words.append(element("strong", "checks__name", say(`ready_${id}`)), element("span", "checks__told", say(told, facts)));
  item.append(icon(`state-${state}`), words, element("span", "visually-hidden", say(`check_${state}`)));
  return item;
}

function minutes(offset_ms) {
  return offset_ms === null ? "" : Math.round(Math.abs(offset_ms) / 60_000);
}

async function canWrite() {
  try {
    await write("meta", ({ store }) => store.put(Date.now(), "probe"));
    return true;
  } catch {
    return false;
  }
}

async function isKept() {
  return (await navigator.storage?.persisted?.()) ?? false;
}

async function freeBytes() {
  const { quota, usage } = (await navigator.storage?.estimate?.()) ?? {};
  return quota === undefined ? null : quota - usage;
}

async function cameraState() {
  if (!navigator.mediaDevices?.enumerateDevices) return "none";
  const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  if (!devices.some(({ kind }) => kind === "videoinput")) return "none";
  // Firefox does not know this name: it asks when the camera is started.
  const permission = await navigator.permissions?.query({ name: "camera" }).catch(() => null);
  return permission?.state ?? "prompt";
}
