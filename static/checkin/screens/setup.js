/** Setting up: from a one-time code, or from a gate that the signed-in person may choose. */

import { byId, element, icon, tell } from "./show.js";
import { otherText, say, text } from "./words.js";
import { toggleCamera } from "./work.js";

/** The one-time code in a link, its fragment or as it is; null if there is none. */
export function codeIn(written) {
  const trimmed = written.trim();
  const found = trimmed.match(/#e=([A-Za-z0-9_-]{22})$/) ?? trimmed.match(/^([A-Za-z0-9_-]{22})$/);
  return found ? found[1] : null;
}

/** Asks where the signed-in person may work, and offers it. Without a line there is only the code. */
export async function offerGates({ address, work, language }) {
  const answer = await fetch(address, { headers: { "Accept-Language": language } }).catch(() => null);
  if (!answer?.ok) return;
  const { signed_in, csrf, conferences, messages } = await answer.json();
  byId("sign-in").hidden = signed_in;
  byId("gates").hidden = conferences.length === 0;
  byId("gates-none").hidden = conferences.length > 0;
  byId("gates-list").replaceChildren(...conferences.flatMap((each) => offer(each, { work, csrf, language })));
  byId("setup-messages").replaceChildren(...messages.map((words) => element("p", "scanner__trouble", words)));
}

function offer({ name, rehearsal, gates }, how) {
  const title = [text(name, how.language), rehearsal ? say("rehearsal") : ""].filter(Boolean).join(" · ");
  const list = element("ul", "scanner__gates");
  list.append(...gates.map((gate) => gateItem(gate, how)));
  return [element("h3", "", title), list];
}

function gateItem({ id, name }, { work, csrf, language }) {
  const form = element("form", "");
  Object.assign(form, { method: "post", action: work });
  form.append(hidden("csrfmiddlewaretoken", csrf), hidden("gate", id));
  const button = element("button", "btn btn-large btn-block");
  const words = element("span", "", text(name, language));
  const other = otherText(name, language);
  if (other) words.append(" ", element("span", "scanner__other", other));
  button.append(words, icon("forward"));
  form.append(button);
  const item = element("li", "");
  item.append(form);
  return item;
}

function hidden(name, value) {
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name, value });
  return field;
}

/** Takes a code from the field or the camera. */
export function listenToSetup({ camera, enrol, sentence }) {
  byId("enrol-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const code = codeIn(byId("enrol-code").value);
    byId("enrol-fault").textContent = code === null ? say("code_shape") : "";
    if (code !== null) enrol(code);
  });
  const found = (written) => {
    const code = codeIn(written);
    if (code === null) tell(say("code_shape"));
    else enrol(code);
  };
  byId("enrol-camera").addEventListener("click", () => toggleCamera(camera, found, sentence));
}
