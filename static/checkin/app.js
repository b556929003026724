/** The scanner, online: from a text or a name to a light. Never green without the server's answer. */

import { Camera, NoCamera } from "./camera.js";
import { importKeys, openCard, readBadge } from "./codec.js";
import { wakeSound } from "./feedback.js";
import { Boot, newRecord } from "./records.js";
import { Result } from "./result.js";
import * as store from "./store.js";
import { Api, Refused, Unreachable } from "./sync/api.js";
import { say, text } from "./words.js";
import { judge } from "./verdict.js";

const APP = "1.0.0";
const RULES_EVERY_MS = 300_000;
const LIFE_SIGN_EVERY_MS = 300_000;
const TRY_AGAIN_AFTER_MS = 3_000; // a badge that is still held up then is asked about anew
const TYPED_WITHIN_MS = 80; // a hardware scanner types faster than fingers do

const setup = JSON.parse(document.getElementById("scanner-setup").textContent);
const byId = (id) => document.getElementById(id);
const boot = new Boot();
const api = new Api({ base: setup.api, language: setup.language, boot_id: boot.id });
const camera = new Camera(byId("video"), setup.wasm);
const result = new Result(byId("result"), goOn);
const state = { rules: null, keys: new Map(), direction: "in", zone: null, busy: false };

start();

async function start() {
  listen();
  setInterval(refreshRules, RULES_EVERY_MS);
  setInterval(signOfLife, LIFE_SIGN_EVERY_MS);
  const code = codeIn(location.hash);
  if (location.hash) history.replaceState(null, "", location.pathname);
  if (code !== null) await enrol(code);
  else if (store.device() === null) showSetup();
  else await showWork();
  byId("scanner").dataset.ready = "yes";
}

/* Setting up */

function showSetup(trouble = "") {
  camera.stop();
  byId("camera").hidden = true;
  byId("work").hidden = true;
  byId("phone-menu").hidden = true;
  byId("setup").hidden = false;
  tell(trouble);
}

async function enrol(code) {
  status(say("enrolling"));
  const asked = { enrolment: code, install_id: store.installId(), app: APP };
  try {
    store.keepDevice(await api.post("enrolments/", asked));
  } catch (trouble) {
    if (store.device() === null) showSetup(sentence(trouble));
    else await showWork();
    tell(sentence(trouble));
    return;
  }
  camera.stop();
  await showWork();
}

