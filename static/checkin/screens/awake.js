/** A screen that stays on: a phone's while somebody works with it, the wall's always. */

let isWanted = false;
let isAsking = false;
let held = null;

/** Asks for a screen that stays on, or lets it sleep again; asked twice, it is asked for once. */
export function stayAwake(wanted) {
  isWanted = wanted;
  if (wanted) ask();
  else letSleep();
}

/** The browser lets it sleep when the page goes out of sight: it is asked again afterwards. */
export function askAgainWhenSeen() {
  document.addEventListener("visibilitychange", ask);
}

async function ask() {
  if (!isWanted || isAsking || document.hidden || !navigator.wakeLock || held?.released === false) return;
  isAsking = true;
  try {
    held = await navigator.wakeLock.request("screen");
  } catch {
    // The battery is low, or the browser does not want to: the screen sleeps as it is set to.
  } finally {
    isAsking = false;
  }
  if (!isWanted) letSleep();
}

function letSleep() {
  held?.release();
  held = null;
}
