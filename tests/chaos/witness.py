"""What the guards saw: each light on each phone, written down outside of the phones."""

import json
from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, ConsoleMessage

#: Verdicts that let somebody through.
GREEN = frozenset({"admit", "exit_ok", "admit_provisional", "override_admit"})


@dataclass(frozen=True, slots=True)
class Sight:
    """One light: the verdict's code and the scan it was of, empty where nothing was recorded."""

    code: str
    scan: str
    light: str
    wall_ms: int

    @property
    def lets_in(self) -> bool:
        return self.code in GREEN


@dataclass
class Witness:
    """Stands beside one phone and notes what its page shows."""

    sights: list[Sight] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    aborted: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        """Listen to all pages of a browser session."""
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))

    def verdicts(self) -> dict[str, str]:
        """Return the code that was shown of each scan; of two the last, and `faults` names it."""
        return {sight.scan: sight.code for sight in self.sights if sight.scan}

    def faults(self) -> list[str]:
        """Return scans that were shown with more than one code, and lights that lie."""
        codes: dict[str, set[str]] = {}
        for sight in self.sights:
            if sight.scan:
                codes.setdefault(sight.scan, set()).add(sight.code)
        changed = [f"{scan} was shown as {seen}" for scan, seen in codes.items() if len(seen) > 1]
        lying = [
            f"{sight} is green"
            for sight in self.sights
            if sight.light == "green" and not (sight.lets_in and sight.scan)
        ]
        return changed + lying

    def _hear(self, message: ConsoleMessage) -> None:
        if not message.text.startswith("chaos "):
            if message.type == "error" and "Content Security Policy" in message.text:
                self.complaints.append(message.text)
            return
        told = json.loads(message.text.removeprefix("chaos "))
        match told.pop("kind"):
            case "shown":
                self.sights.append(Sight(**told))
            case "held":
                self.held.append(told["point"])
            case "aborted":
                self.aborted.append(told["point"])
