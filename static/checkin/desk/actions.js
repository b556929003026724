/** What the desk can do for a person it found or entered, besides letting them in. */

import { element, icon, status } from "../screens/show.js";
import { say } from "../screens/words.js";
import { canPrint, NotPrinted, printPicture } from "./printing.js";

const PRINT_WITHIN_MS = 20_000;

/**
 * The buttons beside a person: print the badge in one press, put a substitute in their place.
 * @param {{lookup: string, name: string}} person a result of `search/`, or who was just entered
 * @param {{api: object, face: (trouble: Error) => void, substitute?: (person: object) => void}} parts
 * @returns {HTMLElement[]}
 */
export function deskActions(person, { api, face, substitute = null }) {
  const row = element("div", "desk-actions");
  row.append(
    action("print", say("print_badge"), () => print(person, "a6", { api, face })),
    action("print", say("print_label"), () => print(person, "label", { api, face })),
  );
  if (substitute) row.append(action("edit", say("substitute"), () => substitute(person)));
  return [row];
}

/** Prints from this page; where the browser cannot, the badge opens as a PDF, and that is said. */
async function print({ lookup }, format, { api, face }) {
  if (!canPrint()) {
    await open({ lookup, format }, { api, face });
    return;
  }
  status(say("printing"));
  try {
    const asked = { lookup, format, medium: "svg" };
    await printPicture(await api.postForFile("badges/print/", asked, { within_ms: PRINT_WITHIN_MS }), format);
    status(say("printed"));
  } catch (trouble) {
    status();
    if (trouble instanceof NotPrinted) await open({ lookup, format }, { api, face });
    else face(trouble);
  }
}

async function open(asked, { api, face }) {
  // Opened by the press itself: a tab that comes later would be taken for an advertisement.
  const sheet = window.open("", "_blank");
  status(say("printing_elsewhere"));
  try {
    const pdf = await api.postForFile("badges/print/", asked, { within_ms: PRINT_WITHIN_MS });
    const address = URL.createObjectURL(pdf);
    if (sheet) sheet.location = address;
    else download(address);
  } catch (trouble) {
    sheet?.close();
    status();
    face(trouble);
  }
}

function download(address) {
  const link = document.createElement("a");
  Object.assign(link, { href: address, download: "badge.pdf" });
  link.click();
}

function action(name, words, work) {
  const button = element("button", "btn", "");
  button.type = "button";
  button.append(icon(name), words);
  button.addEventListener("click", work);
  return button;
}
