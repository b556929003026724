"""Whose letters are whose, for the pages that tell why somebody did or did not get one."""

from django.urls import reverse
from django.utils.translation import get_language

from conference.bilingual import pick
from conference.models import Channel, Conference, Message
from conference.operations.mailing import OtherWay, Recipient
from delegates.models import Delegate, Delegation


def address_now(message: Message) -> str | None:
    """Return the present address of a letter's delegate or delegation; None for anybody else's."""
    kind, _colon, number = message.recipient.partition(":")
    if not number.isdecimal():
        return None
    if kind == "delegate":
        return Delegate.objects.filter(pk=int(number)).values_list("email", flat=True).first()
    if kind == "delegation":
        mine = Delegation.objects.filter(pk=int(number))
        return mine.values_list("focal_email", flat=True).first()
    return None


def delegate(conference: Conference, pk: int) -> Recipient | None:
    """Return one person of this conference as a recipient."""
    found = Delegate.objects.filter(conference=conference, pk=pk).first()
    if found is None:
        return None
    return Recipient(
        whose=f"delegate:{pk}",
        name=found.letter_name,
        email=found.email,
        url=reverse("delegates:delegate_detail", args=[conference.slug, pk]),
        letters_url=reverse("delegates:delegate_letters", args=[conference.slug, pk]),
        ways=_ways_to(found),
    )


def delegation(conference: Conference, pk: int) -> Recipient | None:
    """Return one delegation of this conference, whose focal point gets its letters."""
    found = Delegation.objects.filter(conference=conference, pk=pk).first()
    if found is None:
        return None
    return Recipient(
        whose=f"delegation:{pk}",
        name=" · ".join(filter(None, [pick(found, "name", get_language()), found.focal_name])),
        email=found.focal_email,
        url=reverse("delegates:delegation_detail", args=[conference.slug, pk]),
        letters_url=reverse("delegates:delegation_letters", args=[conference.slug, pk]),
    )


def _ways_to(person: Delegate) -> tuple[OtherWay, ...]:
    """Return the phones and browsers of somebody, those that were stopped included."""
    texts = [
        OtherWay(
            channel=each.get_channel_display(),
            target=each.address,
            since=each.confirmed_at,
            until=each.stopped_at,
            ended=each.get_stopped_by_display(),
        )
        for each in person.text_addresses.all()
    ]
    pushes = [
        OtherWay(channel=Channel.PUSH.label, target=each.service, since=each.created_at)
        for each in person.push_subscriptions.all()
    ]
    return (*texts, *pushes)
