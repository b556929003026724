from dataclasses import replace
from datetime import timedelta

import pytest

from conference.models import AuditEntry, Message
from delegates.errors import DeputyAlreadyNamed, DeputyTooOften, LinkNotValid
from delegates.models import Deputy, Invitation
from delegates.operations import deputising, inviting, linking
from tests.delegates.inviting_cast import (
    FAY,
    NOW,
    give_focal_point,
    invite,
    link_to,
    make_letter,
    send,
)


@pytest.fixture
def invitation(california):
    give_focal_point(california)
    return invite(california)


def hand_over(invitation, email="dora@state.example", *, keeps=False):
    return deputising.hand_over(
        invitation=invitation,
        name="Dora Deputy",
        email=email,
        language="zh-hans",
        former_keeps_rights=keeps,
        now=NOW,
        by=FAY,
    )


def link_of(message):
    token = message.body_text.split("/delegation/link/")[1].split("/")[0]
    return linking.find(token=token, purpose="invitation", now=NOW)


def test_the_deputy_gets_a_link_and_both_are_told_once_each_in_their_language(invitation):
    deputy = hand_over(invitation)
    told = {message.to_email: message for message in Message.objects.all()}
    assert {email: message.language for email, message in told.items()} == {
        "dora@state.example": "zh-hans",
        "focal@state.example": "en",
    }
    assert link_of(told["dora@state.example"]).deputy == deputy
    assert "/delegation/link/" not in told["focal@state.example"].body_text
    step = invitation.steps.get()
    assert (step.kind, step.party, step.who) == ("handed_over", "focal_point", FAY.who)
    assert AuditEntry.objects.get().after["deputy"] == "dora@state.example"


def test_the_deputy_is_asked_by_the_focal_points_name(invitation):
    delegation = invitation.delegation
    by = replace(FAY, who=delegation.focal_email)
    deputy = deputising.hand_over(
        invitation=invitation,
        name="Dora Deputy",
        email="dora@state.example",
        language="en",
        former_keeps_rights=False,
        now=NOW,
        by=by,
    )
    letter = Message.objects.get(to_email="dora@state.example").body_text
    assert f"{delegation.focal_name} asks you to answer" in letter
    assert deputy.handed_by == delegation.focal_email


def test_there_is_one_deputy_at_a_time(invitation):
    hand_over(invitation)
    with pytest.raises(DeputyAlreadyNamed):
        hand_over(invitation, "other@state.example")
    assert Message.objects.count() == 2


@pytest.mark.parametrize("keeps", [True, False])
def test_the_former_link_keeps_its_rights_or_only_looks_as_was_chosen(invitation, keeps):
    old = link_to(invitation).link
    deputy = hand_over(invitation, keeps=keeps)
    own = deputy.links.get()
    assert deputising.may_change(deputy=deputy, link=own)
    assert deputising.may_change(deputy=deputy, link=old) is keeps
    assert deputising.may_change(deputy=deputy, link=None) is keeps


def test_taking_back_closes_the_link_at_once_and_tells_both_once(invitation, organiser):
    deputy = hand_over(invitation)
    letter = Message.objects.get(to_email="dora@state.example")
    assert deputising.take_back(deputy=deputy, now=NOW, by=FAY)
    assert not deputising.take_back(deputy=deputy, now=NOW, by=FAY)
    with pytest.raises(LinkNotValid):
        link_of(letter)
    assert deputising.deputy_of(invitation) is None
    assert Message.objects.count() == 4
    assert hand_over(invitation, "new@state.example").pk != deputy.pk


def test_a_letter_to_a_new_focal_point_ends_the_work_of_the_formers_deputy(
    conference, california, organiser
):
    give_focal_point(california)
    send(make_letter(conference), california)
    hand_over(Invitation.objects.get())
    give_focal_point(california, "new@state.example")
    inviting.send_again(invitation=Invitation.objects.get(), now=NOW, actor=organiser)
    assert Deputy.objects.get().taken_back_by == organiser.email


def test_handing_over_again_and_again_writes_to_five_strangers_an_hour_at_most(invitation):
    for number in range(deputising.IN_AN_HOUR):
        deputy = hand_over(invitation, f"stranger{number}@example.org")
        deputising.take_back(deputy=deputy, now=NOW, by=FAY)
    letters = Message.objects.count()
    with pytest.raises(DeputyTooOften):
        hand_over(invitation, "one-more@example.org")
    assert Message.objects.count() == letters
    Deputy.objects.update(handed_at=NOW - timedelta(hours=1))
    assert hand_over(invitation, "one-more@example.org")
