"""Gate staff with a phone, whose camera sees what the test holds before it."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import BrowserType, Page, expect

from tests.journeys.story import PHONE, Story, sign_in
from tests.support import chromium
from tests.support.scanner import PATIENT

WIDTH, HEIGHT = 640, 480
#: Reads the QR codes of a picture with the decoder that the scanner itself uses.
DECODE = """async ({ picture, wasm }) => {
  const reader = await import("/static/vendor/barcode-detector/ponyfill.js");
  reader.prepareZXingModule({ overrides: { locateFile: () => wasm } });
  const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const codes = await new reader.BarcodeDetector({ formats: ["qr_code"] }).detect(bitmap);
  return codes.map(({ rawValue }) => rawValue);
}"""
#: Returns the brightness of each point of the picture, set in the middle of the camera's view.
GREY = """async ({ picture, width, height }) => {
  const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const scale = Math.min((width - 80) / bitmap.width, (height - 80) / bitmap.height);
  const [wide, high] = [bitmap.width * scale, bitmap.height * scale];
  const canvas = new OffscreenCanvas(width, height).getContext("2d");
  canvas.fillStyle = "white";
  canvas.fillRect(0, 0, width, height);
  canvas.drawImage(bitmap, (width - wide) / 2, (height - high) / 2, wide, high);
  const { data } = canvas.getImageData(0, 0, width, height);
  let grey = "";
  for (let at = 0; at < data.length; at += 4) grey += String.fromCharCode(data[at]);
  return btoa(grey);
}"""
#: Notes in the page when the light first turns green.
WATCH_LIGHT = """() => {
  const light = document.getElementById("result");
  const look = () => {
    const seen = document.documentElement.dataset;
    if (!light.hidden && light.dataset.light === "green") seen.greenAt ??= Date.now();
  };
  new MutationObserver(look).observe(light, { attributes: true });
}"""


def film(page: Page, picture: bytes, path: Path) -> None:
    """Write a film (YUV4MPEG2) of nothing but this picture, for the camera to see."""
    wanted = {"picture": _text(picture), "width": WIDTH, "height": HEIGHT}
    grey = base64.b64decode(page.evaluate(GREY, wanted))
    colour = b"\x80" * (WIDTH * HEIGHT // 2)
    head = f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode()
    path.write_bytes(head + 3 * (b"FRAME\n" + grey + colour))


@contextmanager
def phone_with_camera(browser_type: BrowserType, seen: Path) -> Iterator["GatePhone"]:
    """A phone whose camera sees a film; a browser of its own, as only a new one takes a camera."""
    arguments = [
        *chromium.ARGUMENTS,
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={seen}",
    ]
    browser = browser_type.launch(executable_path=chromium.executable(), args=arguments)
    try:
        yield GatePhone(browser.new_context(**PHONE, locale="zh-CN"))
    finally:
        browser.close()


class GatePhone:
    """What gate staff do and see."""

    def __init__(self, context) -> None:
        self._context = context
        self.page: Page

    def join(self, story: Story) -> None:
        self._context.add_init_script(PATIENT)
        self.page = story.welcome("gate staff", self._context)
        self._address = story.address

    def choose_gate(self, name: str) -> None:
        """Sign in, and make this phone a scanner at a gate."""
        sign_in(self.page, self._address, "gate-staff")
        self.page.goto(f"{self._address}/checkin/")
        self.page.locator("form[action$='/work/'] button", has_text=name).click()
        expect(self.page.locator("#gate-name")).to_contain_text(name)
        expect(self.page.locator("#start")).to_be_enabled()
        self.page.locator("#start").click()
        expect(self.page.locator("#scanner[data-ready=yes] #work")).to_be_visible()

    def read_picture(self, picture: bytes) -> list[str]:
        """Return what the scanner's decoder reads in a PNG."""
        wanted = {
            "picture": _text(picture),
            "wasm": "/static/vendor/zxing-wasm/zxing_reader.wasm",
        }
        return list(self.page.evaluate(DECODE, wanted))

    def scan_with_camera(self) -> None:
        self.page.evaluate(WATCH_LIGHT)
        self.page.locator("#scan").click()

    def stop_camera(self) -> None:
        self.page.locator("#scan").click()
        expect(self.page.locator("#camera")).to_be_hidden()

    def type_code(self, code: str) -> None:
        self.page.locator("#code").fill(code)
        self.page.locator("#code-form button").click()

    def find(self, name: str) -> None:
        """Search by name and take the only one found."""
        self.page.locator("#q").fill(name)
        self.page.locator("#search-form .scanner__pair button").click()
        found = self.page.locator("#found li")
        expect(found).to_have_count(1)
        found.locator("button:has(.scanner__found-name)").click()

    def expect_light(self, light: str) -> None:
        # Green goes by itself, which a busy machine may not come to see; its colour stays behind.
        expect(self.page.locator("#result")).to_have_attribute("data-light", light)

    def fact(self, name: str) -> str:
        """Return one of the facts that the light shows, or has shown: green goes by itself."""
        return str(self.page.locator(f"#result-{name}").text_content())

    def expect_no_light(self, seconds: float) -> None:
        """Expect the light to go, and nothing to light up for some seconds."""
        expect(self.page.locator("#result")).to_be_hidden()
        self.page.wait_for_timeout(seconds * 1000)
        expect(self.page.locator("#result")).to_be_hidden()

    def next(self) -> None:
        self.page.locator("#next").click()
        expect(self.page.locator("#result")).to_be_hidden()

    def saw_green_at(self) -> float:
        """Return when the light turned green, in seconds of the epoch."""
        html = self.page.locator("html[data-green-at]")
        return float(str(html.get_attribute("data-green-at"))) / 1000


def _text(picture: bytes) -> str:
    return base64.b64encode(picture).decode()
