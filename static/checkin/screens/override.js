/** A supervisor lets in somebody who was refused: who, PIN, why. A second record beside the refusal. */

import { afterWrong, isPin, waitOf } from "../shift/pin.js";
import { recall, remember } from "../store/device.js";
import { byId } from "./show.js";
import { say, text } from "./words.js";

const TRIES = "pin_tries";

/** Opens the sheet for a refusal, with the person whom it is about. */
export function openOverride({ verdict, person }, { supervisors, reasons, language }) {
  const choice = (value, words) => new Option(words, value);
  byId("override-by").replaceChildren(...supervisors.map(({ id, name }) => choice(id, name)));
  // A reason that stood there already would be the one of most records: only the usual case has it.
  const isRepeat = verdict.params?.rule === "anti_passback";
  byId("override-reason").replaceChildren(
    ...(isRepeat ? [] : [choice("", say("reason_choose"))]),
    ...reasons.map(({ code, name }) => choice(code, text(name, language))),
  );
  byId("override-who").textContent = [person?.name, person?.native_name].filter(Boolean).join(" · ");
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
  if (!byId("override-reason").value) {
    byId("override-fault").textContent = say("reason_missing");
    byId("override-reason").focus();
    return undefined;
  }
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
