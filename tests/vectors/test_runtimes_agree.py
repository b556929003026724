"""The phone and the server judge and fold alike, far beyond the vectors."""

import json
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from checkin.fold import local_presence
from checkin.merge import facts, merge
from checkin.verdict import Attempt, judge
from delegates.documents import badge_code, badge_keys, base45

HOUR = 3_600_000
ANSWER = Path(__file__).parents[1] / "js" / "answer.mjs"


def an_attempt(chance):
    """Somebody at a door, in any of many states, with instants close enough to meet."""
    edge = lambda: chance.choice([None, chance.randint(-4, 4) * HOUR // 4 + 10 * HOUR])  # noqa: E731
    window = lambda: [edge(), edge()]  # noqa: E731
    classes = lambda: chance.sample([1, 2, 3], chance.randint(0, 2))  # noqa: E731
    details = {
        "zones": classes(),
        "valid": window(),
        "flags": chance.sample(["vip", "desk", "escort", "later"], chance.randint(0, 2)),
    }
    known = {name: value for name, value in details.items() if chance.random() < 0.5}
    card = {"name": "张伟", "class": chance.randint(1, 3), **known}
    read = chance.choice(["ok"] * 8 + ["unreadable", "wrong_conference"])
    return {
        "read": read,
        "signature": chance.choice(["valid", "valid", "invalid", "unknown_key", "none"])
        if read == "ok"
        else None,
        "qr_class": chance.choice([None, 1, 2, 3]),
        "direction": chance.choice(["in", "in", "in", "out"]),
        "now": chance.randint(-4, 4) * HOUR // 4 + 10 * HOUR + chance.randint(-1, 1),
        "uncertain": chance.random() < 0.3,
        "entry": chance.choice(
            [None, *({"status": s} for s in ("ok", "ok", "unconfirmed", "revoked", "blocked"))]
        ),
        "card": chance.choice([None, card, card]),
        "presence": chance.choice([None, a_row(chance)]),
        "zone": {
            **a_zone(chance, 1),
            "open_to": classes(),
            "windows": [window() for _ in range(chance.randint(0, 3))],
            "provisional": classes(),
            "escort": chance.random() < 0.5,
        },
    }


def a_zone(chance, number):
    """The members of a zone that the fold reads."""
    return {
        "id": number,
        "reentry": chance.choice(["after_exit", "never", "free"]),
        "resets": sorted(chance.sample([8 * HOUR, 9 * HOUR, 10 * HOUR], chance.randint(0, 2))),
    }


def a_row(chance):
    """A presence row: nothing, inside, or gone."""
    in_ms = chance.choice([None, 7 * HOUR + chance.randint(0, 16) * HOUR // 4])
    inside = in_ms is not None and chance.random() < 0.6
    left = chance.random() < 0.7 and not inside
    return {
        "inside": inside,
        "in_ms": in_ms,
        "in_scan": None if in_ms is None else f"scan-{chance.randint(0, 9)}",
        "gate": None if in_ms is None else chance.randint(1, 4),
        "at_ms": (in_ms or 9 * HOUR) + HOUR if left else in_ms,
        "at_scan": "scan-out" if left else None,
    }


def some_deliveries(chance, devices):
    """Deliveries of up to 14 scans, whose instants often coincide."""
    made = []
    for number in range(chance.randint(0, 14)):
        direction = chance.choice(["in", "in", "out"])
        device = chance.choice(devices)
        passed = ["admit", "admit_provisional"] if direction == "in" else ["exit_ok"]
        annuls = chance.choice([None] * 4 + [f"scan-{chance.randint(0, 13)}"])
        usual = chance.choice([*passed, *passed, "refer", None])
        override = direction == "in" and not annuls and chance.random() < 0.2
        shown = "annulled" if annuls else "override_admit" if override else usual
        record = {
            "scan_id": f"scan-{number}",
            "seq": chance.randint(1, 20),
            "via": "qr",
            "lookup": chance.choice(["1" * 32, "2" * 32, "3" * 32, None]),
            "unknown_hash": None,
            "gate": chance.randint(1, 3),
            "zone": chance.choice([1, 2, 3]),
            "direction": direction,
            "wall_ms": 7 * HOUR + chance.randint(0, 16) * HOUR // 4,
            "boot_id": "one",
            "mono_ms": chance.randint(0, 16) * HOUR // 4,
            "anchor": chance.choice(
                [
                    None,
                    {"server_ms": 7 * HOUR, "mono_ms": 0, "boot_id": "one"},
                    {"server_ms": 8 * HOUR, "mono_ms": 0, "boot_id": "two"},
                ]
            ),
            "cursor": None,
            "offline": True,
            "shown": shown,
            "override": None,
            "annuls": annuls,
        }
        made.append(
            {
                "device": device,
                "quarantine": chance.choice([None] * 4 + ["held", "accepted", "rejected"]),
                "decided": chance.choice([None, None, *passed, "already_inside"]),
                "record": record,
            }
        )
        if chance.random() < 0.3:
            made.append({**made[-1], "record": {**record, "gate": chance.randint(1, 3)}})
    chance.shuffle(made)
    return made


def a_history(chance):
    """A history of three lookups, two of one person, in two known zones of three."""
    return {
        "zones": [a_zone(chance, 1), a_zone(chance, 2)],
        "lookups": {
            "1" * 32: {"person": "P", "revoked_ms": chance.choice([None, 9 * HOUR])},
            "2" * 32: {"person": "P", "revoked_ms": None},
        },
        "blocked": chance.choice([{}, {"P": [[None, 8 * HOUR], [9 * HOUR, None]]}]),
        "deliveries": some_deliveries(chance, ["a", "b"]),
        "now": 10 * HOUR,
    }


def a_view(chance):
    """What one phone knows of one badge and zone."""
    own = some_deliveries(chance, ["a"])
    return {"row": a_row(chance), "own": own, "lookup": "1" * 32, "zone": a_zone(chance, 1)}


def a_text(chance, genuine):
    """A genuine code with some of its characters exchanged."""
    text = list(chance.choice(genuine))
    for _ in range(chance.choice([0, 0, 1, 2, 20])):
        text[chance.randrange(len(text))] = chance.choice(base45.ALPHABET + "a_张")
    return "".join(text)


def as_json(reading):
    """A reading as JavaScript has it, without the secret."""
    return {
        "read": reading.read,
        "signature": reading.signature,
        "lookup": reading.lookup,
        "class": reading.qr_class,
        "issue": reading.issue,
        "key_id": reading.key_id,
        "unknown_hash": reading.unknown_hash,
    }


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node")
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_both_runtimes_give_the_same_answers(seed, vector_keys, genuine_codes, outcome):
    chance = random.Random(seed)
    asked = {
        "conference": vector_keys["conference"],
        "keys": vector_keys["public"],
        "texts": [a_text(chance, genuine_codes) for _ in range(300)],
        "attempts": [an_attempt(chance) for _ in range(2_000)],
        "histories": [a_history(chance) for _ in range(300)],
        "views": [a_view(chance) for _ in range(300)],
    }
    keys = badge_keys.load_public_keys((key["key_id"], key["point"]) for key in asked["keys"])
    here = {
        "readings": [
            as_json(badge_code.read(text, conference=asked["conference"], keys=keys))
            for text in asked["texts"]
        ],
        "verdicts": [judge(Attempt(**attempt)).as_json() for attempt in asked["attempts"]],
        "histories": [
            outcome(history, merge(history["deliveries"])) for history in asked["histories"]
        ],
        "views": [
            local_presence(
                view["row"], facts(merge(view["own"]).values()), view["lookup"], view["zone"]
            )
            for view in asked["views"]
        ],
    }
    assert {verdict["code"] for verdict in here["verdicts"]} >= {"admit", "already_inside"}
    there = json.loads(
        subprocess.run(
            ["node", str(ANSWER)],
            input=json.dumps(asked),
            capture_output=True,
            check=True,
            encoding="utf-8",
        ).stdout
    )
    for kind, answers in here.items():
        for number, answer in enumerate(answers):
            assert there[kind][number] == answer, (kind, number)
