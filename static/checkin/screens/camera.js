/** The camera and what reads QR codes in its picture: the browser's own, else the vendored one. */

const LOOK_EVERY_MS = 120;
const SAME_WITHIN_MS = 3_000;

/** The camera cannot be used; `code` says why, as a key of the scanner's words. */
export class NoCamera extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

export class Camera {
  /**
   * @param {HTMLVideoElement} video
   * @param {string} wasm where the vendored decoder is
   */
  constructor(video, wasm) {
    Object.assign(this, { video, wasm, stream: null, detector: null, last: { text: "", at: 0 } });
  }

  get isOn() {
    return this.stream !== null;
  }

  /**
   * Starts it. `found` gets a text once: again only when it was out of sight for three seconds, or
   * when `found` answered false, as it could not take it yet.
   */
  async start(found) {
    this.stop();
    const [stream, detector] = await Promise.all([openStream(), this.#ready()]);
    Object.assign(this, { stream, detector });
    this.video.srcObject = stream;
    await this.video.play();
    this.#look(stream, found);
  }

  stop() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
    this.video.srcObject = null;
  }

  get hasTorch() {
    return Boolean(this.stream?.getVideoTracks()[0]?.getCapabilities?.().torch);
  }

  torch(on) {
    return this.stream?.getVideoTracks()[0]?.applyConstraints({ advanced: [{ torch: on }] });
  }

  /** Lets the last code be read again at once. */
  forgetLast() {
    this.last = { text: "", at: 0 };
  }

  async #look(stream, found) {
    while (this.stream === stream) {
      const text = await this.#read();
      const now = performance.now();
      if (text && this.stream === stream) {
        const isSame = text === this.last.text && now - this.last.at <= SAME_WITHIN_MS;
        if (isSame || found(text) !== false) this.last = { text, at: now };
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  async #read() {
    if (this.video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return "";
    const codes = await this.detector.detect(this.video).catch(() => []);
    return codes[0]?.rawValue ?? "";
  }

  async #ready() {
    if (this.detector) return this.detector;
    const options = { formats: ["qr_code"] };
    if (await hasOwnDetector()) return new BarcodeDetector(options);
    const vendored = await import("../../vendor/barcode-detector/ponyfill.js");
    vendored.prepareZXingModule({ overrides: { locateFile: () => this.wasm } });
    return new vendored.BarcodeDetector(options);
  }
}

async function hasOwnDetector() {
  if (!("BarcodeDetector" in window)) return false;
  const formats = await BarcodeDetector.getSupportedFormats().catch(() => []);
  return formats.includes("qr_code");
}

async function openStream() {
  if (!navigator.mediaDevices) throw new NoCamera(window.isSecureContext ? "no_camera" : "camera_insecure");
  try {
    return await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } },
    });
  } catch (trouble) {
    throw new NoCamera(trouble.name === "NotAllowedError" ? "camera_refused" : "no_camera");
  }
}
