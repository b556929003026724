"""What the rehearsal's doors know besides: the lounge, doors of sessions, care and supervisors."""

from collections.abc import Iterable
from datetime import datetime

from checkin.operations import handling, opening, supervising
from checkin.operations.handling import Care
from conference.models import Conference, User
from delegates.models import Accreditation, Delegate
from demo.accounts import SUPERVISORS
from sessions.models import Session

#: Two side events, one of which is full; whoever has no seat is not let in.
WITH_A_DOOR = ("employment", "climate")
GREETING = ("First visit to the city: please welcome in person.", "首次到访本市，请当面致意。")
QUESTION = ("A copy of the passport is missing.", "缺少护照复印件。")


def prepare_doors(
    conference: Conference,
    sessions: Iterable[Session],
    *,
    organiser: User,
    besides: Iterable[int],
    now: datetime,
) -> None:
    """Make the lounge and the doors of these sessions, name supervisors, mark a few persons.

    The persons whose ids are ``besides`` stay like everybody else.
    """
    opening.open_lounge(conference=conference, now=now, actor=organiser)
    for session in sessions:
        opening.open_session_door(session=session, now=now, actor=organiser)
    for name, pin in SUPERVISORS.items():
        supervising.add_supervisor(
            conference=conference, name=name, pin=pin, now=now, actor=organiser
        )
    _mark(conference, organiser, set(besides), now)


def _mark(conference: Conference, organiser: User, besides: set[int], now: datetime) -> None:
    greeting, question = (
        handling.attention_text(
            conference=conference, text_en=english, text_zh=chinese, now=now, actor=organiser
        )
        for english, chinese in (GREETING, QUESTION)
    )
    approved = (
        Delegate.objects.attending()
        .filter(conference=conference, accreditation__state=Accreditation.State.APPROVED)
        .exclude(pk__in=besides)
        .order_by("pk")
    )
    guests = list(approved.filter(vip=True)[:2])
    others = list(approved.filter(vip=False)[:2])
    cares = [
        Care(attention=greeting),
        Care(escort=True, attention=greeting),
        Care(to_desk=True, attention=question),
        Care(escort=True),
    ]
    for person, care in zip([*guests, *others], cares, strict=True):
        handling.set_handling(delegate=person, care=care, now=now, actor=organiser)
