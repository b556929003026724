"""Sections 1 and 2: what a phone asks the server, and what it does about the answers."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from docs.cp1_client.badge import Json
from docs.cp1_client.clock import Clock
from docs.cp1_client.records import uuid7
from docs.cp1_client.store import Store
from docs.cp1_client.wire import Answer, Refusal, Wire, patiently

APP = "reference 1.0.0"
# A clock that reads so long before the last contact was set back.
SET_BACK_MS = 15 * 60 * 1000


class Locked(Exception):
    """This client cannot work at a door now; the message says why."""


class Client:
    """One installation: its store, its clock and its way to the server."""

    def __init__(
        self,
        path: Path,
        *,
        wall: Callable[[], float] = time.time,
        mono: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        tries: int = 5,
    ) -> None:
        self.store = Store(path)
        state = self.store.state
        self.clock = Clock(boot=state.boot, anchor=state.anchor, wall=wall, mono=mono)
        self._sleep, self._tries = sleep, tries

    def save(self) -> None:
        """Write down the state, with what the clock has learned."""
        state = self.store.state
        state.boot, state.anchor = self.clock.boot, self.clock.anchor
        self.store.save()

    def ask(self, method: str, path: str, body: Json | None = None, **how: Any) -> Answer:
        """Ask as this device, once, and take to heart what the answer means for it."""
        state = self.store.state
        if state.token is None:
            raise Locked("this client is not enrolled")
        try:
            answer = Wire(state.address, self.clock).ask(
                method, path, body, token=state.token, **how
            )
        except Refusal as refusal:
            self._obey(refusal)
            raise
        state.contact_ms = self.clock.look().wall_ms
        if state.standing == "suspended":
            state.standing = "enrolled"
        self.save()
        return answer

    def patiently_ask(self, method: str, path: str, body: Json | None = None, **how: Any) -> Answer:
        """Ask as this device, again while it may pass."""
        return patiently(
            lambda: self.ask(method, path, body, **how), tries=self._tries, sleep=self._sleep
        )

    def _obey(self, refusal: Refusal) -> None:
        state = self.store.state
        if refusal.status == 410:
            self.store.wipe_snapshot()
            state.standing = "revoked"
        elif refusal.status == 401:
            state.standing = "rejected"
        elif refusal.code == "device_suspended":
            state.standing = "suspended"
        self.save()

    def enrol(self, address: str) -> Json:
        """Enrol by the one-time address of the console; safe to repeat after a lost answer."""
        state = self.store.state
        if state.standing == "revoked" and self.store.queue():
            raise Locked("the queue of the revoked device must go to quarantine first")
        parts = urlsplit(address)
        code = parse_qs(parts.fragment).get("e", [""])[0]
        # Kept before the first try: the repeat must come from the same installation.
        state.address = f"{parts.scheme}://{parts.netloc}"
        self.save()
        body = {"enrolment": code, "install_id": state.install_id, "app": APP}
        answer = patiently(
            lambda: Wire(state.address, self.clock).ask("POST", "enrolments/", body),
            tries=self._tries,
            sleep=self._sleep,
        ).body
        former = state.device and state.device["id"]
        if former != answer["device"]["id"]:
            self.store.wipe_snapshot()
            if not self.store.queue():
                state.seq = 0
        state.token, state.device = answer["token"], answer["device"]
        state.conference = answer["conference"]
        state.standing = "enrolled"
        state.contact_ms = self.clock.look().wall_ms
        self.save()
        return dict(answer["device"])

    def refresh(self) -> str:
        """Bring the snapshot up to date; say if by a ``full`` one, a ``delta`` or ``unchanged``."""
        kept = self.store.snapshot
        cursor = kept["cursor"] if kept else None
        answer = self.patiently_ask(
            "GET", "snapshot/", query={"cursor": cursor} if cursor else None, etag=cursor
        )
        if answer.status == 304:
            return "unchanged"
        self.store.keep_snapshot(apply_snapshot(kept, answer.body))
        return "full" if answer.body["full"] else "delta"

    def ready_snapshot(self) -> Json:
        """Give the snapshot if this client may work at a door now, else raise ``Locked``."""
        state, snapshot = self.store.state, self.store.snapshot
        if state.standing != "enrolled":
            raise Locked(f"this device is {state.standing}")
        if snapshot is None or state.contact_ms is None:
            raise Locked("there is no snapshot yet")
        silent_ms = self.clock.look().wall_ms - state.contact_ms
        if not -SET_BACK_MS < silent_ms < snapshot["lease_ms"]:
            self.store.wipe_snapshot()
            raise Locked("the lease is over: the server must be reached first")
        return snapshot

    def search(self, words: str) -> Json:
        """Look people up by name."""
        return dict(self.patiently_ask("GET", "search/", query={"q": words}).body)

    def walk_in(self, person: Json) -> Json:
        """Register somebody at the desk; repeats after lost answers make no second person."""
        walk_in_id = uuid7(self.clock.look().wall_ms)
        body = {"native_name": "", "title": {}, "delegation": None, **person}
        answer = self.patiently_ask("POST", "walk-ins/", {"walk_in_id": walk_in_id, **body}).body
        if self.store.snapshot:
            # So that the new badge opens doors before the next snapshot brings it.
            row = answer["badge"]
            self.store.snapshot["badges"][row["lookup"]] = row
            self.store.keep_snapshot(self.store.snapshot)
        return dict(answer)

    def server_ms(self) -> int:
        """Ask for the time."""
        return int(self.patiently_ask("GET", "clock/").body["server_ms"])

    def board(self) -> Json:
        """Ask for the counts."""
        return dict(self.patiently_ask("GET", "board/").body)


def apply_snapshot(kept: Json | None, told: Json) -> Json:
    """Give the snapshot after an answer: a full one replaces, a delta is laid over the kept one.

    Badges are kept by lookup, presence by lookup and then by zone (as text, for JSON).
    """
    if told["full"] or kept is None:
        badges: Json = {}
        presence: Json = {}
    else:
        badges, presence = dict(kept["badges"]), dict(kept["presence"])
    for lookup in told["gone"]:
        badges.pop(lookup, None)
        presence.pop(lookup, None)
    for row in told["badges"]:
        badges[row["lookup"]] = row
    for row in told["presence"]:
        zones = presence.get(row["lookup"], {})
        presence[row["lookup"]] = {**zones, str(row["zone"]): row}
    return {
        "cursor": told["cursor"],
        "lease_ms": told["lease_ms"],
        "poll_s": told["poll_s"],
        "rules": told["rules"] if "rules" in told else (kept or {})["rules"],
        "badges": badges,
        "presence": presence,
    }
