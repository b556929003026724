/** The desk's part of the page: search, walk-ins, substitutes. Online only. */

import { byId, element } from "../screens/show.js";
import { say } from "../screens/words.js";
import { deskActions } from "./actions.js";
import { search } from "./search.js";
import { openSubstitute, submitSubstitute } from "./substitute.js";
import { drawWalkIn, submitWalkIn } from "./walk_in.js";

export function drawDesk(shift) {
  const isDesk = shift.record.device.capabilities.includes("desk");
  byId("desk").hidden = !isDesk;
  if (isDesk) drawWalkIn(shift);
}

/** Listens to what the desk does. */
export function deskHands({ shift, scanFound, face }) {
  const parts = () => ({ api: shift.api, face, scanFound, place: shift.place() });
  const entered = (person) => {
    drawEntered(person, parts());
    shift.sync.retry();
  };
  byId("search-form").addEventListener("submit", (event) => {
    event.preventDefault();
    search(byId("q").value.trim(), { ...parts(), substitute: openSubstitute });
  });
  byId("walk-in-form").addEventListener("submit", (event) => {
    event.preventDefault();
    submitWalkIn({ ...parts(), entered });
  });
  byId("substitute-form").addEventListener("submit", (event) => {
    event.preventDefault();
    submitSubstitute({ ...parts(), entered });
  });
  byId("substitute-close").addEventListener("click", () => byId("substitute").close());
}

/** Somebody new, with a badge that can be printed and let in at once. */
function drawEntered(person, { api, face, scanFound }) {
  const card = element("div", "entered");
  const letIn = element("button", "btn btn-primary", say("let_in_now"));
  letIn.type = "button";
  letIn.addEventListener("click", () => scanFound(person));
  const name = [person.name, person.native_name].filter(Boolean).join(" · ");
  card.append(
    element("strong", "scanner__found-name", name),
    element("span", "scanner__found-more", say("badge_made")),
    letIn,
    ...deskActions(person, { api, face }),
  );
  byId("entered").replaceChildren(card);
  byId("found").replaceChildren();
  card.scrollIntoView({ block: "nearest" });
}
