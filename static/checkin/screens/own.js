/** The phone's own scans of the last hours: to look back, and to take one back within 15 minutes. */

import { effectiveTime } from "../clock.js";
import * as outbox from "../store/outbox.js";
import { admits } from "../verdict.js";
import { byId, element, icon } from "./show.js";
import { lightOf } from "./result.js";
import { say, text, when } from "./words.js";

const LISTED_MS = 8 * 3_600_000;
const MOST = 100;
const TAKEN_BACK_WITHIN_MS = 900_000;
const ANCHORS_MAY_PART_MS = 5_000; // by a later answer of the server a scan of now may lie ahead

/** Whether an own scan may still be taken back: it let somebody through, and not long ago. */
export function mayTakeBack(row, rows, now) {
  const { record } = row;
  const code = record.shown ?? row.decided;
  if (record.lookup === null || !admits(code) || row.state === "pending") return false;
  if (rows.some((other) => other.record.annuls === record.scan_id)) return false;
  const age = now - effectiveTime(record).t;
  return age >= -ANCHORS_MAY_PART_MS && age <= TAKEN_BACK_WITHIN_MS;
}

/**
 * Draws the list, unless it stands there as it is: nobody's press goes astray. Names are those of people seen since the page was opened: they are kept nowhere.
 * @param {{names: Map<string, string>, now: number, place: object, device: string,
 *   takeBack: (row: object) => void}} parts
 */
export async function drawOwn({ names, now, place, device, takeBack }) {
  const all = await outbox.since(Date.now() - LISTED_MS);
  const rows = all.filter((row) => row.device === device).slice(0, MOST);
  const refused = await outbox.refused();
  byId("own-none").hidden = rows.length > 0;
  const shape = JSON.stringify(rows.map((row) => [row.record.scan_id, row.state, mayTakeBack(row, rows, now), names.get(row.record.scan_id)]));
  if (byId("own-list").dataset.shape !== shape) {
    byId("own-list").replaceChildren(...rows.map((row) => item(row, { rows, names, now, place, takeBack })));
    byId("own-list").dataset.shape = shape;
  }
  byId("refused").hidden = refused.length === 0;
  byId("refused-words").textContent = say("refused_kept", { n: refused.length });
}

function item(row, { rows, names, now, place, takeBack }) {
  const { record, state, decided, told } = row;
  const code = record.shown ?? decided;
  const light = code ? lightOf(told ?? { code, admit: admits(code) }) : "amber";
  const made = element("li", `own__item own__item--${light}`);
  made.dataset.scan = record.scan_id;
  made.dataset.code = code ?? "";
  made.dataset.state = state;
  const zone = place.zoneName(record.zone);
  const words = element("div", "own__words");
  words.append(
    element("strong", "own__what", code ? say(code) : say("no_verdict")),
    element("span", "own__who", names.get(record.scan_id) ?? ""),
    element("span", "own__when", [when(record.wall_ms, place.timeZone, place.language), say(record.direction === "in" ? "entry" : "exit"), text(zone, place.language), state === "kept" ? "" : say("waits")].filter(Boolean).join(" · ")),
  );
  made.append(icon(`state-${{ green: "good", amber: "warn", red: "bad" }[light]}`), words);
  if (rows.some((other) => other.record.annuls === record.scan_id)) made.append(element("span", "own__gone", say("annulled")));
  else if (mayTakeBack(row, rows, now)) made.append(takeBackButton(row, takeBack));
  return made;
}

function takeBackButton(row, takeBack) {
  const button = element("button", "btn");
  button.type = "button";
  button.append(icon("undo"), say("take_back"));
  button.addEventListener("click", () => takeBack(row), { once: true });
  return button;
}

/** Hands the records that the server refused to whoever will look at them, as a file. */
export async function exportRefused(deviceName) {
  const content = JSON.stringify(await outbox.refused(), null, 2);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type: "application/json" }));
  link.download = `refused-scans-${deviceName.replace(/[^\p{L}\p{N}-]+/gu, "-")}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
