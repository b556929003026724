"""The programme of 3 November 2023: what is sourced, what is made up, and who speaks."""

from datetime import UTC, datetime, timedelta
from typing import Any

from conference.models import Conference, Room
from delegates.models import Delegate
from demo import facts
from demo.travel import conference_day
from sessions.models import Appearance, Session, Speaker
from sessions.operations.releasing import publish_programme

PUBLISHED_AT = datetime(2023, 10, 20, 2, 0, tzinfo=UTC)
REMINDER_MINUTES = 60


def load_programme(
    conference: Conference, rooms: dict[str, Room], mayor: Delegate
) -> dict[str, Session]:
    """Store sessions, speakers and parts; ``mayor`` is the delegate who also speaks.

    Returns the sessions by the demo's key.
    """
    told: list[dict[str, Any]] = facts.document("programme_2023.json")["sessions"]
    sessions = Session.objects.bulk_create(
        _session(conference, item, rooms.get(item["room"] or "")) for item in told
    )
    by_key = {item["key"]: session for item, session in zip(told, sessions, strict=True)}
    _load_speakers(conference, told, by_key, mayor)
    publish_programme(conference=conference, actor=None, now=PUBLISHED_AT)
    return by_key


def _session(conference: Conference, item: dict[str, Any], room: Room | None) -> Session:
    takes_enrolments = "capacity" in item
    return Session(
        conference=conference,
        kind=item["kind"],
        title_en=item["title_en"],
        title_zh=item["title_zh"],
        summary_en=item["summary_en"],
        summary_zh=item["summary_zh"],
        room=room,
        room_exclusive=room is None or not room.allows_overlap,
        place_en=item.get("place_en", ""),
        place_zh=item.get("place_zh", ""),
        starts_at=_moment(item["day"], item["from"]),
        ends_at=_moment(item["day"], item["to"]),
        takes_enrolments=takes_enrolments,
        capacity=item.get("capacity"),
        visibility=item.get("visibility", Session.Visibility.PUBLIC),
        languages="en, zh",
        interpretation="Mandarin and English" if item["kind"] in {"ceremony", "plenary"} else "",
        published_at=PUBLISHED_AT,
        remind_minutes_before=REMINDER_MINUTES if takes_enrolments else None,
        source=item.get("source", ""),
        invented=item.get("invented", False),
    )


def _moment(day: int, clock: str) -> datetime:
    hour, minute = clock.split(":")
    local = conference_day() + timedelta(days=day, hours=int(hour), minutes=int(minute))
    return local.astimezone(UTC)


def _load_speakers(
    conference: Conference,
    told: list[dict[str, Any]],
    sessions: dict[str, Session],
    mayor: Delegate,
) -> None:
    known: list[dict[str, Any]] = facts.document("speakers.json")
    speakers = Speaker.objects.bulk_create(
        [
            Speaker(
                conference=conference,
                order=order,
                **{name: value for name, value in person.items() if name != "key"},
            )
            for order, person in enumerate(known)
        ]
        + [
            Speaker(
                conference=conference,
                delegate=mayor,
                name_en=mayor.latin_name,
                name_zh=mayor.native_name,
                title_en=f"{mayor.title_en} (made up)",
                title_zh=f"{mayor.title_zh}（虚构）",
                order=len(known),
                note="Made up for the demo.",
            )
        ]
    )
    by_key = {person["key"]: speaker for person, speaker in zip(known, speakers, strict=False)}
    Appearance.objects.bulk_create(
        [
            Appearance(session=sessions[item["key"]], speaker=by_key[who], part=part)
            for item in told
            for who, part in item.get("speakers", [])
        ]
        + [
            Appearance(
                session=sessions[item["key"]], speaker=speakers[-1], part=item["made_up_speaker"]
            )
            for item in told
            if "made_up_speaker" in item
        ]
    )
