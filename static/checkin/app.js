/** The scanner: puts the parts together, and decides which screen is up. */

import { deskHands, drawDesk } from "./desk/desk.js";
import { askAgainWhenSeen, stayAwake } from "./screens/awake.js";
import { Camera, NoCamera } from "./screens/camera.js";
import { wakeSoundByHand } from "./screens/feedback.js";
import { listenToMenu, nameSound } from "./screens/menu.js";
import { drawLine } from "./screens/line.js";
import { openOverride, submitOverride } from "./screens/override.js";
import { drawOwn } from "./screens/own.js";
import { askToKeep, drawReady } from "./screens/ready.js";
import { Result } from "./screens/result.js";
import { codeIn, listenToSetup, offerGates } from "./screens/setup.js";
import { byId, notice, screen, showScreen, status, tell } from "./screens/show.js";
import { lacksHan, say } from "./screens/words.js";
import { drawCamera, drawChoices, listenToWork } from "./screens/work.js";
import { isClockWrong } from "./shift/lease.js";
import { Shift } from "./shift/shift.js";
import { Tab } from "./shift/tab.js";
import { Worker } from "./shift/worker.js";
import { StorageTrouble } from "./store/db.js";
import { Standing } from "./store/device.js";
import * as outbox from "./store/outbox.js";
import { Refused, Unreachable } from "./sync/api.js";

const LOOK_EVERY_MS = 15_000;
const TRY_AGAIN_AFTER_MS = 3_000; // a badge that is still held up then is asked about anew
const STANDBY_AFTER_MS = 400;
const LOOK_AGAIN_MS = 100;

const setup = JSON.parse(byId("scanner-setup").textContent);
const shift = new Shift({ setup, drawn: draw, stood: show, learned, turned, broken });
const camera = new Camera(byId("video"), setup.wasm);
const result = new Result(byId("result"), { done: goOn, override });
const tab = new Tab({ taken });
const worker = new Worker({
  address: setup.worker,
  scope: setup.page,
  language: setup.language,
  waits: () => notice("version-notice", say("new_version")),
  fails: lookAgain,
  rests: betweenScans,
});
/** Of people seen since the page was opened, by scan; kept nowhere else. */
const names = new Map();
let isBusy = false;
/** The page is being left: a question that ends by that is answered to nobody. */
let isLeaving = false;

begin();

function begin() {
  listen();
  if (!window.isSecureContext || !navigator.locks || !window.indexedDB) {
    tell(say("insecure"));
    return;
  }
  const standby = setTimeout(() => {
    showScreen("standby");
    byId("scanner").dataset.ready = "yes";
  }, STANDBY_AFTER_MS);
  tab.wait(() => {
    clearTimeout(standby);
    open();
  });
}

/** This is the one tab now. */
async function open() {
  try {
    const serving = worker.begin();
    if (worker.isServed) await serving.then(() => worker.takeAtStart());
    const code = codeIn(location.hash);
    if (location.hash) history.replaceState(null, "", location.pathname);
    await shift.recall();
    nameSound(shift.settings);
    if (code !== null) await enrol(code);
    else await shift.work();
    await serving;
  } catch (trouble) {
    broken(trouble);
  }
  byId("scanner").dataset.ready = "yes";
}

/** Another tab has taken over: nothing is scanned or sent here any more. */
function taken() {
  shift.sync.stop();
  stopCamera();
  stayAwake(false);
  result.hide();
  showScreen("standby");
  tab.wait(open);
}

async function enrol(code) {
  byId("setup-status").textContent = say("enrolling");
  try {
    await shift.enrol(code);
    tell();
  } catch (trouble) {
    if (shift.sync.device === null) await shift.work();
    tell(sentence(trouble));
  } finally {
    byId("setup-status").textContent = "";
  }
}

/* Which screen is up */

