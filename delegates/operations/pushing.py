"""Push notices to the browsers in which a delegate has allowed them."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from conference.bilingual import pick
from conference.models import Channel, Notice
from conference.operations import auditing, channels
from conference.operations.channels import web_push
from delegates.errors import PushNotPossible
from delegates.models import Delegate, PushSubscription

#: More browsers than anybody has; the oldest goes.
MOST = 10


@transaction.atomic
def subscribe(
    *, delegate: Delegate, browser: web_push.Browser, language: str, now: datetime
) -> PushSubscription:
    """Send notices to this browser from now on, to nobody else's any more; a repeat is harmless.

    Raises PushNotPossible where the address is none of a push service, or keys are missing.
    """
    longest = PushSubscription._meta.get_field("endpoint").max_length or 0
    if not web_push.is_on() or len(browser.endpoint) > longest or not browser.is_usable:
        raise PushNotPossible
    PushSubscription.objects.filter(endpoint=browser.endpoint).exclude(delegate=delegate).delete()
    subscription, is_new = PushSubscription.objects.update_or_create(
        endpoint=browser.endpoint,
        defaults={"p256dh": browser.p256dh, "auth": browser.auth, "language": language},
        create_defaults={
            "delegate": delegate,
            "p256dh": browser.p256dh,
            "auth": browser.auth,
            "language": language,
            "created_at": now,
        },
    )
    if is_new:
        _record("notices.allow", delegate, now)
        surplus = delegate.push_subscriptions.order_by("-created_at", "-pk")[MOST:]
        PushSubscription.objects.filter(pk__in=[each.pk for each in surplus]).delete()
    return subscription


@transaction.atomic
def unsubscribe(*, delegate: Delegate, now: datetime, endpoint: str = "") -> int:
    """Send no notices to this browser any more, or to none of the delegate's without one."""
    mine = PushSubscription.objects.filter(_of(delegate))
    _all, deleted = (mine.filter(endpoint=endpoint) if endpoint else mine).delete()
    if deleted:
        _record("notices.stop", delegate, now)
    return sum(deleted.values())


def browsers_of(delegate: Delegate) -> int:
    """Return in how many browsers the delegate gets notices."""
    return PushSubscription.objects.filter(_of(delegate)).count()


def addresses() -> Iterable[channels.Address]:
    """Return every browser as an address of each delegate whom its reader is."""
    subscriptions = list(
        PushSubscription.objects.filter(delegate__withdrawn_at=None).select_related("delegate")
    )
    users = {each.delegate.user_id for each in subscriptions} - {None}
    same_user: dict[int, set[int]] = defaultdict(set)
    attending = Delegate.objects.attending().filter(user__in=users)
    for pk, user in attending.values_list("pk", "user"):
        same_user[user].add(pk)
    for each in subscriptions:
        user_id = each.delegate.user_id
        for pk in {each.delegate_id} | (same_user[user_id] if user_id else set()):
            yield channels.Address(
                whose=f"delegate:{pk}", target=str(each.pk), since=each.created_at
            )


def send(notice: Notice, now: datetime) -> channels.Taken:
    """Send one notice; a browser that is gone is forgotten."""
    message = notice.message
    number = message.recipient.partition(":")[2]
    delegate = Delegate.objects.attending().filter(pk=number).first() if number else None
    mine = PushSubscription.objects.filter(_of(delegate)) if delegate else None
    subscription = mine.filter(pk=notice.target).first() if mine is not None else None
    if subscription is None:
        raise channels.GoneError
    # Screens show it while they are locked: nothing of the text.
    payload = {
        "title": pick(message.conference, "name", subscription.language),
        "body": message.subject,
        "url": reverse("programme:inbox"),
        "tag": notice.uid.hex,
        "lang": message.language,
    }
    browser = web_push.Browser(
        endpoint=subscription.endpoint, p256dh=subscription.p256dh, auth=subscription.auth
    )
    try:
        return web_push.send(browser, payload, topic=notice.uid.hex, now=now)
    except channels.GoneError:
        subscription.delete()
        raise


def way() -> channels.Way:
    """Return push as a way to delegates."""
    return channels.Way(channel=Channel.PUSH, is_on=web_push.is_on, addresses=addresses, send=send)


def _of(delegate: Delegate) -> Q:
    mine = Q(delegate=delegate)
    return mine | Q(delegate__user=delegate.user_id) if delegate.user_id else mine


def _record(action: str, delegate: Delegate, now: datetime) -> None:
    auditing.record(
        action=action,
        target=delegate,
        conference=delegate.conference,
        actor=delegate.user,
        actor_label=delegate.display_name,
        after={"channel": Channel.PUSH},
        now=now,
    )
