/** The desk: people by name in either script. Online only: names are nowhere on the phone. */

import { byId, element, status } from "../screens/show.js";
import { say, text } from "../screens/words.js";
import { deskActions } from "./actions.js";

/** Whether a text is enough to search by. */
export function isLongEnough(q) {
  return [...q].length >= 2 || /^\p{Script=Han}/u.test(q);
}

/**
 * @param {{api: object, place: object, scanFound: (person: object) => void,
 *   face: (trouble: Error) => void, substitute: (person: object) => void}} parts
 */
export async function search(q, parts) {
  const { api, face } = parts;
  byId("found").replaceChildren();
  byId("search-fault").textContent = isLongEnough(q) ? "" : say("short_name");
  if (!isLongEnough(q)) return;
  status(say("searching"));
  try {
    const { results, more } = await api.get(`search/?q=${encodeURIComponent(q)}`);
    status(more ? say("more_found") : "");
    if (results.length === 0) byId("search-fault").textContent = say("nobody_found");
    byId("found").replaceChildren(...results.map((person) => foundItem(person, parts)));
  } catch (trouble) {
    status();
    face(trouble);
  }
}

function foundItem(person, { place: where, scanFound, ...parts }) {
  const { language } = where;
  const button = element("button", "btn");
  button.type = "button";
  button.append(
    line("scanner__found-name", person.name, person.native_name),
    line("scanner__found-more", text(where.delegation(person.delegation), language), text(person.title, language)),
    line(
      "scanner__found-more",
      text(where.badgeClass(person.class), language),
      say(`status_${person.status}`),
      person.inside.includes(where.zone?.id) ? say("inside_now") : say("outside_now"),
    ),
  );
  button.addEventListener("click", () => scanFound(person));
  const item = element("li", "");
  item.append(button, ...deskActions(person, parts));
  return item;
}

function line(className, ...parts) {
  return element("span", className, parts.filter(Boolean).join(" · "));
}
