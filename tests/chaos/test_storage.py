"""What a lost phone tells: everything it keeps is read, and nobody who passed the door is in it."""

import json
from pathlib import Path

import pytest
from django.conf import settings

from delegates.documents import base45, base64url
from delegates.operations import badging
from tests.chaos import proof
from tests.chaos.profile import contents, unsnap
from tests.chaos.proof import Tally
from tests.chaos.verbs_console import revoke
from tests.chaos.verbs_door import (
    annul_last,
    enter,
    find,
    listed,
    scan,
    speak,
    wave_in_vain,
    wave_through,
    wiped,
)
from tests.chaos.verbs_phone import offline, online, reload, screen, uploaded
from tests.chaos.world import PEOPLE, PIN, SUPERVISOR, TITLE

DUMP = Path(__file__).with_name("storage.js").read_text()
#: What rules hold in clear: delegations, and whom a phone may ask to let somebody in.
ALLOWED = ("Suzhou", "苏州市", SUPERVISOR)
#: Planted to prove that the search would find: in the page's own storage, in both scripts.
CONTROL = ("Controlled Plantagenet", "对照样本")
PLANT = """async ([names, number]) => {
  const opened = indexedDB.open("control", 1);
  opened.onupgradeneeded = () => opened.result.createObjectStore("names", { autoIncrement: true });
  const db = await new Promise((resolve) => { opened.onsuccess = () => resolve(opened.result); });
  for (let n = 0; n < number; n += 1) {
    const writing = db.transaction("names", "readwrite", { durability: "strict" });
    const filler = Array.from({ length: 3000 }, (_, place) => `${n} ${place}`).join(" ");
    writing.objectStore("names").add({ names, filler });
    await new Promise((resolve) => { writing.oncomplete = resolve; });
  }
  db.close();
}"""
UNPLANT = """() => new Promise((resolve) => {
  indexedDB.deleteDatabase("control").onsuccess = resolve;
})"""


def planted(world):
    """Everything that must not be found, by what it is."""
    secrets = {}
    for name, fields in PEOPLE.items():
        for field, value in fields.items():
            if value:
                secrets[f"{name}: {field}"] = value
        text = world.text_of(name)
        secrets[f"{name}: code"] = text[20:60]
    walk_in = {"Morwenna", "Tregarthen", "慕容晚晴"}
    return (
        secrets
        | {f"title: {field}": value for field, value in TITLE.items()}
        | {f"walk-in: {value}": value for value in walk_in}
        | {"PIN": PIN}
    )


def secret_bytes(world):
    """The secrets of the badges as bytes and as they are written elsewhere."""
    found = {}
    for name in PEOPLE:
        payload = badging.badge_code_text(world.people[name].badges.last())
        secret = _secret_of(payload)
        found[f"{name}: secret"] = [
            secret,
            secret.hex().encode(),
            base64url.encode(secret).encode(),
            ",".join(map(str, secret)).encode(),
        ]
    return found


def _secret_of(text):
    return base45.decode(text.removeprefix("C1:"))[6:22]


def needles(world):
    """Each planted thing as the byte strings under which it could lie on the disk."""
    made = secret_bytes(world)
    for what, value in planted(world).items():
        spelled = {value, value.lower(), value.upper()}
        made[what] = [
            each.encode(coding)
            for each in spelled
            for coding in ("utf-8", "utf-16-le", "utf-16-be", "gb18030")
        ]
        made[what] += [json.dumps(each)[1:-1].encode() for each in spelled]
    return made


def found_in(parts, sought):
    return sorted(
        f"{what} in {name}"
        for name, raw in parts
        for what, spellings in sought.items()
        if any(spelling in raw for spelling in spellings)
    )


def dump_of(phone):
    return phone.live.evaluate(DUMP)


def control():
    return {
        name: [name.encode("utf-8"), name.encode("utf-16-le"), name.encode("latin-1", "ignore")]
        for name in CONTROL
    }


@pytest.fixture
def used(make_world):
    """A phone after a shift in which every name was on its screen."""
    make_world.supervise()
    phone = make_world.phone("A", capabilities=("scan", "desk", "override"), keeps_profile=True)
    phone.enrol()
    for step in (
        *(scan(name, "admit") for name in PEOPLE),
        wave_through("wei", "already_inside"),
        wave_in_vain("mei", "already_inside"),
        find("欧阳", "mei", "already_inside"),
        find("Featherstone", "tom", "already_inside"),
        enter("Morwenna Tregarthen"),
        listed("Morwenna Tregarthen"),
        annul_last(),
        offline(),
        *(scan(name, "already_inside") for name in PEOPLE),
        wave_through("ana", "already_inside"),
        speak("zh-hans"),
        scan("wei", "already_inside"),
        reload(),
        online(),
        uploaded(),
    ):
        step.run(make_world)
    return phone


def test_a_phone_after_a_shift_keeps_no_name_no_title_no_pin_and_no_secret(make_world, used):
    world, phone = make_world, used
    dump = dump_of(phone)
    kept = json.dumps(dump, ensure_ascii=False, indent=1)
    artifact = Path(settings.BASE_DIR) / "var" / "chaos"
    artifact.mkdir(parents=True, exist_ok=True)
    (artifact / "phone-storage.json").write_text(kept)
    sought = needles(world)
    assert dump["databases"]["plenary-checkin"]["roster"], "there is a list to look at"
    assert found_in([("the page's dump", kept.encode())], sought) == []

    # The control: what is planted is found, also where the browser has packed it into tables.
    phone.live.evaluate(PLANT, [list(CONTROL), 160])
    phone.context.close()
    files = list(contents(phone.profile))
    listing = "\n".join(f"{len(raw):>10}  {name}" for name, raw in files)
    (artifact / "phone-files.txt").write_text(listing)
    seen = found_in(files, control())
    assert {line.split(" in ")[0] for line in seen} == set(CONTROL)
    assert any("(blocks)" in line for line in seen), seen
    assert found_in(files, sought) == []

    # And after the wipe.
    world.cold_start(phone)
    phone.open()
    phone.live.evaluate(UNPLANT)
    for step in (revoke(), reload(), screen("setup"), wiped(), uploaded()):
        step.run(world)
    after = json.dumps(dump_of(phone), ensure_ascii=False, indent=1)
    (artifact / "phone-storage-wiped.json").write_text(after)
    assert found_in([("the page's dump", after.encode())], sought) == []
    # What may be there before, by the protocol, goes with the list.
    assert [name in kept for name in ALLOWED] == [True] * len(ALLOWED)
    assert [name in after for name in ALLOWED] == [False] * len(ALLOWED)
    tally = Tally("storage")
    proof.prove(world, tally)
    assert (tally.faults, tally.lost, tally.doubled) == ([], 0, 0)
    phone.context.close()
    assert found_in(contents(phone.profile), sought) == []


def test_what_the_browser_packs_is_unpacked():
    assert unsnap(b"\x0a\x10plena\x05\x05") == b"plenaplena"
    assert unsnap(b"\x0a\x10plena\x12\x05\x00") == b"plenaplena"
