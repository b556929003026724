/** Prints a badge from the page that it was asked on: no tab, no second press. */

/** The papers as `delegates/documents/badge.py` names them. */
const SIZES = { a6: "105mm 148mm", label: "90mm 62mm" };
const STARTS_WITHIN_MS = 1_000;

/** The browser did not print: forbidden by its administrator, say. */
export class NotPrinted extends Error {}

/**
 * Whether this browser can print a part of a page. Those of phones and tablets print the whole page instead, or nothing.
 * @param {{userAgent: string, maxTouchPoints?: number}} browser
 */
export function canPrint({ userAgent, maxTouchPoints = 0 } = navigator, print = globalThis.print) {
  const isTablet = userAgent.includes("Macintosh") && maxTouchPoints > 1;
  return typeof print === "function" && !/Android|iPhone|iPad|Mobile/.test(userAgent) && !isTablet;
}

/**
 * Prints a picture on a page of exactly the paper's size and resolves when the browser is done with it.
 * @param {Blob} picture an SVG
 * @param {"a6" | "label"} paper
 */
export async function printPicture(picture, paper) {
  const frame = document.createElement("iframe");
  frame.className = "print-frame";
  frame.title = "";
  frame.setAttribute("aria-hidden", "true");
  const isThere = new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
  document.body.append(frame);
  try {
    // Chromium has the frame's page at once; Firefox 140 puts another in its place a moment later.
    await isThere;
    await draw(frame, picture, SIZES[paper]);
    await printed(frame.contentWindow);
  } finally {
    frame.remove();
  }
}

async function draw({ contentDocument: sheet, contentWindow: view }, picture, size) {
  // Styles by way of the object model: the policy allows none in the document itself.
  const style = new view.CSSStyleSheet();
  style.replaceSync(`
    @page { size: ${size}; margin: 0 }
    html, body { margin: 0; padding: 0 }
    img { display: block; width: ${size.split(" ")[0]}; height: ${size.split(" ")[1]}; break-after: avoid }
  `);
  sheet.adoptedStyleSheets = [style];
  const image = sheet.createElement("img");
  image.alt = "";
  image.src = await dataUrl(picture);
  sheet.body.append(image);
  await image.decode();
}

/** What is drawn from data asks for no exception in the policy, as an address made here would. */
function dataUrl(picture) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(reader.result));
    reader.addEventListener("error", () => reject(reader.error));
    reader.readAsDataURL(picture);
  });
}

function printed(view) {
  return new Promise((resolve, reject) => {
    let patience = null;
    view.addEventListener("beforeprint", () => clearTimeout(patience));
    view.addEventListener("afterprint", resolve);
    patience = setTimeout(() => reject(new NotPrinted()), STARTS_WITHIN_MS);
    view.focus();
    view.print();
  });
}
