/** The menu of the phone, and the language of the page. */

import { chooseLanguage } from "../shift/worker.js";
import { leave } from "../store/device.js";
import { unsent } from "../store/outbox.js";
import { exportRefused } from "./own.js";
import { byId, showScreen } from "./show.js";
import { say } from "./words.js";

const GOODBYE_WITHIN_MS = 3_000;

export function listenToMenu({ shift, worker, setup, face, showReady, showOwn, show }) {
  const press = (id, work) => byId(id).addEventListener("click", () => work().catch(face));
  press("to-ready", showReady);
  press("to-own", showOwn);
  press("export-refused", () => exportRefused(shift.record.device.name));
  press("end-shift", () => shift.end());
  press("own-back", async () => {
    showScreen("work");
    show();
  });
  press("sound", async () => {
    shift.choose({ silent: !shift.settings.silent });
    nameSound(shift.settings);
  });
  press("use-version", () => worker.take());
  press("leave", async () => {
    const waiting = await unsent();
    const question = waiting ? say("leave_question_queued", { n: waiting }) : say("leave_question");
    if (!window.confirm(question)) return;
    // Said if the line has it; a phone that is taken off goes without, too.
    if (shift.line.isUp) await Promise.race([shift.end(), new Promise((late) => setTimeout(late, GOODBYE_WITHIN_MS))]);
    shift.sync.stop();
    await leave();
    location.assign(location.pathname);
  });
  for (const button of document.querySelectorAll("[data-language]")) {
    button.addEventListener("click", async () => {
      await chooseLanguage(button.dataset.language, setup.language_cookie);
      location.reload();
    });
  }
}

export function nameSound({ silent }) {
  byId("sound").textContent = say(silent ? "sound_off" : "sound_on");
}
