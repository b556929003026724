/** The guard's controls: direction, area, camera, typed codes, and scanners that type. */

import { byId, screen, tell } from "./show.js";
import { say, text } from "./words.js";

const BEGIN = "C1:"; // of every code on a badge
const BROKEN_OFF_MS = 1_000; // a hardware scanner pauses for less than that, whatever the phone is busy with

/** What was chosen: kept by the app, drawn here. */
export function drawChoices({ zones, zone, direction, language, gateName, deviceName }) {
  byId("device-name").textContent = deviceName;
  byId("gate-name").textContent = gateName;
  byId("zone-field").hidden = zones.length < 2;
  byId("zone").replaceChildren(
    ...zones.map(({ id, name }) => new Option(text(name, language), id, false, id === zone?.id)),
  );
  drawDirection(direction);
}

function drawDirection(direction) {
  for (const button of byId("directions").querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.dataset.direction === direction));
  }
}

/** Draws whether the camera is on, and whether it has a light. */
export function drawCamera(camera) {
  byId("camera").hidden = !camera.isOn;
  byId("camera-hint").textContent = say("scanning");
  byId("torch").hidden = !camera.hasTorch;
  byId("scan-words").textContent = say(camera.isOn ? "stop_camera" : "start_camera");
}

/** Starts or stops the camera; `found` gets what it reads. */
export async function toggleCamera(camera, found, sentenceOf) {
  if (camera.isOn) {
    camera.stop();
  } else {
    byId("camera").hidden = false;
    try {
      await camera.start(found);
      tell();
    } catch (trouble) {
      camera.stop();
      tell(sentenceOf(trouble));
    }
  }
  drawCamera(camera);
}

/** Listens to everything the guard does while at work. */
export function listenToWork({ camera, shift, scanText, takeFromCamera, sentence }) {
  byId("scan").addEventListener("click", () => toggleCamera(camera, takeFromCamera, sentence));
  byId("torch").addEventListener("click", async ({ currentTarget }) => {
    const on = currentTarget.getAttribute("aria-pressed") !== "true";
    await camera.torch(on);
    currentTarget.setAttribute("aria-pressed", String(on));
  });
  byId("code-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const written = byId("code").value;
    byId("code-fault").textContent = written ? "" : say("badge_shape");
    if (written) scanText(written);
  });
  byId("zone").addEventListener("change", ({ target }) => shift.choose({ zone: Number(target.value) }));
  for (const button of byId("directions").querySelectorAll("button")) {
    button.addEventListener("click", () => {
      shift.choose({ direction: button.dataset.direction });
      drawDirection(button.dataset.direction);
    });
  }
  listenToHardware(scanText);
}

/** A hardware scanner types a whole code and Enter, wherever the focus is. */
function listenToHardware(scanText) {
  let typed = "";
  let last = 0;
  document.addEventListener(
    "keydown",
    (event) => {
      if (screen() !== "work" || event.target.matches?.("input, textarea, select")) return;
      // When it was pressed, not when the page had time for it.
      if (event.timeStamp - last > BROKEN_OFF_MS) typed = "";
      last = event.timeStamp;
      if (event.key.length === 1) typed += event.key;
      if (!typed.startsWith(BEGIN)) typed = typed.slice(-BEGIN.length);
      if (!typed.startsWith(BEGIN)) return;
      // Else Firefox begins to search the page at the first "/", and a blank presses the button in focus.
      event.preventDefault();
      event.stopPropagation();
      if (event.key !== "Enter") return;
      const written = typed;
      typed = "";
      scanText(written);
    },
    { capture: true },
  );
}
