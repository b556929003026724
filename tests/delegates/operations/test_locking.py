import re
from datetime import timedelta

import pytest

from conference.errors import AddressMissing
from conference.models import Message
from delegates.errors import CodeTooSoon, CodeWrong
from delegates.models import Invitation, LinkCode
from delegates.operations import locking
from tests.delegates.conftest import make_delegation
from tests.delegates.inviting_cast import NOW, give_focal_point, invite, link_to

SOON = NOW + timedelta(seconds=30)


@pytest.fixture
def link(california, organiser):
    give_focal_point(california)
    invitation = invite(california)
    locking.set_lock(invitation=invitation, locked=True, now=NOW, actor=organiser)
    return link_to(Invitation.objects.get()).link


def code_in(message):
    return re.search(r"^\d{6}$", message.body_text, re.MULTILINE)[0]


def ask(link, now=NOW):
    locking.send_code(link=link, now=now)
    return code_in(Message.objects.order_by("-pk").first())


def test_the_code_goes_to_the_address_of_the_invitation_and_opens_once(link):
    code = ask(link)
    message = Message.objects.get()
    assert message.to_email == "focal@state.example"
    assert code not in LinkCode.objects.get().code_hash
    locking.use_code(link=link, code=f" {code[:3]} {code[3:]} ", now=SOON)
    with pytest.raises(CodeWrong):
        locking.use_code(link=link, code=code, now=SOON)


def test_a_code_expires(link):
    code = ask(link)
    with pytest.raises(CodeWrong):
        locking.use_code(link=link, code=code, now=NOW + locking.LIVES)


def test_after_five_wrong_tries_the_right_code_opens_nothing_either(link):
    code = ask(link)
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for _try in range(locking.TRIES):
        with pytest.raises(CodeWrong):
            locking.use_code(link=link, code=wrong, now=SOON)
    with pytest.raises(CodeWrong):
        locking.use_code(link=link, code=code, now=SOON)
    assert LinkCode.objects.get().tries == locking.TRIES


def test_codes_come_a_minute_apart_and_five_an_hour_whatever_link_is_used(link):
    other = link_to(link.invitation).link
    ask(link)
    with pytest.raises(CodeTooSoon):
        ask(other, SOON)
    for minute in range(1, locking.IN_AN_HOUR):
        ask(link, NOW + timedelta(minutes=minute))
    with pytest.raises(CodeTooSoon):
        ask(other, NOW + timedelta(minutes=30))
    ask(link, NOW + timedelta(minutes=62))


def test_an_address_with_many_invitations_gets_ten_codes_an_hour(conference, link):
    links = [link]
    for number in range(2):
        place = make_delegation(conference, f"State {number}", "", "US", f"US-{number}")
        links.append(link_to(invite(give_focal_point(place, "Focal@state.example"))).link)
    times = [NOW + timedelta(minutes=2 * number) for number in range(5)]
    for now in times[:3]:
        for each in links:
            ask(each, now)
    ask(links[0], times[3])
    with pytest.raises(CodeTooSoon):
        ask(links[1], times[3])
    ask(links[1], NOW + timedelta(minutes=65))


def test_a_code_typed_in_digits_of_full_width_opens(link):
    code = ask(link).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    locking.use_code(link=link, code=code, now=SOON)


def test_only_the_newest_code_opens_and_only_its_own_link(link):
    first = ask(link)
    second = ask(link, NOW + timedelta(minutes=2))
    now = NOW + timedelta(minutes=3)
    with pytest.raises(CodeWrong):
        locking.use_code(link=link_to(link.invitation).link, code=second, now=now)
    if first != second:
        with pytest.raises(CodeWrong):
            locking.use_code(link=link, code=first, now=now)
    locking.use_code(link=link, code=second, now=now)


def test_without_an_address_there_is_no_code(link):
    Invitation.objects.update(addressee_email="")
    link.invitation.refresh_from_db()
    with pytest.raises(AddressMissing):
        locking.send_code(link=link, now=NOW)


def test_locking_twice_is_one_step(link, organiser):
    locking.set_lock(invitation=link.invitation, locked=True, now=SOON, actor=organiser)
    assert [step.kind for step in link.invitation.steps.all()] == ["locked"]
    locking.set_lock(invitation=link.invitation, locked=False, now=SOON, actor=organiser)
    assert Invitation.objects.get().locked_at is None


def test_an_address_is_shown_to_those_who_know_it():
    assert locking.masked("focal@state.example") == "f•••@state.example"