function show() {
  const { standing, isWorking } = shift;
  if (!isWorking) {
    stopCamera();
    result.hide();
  }
  if (standing === Standing.UNENROLLED || standing === Standing.REVOKED) {
    showScreen("setup");
    tell(shift.record ? say(standing === Standing.REVOKED ? "revoked_device" : "not_enrolled") : "");
    offerGates({ address: setup.gates, work: setup.work_here, language: setup.language });
  } else if (standing !== Standing.ACTIVE) {
    byId("locked-why").textContent = say(standing === Standing.SUSPENDED ? "suspended" : "lease_over");
    showScreen("locked");
  } else if (!isWorking) {
    showReady().catch(broken);
  } else if (screen() !== "own") {
    showScreen("work");
  }
  byId("end-shift").hidden = !isWorking;
  stayAwake(isWorking);
  draw();
}

function draw() {
  const { line, held, queued, offset_ms } = shift;
  drawLine({ isUp: line.isUp, cards: held?.cards ?? null, synced_ms: held?.synced_ms, queued });
  const minutes = Math.max(1, Math.round(Math.abs(offset_ms ?? 0) / 60_000));
  notice("clock-notice", isClockWrong(offset_ms) ? say("clock_wrong", { n: minutes }) : "");
  if (screen() === "own") showOwn().catch(broken);
  byId("locked-queued").textContent = queued ? say("queued_kept", { n: queued }) : "";
}

async function learned() {
  const { device } = shift.record;
  drawChoices({
    zones: shift.zones,
    ...shift.where,
    language: setup.language,
    gateName: shift.place().gateName(device.gate) || device.name,
    deviceName: device.name,
  });
  drawDesk(shift);
  if (screen() === "ready") await showReady();
}

async function turned() {
  if (screen() === "ready") await showReady();
}

async function showReady() {
  if (screen() !== "ready") {
    // What was found the last time says nothing of now.
    byId("start").disabled = true;
    showScreen("ready");
    askToKeep(lookAgain);
  }
  let serving = await worker.state();
  if (serving && !serving.whole && shift.line.isUp) serving = await worker.mend();
  const { held, isLeaseOver, offset_ms, settings, queued } = shift;
  const needsFonts = lacksHan();
  const { hasFailed } = worker;
  await drawReady({ held, isLeaseOver, offset_ms, queued, needsFonts, worker: serving, hasFailed, silent: settings.silent });
  if (needsFonts && serving && !serving.fonts && shift.line.isUp) worker.keepFonts();
  // The first time it takes a while to fetch everything: then it is looked at again.
  if (serving === null) worker.whenServing(lookAgain);
}

function lookAgain() {
  if (screen() === "ready") showReady().catch(broken);
}

async function showOwn() {
  showScreen("own");
  const takeBack = (row) => shift.door.annul(row).then(showOwn).catch(face);
  await drawOwn({ names, now: shift.now, place: shift.place(), device: shift.record.device.id, takeBack });
}

/* Scanning */

/** Scans one badge, by whatever way: the record is on the disk before the light comes on. */
async function scan(judgeIt) {
  if (isBusy || screen() !== "work" || !shift.zone) return;
  beBusy(true);
  result.hide();
  tell();
  status(say("checking"));
  try {
    await showOutcome(await judgeIt(shift.where));
  } catch (trouble) {
    status();
    await face(trouble);
    setTimeout(() => camera.forgetLast(), TRY_AGAIN_AFTER_MS);
  } finally {
    beBusy(false);
  }
}

function beBusy(busy) {
  isBusy = busy;
  byId("scanner").dataset.busy = busy ? "yes" : "no";
}

async function showOutcome(outcome) {
  status();
  if (!tab.holds || isLeaving) return;
  if (outcome.person) names.set(outcome.record.scan_id, outcome.person.name);
  result.show(outcome, shift.place());
  await outbox.seen(outcome.record.scan_id);
  await shift.recount();
}

/** Resolves when no scan is being judged and no light is on that somebody may be reading. */
async function betweenScans() {
  while (isBusy || result.isShown) await new Promise((soon) => setTimeout(soon, LOOK_AGAIN_MS));
}

