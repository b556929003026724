/** Somebody who comes without a registration: entered once, however often the line breaks. */

import { uuid7 } from "../records.js";
import { byId } from "../screens/show.js";
import { say, text } from "../screens/words.js";
import { Refused } from "../sync/api.js";

const NO_DELEGATION = "";

/** The form that is being filled in: its id stays until the server has said yes or no to it. */
let draft = { id: null, content: "" };

/** Fills the choices from the rules. */
export function drawWalkIn({ rules, language }) {
  const option = ({ id, name }) => new Option(text(name, language), id);
  const chosen = byId("walk-in-class").value;
  byId("walk-in-class").replaceChildren(...(rules?.classes ?? []).filter(({ walk_ins }) => walk_ins !== false).map(option));
  if (chosen) byId("walk-in-class").value = chosen;
  const delegation = byId("walk-in-delegation").value;
  byId("walk-in-delegation").replaceChildren(
    new Option(say("on_site"), NO_DELEGATION),
    ...(rules?.delegations ?? []).map(option),
  );
  byId("walk-in-delegation").value = delegation;
}

/** What the form says, as `walk-ins/` wants it. */
export function contentOf({ name, native_name, en, zh, delegation, badge_class }) {
  const title = { ...(en.trim() ? { en: en.trim() } : {}), ...(zh.trim() ? { zh: zh.trim() } : {}) };
  return {
    name: name.trim(),
    native_name: native_name.trim(),
    title,
    delegation: delegation === NO_DELEGATION ? null : Number(delegation),
    class: Number(badge_class),
  };
}

/**
 * Enters the person of the form; `entered` gets them with the lookup of their badge.
 * @param {{api: object, face: (trouble: Error) => void, entered: (person: object) => void}} parts
 */
export async function submitWalkIn({ api, face, entered }) {
  const read = (id) => byId(`walk-in-${id}`).value;
  const content = contentOf({
    name: read("name"),
    native_name: read("native"),
    en: read("title-en"),
    zh: read("title-zh"),
    delegation: read("delegation"),
    badge_class: read("class"),
  });
  fault(content.name ? "" : say("name_missing"));
  if (!content.name) return;
  const written = JSON.stringify(content);
  if (draft.id === null || draft.content !== written) draft = { id: uuid7(Date.now()), content: written };
  byId("walk-in-go").disabled = true;
  try {
    const { lookup } = await api.post("walk-ins/", { walk_in_id: draft.id, ...content });
    draft = { id: null, content: "" };
    byId("walk-in-form").reset();
    entered({ ...content, lookup, status: "ok", inside: [] });
  } catch (trouble) {
    if (!(trouble instanceof Refused) || trouble.status >= 500 || trouble.status === 429) return face(trouble);
    if ([401, 410].includes(trouble.status) || trouble.code === "device_suspended") return face(trouble);
    draft = { id: null, content: "" };
    fault(trouble.detail || say("server_trouble"));
  } finally {
    byId("walk-in-go").disabled = false;
  }
  return undefined;
}

function fault(words) {
  byId("walk-in-fault").textContent = words;
}
