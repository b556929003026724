/** Somebody else comes in the place of a person who was found: the former badge is void at once. */

import { byId } from "../screens/show.js";
import { say } from "../screens/words.js";
import { Refused } from "../sync/api.js";

let former = null;

/** Opens the sheet for the person to be replaced. */
export function openSubstitute(person) {
  former = person;
  byId("substitute-for").textContent = say("instead_of", { name: [person.name, person.native_name].filter(Boolean).join(" · ") });
  for (const id of ["name", "native", "title-en", "title-zh"]) byId(`substitute-${id}`).value = "";
  byId("substitute-fault").textContent = "";
  byId("substitute").showModal();
}

/** Enters the substitute; `entered` gets them with their new lookup. */
export async function submitSubstitute({ api, face, entered }) {
  const read = (id) => byId(`substitute-${id}`).value.trim();
  const name = read("name");
  byId("substitute-fault").textContent = name ? "" : say("name_missing");
  if (!name) return;
  const title = { ...(read("title-en") ? { en: read("title-en") } : {}), ...(read("title-zh") ? { zh: read("title-zh") } : {}) };
  const content = { lookup: former.lookup, name, native_name: read("native"), title };
  try {
    const { lookup } = await api.post("substitutions/", content);
    byId("substitute").close();
    entered({ ...former, ...content, lookup, status: "ok", inside: [] });
  } catch (trouble) {
    const isAnswer = trouble instanceof Refused && trouble.status < 500 && ![401, 410, 429].includes(trouble.status);
    if (isAnswer && trouble.code !== "device_suspended") byId("substitute-fault").textContent = trouble.detail;
    else {
      byId("substitute").close();
      face(trouble);
    }
  }
}
