"""Invitations that are locked to their addressee: a link alone does not open them.

A forwarded mail carries the link, but not the mailbox: a one-time code goes to the address that
the invitation was sent to, and opens the link in the browser in which it is typed.
"""

import secrets
import unicodedata
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F, Sum
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from conference.bilingual import pick
from conference.errors import AddressMissing, DomainError
from conference.models import Message, User
from conference.operations import auditing, mailing
from delegates.errors import CodesStopped, CodeTooSoon, CodeWrong
from delegates.models import Invitation, LinkCode, PersonalLink
from delegates.operations import life

MAIL_PURPOSE = "link_code"
LIVES: Final = timedelta(minutes=15)
PAUSE: Final = timedelta(minutes=1)
IN_AN_HOUR: Final = 5
#: To one address, which may be the focal point of several delegations.
TO_ADDRESS_IN_AN_HOUR: Final = 10
TRIES: Final = 5
#: So many wrong ones within a day, typed on whatever links of an invitation, shut it.
WRONG_IN_A_DAY: Final = 50
_DIGITS: Final = 6
_SALT: Final = "delegates.link_code"


@transaction.atomic
def set_lock(*, invitation: Invitation, locked: bool, now: datetime, actor: User) -> None:
    """Lock the invitation to its addressee, or open it to whoever has the link."""
    rows = Invitation.objects.filter(pk=invitation.pk, locked_at__isnull=locked)
    if not rows.update(locked_at=now if locked else None):
        return
    kind = life.Kind.LOCKED if locked else life.Kind.UNLOCKED
    life.note_step(invitation_id=invitation.pk, kind=kind, at=now, by=life.by_organiser(actor))
    auditing.record(
        action=f"invitation.{kind}",
        target=invitation,
        conference=invitation.conference,
        actor=actor,
        now=now,
    )


@transaction.atomic
def send_code(*, link: PersonalLink, now: datetime) -> str:
    """Mail a new code to whom the link was given; return that address.

    Raises CodeTooSoon a minute after the last one or after five within an hour, counted for all
    links of the invitation, or after ten to the same address; AddressMissing where the invitation
    has none; CodesStopped where so many wrong ones were typed that the link takes none any more.
    """
    assert link.invitation_id is not None
    # One at a time: two presses at once must not pass the count together.
    invitation = Invitation.objects.select_for_update().get(pk=link.invitation_id)
    if is_shut(link, invitation):
        raise CodesStopped
    to = address_of(link)
    if not to:
        raise AddressMissing
    sent = LinkCode.objects.filter(link__invitation=invitation)
    lately = sent.filter(created_at__gt=now - timedelta(hours=1))
    if sent.filter(created_at__gt=now - PAUSE).exists() or lately.count() >= IN_AN_HOUR:
        raise CodeTooSoon
    to_same = Message.objects.filter(
        conference=invitation.conference,
        purpose=MAIL_PURPOSE,
        to_email__iexact=to,
        due_at__gt=now - timedelta(hours=1),
    )
    if to_same.count() >= TO_ADDRESS_IN_AN_HOUR:
        raise CodeTooSoon
    code = f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}"
    kept = LinkCode.objects.create(
        link=link, code_hash=_hash(link, code), created_at=now, expires_at=now + LIVES
    )
    letter = _letter(link, kept, code, to)
    mailing.enqueue(conference=invitation.conference, letter=letter, now=now)
    return to


def is_code_on_its_way(*, link: PersonalLink, now: datetime) -> bool:
    """Tell whether a code that can still be typed was sent, whichever browser asked for it."""
    newest = LinkCode.objects.filter(link=link).order_by("-created_at", "-pk").first()
    return newest is not None and newest.used_at is None and newest.expires_at > now


def use_code(*, link: PersonalLink, code: str, now: datetime) -> None:
    """Take the code that was typed, once. Raises CodeWrong; after five tries it is worthless.

    After 50 wrong ones within a day the invitation is shut: CodesStopped, until the organiser gives
    a new link, or locks it anew.
    """
    if refusal := _try(link, code, now):
        raise refusal