/** The one-time code in a link, its fragment or as it is; null if there is none. */
function codeIn(written) {
  const trimmed = written.trim();
  const found = trimmed.match(/#e=([A-Za-z0-9_-]{22})$/) ?? trimmed.match(/^([A-Za-z0-9_-]{22})$/);
  return found ? found[1] : null;
}

/* Working */

async function showWork() {
  const { device, token } = store.device();
  api.token = token;
  tell("");
  byId("setup").hidden = true;
  byId("camera").hidden = true;
  byId("work").hidden = false;
  byId("phone-menu").hidden = false;
  byId("device-name").textContent = device.name;
  byId("scan-words").textContent = say("start_camera");
  byId("search-form").hidden = !device.capabilities.includes("desk");
  const kept = store.rules();
  if (kept) await useRules(kept);
  await refreshRules();
  status(say("ready"));
}

async function refreshRules() {
  if (api.token === null) return;
  try {
    const kept = store.rules();
    const cursor = kept?.cursor ?? null;
    const held = await api.get(cursor ? `snapshot/?cursor=${encodeURIComponent(cursor)}` : "snapshot/", {
      etag: cursor,
      within_ms: 20_000,
    });
    tell("");
    if (held === null || !held.rules) return;
    const fresh = { cursor: held.cursor, rules: held.rules };
    store.keepRules(fresh);
    await useRules(fresh);
  } catch (trouble) {
    face(trouble);
  }
}

async function useRules({ rules }) {
  const { device } = store.device();
  state.rules = rules;
  state.keys = await importKeys(rules.keys);
  const gate = rules.gates.find(({ id }) => id === device.gate);
  byId("gate-name").textContent = text(gate?.name, setup.language) || device.name;
  const zones = rules.zones.filter(({ id }) => device.zones.includes(id));
  if (!zones.some(({ id }) => id === state.zone)) state.zone = zones[0]?.id ?? null;
  byId("zone-field").hidden = zones.length < 2;
  byId("zone").replaceChildren(
    ...zones.map(({ id, name }) => new Option(text(name, setup.language), id, false, id === state.zone)),
  );
}

/** A text from the camera, the field or a hardware scanner: tells at once what it is. */
async function handleText(written) {
  const { conference } = store.device();
  const reading = await readBadge(written, conference.id, state.keys);
  if (reading.lookup === null) {
    handleNoBadge(reading);
    return;
  }
  await check(reading.lookup, "qr", async (answer) =>
    answer.badge ? openCard(answer.badge.card, reading.secret) : null,
  );
}

/** The next badge may come while the light is green; amber and red are looked at first. */
function takeFromCamera(written) {
  if (state.busy || (result.isShown && !result.isGreen)) return false;
  result.hide();
  handleText(written);
  return true;
}

/** What gives no lookup is judged here, and told to the server as it is. */
function handleNoBadge(reading) {
  const verdict = judge({
    read: reading.read,
    signature: reading.signature,
    qr_class: reading.class,
    direction: state.direction,
    now: Date.now(),
    uncertain: false,
    entry: null,
    card: null,
    presence: null,
    zone: null,
  });
  const record = recordOf(reading, "qr");
  store.keepUnsent([...store.unsent(), { ...record, shown: verdict.code }]);
  result.show(verdict, null, place());
  signOfLife();
}

/** Asks the server about one badge and shows its answer; without one, says so. */
async function check(lookup, via, personOf) {
  if (state.busy) return;
  state.busy = true;
  tell("");
  status(say("checking"));
  const scan = recordOf({ lookup, unknown_hash: null }, via);
  try {
    const answer = await ask(scan, via === "qr");
    result.show(answer.verdict, await personOf(answer), place());
    status("");
  } catch (trouble) {
    status("");
    face(trouble);
    setTimeout(() => camera.forgetLast(), TRY_AGAIN_AFTER_MS);
  } finally {
    state.busy = false;
  }
}

/** One answer may get lost on the way: the same record again changes nothing. */
async function ask(scan, want_card) {
  try {
    return await api.post("scan/", { scan, want_card }, 3_000);
  } catch (trouble) {
    if (!(trouble instanceof Unreachable)) throw trouble;
    return api.post("scan/", { scan, want_card }, 5_000);
  }
}

function recordOf(reading, via) {
  const { device } = store.device();
  const at = { via, gate: device.gate, zone: state.zone, direction: state.direction, seq: store.nextSeq() };
  const record = newRecord(reading, at, boot, api.anchor);
  api.boot_id = boot.id;
  return record;
}

async function signOfLife() {
  if (api.token === null) return;
  const scans = store.unsent();
  try {
    const battery = await navigator.getBattery?.().catch(() => null);
    const { results } = await api.post("scans/", {
      scans,
      status: {
        queued: 0,
        wall_ms: Date.now(),
        app: APP,
        ...(battery ? { battery: Math.round(battery.level * 100) } : {}),
      },
    });
    const settled = new Set(results.map(({ scan_id }) => scan_id));
    store.keepUnsent(store.unsent().filter(({ scan_id }) => !settled.has(scan_id)));
  } catch (trouble) {
    if (trouble instanceof Refused && [401, 403, 410].includes(trouble.status)) face(trouble);
  }
}

function place() {
  const { conference } = store.device();
  const find = (list, id) => state.rules?.[list].find((each) => each.id === id)?.name;
  return {
    language: setup.language,
    timeZone: conference.tz,
    silent: store.isSilent(),
    zone: state.rules?.zones.find(({ id }) => id === state.zone),
    gateName: (id) => text(find("gates", id), setup.language),
    delegation: (id) => find("delegations", id),
    badgeClass: (id) => find("classes", id),
  };
}

function goOn() {
  byId("code").value = "";
  (camera.isOn ? byId("scan") : byId("code")).focus({ preventScroll: true });
}

/* Searching */

async function search(q) {
  const found = byId("found");
  found.replaceChildren();
  byId("search-fault").textContent = "";
  const isLongEnough = q.length >= 2 || /^\p{Script=Han}/u.test(q);
  if (!isLongEnough) {
    byId("search-fault").textContent = say("short_name");
    return;
  }
  status(say("searching"));
  try {
    const { results, more } = await api.get(`search/?q=${encodeURIComponent(q)}`);
    status(more ? say("more_found") : "");
    if (results.length === 0) byId("search-fault").textContent = say("nobody_found");
    found.replaceChildren(...results.map(foundItem));
  } catch (trouble) {
    status("");
    face(trouble);
  }
}

function foundItem(person) {
  const where = place();
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn";
  button.append(
    line("scanner__found-name", person.name, person.native_name),
    line("scanner__found-more", text(where.delegation(person.delegation), setup.language), text(person.title, setup.language)),
    line(
      "scanner__found-more",
      text(where.badgeClass(person.class), setup.language),
      say(`status_${person.status}`),
      person.inside.includes(state.zone) ? say("inside_now") : say("outside_now"),
    ),
  );
  button.addEventListener("click", () => check(person.lookup, "desk", async () => person));
  const item = document.createElement("li");
  item.append(button);
  return item;
}

function line(className, ...parts) {
  const span = document.createElement("span");
  span.className = className;
  span.textContent = parts.filter(Boolean).join(" · ");
  return span;
}

/* Troubles */

/** Says in a sentence what went wrong, and does what it asks for. */
function face(trouble) {
  if (trouble instanceof Refused && (trouble.status === 401 || trouble.status === 410)) {
    store.forget();
    api.token = null;
    showSetup(say(trouble.status === 410 ? "revoked_device" : "not_enrolled"));
    return;
  }
  tell(sentence(trouble));
}

function sentence(trouble) {
  if (trouble instanceof Unreachable) return say(trouble.code);
  if (trouble instanceof NoCamera) return say(trouble.code);
  if (!(trouble instanceof Refused)) throw trouble;
  if (trouble.code === "device_suspended") return say("suspended");
  if (trouble.code === "enrolment_invalid") return say("code_invalid");
  return trouble.status >= 500 ? say("server_trouble") : trouble.detail || say("server_trouble");
}

function tell(trouble) {
  byId("trouble").textContent = trouble;
  byId("trouble").hidden = !trouble;
}

function status(words) {
  byId("status").textContent = words;
}

/* Hands */

async function toggleCamera(found, hint) {
  wakeSound();
  if (camera.isOn) {
    camera.stop();
  } else {
    byId("camera").hidden = false;
    try {
      await camera.start(found);
      tell("");
    } catch (trouble) {
      camera.stop();
      tell(sentence(trouble));
    }
  }
  byId("camera").hidden = !camera.isOn;
  byId("camera-hint").textContent = hint;
  byId("torch").hidden = !camera.hasTorch;
  byId("scan-words").textContent = say(camera.isOn ? "stop_camera" : "start_camera");
}

function listen() {
  document.addEventListener("pointerdown", wakeSound, { once: true });
  byId("enrol-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const code = codeIn(byId("enrol-code").value);
    byId("enrol-fault").textContent = code === null ? say("code_shape") : "";
    if (code !== null) await enrol(code);
  });
  byId("enrol-camera").addEventListener("click", () =>
    toggleCamera((written) => {
      const code = codeIn(written);
      if (code === null) tell(say("code_shape"));
      else enrol(code);
    }, say("scanning")),
  );
  byId("scan").addEventListener("click", () =>
    toggleCamera(takeFromCamera, say("scanning")),
  );
  byId("torch").addEventListener("click", async ({ currentTarget }) => {
    const on = currentTarget.getAttribute("aria-pressed") !== "true";
    await camera.torch(on);
    currentTarget.setAttribute("aria-pressed", String(on));
  });
  byId("code-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const written = byId("code").value;
    byId("code-fault").textContent = written ? "" : say("badge_shape");
    if (written) handleText(written);
  });
  byId("search-form").addEventListener("submit", (event) => {
    event.preventDefault();
    search(byId("q").value.trim());
  });
  byId("zone").addEventListener("change", ({ target }) => {
    state.zone = Number(target.value);
  });
  for (const button of byId("directions").querySelectorAll("button")) {
    button.addEventListener("click", () => turn(button.dataset.direction));
  }
  byId("leave").addEventListener("click", () => {
    if (!window.confirm(say("leave_question"))) return;
    store.forget();
    location.assign(location.pathname);
  });
  byId("sound").addEventListener("click", () => {
    store.beSilent(!store.isSilent());
    nameSound();
  });
  nameSound();
  listenToHardware();
}

function turn(direction) {
  state.direction = direction;
  for (const button of byId("directions").querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.dataset.direction === direction));
  }
}

function nameSound() {
  byId("sound").textContent = say(store.isSilent() ? "sound_off" : "sound_on");
}

/** A hardware scanner types a whole code and Enter, wherever the focus is. */
function listenToHardware() {
  let typed = "";
  let last = 0;
  document.addEventListener(
    "keydown",
    (event) => {
      if (store.device() === null || event.target.matches?.("input, textarea, select")) return;
      const now = performance.now();
      if (now - last > TYPED_WITHIN_MS) typed = "";
      last = now;
      if (event.key.length === 1) typed += event.key;
      if (event.key !== "Enter" || !typed.startsWith("C1:")) return;
      event.preventDefault();
      event.stopPropagation();
      const written = typed;
      typed = "";
      if (result.isShown) result.hide();
      handleText(written);
    },
    { capture: true },
  );
}
