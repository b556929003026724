"""Letters to those on duty: each alert in one letter per recipient, few letters of one kind.

VIP arrivals leave at once; of everything else a digest is written at most every five minutes per
kind. Nothing is written of what is over or long past, and a rehearsal writes to nobody.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import ngettext

from checkin.documents import alerts as words
from checkin.models import Alert
from conference.models import Conference, Role, User
from conference.operations import mailing
from conference.operations.mailing import Letter

PURPOSE = "door_alert"
#: At most one letter of a kind in this time.
DIGEST = timedelta(minutes=5)
#: What was this old when it was raised is shown, and nobody is written to.
TOO_OLD = timedelta(hours=2)
AT_ONCE = frozenset({Alert.Kind.VIP_ARRIVAL})
#: Who is written to. Where nobody has the first role, the organisers are.
DUTY: dict[str, tuple[str, ...]] = {
    Alert.Kind.VIP_ARRIVAL: (Role.PROTOCOL,),
    Alert.Kind.BLOCKED_PERSON: (Role.ORGANISER, Role.PROTOCOL),
    Alert.Kind.RECOUNT: (Role.ORGANISER,),
}
_DOORS: tuple[str, ...] = (Role.ORGANISER, Role.DESK)
_TOLD = 50


@transaction.atomic
def write_letters(*, conference: Conference, now: datetime) -> int:
    """Write of every alert that waits for it and whose kind's turn it is; return how many letters.

    Two workers at once write one letter: the conference's row is what they wait for.
    """
    if conference.is_rehearsal:
        return 0
    Conference.objects.select_for_update(no_key=True, of=("self",)).get(pk=conference.pk)
    written = 0
    for kind, alerts in _waiting(conference, now).items():
        Alert.objects.filter(pk__in=[each.pk for each in alerts]).update(mailed_at=now)
        for recipient in _on_duty(conference, kind):
            letter = _letter(conference, alerts, recipient)
            mailing.enqueue(conference=conference, letter=letter, now=now)
            written += 1
    return written


def _waiting(conference: Conference, now: datetime) -> dict[str, list[Alert]]:
    """Return the alerts to write of now, by kind, the oldest first."""
    waiting: dict[str, list[Alert]] = {}
    unwritten = Alert.objects.filter(
        conference=conference,
        mailed_at=None,
        ended_at=None,
        raised_at__gt=now - TOO_OLD,
        happened_at__gt=F("raised_at") - TOO_OLD,
    ).select_related("conference", "delegate__delegation", "gate", "zone", "device")
    for alert in unwritten.order_by("happened_at", "pk"):
        waiting.setdefault(alert.kind, []).append(alert)
    last = dict(
        Alert.objects.filter(conference=conference, mailed_at__gt=now - DIGEST)
        .order_by()
        .values_list("kind")
        .annotate(last=Max("mailed_at"))
    )
    return {kind: alerts for kind, alerts in waiting.items() if kind in AT_ONCE or kind not in last}


def _on_duty(conference: Conference, kind: str) -> list[User]:
    roles = DUTY.get(kind, _DOORS)
    team = User.objects.filter(is_active=True, memberships__conference=conference).exclude(email="")
    found = team.filter(memberships__conference=conference, memberships__role__in=roles)
    if not found.exists():
        found = team.filter(memberships__conference=conference, memberships__role=Role.ORGANISER)
    return list(found.distinct().order_by("pk"))


def _letter(conference: Conference, alerts: Sequence[Alert], recipient: User) -> Letter:
    with translation.override(recipient.language):
        return Letter(
            # An alert is taken for a letter once, so the first one names the letter.
            key=f"door_alert:{alerts[0].pk}:{recipient.pk}",
            purpose=PURPOSE,
            recipient=f"user:{recipient.pk}",
            to_email=recipient.email,
            to_name=str(recipient),
            language=recipient.language,
            subject=_subject(alerts),
            body_text=_body(conference, alerts),
        )


def _subject(alerts: Sequence[Alert]) -> str:
    first = alerts[0]
    kind = str(first.get_kind_display())
    kind = kind[:1].upper() + kind[1:]
    if len(alerts) > 1:
        return ngettext("%(kind)s: %(count)d alert", "%(kind)s: %(count)d alerts", len(alerts)) % {
            "kind": kind,
            "count": len(alerts),
        }
    about = words.person(first) or words.place(first)
    return f"{kind}: {about}" if about else kind


def _body(conference: Conference, alerts: Sequence[Alert]) -> str:
    address = reverse("checkin:alerts", args=[conference.slug])
    facts = {
        "conference": conference,
        "kind": alerts[0].get_kind_display(),
        "lines": _lines(alerts[:_TOLD]),
        "more": max(0, len(alerts) - _TOLD),
        "url": f"{settings.PUBLIC_BASE_URL}{address}",
    }
    return render_to_string("checkin/mail/alerts.txt", facts).strip() + "\n"


def _lines(alerts: Iterable[Alert]) -> list[str]:
    return [words.line(each) for each in alerts]