def is_shut(link: PersonalLink, invitation: Invitation) -> bool:
    """Tell whether this link to the invitation takes no code any more."""
    stopped = invitation.codes_stopped_at
    return invitation.is_shut and stopped is not None and link.created_at <= stopped


@transaction.atomic
def _try(link: PersonalLink, code: str, now: datetime) -> DomainError | None:
    """Count the try and return why it opens nothing, if so: the count stays in either case."""
    assert link.invitation_id is not None
    # One at a time, so that none passes the count of the day together with others.
    invitation = Invitation.objects.select_for_update().get(pk=link.invitation_id)
    if is_shut(link, invitation):
        return CodesStopped()
    newest = LinkCode.objects.filter(link=link).order_by("-created_at", "-pk").first()
    if newest is None:
        return CodeWrong()
    live = LinkCode.objects.filter(pk=newest.pk, used_at=None, expires_at__gt=now)
    # Counted before it is looked at, and kept also if the answer is no.
    counted = live.filter(tries__lt=TRIES).update(tries=F("tries") + 1)
    # A Chinese keyboard may give digits of full width.
    typed = "".join(unicodedata.normalize("NFKC", code).split())
    fits = constant_time_compare(newest.code_hash, _hash(link, typed))
    if counted and fits and live.update(used_at=now):
        return None
    if _wrong_today(invitation, now) < WRONG_IN_A_DAY:
        return CodeWrong()
    _shut(invitation, now)
    return CodesStopped()


def _wrong_today(invitation: Invitation, now: datetime) -> int:
    since = [now - timedelta(days=1), invitation.locked_at, invitation.codes_stopped_at]
    codes = LinkCode.objects.filter(
        link__invitation=invitation, created_at__gt=max(each for each in since if each)
    )
    tried = codes.aggregate(sum=Sum("tries"))["sum"] or 0
    return tried - codes.exclude(used_at=None).count()


def _shut(invitation: Invitation, now: datetime) -> None:
    Invitation.objects.filter(pk=invitation.pk).update(codes_stopped_at=now)
    life.note_step(
        invitation_id=invitation.pk,
        kind=life.Kind.SHUT,
        at=now,
        by=life.By(party=life.Party.SYSTEM, way=life.Way.LINK),
    )
    auditing.record(
        action="invitation.shut",
        target=invitation,
        conference=invitation.conference,
        actor_label="codes",
        now=now,
    )


def address_of(link: PersonalLink) -> str:
    """Return the address that this link was given to."""
    if link.deputy is not None:
        return link.deputy.email
    return link.invitation.addressee_email if link.invitation else ""


def masked(address: str) -> str:
    """Return enough of an address for its owner to know it: ``f•••@state.example``."""
    name, _at, domain = address.rpartition("@")
    return f"{name[:1]}•••@{domain}"


def _hash(link: PersonalLink, code: str) -> str:
    return salted_hmac(_SALT, f"{link.pk}:{code}", algorithm="sha256").hexdigest()


def _letter(link: PersonalLink, kept: LinkCode, code: str, to: str) -> mailing.Letter:
    invitation = link.invitation
    assert invitation is not None
    language = link.deputy.language if link.deputy else invitation.language
    with translation.override(language):
        facts = {
            "conference": invitation.conference,
            "code": code,
            "minutes": int(LIVES.total_seconds() // 60),
        }
        name = pick(invitation.conference, "name", language)
        return mailing.Letter(
            key=f"invite-code:{kept.pk}",
            purpose=MAIL_PURPOSE,
            recipient=f"delegation:{invitation.delegation_id}",
            to_email=to,
            language=language,
            subject=_("Your code for the invitation to %(conference)s") % {"conference": name},
            body_text=render_to_string("mail/link_code.txt", facts).strip() + "\n",
        )
