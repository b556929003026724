"""Why a person did or did not get each letter, on one page."""

import pytest
from django.urls import reverse

from conference.models import Suppression
from conference.operations import mailing, suppressing
from delegates.models import Delegate
from tests.delegates.conftest import NOW

FAILED = "550 no such user"


@pytest.fixture
def desk(client, organiser):
    client.force_login(organiser, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def maria(california):
    return Delegate.objects.create(
        conference=california.conference,
        delegation=california,
        family_name="Lopez",
        given_name="Maria",
        email="maria@example.org",
    )


def write(person, number):
    return mailing.enqueue(
        conference=person.conference,
        letter=mailing.Letter(
            key=f"greeting:{person.pk}:{number}",
            purpose="greeting",
            recipient=f"delegate:{person.pk}",
            to_email=person.email,
            subject=f"Letter {number}",
            body_text="Good morning",
        ),
        now=NOW,
    )


def page_of(desk, person):
    return desk.get(reverse("delegates:delegate_letters", args=["test-2023", person.pk]))


def test_every_letter_of_a_person_stands_there_with_its_steps(desk, maria):
    first = write(maria, 1)
    write(maria, 2)
    mailing.record_step(
        message_id=first.pk, kind="refused", at=NOW, answer=FAILED, rule="permanent"
    )
    page = page_of(desk, maria).content.decode()
    assert "Letter 1" in page
    assert "Letter 2" in page
    assert FAILED in page
    assert mailing.words("permanent") in page


def test_a_blocked_address_is_told_even_before_a_letter_meets_the_block(desk, maria, organiser):
    suppressing.suppress(
        conference=maria.conference,
        address="Maria@Example.org",
        reason=Suppression.Reason.BY_HAND,
        evidence="She asked by phone",
        now=NOW,
        actor=organiser,
    )
    page = page_of(desk, maria).content.decode()
    assert "She asked by phone" in page
    assert "No letter to this recipient was ever queued" in page


def test_somebody_without_an_address_is_told_to_have_none(desk, maria):
    Delegate.objects.update(email="")
    assert "has no e-mail address" in page_of(desk, maria).content.decode()


def test_letters_of_somebody_with_the_same_address_are_not_mixed_up(desk, maria, california):
    twin = Delegate.objects.create(
        conference=california.conference,
        delegation=california,
        family_name="Lopez",
        given_name="Ana",
        email=maria.email,
    )
    write(twin, 1)
    assert "Letter 1" not in page_of(desk, maria).content.decode()


def test_the_page_costs_the_same_for_one_letter_and_for_three(
    desk, maria, django_assert_max_num_queries
):
    write(maria, 1)
    page_of(desk, maria)
    with django_assert_max_num_queries(11) as one:
        page_of(desk, maria)
    write(maria, 2)
    write(maria, 3)
    with django_assert_max_num_queries(len(one)):
        page_of(desk, maria)


def test_a_letter_leads_to_all_letters_of_its_recipient(desk, maria):
    letter = write(maria, 1)
    url = reverse("conference:message_detail", args=["test-2023", letter.pk])
    assert reverse("delegates:delegate_letters", args=["test-2023", maria.pk]) in (
        desk.get(url).content.decode()
    )
