"""Thousands of recipients in two languages, and a letter that goes to all of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

_AT_ONCE = 100
_TEXT = {
    "subject_en": "Invitation of {delegation} to {conference}",
    "subject_zh": "邀请{delegation}出席{conference}",
    "body_en": "Dear {addressee},\n\nWe invite {delegation} to {conference} in {city}, {dates}.\n\n"
    "{link}\n\nPlease answer by {deadline}.",
    "body_zh": "尊敬的{addressee}：\n\n诚邀{delegation}出席{dates}在{city}举行的{conference}。\n\n"
    "{link}\n\n请于{deadline}前答复。",
}


@dataclass(frozen=True)
class Crowd:
    """A conference whose delegations are all to be invited."""

    conference: Any
    delegation_ids: list[int]

    @classmethod
    def of(cls, number: int) -> "Crowd":
        """Make so many delegations, every second one written to in Chinese."""
        from conference.models import Conference, Language, Series  # noqa: PLC0415
        from delegates.models import Country, Delegation, Locality  # noqa: PLC0415

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
        cities = Locality.objects.bulk_create(
            Locality(kind=Locality.Kind.CITY, country=Country.CHINA, name_en=f"{name} {n}")
            for n in range(number)
        )
        made = Delegation.objects.bulk_create(
            [
                Delegation(
                    conference=conference,
                    locality=city,
                    name_en=f"City {n}",
                    name_zh=f"城市{n}",
                    focal_name=f"Focal {n}",
                    focal_email=f"focal-{n}@city-{n % 40}.example",
                    focal_language=Language.CHINESE if n % 2 else Language.ENGLISH,
                )
                for n, city in enumerate(cities)
            ],
            batch_size=1000,
        )
        return cls(conference, [each.pk for each in made])

    def letter(self, *, on_doubt: str) -> Any:
        """Return a letter to all of them that has not been sent."""
        from conference.models import Campaign  # noqa: PLC0415

        return Campaign.objects.create(
            conference=self.conference, name="Invitation", on_doubt=on_doubt, **_TEXT
        )

    def send(self, letter: Any) -> Iterator[int]:
        """Render the letter for everybody and queue it; yield how many are queued by now."""
        from delegates.operations import inviting  # noqa: PLC0415

        now = timezone.now()
        for first in range(0, len(self.delegation_ids), _AT_ONCE):
            chosen = self.delegation_ids[first : first + _AT_ONCE]
            inviting.send_letter(
                campaign=letter,
                delegation_ids=chosen,
                deadline=now + timedelta(days=20),
                now=timezone.now(),
            )
            yield first + len(chosen)
