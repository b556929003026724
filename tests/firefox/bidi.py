"""Firefox, driven by the protocol that it speaks by itself: WebDriver BiDi over a WebSocket."""

import contextlib
import json
import os
import signal
import subprocess
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from config.tether import end_with_parent
from tests.support.patience import PATIENCE_S, wait_until

#: Asks no other host for anything, and asks nobody for the camera or before it prints; all else is
#: as people have it.
PREFERENCES = {
    "app.normandy.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.safebrowsing.downloads.remote.enabled": False,
    "browser.safebrowsing.provider.google4.updateURL": "",
    "browser.safebrowsing.provider.mozilla.updateURL": "",
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "dom.push.connection.enabled": False,
    "extensions.update.enabled": False,
    "media.navigator.permission.disabled": True,
    "media.navigator.streams.fake": True,
    "print.always_print_silent": True,
    "print_printer": "Mozilla Save to PDF",
    "print.printer_Mozilla_Save_to_PDF.print_to_file": True,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,#remote-settings-dummy/v1",
}
PRINTED_TO = "print.printer_Mozilla_Save_to_PDF.print_to_filename"
#: What Firefox prints, beside its profile's own files.
PRINTED = "printed.pdf"
ENTER = "\ue007"
#: What Firefox also calls an error.
LINE_IS_CUT = ("Failed to load", "downloadable font: download failed")
#: Where Firefox says how it can be driven.
ADDRESS = "WebDriverBiDiServer.json"


class Refused(Exception):
    """Firefox could not do what it was asked for, or a script threw."""


class Firefox:
    """One running Firefox with one tab; its profile outlives it."""

    def __init__(self, executable: str, profile: Path) -> None:
        """Start it on a profile, which is made if there is none."""
        self.profile = profile
        self.errors: list[str] = []
        self._asked = 0
        profile.mkdir(exist_ok=True)
        (profile / ADDRESS).unlink(missing_ok=True)
        paper = {PRINTED_TO: str(profile / PRINTED)}
        lines = [
            f"user_pref({json.dumps(name)}, {json.dumps(value)});\n"
            for name, value in (PREFERENCES | paper).items()
        ]
        (profile / "user.js").write_text("".join(lines))
        command = [executable, "--headless", "--no-remote", "--profile", str(profile)]
        with (profile / "firefox.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*command, "--remote-debugging-port", "0"],
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=end_with_parent,  # noqa: PLW1509 - a system call, nothing of Python
            )
        self._ends = contextlib.ExitStack()
        self._ends.callback(self._end)
        self._socket = self._ends.enter_context(self._connection())
        self.version = self.ask("session.new", capabilities={})["capabilities"]["browserVersion"]
        self.ask("session.subscribe", events=["log.entryAdded"])
        self._tab = self.ask("browsingContext.getTree")["contexts"][0]["context"]

    def kill(self) -> None:
        """End it without a chance to tidy up, if that was not done before."""
        self._end()
        self._ends.close()

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """Give a command and return its result; note errors that pages throw meanwhile."""
        self._asked += 1
        self._socket.send(json.dumps({"id": self._asked, "method": method, "params": params}))
        while True:
            told = json.loads(self._socket.recv(timeout=2 * PATIENCE_S))
            if told["type"] == "event":
                self._note(told["params"])
            elif told["id"] == self._asked and told["type"] == "error":
                raise Refused(f"{method}: {told['message']}")
            elif told["id"] == self._asked:
                return told["result"]

    def open(self, address: str) -> None:
        """Go to an address and wait until the page has come."""
        self.ask("browsingContext.navigate", context=self._tab, url=address, wait="complete")

    def reload(self) -> None:
        """Open the page anew."""
        self.ask("browsingContext.reload", context=self._tab, wait="complete")

    def before_pages(self, script: str) -> None:
        """Run a script in every page that is opened from now on, before its own."""
        self.ask("script.addPreloadScript", functionDeclaration=f"() => {{ {script} }}")

    def look(self, expression: str) -> Any:
        """Return what a JavaScript expression comes to, as JSON can say it."""
        told = self.ask(
            "script.evaluate",
            expression=f"(async () => JSON.stringify((await ({expression})) ?? null))()",
            target={"context": self._tab},
            awaitPromise=True,
        )
        if told["type"] == "exception":
            raise Refused(told["exceptionDetails"]["text"])
        return json.loads(told["result"]["value"])

    def wait_for(self, expression: str, *, seconds: float = PATIENCE_S) -> Any:
        """Return what an expression comes to once it is true, also if a page comes in between."""
        return wait_until(lambda: self._glance(expression), seconds=seconds)

    def tap(self, selector: str) -> None:
        """Touch the middle of an element with a finger."""
        found = f"document.querySelector({json.dumps(selector)})"
        place = (
            f"(() => {{ const e = {found}; if (!e || e.disabled) return null;"
            " e.scrollIntoView({ block: 'center' }); const box = e.getBoundingClientRect();"
            " return box.width && [box.x + box.width / 2, box.y + box.height / 2]; })()"
        )
        x, y = self.wait_for(place)
        self._act(
            {"type": "pointer", "id": "finger", "parameters": {"pointerType": "touch"}},
            {"type": "pointerMove", "x": round(x), "y": round(y)},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        )

    def type(self, text: str) -> None:
        """Press a key for each character, wherever the focus is."""
        keys = [{"type": kind, "value": key} for key in text for kind in ("keyDown", "keyUp")]
        self._act({"type": "key", "id": "keyboard"}, *keys)

    def _act(self, source: dict[str, Any], *actions: dict[str, Any]) -> None:
        self.ask(
            "input.performActions",
            context=self._tab,
            actions=[{**source, "actions": list(actions)}],
        )

    def _glance(self, expression: str) -> Any:
        try:
            return self.look(expression)
        except Refused:
            return None

    def _note(self, entry: dict[str, Any]) -> None:
        text = entry.get("text") or ""
        is_ours = entry["type"] == "javascript" or "Content-Security-Policy" in text
        if entry["level"] == "error" and is_ours and not text.startswith(LINE_IS_CUT):
            self.errors.append(text)

    def _end(self) -> None:
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def _connection(self) -> contextlib.AbstractContextManager[ClientConnection]:
        found = self.profile / ADDRESS

        def address() -> str:
            assert self._process.poll() is None, (self.profile / "firefox.log").read_text()
            told = json.loads(found.read_text() or "{}") if found.exists() else {}
            return f"ws://127.0.0.1:{told['ws_port']}/session" if told else ""

        return connect(wait_until(address), max_size=None, proxy=None)
