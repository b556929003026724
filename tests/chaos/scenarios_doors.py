"""The people: two doors for one person, meals, resets, the desk, the camera."""

from delegates.operations import badging
from tests.chaos.line import lose_the_answer
from tests.chaos.outcomes import conflicts_are, entries_are, shown_is
from tests.chaos.phone import Phone
from tests.chaos.scenario import Scenario
from tests.chaos.step import Step, on
from tests.chaos.verbs_console import reset_in
from tests.chaos.verbs_door import (
    annul_last,
    camera,
    enter,
    find,
    listed,
    scan,
    speak,
    turn,
    wave_blind,
    wave_in_vain,
    wave_through,
    zone,
)
from tests.chaos.verbs_phone import (
    fault,
    held_at,
    hold_at,
    kill_tab,
    offline,
    online,
    pause,
    reload,
    reopen,
    synced,
    uploaded,
)
from tests.chaos.world import World
from tests.checkin.conftest import make_conference, make_delegation, make_doors, make_person

TWO_DOORS = (("A", "North door"), ("B", "South door"))


def newcomer() -> Step:
    """Somebody is registered now, when the phones have their lists already."""
    return Step("newcomer", lambda world, _phone: (world.crowd(1), None)[1])


def provisional(world: World) -> None:
    world.zones["Venue"].provisional.set(world.conference.badge_classes.all())


def scan_stranger() -> Step:
    """Hold up a badge of another conference."""

    def work(world: World, phone: Phone) -> None:
        other = make_doors(make_conference("elsewhere"))
        stranger = make_person(make_delegation(other, "Portland", "波特兰市"))
        badge = stranger.badges.get()
        tried = phone.hold_up(badging.badge_code_text(badge), None)
        assert phone.look(tried).code == "wrong_conference"

    return Step("scan_stranger", work)


SCENARIOS = (
    Scenario(
        "two phones let in the same badge without a line",
        (
            offline(),
            *on("B", offline()),
            scan("wei", "admit"),
            *on("B", scan("wei", "admit")),
            *on("B", online(), uploaded()),
            online(),
        ),
        phones=TWO_DOORS,
        then=conflicts_are("double_entry"),
        daily=True,
    ),
    Scenario(
        "in at one door and out at the other, uploaded the wrong way round",
        (
            offline(),
            *on("B", offline()),
            scan("wei", "admit"),
            *on("B", turn("out"), scan("wei", "exit_ok"), online(), uploaded()),
            online(),
        ),
        phones=TWO_DOORS,
        then=conflicts_are(),
    ),
    Scenario(
        "two doors with a line see one person once",
        (
            scan("wei", "admit"),
            *on("B", scan("wei", "already_inside"), turn("out"), scan("wei", "exit_ok")),
            scan("wei", "admit"),
        ),
        phones=TWO_DOORS,
        then=conflicts_are(),
    ),
    Scenario(
        "a meal eaten twice at two doors without a line",
        (
            zone("Lunch"),
            offline(),
            *on("B", zone("Lunch"), offline()),
            scan("wei", "admit"),
            scan("wei", "already_inside"),
            *on("B", scan("wei", "admit")),
            online(),
        ),
        phones=TWO_DOORS,
        then=conflicts_are("double_entry"),
    ),
    Scenario(
        "scans from before a reset are uploaded after it",
        (
            reset_in("Venue", 12),
            reload(),
            synced(),
            offline(),
            scan("wei", "admit"),
            scan("wei", "already_inside"),
            pause(12_000),
            scan("wei", "admit"),
            online(),
        ),
        then=entries_are("wei", "Venue", 2),
    ),
    Scenario(
        "registered after the list was fetched, let in on the signature",
        (offline(), newcomer(), scan("guest 1", "admit_provisional"), online()),
        before=provisional,
        then=entries_are("guest 1", "Venue", 1),
    ),
    Scenario(
        "registered after the list was fetched, where a signature is not enough",
        (
            offline(),
            newcomer(),
            scan("guest 1", "refer"),
            online(),
            uploaded(),
            scan("guest 1", "admit"),
        ),
        then=entries_are("guest 1", "Venue", 1),
    ),
    Scenario(
        "a badge of another conference",
        (scan_stranger(), scan("wei", "admit"), offline(), scan("wei", "already_inside"), online()),
        then=shown_is(3),
    ),
    Scenario(
        "an own scan is taken back, with and without a line",
        (
            scan("wei", "admit"),
            annul_last(),
            scan("wei", "admit"),
            offline(),
            scan("mei", "admit"),
            annul_last(),
            scan("mei", "admit"),
            online(),
        ),
        then=conflicts_are(),
    ),
    Scenario(
        "found by name, and the answer is lost",
        (
            find("Ouyang", "mei", "admit"),
            fault("/scan/", lose_the_answer),
            find("长孙", "wei", "refer"),
        ),
        then=shown_is(2),
    ),
    Scenario(
        "the camera reads a badge twice within three seconds",
        (
            camera("wei", 1.0),
            camera("wei", 1.0),
            offline(),
            camera("mei", 0.8),
            camera("mei", 0.8),
            online(),
        ),
        then=shown_is(2),
    ),
    Scenario(
        "the language is changed without a line",
        (
            offline(),
            scan("wei", "admit"),
            speak("zh-hans"),
            scan("wei", "already_inside"),
            online(),
        ),
        then=shown_is(2),
    ),
    Scenario(
        "a supervisor lets in who is refused, with and without a line",
        (
            scan("wei", "admit"),
            wave_through("wei", "already_inside"),
            wave_in_vain("wei", "already_inside"),
            offline(),
            wave_through("wei", "already_inside"),
            kill_tab(),
            reopen(),
            scan("wei", "already_inside"),
            online(),
        ),
        supervised=True,
        then=conflicts_are(),
    ),
    Scenario(
        "killed when a supervisor's word is kept and not yet shown",
        (
            offline(),
            scan("wei", "admit"),
            hold_at("scans:queued+wave"),
            wave_blind("wei", "already_inside"),
            held_at("scans:queued+wave"),
            kill_tab(),
            reopen(),
            scan("wei", "already_inside"),
            online(),
        ),
        supervised=True,
        then=conflicts_are(),
    ),
    Scenario(
        "a walk-in is entered while the answers are lost",
        (
            fault("/walk-ins/", lose_the_answer),
            enter("Morwenna Tregarthen", comes_through=False),
            enter("Morwenna Tregarthen"),
            listed("Morwenna Tregarthen"),
            offline(),
            scan("Morwenna Tregarthen", "already_inside"),
            online(),
        ),
        then=shown_is(2),
    ),
)
