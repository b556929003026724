"""Thousands of people who read one of two languages, and a mailing that goes to all of them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.utils import timezone

_PER_DELEGATION = 25
_DOMAINS = 40
#: What can travel with each letter, by the words of the command line.
FILES: Final = {"none": (), "ics": ("agenda",)}
_TEXT = {
    "subject_en": "{conference}: news for {name}",
    "subject_zh": "{conference}：致{name}",
    "body_en": "Dear {name},\n\n{delegation} is expected at {conference} in {city}, {dates}.\n\n"
    "{link}\n\nPlease look whether all is as it should be.",
    "body_zh": "尊敬的{name}：\n\n{delegation}将于{dates}出席在{city}举行的{conference}。\n\n"
    "{link}\n\n请查看各项信息是否无误。",
}


@dataclass(frozen=True)
class Crowd:
    """A conference with one session for everybody, and the number of its people."""

    conference: Any
    number: int

    @classmethod
    def of(cls, number: int) -> "Crowd":
        """Make so many people, every second one written to in Chinese."""
        from conference.models import Conference, Language, Series  # noqa: PLC0415
        from delegates.models import Delegate  # noqa: PLC0415
        from sessions.models import Session  # noqa: PLC0415

        now = timezone.now()
        name, today = f"mail-{now:%H%M%S%f}", now.date()
        conference = Conference.objects.create(
            series=Series.objects.create(slug=name, name_en="Mail"),
            slug=name,
            name_en="5th Conference of Sister Cities",
            name_zh="第五届友城大会",
            first_day=today + timedelta(days=60),
            last_day=today + timedelta(days=61),
        )
        Session.objects.create(
            conference=conference,
            kind=Session.Kind.PLENARY,
            title_en="Opening",
            title_zh="开幕式",
            starts_at=now + timedelta(days=60),
            ends_at=now + timedelta(days=60, hours=1),
            visibility=Session.Visibility.PUBLIC,
            published_at=now,
        )
        delegations = _delegations(conference, name, -(-number // _PER_DELEGATION))
        Delegate.objects.bulk_create(
            [
                Delegate(
                    conference=conference,
                    delegation=delegations[n % len(delegations)],
                    given_name="Person",
                    family_name=str(n),
                    email=f"person-{n}@city-{n % _DOMAINS}.example",
                    language=Language.CHINESE if n % 2 else Language.ENGLISH,
                )
                for n in range(number)
            ],
            batch_size=1000,
        )
        return cls(conference, number)

    def start_mailing(self, *, on_doubt: str, attach: str) -> Any:
        """Write a mailing to all of them and press "send": the workers make its letters."""
        from conference.models import Campaign  # noqa: PLC0415
        from conference.operations import campaigning  # noqa: PLC0415

        mailing = Campaign(
            conference=self.conference,
            purpose=campaigning.PURPOSE,
            audience="people",
            name="News",
            on_doubt=on_doubt,
            **_TEXT,
        )
        campaigning.write(campaign=mailing, fields=(), codes=FILES[attach], now=timezone.now())
        campaigning.start(campaign=mailing, now=timezone.now())
        return mailing


def _delegations(conference: Any, name: str, number: int) -> list[Any]:
    from delegates.models import Country, Delegation, Locality  # noqa: PLC0415

    cities = Locality.objects.bulk_create(
        Locality(kind=Locality.Kind.CITY, country=Country.CHINA, name_en=f"{name} {n}")
        for n in range(number)
    )
    return Delegation.objects.bulk_create(
        Delegation(conference=conference, locality=city, name_en=f"City {n}", name_zh=f"城市{n}")
        for n, city in enumerate(cities)
    )
