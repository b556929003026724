"""Letters of invitation and reminders written by hand, as kinds of mailings.

They live as every mailing does: sent now or at a time, held, paused, gone on with, cancelled for
the rest. What is their own stands here: their recipients are ticked, an invitation waits as a
draft until its letter has left, and no letter leaves after the answer is due.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from conference.bilingual import SUFFIXES, pick
from conference.models import Campaign, Conference, Message
from conference.operations import campaigning
from conference.operations.campaigning import Addressee, Beside, ByHand, Kind
from conference.operations.mailing import Letter
from delegates.documents import letter
from delegates.errors import DeadlineTooEarly
from delegates.models import Delegation, Invitation, PersonalLink
from delegates.operations import inviting, linking, posting, reminding

#: The audiences of these letters are called as their purposes are.
INVITATION = posting.MAIL_PURPOSE
REMINDER = reminding.MAIL_PURPOSE
#: What their letters are for.
PURPOSES = (INVITATION, REMINDER)
_State = Invitation.State


def register() -> None:
    """Offer both kinds of letters."""
    campaigning.register(
        _kind(
            code=INVITATION,
            label=gettext_lazy("Delegations to be invited"),
            name=gettext_lazy("Invitation"),
            write=_write_invitations,
            by_hand=ByHand(
                page="delegates:letter_send",
                pages="delegates:letter_list",
                listed=gettext_lazy("Letters"),
                still=_not_invited,
                refuse=_refuse_invitation,
                released=_release,
                beside=_beside,
            ),
        )
    )
    campaigning.register(
        _kind(
            code=REMINDER,
            label=gettext_lazy("Delegations that have not answered"),
            name=gettext_lazy("Reminder"),
            write=_write_reminders,
            by_hand=ByHand(
                page="delegates:letter_send",
                pages="delegates:letter_list",
                listed=gettext_lazy("Letters"),
                still=_to_be_reminded,
                refuse=posting.refuse_unready,
                beside=_beside,
            ),
        )
    )


def _kind(
    *,
    code: str,
    label: str | Promise,
    name: str | Promise,
    write: Callable[[Campaign, Sequence[Delegation], datetime], list[Letter]],
    by_hand: ByHand,
) -> Kind:
    return Kind(
        code=code,
        label=label,
        purpose=code,
        everybody=_everybody,
        addressee=_addressee,
        placeholders=letter.PLACEHOLDERS,
        write=write,
        preview=_preview,
        layout=lambda written, conference: letter.mail_parts(written, conference=conference),
        lacks=_lacks,
        first_words=lambda: _first_words(code, name),
        by_hand=by_hand,
    )


def _everybody(conference: Conference) -> QuerySet[Delegation]:
    found: QuerySet[Delegation] = Delegation.objects.filter(conference=conference)
    return found.select_related("conference")


def _addressee(delegation: Delegation) -> Addressee:
    places = " · ".join(filter(None, [delegation.name_en, delegation.name_zh]))
    return Addressee(
        whose=f"delegation:{delegation.pk}",
        name=delegation.focal_name or str(delegation),
        other_name=places,
        email=delegation.focal_email,
        language=delegation.focal_language,
    )


def _preview(campaign: Campaign, delegation: Delegation, language: str) -> letter.Written:
    return letter.write(
        campaign=campaign,
        delegation=delegation,
        language=language,
        deadline=campaign.answer_by,
        url=linking.address_of(purpose=PersonalLink.Purpose.INVITATION, token=posting.EXAMPLE),
    )


def _lacks(body: str) -> str:
    if letter.has_link(body):
        return ""
    return _("Put {link} into the text, best on a line of its own: nobody can answer without it.")


def _first_words(code: str, name: str | Promise) -> dict[str, str]:
    """Return the usual text in both languages."""
    words = {"name": str(name)}
    for suffix in SUFFIXES:
        usual = render_to_string(f"delegates/letters/{code}_{suffix}.txt")
        subject, _blank, body = usual.partition("\n\n")
        words |= {f"subject_{suffix}": subject, f"body_{suffix}": body.strip()}
    return words


def _write_invitations(
    campaign: Campaign, delegations: Sequence[Delegation], now: datetime
) -> list[Letter]:
    invitations = inviting.prepare(campaign=campaign, delegations=delegations)
    for each in invitations:
        if each.state == _State.BOUNCED:
            # Somebody else may hold the link of the letter that came back.
            linking.revoke_all(invitation=each, now=now)
    links = linking.create_links(about=invitations, now=now)
    numbers = posting.counted(invitations)
    return [
        posting.letter_to(
            campaign=campaign,
            invitation=each,
            url=links[each],
            key=posting.key_of(each, numbers.get(each.pk, 0)),
        )
        for each in invitations
    ]


def _write_reminders(
    campaign: Campaign, delegations: Sequence[Delegation], now: datetime
) -> list[Letter]:
    waiting = reminding.waiting_for(campaign=campaign, delegations=delegations, now=now)
    links = linking.create_links(about=[each for each, _key in waiting], now=now)
    return [
        posting.letter_to(
            campaign=campaign, invitation=each, url=links[each], key=key, purpose=REMINDER
        )
        for each, key in waiting
    ]


def _not_invited(campaign: Campaign, found: QuerySet[Delegation]) -> QuerySet[Delegation]:
    standing = inviting.standing_of(found)
    mailed = posting.mailed(standing.values(), campaign)
    settled = [
        pk for pk, each in standing.items() if each.pk in mailed or not inviting.is_unanswered(each)
    ]
    return found.exclude(pk__in=settled)


def _to_be_reminded(campaign: Campaign, found: QuerySet[Delegation]) -> QuerySet[Delegation]:
    owing = {
        pk: each
        for pk, each in reminding.latest_of(found).items()
        if (each.state in Invitation.WAITING_STATES and each.sent_at is not None)
        or (each.state == _State.TENTATIVE and each.know_by is not None)
    }
    reminded = reminding.reminded(campaign)
    return found.filter(pk__in=[pk for pk, each in owing.items() if each.pk not in reminded])


def _refuse_invitation(campaign: Campaign, when: datetime) -> None:
    """Raise LetterNotReady, and DeadlineTooEarly where nobody could answer any more."""
    posting.refuse_unready(campaign, when)
    if campaign.answer_by is None or campaign.answer_by <= when:
        raise DeadlineTooEarly


def _release(_campaign: Campaign, messages: Sequence[int]) -> None:
    """Let invitations whose letter was cancelled before it left be drafts of no letter again."""
    numbers = posting.counts_by_invitation(Message.objects.filter(pk__in=messages))
    Invitation.objects.filter(pk__in=numbers.keys(), state=_State.DRAFT).update(
        campaign=None, deadline=None
    )


def _beside(messages: Sequence[Message]) -> Mapping[int, Beside]:
    numbers = {message.pk: posting.invitation_id_of(message) for message in messages}
    found = (
        Invitation.objects.filter(pk__in=numbers.values())
        .select_related("delegation", "conference")
        .in_bulk()
    )
    return {
        pk: Beside(
            words=pick(found[number].delegation, "name", get_language()),
            url=reverse(
                "delegates:delegation_detail",
                args=[found[number].conference.slug, found[number].delegation_id],
            ),
            state=found[number].state,
            label=found[number].get_state_display(),
        )
        for pk, number in numbers.items()
        if number in found
    }


def address_now(message: Message) -> str | None:
    """Return the focal point's present address for a letter whose invitation has not left yet.

    A letter that was sent again goes to the address that it was sent again to.
    """
    invitation = (
        Invitation.objects.filter(pk=posting.invitation_id_of(message), state=_State.DRAFT)
        .select_related("delegation")
        .first()
    )
    return invitation.delegation.focal_email if invitation else None
