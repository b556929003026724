import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conference.models import Message
from delegates.models import Deputy, Invitation, LinkCode
from tests.delegates.inviting_cast import invite_for_coming_days, link_to


@pytest.fixture
def invitation(california):
    return invite_for_coming_days(california)


@pytest.fixture
def token(invitation):
    return link_to(invitation, now=timezone.now()).token


@pytest.fixture
def locked(invitation):
    Invitation.objects.update(locked_at=timezone.now())


@pytest.fixture
def desk(organiser):
    client = Client()
    client.force_login(organiser, backend="django.contrib.auth.backends.ModelBackend")
    return client


def at(token, page="focal_home"):
    return reverse(f"delegates:{page}", kwargs={"token": token})


def on_desk(invitation, page):
    return reverse(f"delegates:{page}", args=[invitation.conference.slug, invitation.delegation_id])


@pytest.mark.parametrize("page", ["focal_home", "focal_letter", "focal_slip", "focal_member_new"])
def test_a_locked_link_shows_nothing_of_the_delegation(client, token, locked, page):
    answer = client.get(at(token, page))
    assert answer.status_code == 403
    shown = answer.content.decode()
    assert "f•••@state.example" in shown
    assert "California" not in shown
    assert Message.objects.count() == 0


def test_a_locked_link_takes_no_answer_and_does_not_count_as_opened(client, token, locked):
    for page in ("focal_answer", "focal_opened"):
        assert client.post(at(token, page), {"reply": "accepted"}).status_code == 403
    assert Invitation.objects.get().state == "sent"


def test_the_code_from_the_mailbox_opens_it_in_this_browser_only(client, token, locked):
    client.post(at(token, "focal_code"))
    code = re.search(r"^\d{6}$", Message.objects.get().body_text, re.MULTILINE)[0]
    assert client.post(at(token, "focal_unlock"), {"code": code}).status_code == 302
    assert client.get(at(token)).status_code == 200
    client.post(at(token, "focal_answer"), {"reply": "accepted"})
    assert Invitation.objects.get().state == "accepted"
    assert Client().get(at(token)).status_code == 403


def test_who_comes_back_by_the_link_finds_the_field_for_the_code(client, token, locked):
    assert client.get(at(token)).context["sent"] is False
    client.post(at(token, "focal_code"))
    assert client.get(at(token)).context["sent"] is True
    assert Client().get(at(token)).context["sent"] is True
    LinkCode.objects.update(expires_at=timezone.now())
    assert client.get(at(token)).context["sent"] is False


def test_locking_anew_asks_for_a_new_code(client, token, locked):
    client.post(at(token, "focal_code"))
    code = re.search(r"^\d{6}$", Message.objects.get().body_text, re.MULTILINE)[0]
    client.post(at(token, "focal_unlock"), {"code": code})
    Invitation.objects.update(locked_at=timezone.now())
    assert client.get(at(token)).status_code == 403


def test_a_wrong_code_is_told_at_its_field_and_asking_too_soon_as_well(client, token, locked):
    client.post(at(token, "focal_code"))
    answer = client.post(at(token, "focal_unlock"), {"code": "nope"})
    assert answer.status_code == 422
    assert "does not open the invitation" in answer.content.decode()
    assert client.post(at(token, "focal_code")).status_code == 429
    assert Message.objects.count() == 1


def test_the_organiser_locks_and_unlocks(desk, invitation, client, token):
    desk.post(on_desk(invitation, "delegation_lock"), {"lock": "on"})
    assert client.get(at(token)).status_code == 403
    page = desk.get(on_desk(invitation, "delegation_detail")).content.decode()
    assert "Locked to the addressee" in page
    desk.post(on_desk(invitation, "delegation_lock"), {"lock": "off"})
    assert client.get(at(token)).status_code == 200


def hand_over(client, token, keeps):
    return client.post(
        at(token, "focal_deputy"),
        {"name": "Dora", "email": "dora@state.example", "language": "en", "keeps": keeps},
    )


def deputys_token():
    letter = Message.objects.get(to_email="dora@state.example", key__endswith="handed_over")
    return letter.body_text.split("/delegation/link/")[1].split("/")[0]


def test_the_former_link_only_looks_while_the_deputy_answers(client, token):
    assert hand_over(client, token, "look").status_code == 302
    assert client.get(at(token, "focal_letter")).status_code == 200
    refused = client.post(at(token, "focal_answer"), {"reply": "declined"})
    assert refused.status_code == 403
    assert "Dora" in refused.content.decode()
    Client().post(at(deputys_token(), "focal_answer"), {"reply": "accepted"})
    kept = Invitation.objects.get()
    assert (kept.state, kept.answered_by) == ("accepted", "dora@state.example")
    assert kept.steps.last().party == "deputy"


def test_who_hands_over_is_told_what_remains(client, token):
    assert "go on coming to you" in client.get(at(token, "focal_deputy")).content.decode()
    hand_over(client, token, "look")
    page = client.get(at(token)).content.decode()
    assert "To change something, take the work back." in page
    assert "go on coming to you" in page


def test_the_former_link_keeps_its_rights_if_so_chosen(client, token):
    hand_over(client, token, "change")
    client.post(at(token, "focal_answer"), {"reply": "declined"})
    assert Invitation.objects.get().state == "declined"


def test_the_focal_point_takes_the_work_back_and_the_deputy_cannot(client, token):
    hand_over(client, token, "look")
    deputy = deputys_token()
    Client().post(at(deputy, "focal_take_back"))
    assert Deputy.objects.get().taken_back_at is None
    client.post(at(token, "focal_take_back"))
    assert Client().get(at(deputy)).status_code == 404
    client.post(at(token, "focal_answer"), {"reply": "accepted"})
    assert Invitation.objects.get().state == "accepted"


def test_the_organiser_sees_the_deputy_and_closes_the_link(client, token, desk, invitation):
    hand_over(client, token, "look")
    page = desk.get(on_desk(invitation, "delegation_detail")).content.decode()
    assert "dora@state.example" in page
    assert "Reminders and later letters go to the focal point." in page
    desk.post(on_desk(invitation, "delegation_take_back"))
    assert Client().get(at(deputys_token())).status_code == 404


def test_a_deputy_without_a_name_or_address_is_asked_for_both(client, token):
    answer = client.post(at(token, "focal_deputy"), {"language": "en", "keeps": "look"})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"name", "email"}


def test_the_code_of_a_deputys_locked_link_goes_to_the_deputy(client, token, invitation):
    hand_over(client, token, "look")
    Invitation.objects.update(locked_at=timezone.now())
    Client().post(at(deputys_token(), "focal_code"))
    assert Message.objects.get(purpose="link_code").to_email == "dora@state.example"
