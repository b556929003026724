/** A supervisor lets in somebody who was refused: who, PIN, why. A second record beside the refusal. */

import { afterWrong, isPin, waitOf } from "../shift/pin.js";
import { recall, remember } from "../store/device.js";
import { byId } from "./show.js";
import { say, text } from "./words.js";

const TRIES = "pin_tries";

/** Opens the sheet for a refusal. */
export function openOverride({ verdict }, { supervisors, reasons, language }) {
  const choice = (value, words) => new Option(words, value);
  byId("override-by").replaceChildren(...supervisors.map(({ id, name }) => choice(id, name)));
  byId("override-reason").replaceChildren(...reasons.map(({ code, name }) => choice(code, text(name, language))));
  byId("override-codes").textContent = [verdict.code, ...verdict.also].map((code) => say(code)).join(" · ");
  for (const id of ["override-pin", "override-note"]) byId(id).value = "";
  byId("override-fault").textContent = "";
  byId("override").showModal();
  byId("override-pin").focus();
}

/**
 * Checks the PIN of the sheet; `letIn` gets `{by, reason, note}` when it is right.
 * @param {object[]} supervisors of the rules
 */
export async function submitOverride(supervisors, letIn) {
  const by = Number(byId("override-by").value);
  const supervisor = supervisors.find(({ id }) => id === by);
  const pin = byId("override-pin").value;
  byId("override-fault").textContent = "";
  byId("override-go").disabled = true;
  try {
    const tries = (await recall(TRIES)) ?? null;
    const wait = waitOf(tries, Date.now());
    if (wait > 0) return refuse(say("pin_wait", { n: Math.ceil(wait / 1_000) }));
    if (!supervisor || !(await isPin(pin, supervisor.pin))) {
      await remember(TRIES, afterWrong(tries, Date.now()));
      return refuse(say("pin_wrong"));
    }
    await remember(TRIES, null);
    const chosen = { by, reason: byId("override-reason").value, note: byId("override-note").value.trim() };
    byId("override-pin").value = "";
    byId("override").close();
    return await letIn(chosen);
  } finally {
    byId("override-go").disabled = false;
  }
}

function refuse(words) {
  byId("override-fault").textContent = words;
  byId("override-pin").value = "";
  byId("override-pin").focus();
}
