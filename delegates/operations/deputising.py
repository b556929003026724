"""A focal point hands the work to a deputy, who gets a link of their own; it can be taken back."""

from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from conference.bilingual import pick
from conference.operations import auditing, mailing
from delegates.errors import DeputyAlreadyNamed, DeputyTooOften, InvitationRefused
from delegates.models import Deputy, Invitation, PersonalLink
from delegates.operations import life, linking
from delegates.operations.life import By

MAIL_PURPOSE = "deputy"
#: So often the work on one invitation is handed over.
IN_AN_HOUR: Final = 5


@transaction.atomic
def hand_over(
    *,
    invitation: Invitation,
    name: str,
    email: str,
    language: str,
    former_keeps_rights: bool,
    now: datetime,
    by: By,
) -> Deputy:
    """Name a deputy and tell both by mail; the deputy's letter has their own link.

    Raises DeputyAlreadyNamed, InvitationRefused after the conference or if it is withdrawn, and
    DeputyTooOften: whoever has the link must not make us write to strangers again and again.
    """
    reason = invitation.refusal(now)
    if reason and reason != Invitation.Refusal.EXPIRED:
        raise InvitationRefused(reason.label, reason=reason.value)
    lately = Deputy.objects.filter(invitation=invitation, handed_at__gt=now - timedelta(hours=1))
    if lately.count() >= IN_AN_HOUR:
        raise DeputyTooOften
    try:
        with transaction.atomic():
            deputy = Deputy.objects.create(
                invitation=invitation,
                name=name,
                email=email,
                language=language,
                former_keeps_rights=former_keeps_rights,
                handed_at=now,
                handed_by=by.who[:254],
            )
    except IntegrityError as problem:
        raise DeputyAlreadyNamed from problem
    link = linking.create_link(
        purpose=PersonalLink.Purpose.INVITATION, invitation=invitation, deputy=deputy, now=now
    )
    _tell_deputy(deputy, "handed_over", now, url=link.url)
    _tell_focal_point(deputy, "named", now)
    _keep(deputy, life.Kind.HANDED_OVER, now, by)
    return deputy


@transaction.atomic
def take_back(*, deputy: Deputy, now: datetime, by: By) -> bool:
    """End the deputy's work: their link stops at once, both are told. Once only."""
    ended = Deputy.objects.filter(pk=deputy.pk, taken_back_at=None).update(
        taken_back_at=now, taken_back_by=by.who[:254]
    )
    if not ended:
        return False
    PersonalLink.objects.filter(deputy=deputy, revoked_at=None).update(revoked_at=now)
    _tell_deputy(deputy, "taken_back", now)
    _tell_focal_point(deputy, "ended", now)
    _keep(deputy, life.Kind.TAKEN_BACK, now, by)
    return True


def deputy_of(invitation: Invitation | None) -> Deputy | None:
    """Return who does the focal point's work now, if it was handed over."""
    if invitation is None:
        return None
    return Deputy.objects.filter(invitation=invitation, taken_back_at=None).first()


def may_change(*, deputy: Deputy | None, link: PersonalLink | None) -> bool:
    """Return whether who came by this link, or an account, may change things beside the deputy."""
    if deputy is None or deputy.former_keeps_rights:
        return True
    return link is not None and link.deputy_id == deputy.pk


def _keep(deputy: Deputy, kind: str, now: datetime, by: By) -> None:
    note = f"{deputy.name} · {deputy.email}"
    life.note_step(invitation_id=deputy.invitation_id, kind=kind, at=now, by=by, note=note)
    auditing.record(
        action=f"invitation.{kind}",
        target=deputy.invitation,
        conference=deputy.invitation.conference,
        actor=by.actor,
        actor_label=by.who,
        after={"deputy": deputy.email, "former_keeps_rights": deputy.former_keeps_rights},
        now=now,
    )


def _tell_deputy(deputy: Deputy, news: str, now: datetime, url: str = "") -> None:
    _tell(deputy, news, now, to=deputy.email, name=deputy.name, language=deputy.language, url=url)


def _tell_focal_point(deputy: Deputy, news: str, now: datetime) -> None:
    delegation = deputy.invitation.delegation
    if delegation.focal_email:
        _tell(
            deputy,
            news,
            now,
            to=delegation.focal_email,
            name=delegation.focal_name,
            language=delegation.focal_language,
        )


def _tell(
    deputy: Deputy,
    news: str,
    now: datetime,
    *,
    to: str,
    name: str,
    language: str,
    url: str = "",
) -> None:
    delegation = deputy.invitation.delegation
    with translation.override(language):
        facts = {
            "news": news,
            "deputy": deputy,
            "name": name,
            "delegation": delegation,
            "conference": delegation.conference,
            "url": url,
        }
        place = pick(delegation, "name", language)
        mailing.enqueue(
            conference=delegation.conference,
            letter=mailing.Letter(
                key=f"deputy:{deputy.pk}:{news}",
                purpose=MAIL_PURPOSE,
                recipient=f"delegation:{delegation.pk}",
                to_email=to,
                to_name=name,
                language=language,
                subject=_("The delegation of %(place)s: deputy of the focal point")
                % {"place": place},
                body_text=render_to_string("mail/deputy.txt", facts).strip() + "\n",
            ),
            now=now,
        )