function scanText(written) {
  return scan((where) => shift.door.scanText(written, where));
}

function scanFound(person) {
  return scan((where) => shift.door.scanFound(person, where));
}

/** The next badge may come while the light is green; amber and red are looked at first. */
function takeFromCamera(written) {
  if (isBusy || (result.isShown && !result.isGreen)) return false;
  scanText(written);
  return true;
}

function override(outcome) {
  const { supervisors, reasons } = shift.rules;
  openOverride(outcome, { supervisors, reasons, language: setup.language });
}

/** The supervisor's word, as a second record: like any other, it is on the disk before it is green. */
async function letIn(chosen) {
  const { outcome } = result;
  try {
    await showOutcome(await shift.door.override(outcome, chosen));
  } catch (trouble) {
    await face(trouble);
  }
}

function goOn() {
  byId("code").value = "";
  if (screen() === "work") (camera.isOn ? byId("scan") : byId("code")).focus({ preventScroll: true });
}

function stopCamera() {
  camera.stop();
  drawCamera(camera);
}

/* Troubles */

/** Says in a sentence what went wrong, and does what it asks for. */
async function face(trouble) {
  if (trouble instanceof StorageTrouble) {
    result.showTrouble(trouble.code, shift.place());
  } else if (trouble instanceof Refused && trouble.status === 401) {
    await shift.stand(Standing.UNENROLLED);
  } else if (trouble instanceof Refused && trouble.status === 410) {
    await shift.stand(Standing.REVOKED);
  } else if (trouble instanceof Refused && trouble.code === "device_suspended") {
    await shift.stand(Standing.SUSPENDED);
  } else {
    tell(sentence(trouble));
  }
}

function broken(trouble) {
  if (!(trouble instanceof StorageTrouble)) throw trouble;
  tell(say(trouble.code === "storage_full" ? "storage_full_sync" : "storage_broken"));
}

function sentence(trouble) {
  if ([Unreachable, NoCamera, StorageTrouble].some((kind) => trouble instanceof kind)) return say(trouble.code);
  if (!(trouble instanceof Refused)) throw trouble;
  if (trouble.code === "enrolment_invalid") return say("code_invalid");
  return trouble.status >= 500 ? say("server_trouble") : trouble.detail || say("server_trouble");
}

/* Hands */

function listen() {
  wakeSoundByHand();
  askAgainWhenSeen();
  window.addEventListener("online", () => {
    shift.line.returned();
    shift.sync.nudge();
  });
  window.addEventListener("offline", () => shift.line.lost(performance.now()));
  window.addEventListener("pagehide", () => (isLeaving = true));
  window.addEventListener("pageshow", () => (isLeaving = false));
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && shift.sync.nudge());
  setInterval(() => tab.holds && shift.checkLease().then(draw).catch(broken), LOOK_EVERY_MS);
  listenToWork({ camera, shift, scanText, takeFromCamera, sentence });
  listenToSetup({ camera, enrol, sentence });
  listenToMenu({ shift, worker, setup, face, showReady, showOwn, show });
  deskHands({ shift, scanFound, face });
  byId("start").addEventListener("click", () => {
    stopCamera();
    tell();
    showScreen("work");
    shift.begin().catch(face);
  });
  byId("check-again").addEventListener("click", () => {
    askToKeep(lookAgain);
    worker.tryAgain().catch(broken);
    shift.sync.nudge().then(showReady).catch(broken);
  });
  byId("take-over").addEventListener("click", () => tab.takeOver(open));
  byId("unlock").addEventListener("click", () => {
    shift.line.returned();
    shift.sync.retry();
  });
  byId("override-form").addEventListener("submit", (event) => {
    event.preventDefault();
    submitOverride(shift.rules.supervisors, letIn).catch(face);
  });
  byId("override-close").addEventListener("click", () => byId("override").close());
}
