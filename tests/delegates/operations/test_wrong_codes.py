"""A code of a locked invitation is not guessed: fifty wrong ones within a day shut it."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from checkin.attention import concerns
from conference.models import AuditEntry, Message
from delegates.errors import CodesStopped, CodeWrong
from delegates.models import Invitation, LinkCode
from delegates.operations import linking, locking
from tests.delegates.inviting_cast import invite_for_coming_days, link_to

HOUR = timedelta(hours=1)


@pytest.fixture
def link(california, organiser):
    invitation = invite_for_coming_days(california)
    locking.set_lock(invitation=invitation, locked=True, now=timezone.now(), actor=organiser)
    return link_to(Invitation.objects.get(), now=timezone.now()).link


def guess(link, now):
    """Type a wrong code, a new one of which was sent before."""
    newest = link.codes.first()
    if newest is None or newest.tries >= locking.TRIES:
        locking.send_code(link=link, now=now)
    try:
        locking.use_code(link=link, code="wrong", now=now)
    except (CodeWrong, CodesStopped) as refusal:
        return refusal.code


def guess_often(link, times, start):
    """Type so many wrong codes, five of each that is sent, a quarter of an hour apart."""
    return [guess(link, start + number // locking.TRIES * HOUR / 4) for number in range(times)]


def code_of(link, now):
    locking.send_code(link=link, now=now)
    text = Message.objects.order_by("-pk").first().body_text
    return re.search(r"^\d{6}$", text, re.MULTILINE)[0]


def is_told(conference):
    told = concerns(conference=conference, now=timezone.now())
    return "links_shut" in {concern.code for concern in told}


def test_the_fiftieth_wrong_code_shuts_it_and_the_organiser_is_told(link, conference):
    now = timezone.now()
    ends = guess_often(link, locking.WRONG_IN_A_DAY, now)
    assert ends == ["code_wrong"] * 49 + ["codes_stopped"]
    with pytest.raises(CodesStopped):
        locking.send_code(link=link, now=now + 9 * HOUR)
    with pytest.raises(CodesStopped):
        locking.use_code(link=link, code="123456", now=now + timedelta(days=9))
    invitation = Invitation.objects.get()
    assert [step.kind for step in invitation.steps.order_by("pk")][-2:] == ["locked", "shut"]
    assert AuditEntry.objects.filter(action="invitation.shut").count() == 1
    assert is_told(conference)


def test_it_counts_whatever_links_are_used(link):
    now = timezone.now()
    guess_often(link, 45, now)
    other = link_to(link.invitation, now=timezone.now()).link
    assert guess_often(other, 5, now + 4 * HOUR)[-1] == "codes_stopped"


def test_right_ones_do_not_count_and_wrong_ones_of_the_day_before_neither(link):
    now = timezone.now()
    guess_often(link, 45, now)
    later = now + 10 * HOUR
    locking.use_code(link=link, code=code_of(link, later), now=later)
    assert guess_often(link, 4, later + HOUR)[-1] == "code_wrong"
    assert guess_often(link, 46, now + timedelta(hours=35))[-1] == "code_wrong"
    assert not Invitation.objects.get().is_shut


def test_a_new_link_takes_codes_again(link, conference):
    now = timezone.now() - timedelta(hours=20)
    Invitation.objects.update(locked_at=now - HOUR)
    link.invitation.links.update(created_at=now - HOUR)
    link.refresh_from_db()
    guess_often(link, 50, now)
    fresh = link_to(link.invitation, now=timezone.now()).link
    assert not is_told(conference)
    locking.use_code(link=fresh, code=code_of(fresh, timezone.now()), now=timezone.now())
    with pytest.raises(CodesStopped):
        locking.send_code(link=link, now=timezone.now() + HOUR)


def test_a_link_in_a_reminder_by_rule_takes_no_codes(link, conference):
    now = timezone.now()
    Invitation.objects.update(locked_at=now - HOUR, codes_stopped_at=now)
    addresses = linking.create_links_by_rule(about=[Invitation.objects.get()], now=now)
    reminded = link.invitation.links.order_by("-pk").first()
    assert list(addresses) == [link.invitation]
    assert is_told(conference)
    with pytest.raises(CodesStopped):
        locking.send_code(link=reminded, now=timezone.now())

    by_hand = link_to(link.invitation, now=timezone.now()).link
    linking.create_links_by_rule(about=[Invitation.objects.get()], now=now)
    reminded = link.invitation.links.order_by("-pk").first()
    locking.use_code(link=by_hand, code=code_of(by_hand, timezone.now()), now=timezone.now())
    assert not locking.is_shut(reminded, Invitation.objects.get())


def test_locked_anew_all_links_take_codes_again(link, organiser, conference):
    now = timezone.now()
    guess_often(link, 50, now)
    later = now + 9 * HOUR
    for locked in (False, True):
        locking.set_lock(
            invitation=Invitation.objects.get(), locked=locked, now=later, actor=organiser
        )
    assert not is_told(conference)
    locking.use_code(link=link, code=code_of(link, later), now=later)


def test_the_pages_say_so_to_both_sides(link, client, organiser):
    token = link_to(link.invitation, now=timezone.now()).token
    Invitation.objects.update(codes_stopped_at=timezone.now())
    answer = client.post(
        reverse("delegates:focal_unlock", kwargs={"token": token}), {"code": "123456"}
    )
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "this link takes no code any more" in page
    assert 'name="code"' not in page
    assert LinkCode.objects.count() == 0

    desk = Client()
    desk.force_login(organiser, backend="django.contrib.auth.backends.ModelBackend")
    invitation = link.invitation
    args = [invitation.conference.slug, invitation.delegation_id]
    page = desk.get(reverse("delegates:delegation_detail", args=args)).content.decode()
    assert "Somebody may be guessing." in page
