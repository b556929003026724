"""The series and its editions: the fifth with all that is known, the others with their facts."""

from datetime import date
from typing import Any

from conference.models import Conference, Fact, Host, Room, Series, Venue
from demo import facts

SLUG = "china-us-2023"
REHEARSAL_SLUG = "china-us-rehearsal"

ORDINALS = {1: "1st", 2: "2nd", 3: "3rd"}
NUMERALS = "零一二三四五六七八九"


def load_series() -> Series:
    """Store the series if it is not there yet."""
    told = facts.document("editions.json")["series"]
    return Series.objects.get_or_create(
        slug=told["slug"], defaults={"name_en": told["name_en"], "name_zh": told["name_zh"]}
    )[0]


def load_other_editions(series: Series) -> None:
    """Store editions 1 to 4, 6 and 7, unpublished: dates, cities, hosts and one fact each."""
    document = facts.document("editions.json")
    for told in document["editions"]:
        first_day = date.fromisoformat(told["first_day"])
        number = told["number"]
        conference, is_new = Conference.objects.get_or_create(
            slug=f"china-us-{first_day.year}",
            defaults={
                "series": series,
                "number": number,
                "name_en": f"{ORDINALS.get(number, f'{number}th')} {series.name_en}",
                "name_zh": f"第{NUMERALS[number]}届{series.name_zh}",
                "theme_en": told.get("theme_en", ""),
                "theme_zh": told.get("theme_zh", ""),
                "city_en": told["city_en"],
                "city_zh": told["city_zh"],
                "timezone": told["timezone"],
                "first_day": first_day,
                "last_day": date.fromisoformat(told["last_day"] or told["first_day"]),
            },
        )
        if is_new:
            _add_hosts(conference, told["hosts"], document["bodies"], told["source"])
            _add_participants(conference, told)


def _add_hosts(
    conference: Conference, keys: list[str], bodies: dict[str, list[str]], source: str
) -> None:
    Host.objects.bulk_create(
        Host(
            conference=conference,
            role=Host.Role.CO_HOST,
            name_en=bodies[key][0],
            name_zh=bodies[key][1],
            abbreviation=key if key in {"CPAFFC", "SCI"} else "",
            order=order,
            source=source,
        )
        for order, key in enumerate(keys)
    )


def _add_participants(conference: Conference, told: dict[str, Any]) -> None:
    Fact.objects.create(
        conference=conference,
        key="participants",
        text_en=f"Participants: {told['participants']}.",
        source=told["source"],
    )


def load_fifth_edition(series: Series) -> Conference:
    """Store the edition of 2023 as the sources tell it; what is uncertain stays marked."""
    told = facts.conference()
    first_day = date.fromisoformat(told["start_date"]["value"])
    conference = Conference.objects.create(
        series=series,
        number=5,
        slug=SLUG,
        name_en=told["name_en"]["value"],
        name_zh=told["name_zh"]["value"],
        theme_en=told["theme_en"]["value"],
        theme_zh=told["theme_zh"]["value"],
        city_en=told["city_en"]["value"],
        city_zh=told["city_zh"]["value"],
        welcome_en=(
            "On 3 November 2023, American and Chinese sister cities met in Suzhou. These pages show"
            " what public sources tell of it, each fact with its source. The delegates, the rooms"
            " and the hours are made up for this demo and marked as such."
        ),
        welcome_zh=(
            "2023年11月3日，中美友好城市代表相聚苏州。本页所列事实均取自公开来源并注明出处；"
            "代表、会议室和时间为演示而虚构，并已标明。"
        ),
        timezone=told["timezone"]["value"],
        first_day=first_day,
        last_day=first_day,
        published=True,
        sender_name_en="Secretariat of the China-U.S. Sister Cities Conference",
        sender_name_zh="中美友好城市大会秘书处",
        reply_to="secretariat@plenary.example",
    )
    Host.objects.bulk_create(
        Host(
            conference=conference,
            role=Host.Role.CO_HOST,
            name_en=host["name_en"],
            name_zh=host["name_zh"],
            abbreviation=host.get("abbr", ""),
            order=order,
            source=host["source"],
        )
        for order, host in enumerate(told["hosts"])
    )
    Fact.objects.bulk_create(
        Fact(conference=conference, order=order, **fact)
        for order, fact in enumerate(facts.document("public_facts.json"))
    )
    return conference


def load_venue(conference: Conference) -> dict[str, Room]:
    """Store the made-up venue and its rooms; return the rooms by the demo's key."""
    document = facts.document("programme_2023.json")
    venue = Venue.objects.create(conference=conference, **document["venue"])
    keys = [room["key"] for room in document["rooms"]]
    rooms = Room.objects.bulk_create(
        Room(venue=venue, **{name: value for name, value in room.items() if name != "key"})
        for room in document["rooms"]
    )
    return dict(zip(keys, rooms, strict=True))
