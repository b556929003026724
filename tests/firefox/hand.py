"""A guard's hand at the scanner in Firefox."""

import json

from tests.firefox.bidi import ENTER, Firefox

RESULT = "document.getElementById('result')"
LIT = f"({RESULT}.dataset.scan ?? '') !== {RESULT}.dataset.seen"
SEEN = f"({RESULT}.dataset.seen = {RESULT}.dataset.scan ?? '')"


def is_up(firefox: Firefox, screen: str) -> None:
    """Wait until a screen is up."""
    firefox.wait_for(f"document.querySelector('#scanner[data-screen={screen}]') !== null")


def start_shift(firefox: Firefox, address: str) -> None:
    """Set the phone up by its one-time address, and start the shift that it can work."""
    firefox.open(address)
    is_up(firefox, "ready")
    firefox.wait_for("!document.getElementById('start').disabled")
    firefox.tap("#start")
    is_up(firefox, "work")


def verdict(firefox: Firefox) -> tuple[str, str]:
    """Return the verdict that came on, and the name beside it; go on to the next."""
    firefox.wait_for(LIT)
    told = firefox.look(
        f"[{RESULT}.dataset.code, document.getElementById('result-name').textContent]"
    )
    firefox.look("document.getElementById('next').click()")
    return told[0], told[1]


def get_ready(firefox: Firefox) -> None:
    """Note that whatever light was on was seen."""
    firefox.look(SEEN)


def enter(firefox: Firefox, field: str, text: str) -> None:
    """Put a text into a field, as a paste does, and press Enter there."""
    firefox.look(
        f"(() => {{ const field = document.querySelector({json.dumps(field)});"
        f" field.focus(); field.value = {json.dumps(text)}; }})()"
    )
    firefox.type(ENTER)


def scan(firefox: Firefox, code: str) -> tuple[str, str]:
    """Type a badge's code, and return the verdict."""
    get_ready(firefox)
    enter(firefox, "#code", code)
    return verdict(firefox)


def read_by_hand_scanner(firefox: Firefox, code: str) -> tuple[str, str]:
    """Let a hardware scanner type a badge's code, and return the verdict."""
    get_ready(firefox)
    firefox.type(code + ENTER)
    return verdict(firefox)


def queued(firefox: Firefox, number: int) -> None:
    """Wait until so many scans wait on the phone."""
    firefox.wait_for(f"document.getElementById('line').dataset.queued === '{number}'")
