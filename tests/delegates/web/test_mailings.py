"""Mailings as an organiser writes, narrows, sends and watches them."""

import pytest
from django.urls import reverse

from conference.models import Campaign, Membership, Message, User
from conference.operations import campaigning
from tests.delegates.conftest import NOW
from tests.delegates.mailing_cast import TEXT, make_mailing, make_person

WRITTEN = {"name": "News", **TEXT, "on_doubt": "hold"}


@pytest.fixture
def desk(client, organiser):
    client.force_login(organiser, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def people(california, jiangsu):
    return [make_person(california, "Lopez", vip=True), make_person(jiangsu, "Zhang", email="")]


def at(name, *args):
    return reverse(f"conference:campaign_{name}", args=["test-2023", *args])


def test_a_mailing_is_written_narrowed_looked_at_and_sent(desk, people):
    answer = desk.post(f"{at('new')}?audience=people", WRITTEN | {"audience": "1"})
    campaign = Campaign.objects.get()
    assert answer.url == at("audience", campaign.pk)
    assert (campaign.audience, campaign.on_doubt) == ("people", "hold")
    page = desk.get(at("audience", campaign.pk))
    assert [each.name for each in page.context["recipients"].without_address] == ["Zhang"]
    desk.post(at("audience", campaign.pk), {"vip": ["yes"], "role": ["no such role"]})
    campaign.refresh_from_db()
    assert campaign.narrowed == {"vip": ["yes"]}
    assert "lopez@example.org" in desk.get(at("audience", campaign.pk)).content.decode()
    desk.post(at("step", campaign.pk), {"step": "start"})
    campaigning.expand_due(clock=lambda: NOW)
    shown = desk.get(at("detail", campaign.pk)).content.decode()
    assert "Lopez" in shown
    assert Message.objects.get().on_doubt == "hold"


def test_a_placeholder_that_does_not_exist_is_named_and_nothing_typed_is_lost(desk, people):
    wrong = WRITTEN | {"body_en": "Dear {naem}", "subject_zh": ""}
    page = desk.post(at("new"), wrong)
    assert page.status_code == 422
    told = page.content.decode()
    assert "{naem}" in told
    assert "Subject and text belong together" in told
    assert "Dear {naem}" in told
    assert not Campaign.objects.exists()


def test_the_preview_fills_the_text_as_typed_for_the_person_asked_for(desk, conference, people):
    campaign = make_mailing(conference)
    page = desk.post(
        at("preview", campaign.pk), TEXT | {"body_en": "Hello {name}!", "sample": "zha"}
    )
    assert "Hello Zhang!" in page.content.decode()
    missed = desk.post(at("preview", campaign.pk), TEXT | {"sample": "nobody"})
    assert "Nobody of that name" in missed.content.decode()


def test_a_test_goes_to_whoever_asks_in_both_languages(desk, conference, people, organiser):
    campaign = make_mailing(conference)
    desk.post(at("test", campaign.pk))
    assert {letter.to_email for letter in Message.objects.all()} == {organiser.email}
    assert {letter.language for letter in Message.objects.all()} == {"en", "zh-hans"}
    assert all(letter.campaign is None for letter in Message.objects.all())


def test_a_time_in_another_zone_is_taken_and_nonsense_is_said(desk, conference, people):
    campaign = make_mailing(conference)
    when = {"day": "2099-10-02", "at": "09:00"}
    page = desk.post(at("schedule", campaign.pk), when | {"zone": "Mars/Base"})
    assert page.status_code == 422
    assert "Mars/Base" in page.content.decode()
    past = desk.post(at("schedule", campaign.pk), when | {"day": "2001-01-01", "zone": "UTC"})
    assert "This time has passed" in past.content.decode()
    desk.post(at("schedule", campaign.pk), when | {"zone": "America/Chicago"})
    campaign.refresh_from_db()
    assert (campaign.state, campaign.send_zone) == ("scheduled", "America/Chicago")
    assert "America/Chicago" in desk.get(at("detail", campaign.pk)).content.decode()


@pytest.mark.parametrize("step", ["pause", "no such step"])
def test_a_step_out_of_turn_changes_nothing(desk, conference, people, step):
    campaign = make_mailing(conference)
    desk.post(at("step", campaign.pk), {"step": step})
    campaign.refresh_from_db()
    assert campaign.state == "draft"


def test_a_mailing_that_has_begun_is_neither_rewritten_nor_narrowed(desk, conference, people):
    campaign = make_mailing(conference, state="sending")
    desk.post(at("edit", campaign.pk), WRITTEN | {"subject_en": "Other"})
    desk.post(at("audience", campaign.pk), {"vip": ["yes"]})
    campaign.refresh_from_db()
    assert (campaign.subject_en, campaign.narrowed) == (TEXT["subject_en"], {})


def test_protocol_writes_and_an_organiser_sends(client, conference, people):
    officer = User.objects.create_user("protocol@example.org", name="Pat Protocol")
    Membership.objects.create(conference=conference, user=officer, role="protocol")
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    campaign = make_mailing(conference)
    assert client.get(at("edit", campaign.pk)).status_code == 200
    assert client.post(at("step", campaign.pk), {"step": "start"}).status_code in {403, 404}
    campaign.refresh_from_db()
    assert campaign.state == "draft"


def test_the_progress_costs_the_same_for_one_letter_and_for_three(
    desk, conference, california, django_assert_max_num_queries
):
    campaign = make_mailing(conference, state="sending")

    def write(number):
        Message.objects.create(
            conference=conference,
            campaign=campaign,
            key=f"k{number}",
            to_email="a@example.org",
            due_at=NOW,
        )

    def look():
        return desk.get(at("detail", campaign.pk), headers={"HX-Request": "true"})

    write(1)
    look()
    with django_assert_max_num_queries(9) as one:
        look()
    write(2)
    write(3)
    with django_assert_max_num_queries(len(one)):
        look()
