"""Histories as hypothesis makes them up: few people, few instants, so that much collides."""

from hypothesis import strategies as st

HOUR = 3_600_000
BEGIN = 1_698_969_600_000
DEVICES = [f"0000000{n}-0000-4000-8000-00000000000{n}" for n in (1, 2, 3)]
LOOKUPS = [f"{n:032x}" for n in (1, 2, 3, 9)]
TAKEN_OVER = ("lookup", "unknown_hash", "gate", "zone", "direction")
ADMITTING = ["admit", "admit_provisional", "override_admit"]
instants = st.integers(0, 40).map(lambda step: BEGIN + step * 300_000)
shown_in = st.sampled_from([*ADMITTING, "admit", "already_inside", "refer", "blocked"])
shown_out = st.sampled_from(["exit_ok", "exit_ok", "exit_ok", "revoked"])


def scan_id(number):
    return f"018b92f4-0a00-7000-8000-{number:012x}"


@st.composite
def zones(draw):
    return [
        {
            "id": number,
            "reentry": draw(st.sampled_from(["after_exit", "never", "free"])),
            "resets": sorted(draw(st.sets(instants, max_size=2))),
        }
        for number in (1, 2)
    ]


@st.composite
def records(draw, number, seq, device, earlier):
    """One record; sometimes one that takes back an earlier one of whatever device."""
    t = draw(instants)
    boot = device if draw(st.integers(0, 4)) else DEVICES[0]
    anchor = {"server_ms": BEGIN, "mono_ms": 1000, "boot_id": device}
    record = {
        "scan_id": scan_id(number),
        "seq": seq,
        "via": "qr",
        "lookup": draw(st.sampled_from(LOOKUPS)),
        "unknown_hash": None,
        "gate": draw(st.integers(1, 3)),
        "zone": draw(st.integers(1, 2)),
        "direction": draw(st.sampled_from(["in", "in", "out"])),
        "wall_ms": t,
        "boot_id": boot,
        "mono_ms": 1000 + t - BEGIN,
        "anchor": draw(st.sampled_from([anchor, anchor, anchor, None])),
        "cursor": None,
        "offline": True,
        "shown": None,
        "override": None,
        "annuls": None,
    }
    if earlier and not draw(st.integers(0, 4)):
        taken = draw(st.sampled_from(earlier))
        same = {name: taken[name] for name in TAKEN_OVER}
        return record | same | {"annuls": taken["scan_id"], "shown": "annulled"}
    shown = draw(shown_in if record["direction"] == "in" else shown_out)
    if shown == "override_admit":
        told = {"by": 31, "reason": "forgot_exit", "note": "", "codes": ["already_inside"]}
        record["override"] = told
    if not draw(st.integers(0, 9)):
        stranger = {"lookup": None, "unknown_hash": "f" * 32, "shown": "unknown"}
        return record | stranger | {"override": None}
    return record | {"shown": shown}


@st.composite
def deliveries(draw, most=12):
    """Deliveries of which each order gives one set: no two say different things of a scan."""
    told, earlier = [], []
    for number in range(1, draw(st.integers(0, most)) + 1):
        device = draw(st.sampled_from(DEVICES))
        record = draw(records(number, draw(st.integers(1, 6)), device, earlier))
        earlier.append(record)
        quarantine = draw(st.sampled_from([None] * 6 + ["held", "accepted", "rejected"]))
        told.append({"device": device, "quarantine": quarantine, "decided": None, "record": record})
        if record["shown"] in {"override_admit", "annulled", "unknown"}:
            continue
        if not draw(st.integers(0, 3)):
            online = {**record, "shown": None, "offline": False}
            decided = draw(shown_in if record["direction"] == "in" else shown_out)
            decided = "admit" if decided == "override_admit" else decided
            told.append(
                {"device": device, "quarantine": None, "decided": decided, "record": online}
            )
    return told


@st.composite
def histories(draw, most=12):
    persons = draw(st.permutations(["P", "P", "Q"]))
    blocked = draw(st.lists(st.tuples(instants, st.none() | instants), max_size=1))
    return {
        "zones": draw(zones()),
        "lookups": {
            lookup: {"person": person, "revoked_ms": draw(st.none() | instants)}
            for lookup, person in zip(LOOKUPS, persons, strict=False)
        },
        "blocked": {"P": [list(window) for window in blocked]},
        "deliveries": draw(deliveries(most)),
        "now": draw(instants),
    }
