"""Finding the letters that are to be told of, and making the rows: each letter and place once.

Nothing is scheduled ahead: what is due is read from the letters at every look, so a lost wake-up
or two looks at once change nothing.
"""

from collections import defaultdict
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from conference.models import Message, MessageStep, Notice
from conference.operations import inbox, mailing
from conference.operations.channels import purposes, rules
from conference.operations.channels.contract import Address, Way
from conference.operations.channels.ways import ways

#: A letter that was due longer ago is not news to anybody.
WINDOW = timedelta(hours=2)
#: Databases bound the number of values in one question.
_AT_ONCE = 500


def make_notices(*, now: datetime) -> int:
    """Make the notices of the letters that have become due; return how many."""
    return sum(_make_by(way, now) for way in ways())


def _make_by(way: Way, now: datetime) -> int:
    places: dict[str, list[Address]] = defaultdict(list)
    for address in way.addresses():
        places[address.whose].append(address)
    everybody = sorted(places)
    made = 0
    for start in range(0, len(everybody), _AT_ONCE):
        for letter in _untold(way, everybody[start : start + _AT_ONCE], now):
            if not purposes.is_told_of(letter, way.channel):
                continue
            for place in places[letter.recipient]:
                if _goes_to(place, letter):
                    made += _make(letter, way, place, now)
    return made


def _goes_to(place: Address, letter: Message) -> bool:
    is_before = place.since is not None and place.since > letter.due_at
    if is_before or letter.purpose in place.without:
        return False
    return not place.is_unasked or purposes.may_go_unasked(letter)


def _untold(way: Way, recipients: list[str], now: datetime) -> list[Message]:
    told = Notice.objects.filter(message=OuterRef("pk"), channel=way.channel)
    return list(
        inbox.all_letters(now=now)
        .filter(
            ~Exists(told),
            recipient__in=recipients,
            purpose__in=purposes.purposes(way.channel),
            due_at__gte=now - WINDOW,
            due_at__lte=now,
        )
        .select_related("campaign")
        .defer("body_text", "body_html")
    )


@transaction.atomic
def _make(letter: Message, way: Way, place: Address, now: datetime) -> bool:
    _notice, is_new = Notice.objects.get_or_create(
        message=letter,
        channel=way.channel,
        target=place.target,
        defaults={"created_at": now, "due_at": now},
    )
    if is_new:
        mailing.record_step(
            message_id=letter.pk,
            kind=MessageStep.Kind.QUEUED,
            channel=way.channel,
            at=now,
            rule=rules.UNASKED if place.is_unasked else rules.ALLOWED,
        )
    return is_new
