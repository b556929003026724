"""What a page prints: kept as a page of its own, which a test can measure."""

import re
from dataclasses import dataclass

from playwright.sync_api import Page

#: Chromium without a screen has no print dialog: what would be printed is written down instead.
_WRITES_DOWN = """
  window.print = () => {
    dispatchEvent(new Event("beforeprint"));
    const styles = document.adoptedStyleSheets.flatMap((each) => [...each.cssRules]);
    (window.top.sheets ??= []).push(
      `<style>${styles.map((rule) => rule.cssText).join("")}</style>${document.body.innerHTML}`,
    );
    window.top.document.documentElement.dataset.prints = "yes";
    window.top.finishPrinting = () => dispatchEvent(new Event("afterprint"));
  };
"""
_POINTS_IN_MM = 72 / 25.4


@dataclass(frozen=True, slots=True)
class Sheet:
    """What came out of the printer: the size of each page in millimetres, and its shapes."""

    pages: list[tuple[int, int]]
    drawn: str


def watch_printing(page: Page) -> None:
    """Have the pages that are opened from now on print for ``printed``."""
    page.add_init_script(_WRITES_DOWN)


def printed(page: Page) -> Sheet:
    """Wait until something is printed, close the dialog, and return what it was."""
    page.locator("html[data-prints]").wait_for(state="attached")
    (sheet,) = page.evaluate("window.sheets")
    paper = page.context.browser.new_page()
    try:
        paper.set_content(sheet)
        document = paper.pdf(prefer_css_page_size=True, print_background=True)
    finally:
        paper.close()
    page.evaluate("() => window.finishPrinting()")
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", document)
    return Sheet([(_mm(width), _mm(height)) for width, height in boxes], sheet)


def _mm(points: bytes) -> int:
    return round(float(points) / _POINTS_IN_MM)
