"""A scan, from text to verdict: durable before it is shown, online where there is a line."""

import hashlib
import hmac
from dataclasses import dataclass

from docs.cp1_client.badge import Json, Reading, from_b64u, open_card, read_text
from docs.cp1_client.client import Client, Locked
from docs.cp1_client.clock import effective_time
from docs.cp1_client.fold import ANNUL_WITHIN_MS, own_presence
from docs.cp1_client.records import new_record
from docs.cp1_client.verdict import ADMITTING, OVERRIDABLE, judge
from docs.cp1_client.wire import NoAnswer, Refusal

# Nobody waits longer than this at a door.
ONLINE_WITHIN_S = 1.5


@dataclass(frozen=True)
class Shown:
    """What the guard sees."""

    scan_id: str
    verdict: Json
    card: Json | None
    by: str

    @property
    def admit(self) -> bool:
        """Whether to let in; a code that this client does not know lets nobody in."""
        return self.verdict["code"] in ADMITTING


class Door:
    """One gate and zone of the device."""

    def __init__(self, client: Client, *, gate: int | None = None, zone: int | None = None) -> None:
        self.client = client
        self.store = client.store
        device = self.store.state.device
        if device is None:
            raise Locked("this client is not enrolled")
        snapshot = client.ready_snapshot()
        self.rules: Json = snapshot["rules"]
        self.gate = device["gate"] if gate is None else gate
        leads_to = {one["id"]: one["zones"] for one in self.rules["gates"]}.get(self.gate, ())
        served = [one for one in device["zones"] if one in leads_to]
        wanted = served[0] if zone is None and served else zone
        self.zone = next((one for one in self.rules["zones"] if one["id"] == wanted), None)
        if self.zone is None:
            raise Locked(f"the snapshot has no rules for zone {wanted} at gate {self.gate}")

    def scan(self, text: str, *, direction: str = "in", online: bool = True) -> Shown:
        """Read a badge and judge it."""
        conference = self.store.state.conference or {}
        reading = read_text(text, conference=conference["id"], keys=self.rules["keys"])
        return self._judge(reading, "qr", direction, online=online)

    def scan_lookup(self, lookup: str, *, direction: str = "in") -> Shown:
        """Judge somebody whom the desk looked up by name; no badge was seen."""
        reading = Reading("ok", signature="none", lookup=lookup)
        return self._judge(reading, "desk", direction, online=True)

    def _judge(self, reading: Reading, via: str, direction: str, *, online: bool) -> Shown:
        snapshot = self.client.ready_snapshot()
        record = self._new_record(reading, via, direction)
        if online and record["lookup"] is not None:
            shown = self._ask_server(record, reading, snapshot)
            if shown:
                return shown
        entry = snapshot["badges"].get(record["lookup"])
        card = _card(entry, reading)
        verdict = self._own_verdict(record, reading, entry, card)
        record |= {"offline": True, "shown": verdict["code"]}
        self._keep(record, verdict, fate="queued")
        return Shown(record["scan_id"], verdict, card, "phone")

    def _new_record(self, reading: Reading, via: str, direction: str) -> Json:
        state = self.store.state
        moment = self.client.clock.look()
        # Written down before anything is sent: no number is ever used for two scans.
        state.seq += 1
        self.client.save()
        assert self.zone is not None
        assert self.store.snapshot is not None
        return new_record(
            reading,
            seq=state.seq,
            gate=self.gate,
            zone=self.zone["id"],
            direction=direction,
            moment=moment,
            anchor=self.client.clock.anchor,
            cursor=self.store.snapshot["cursor"],
            via=via,
        )

    def _ask_server(self, record: Json, reading: Reading, snapshot: Json) -> Shown | None:
        """Let the server judge; None if this phone must do it itself."""
        entry = snapshot["badges"].get(record["lookup"])
        body = {"scan": record, "want_card": entry is None}
        try:
            told = self.client.ask("POST", "scan/", body, within=ONLINE_WITHIN_S).body
        except NoAnswer:
            return None
        except Refusal as refusal:
            if refusal.status not in {401, 403, 410}:
                return None
            # No verdict and no scan, so the number is free again.
            self.store.state.seq -= 1
            self.client.save()
            raise
        verdict = told["verdict"]
        self._keep(record, verdict, fate="online", decided=verdict["code"])
        card = _card(entry or told["badge"], reading)
        return Shown(record["scan_id"], verdict, card, "server")

    def _own_verdict(
        self, record: Json, reading: Reading, entry: Json | None, card: Json | None
    ) -> Json:
        assert self.zone is not None
        now, uncertain = effective_time(record)
        return judge(
            read=reading.read,
            signature=reading.signature,
            qr_class=reading.badge_class,
            direction=record["direction"],
            now=now,
            uncertain=uncertain,
            entry=entry,
            card=card,
            presence=self._own_presence(record["lookup"]),
            zone=self.zone,
        )

    def _own_presence(self, lookup: str | None) -> Json | None:
        if lookup is None:
            return None
        assert self.zone is not None
        assert self.store.snapshot is not None
        row = self.store.snapshot["presence"].get(lookup, {}).get(str(self.zone["id"]))
        return own_presence(row, self.store.own_scans(), lookup, self.zone)

    def _keep(self, record: Json, verdict: Json, *, fate: str, decided: str | None = None) -> None:
        """Write a scan down; only after this may anybody see its verdict."""
        state = self.store.state
        device = state.device["id"] if state.device else None
        scan = {"record": record, "device": device, "decided": decided, "verdict": verdict}
        state.scans.append({**scan, "fate": fate})
        self.store.forget_old_scans(self.client.clock.look().wall_ms)
        self.client.save()

    def _find(self, scan_id: str) -> Json:
        for scan in self.store.state.scans:
            if scan["record"]["scan_id"] == scan_id:
                return scan
        raise LookupError(f"no scan of this client: {scan_id}")

    def override(
        self, scan_id: str, *, supervisor: int, pin: str, reason: str, note: str = ""
    ) -> Shown:
        """Let in whom a verdict refused, on a supervisor's word."""
        device = self.store.state.device or {}
        if "override" not in device["capabilities"]:
            raise Locked("this device may not override")
        former = self._find(scan_id)
        codes = [former["verdict"]["code"], *former["verdict"]["also"]]
        if former["record"]["direction"] != "in" or not OVERRIDABLE.issuperset(codes):
            raise Locked(f"{codes[0]} cannot be overridden")
        if not self._knows_pin(supervisor, pin):
            raise Locked("that is not the PIN of this supervisor")
        told = {"by": supervisor, "reason": reason, "note": note, "codes": codes}
        return self._follow(former["record"], "override_admit", override=told)

    def annul(self, scan_id: str) -> Shown:
        """Take back a scan of the last fifteen minutes."""
        former = self._find(scan_id)["record"]
        if former["annuls"] is not None or former["lookup"] is None:
            raise Locked("this scan cannot be taken back")
        moment, anchor = self.client.clock.look(), self.client.clock.anchor
        now, _ = effective_time({**vars(moment), "anchor": anchor})
        if not 0 <= now - effective_time(former)[0] <= ANNUL_WITHIN_MS:
            raise Locked("only scans of the last fifteen minutes can be taken back")
        return self._follow(former, "annulled", annuls=scan_id)

    def _follow(
        self,
        former: Json,
        code: str,
        *,
        override: Json | None = None,
        annuls: str | None = None,
    ) -> Shown:
        """Queue a second record about the same badge at the same place."""
        reading = Reading("ok", lookup=former["lookup"])
        record = self._new_record(reading, former["via"], former["direction"])
        record |= {"gate": former["gate"], "zone": former["zone"], "offline": former["offline"]}
        record |= {"shown": code, "override": override, "annuls": annuls}
        verdict = {"code": code, "admit": code in ADMITTING, "params": {}, "also": []}
        self._keep(record, verdict, fate="queued")
        return Shown(record["scan_id"], verdict, None, "phone")

    def _knows_pin(self, supervisor: int, pin: str) -> bool:
        for one in self.rules.get("supervisors", ()):
            if one["id"] == supervisor:
                salt, rounds = from_b64u(one["pin"]["salt"]), one["pin"]["rounds"]
                mine = hashlib.pbkdf2_hmac("sha256", pin.encode(), salt, rounds)
                return hmac.compare_digest(mine, from_b64u(one["pin"]["hash"]))
        return False


def _card(entry: Json | None, reading: Reading) -> Json | None:
    if entry is None or reading.lookup is None:
        return None
    return open_card(entry["card"], lookup=reading.lookup, key=reading.card_key)
