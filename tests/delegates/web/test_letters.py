from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conference.models import Campaign, Membership, Message, User
from delegates.models import Invitation
from tests.delegates.conftest import make_delegation
from tests.delegates.inviting_cast import give_focal_point, invite, make_letter, send

TEXT = {
    "name": "First",
    "subject_en": "Invitation",
    "body_en": "Dear {addressee},\n\n{link}",
    "subject_zh": "邀请",
    "body_zh": "尊敬的{addressee}：\n\n{link}",
}


@pytest.fixture
def soon(conference):
    today = timezone.now().date()
    conference.first_day, conference.last_day = today + timedelta(days=60), today + timedelta(61)
    conference.save()
    return conference


@pytest.fixture
def desk(client, organiser):
    client.force_login(organiser)
    return client


@pytest.fixture
def places(soon, california, jiangsu):
    for delegation in (california, jiangsu):
        delegation.refresh_from_db()
    give_focal_point(california)
    give_focal_point(jiangsu, "wai.ban@province.example", "王建国", "zh-hans")
    return california, jiangsu


@pytest.fixture
def letter(soon):
    return make_letter(soon)


def at(conference, page, *args):
    return reverse(f"delegates:{page}", args=[conference.slug, *args])


def deadline(days=10):
    return f"{timezone.now() + timedelta(days=days):%Y-%m-%dT%H:%M}"


# --- Writing ---


def test_a_new_letter_begins_with_a_usual_text_in_both_languages(desk, soon):
    form = desk.get(at(soon, "letter_new")).context["form"]
    assert form["subject_en"].value() == "Invitation to the {conference}"
    assert form["subject_zh"].value() == "诚邀出席{conference}"
    assert "{link}" in form["body_en"].value()
    assert "{link}" in form["body_zh"].value()


def test_the_usual_text_is_itself_a_valid_letter(desk, soon):
    form = desk.get(at(soon, "letter_new")).context["form"]
    typed = {name: form[name].value() for name in TEXT}
    assert desk.post(at(soon, "letter_new"), typed).status_code == 302


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"body_en": "Dear {mayor}, {link}"}, "body_en", "There is no placeholder {mayor}"),
        (
            {"subject_zh": "{conference.pk}"},
            "subject_zh",
            "There is no placeholder {conference.pk}",
        ),
        ({"body_zh": "没有"}, "body_zh", "Put {link} into the text"),
        ({"subject_en": "{link}"}, "subject_en", "The link belongs into the text"),
        ({"subject_en": ""}, "subject_en", "Subject and text belong together"),
        ({name: "" for name in TEXT if name != "name"}, "subject_en", "at least one language"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_the_text_is_kept(desk, soon, changes, field, words):
    answer = desk.post(at(soon, "letter_new"), TEXT | changes)
    assert answer.status_code == 422
    assert words in answer.context["form"].errors[field][0]
    assert answer.context["form"]["name"].value() == "First"
    assert Campaign.objects.count() == 0


def test_who_writes_over_a_newer_letter_is_told_first_and_doubt_is_decided_here(desk, soon, letter):
    page = at(soon, "letter_edit", letter.pk)
    seen = desk.get(page).context["seen"]
    Campaign.objects.update(subject_en="A colleague's")
    mine = TEXT | {"seen": seen, "on_doubt": "hold"}
    told = desk.post(page, mine)
    assert told.status_code == 422
    assert "Somebody else changed this text" in told.content.decode()
    assert Campaign.objects.get().subject_en == "A colleague's"
    assert desk.post(page, mine | {"seen": told.context["seen"]}).status_code == 302
    letter.refresh_from_db()
    assert (letter.subject_en, letter.on_doubt) == ("Invitation", "hold")


def test_the_preview_shows_both_languages_and_keeps_nothing(desk, soon, places):
    page = desk.post(at(soon, "letter_preview"), TEXT | {"sample": places[1].pk}).content.decode()
    assert "Dear 王建国," in page
    assert "尊敬的王建国：" in page
    assert Campaign.objects.count() == 0


def test_the_preview_of_hostile_text_is_words(desk, soon, places):
    typed = TEXT | {"body_en": "<script>alert(1)</script> {link.__class__}"}
    page = desk.post(at(soon, "letter_preview"), typed).content.decode()
    assert "<script>" not in page
    assert "{link.__class__}" in page


def test_the_preview_never_shows_another_conferences_delegation(desk, soon, other_conference):
    stranger = make_delegation(other_conference, "Elsewhere", "", "US", "US-EE")
    page = desk.post(at(soon, "letter_preview"), TEXT | {"sample": stranger.pk}).content.decode()
    assert "Elsewhere" not in page


def test_a_test_is_sent_to_the_organiser(desk, soon, letter, places):
    desk.post(at(soon, "letter_test", letter.pk), {"delegation": places[0].pk})
    assert {message.to_email for message in Message.objects.all()} == {"organiser@example.org"}
    assert Invitation.objects.count() == 0


def test_a_letter_that_was_sent_is_not_rewritten_but_copied(desk, soon, letter, places):
    send(letter, *places, now=timezone.now(), deadline=timezone.now() + timedelta(days=5))
    desk.post(at(soon, "letter_edit", letter.pk), TEXT | {"subject_en": "Changed"})
    letter.refresh_from_db()
    assert letter.subject_en == "Invitation to the {conference}"
    copy = desk.get(at(soon, "letter_new") + f"?from={letter.pk}").context["form"]
    assert copy["subject_en"].value() == letter.subject_en


# --- Sending ---


def test_those_not_invited_and_reachable_are_ticked(desk, soon, letter, places):
    invite(places[0])
    silent = make_delegation(soon, "Idaho", "", "US", "US-ID")
    page = desk.get(at(soon, "letter_send", letter.pk))
    assert page.context["ticked"] == {places[1].pk}
    assert [row.delegation for row in page.context["without_address"]] == [silent]


def test_the_count_is_named_before_anything_is_sent(desk, soon, letter, places):
    silent = make_delegation(soon, "Idaho", "", "US", "US-ID")
    picked = [*(place.pk for place in places), silent.pk]
    page = desk.post(
        at(soon, "letter_send", letter.pk), {"delegations": picked, "deadline": deadline()}
    ).content.decode()
    assert "Send to 2 delegations?" in page
    assert "No e-mail address, so not sent:" in page
    assert Message.objects.count() == 0


def test_sending_twice_from_the_same_page_sends_once(desk, soon, letter, places):
    typed = {
        "delegations": [place.pk for place in places],
        "deadline": deadline(),
        "send": "1",
    }
    for _ in range(2):
        answer = desk.post(at(soon, "letter_send", letter.pk), typed)
        assert answer.url == at(soon, "letter_detail", letter.pk)
    assert Message.objects.count() == Invitation.objects.count() == 2


def test_the_deadline_is_read_in_venue_time(desk, soon, letter, places):
    typed = {"delegations": [places[0].pk], "send": "1"}
    day = timezone.now().date() + timedelta(days=9)
    desk.post(at(soon, "letter_send", letter.pk), typed | {"deadline": f"{day}T18:00"})
    assert Invitation.objects.get().deadline.isoformat() == f"{day}T10:00:00+00:00"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"deadline": "2020-01-01T10:00"}, "This time has passed."),
        ({"deadline": "2999-01-01T10:00"}, "An answer after the conference comes too late."),
        ({"delegations": []}, "Choose at least one delegation."),
    ],
)
def test_bad_input_says_what_to_do_and_keeps_the_ticks(desk, letter, places, changes, words):
    typed = {"delegations": [places[0].pk], "deadline": deadline(), "send": "1"} | changes
    answer = desk.post(at(letter.conference, "letter_send", letter.pk), typed)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert answer.context["ticked"] == set(typed["delegations"])
    assert Message.objects.count() == 0


def test_a_delegation_of_another_conference_cannot_be_slipped_in(
    desk, soon, letter, places, other_conference
):
    stranger = give_focal_point(make_delegation(other_conference, "Else", "", "US", "US-EE"))
    typed = {"delegations": [stranger.pk], "deadline": deadline(), "send": "1"}
    assert desk.post(at(soon, "letter_send", letter.pk), typed).status_code == 422
    assert Message.objects.count() == 0


# --- Reminding ---


def test_a_reminder_begins_with_a_text_of_its_own(desk, soon):
    address = at(soon, "letter_new") + "?purpose=invitation_reminder"
    form = desk.get(address).context["form"]
    assert form["subject_en"].value() == "Reminder: invitation to the {conference}"
    typed = {name: form[name].value() for name in TEXT}
    assert desk.post(address, typed).status_code == 302
    assert Campaign.objects.get().purpose == "invitation_reminder"


def test_a_reminder_is_offered_to_those_who_have_not_answered(desk, soon, places):
    now = timezone.now()
    send(make_letter(soon), *places, now=now, deadline=now + timedelta(days=9))
    Invitation.objects.filter(delegation=places[0]).update(state="accepted", answered_at=now)
    reminder = make_letter(soon, purpose="invitation_reminder")
    page = desk.get(at(soon, "letter_send", reminder.pk))
    assert page.context["ticked"] == {places[1].pk}
    typed = {"delegations": [place.pk for place in places]}
    review = desk.post(at(soon, "letter_send", reminder.pk), typed).content.decode()
    assert "Send to 1 delegation?" in review
    for _ in range(2):
        desk.post(at(soon, "letter_send", reminder.pk), typed | {"send": "1"})
    assert Message.objects.get(campaign=reminder).to_email == "wai.ban@province.example"
    detail = desk.get(at(soon, "delegation_detail", places[1].pk)).content.decode()
    assert "Reminder: queued" in detail


# --- Watching ---


def test_the_page_asks_again_while_letters_are_on_their_way(desk, soon, letter, places):
    send(letter, *places, now=timezone.now(), deadline=timezone.now() + timedelta(days=5))
    part = desk.get(at(soon, "letter_detail", letter.pk), headers={"HX-Request": "true"})
    page = part.content.decode()
    assert "<html" not in page
    assert 'hx-trigger="every 2s"' in page
    Message.objects.update(state="sent", sent_at=timezone.now())
    page = desk.get(at(soon, "letter_detail", letter.pk)).content.decode()
    assert "Done: 2 of 2 sent" in page
    assert "hx-trigger" not in page


def test_failed_letters_are_named_with_the_servers_words_and_retried(desk, soon, letter, places):
    send(letter, *places, now=timezone.now(), deadline=timezone.now() + timedelta(days=5))
    Message.objects.update(state="failed", server_answer="550 no such user")
    page = desk.get(at(soon, "letter_detail", letter.pk)).content.decode()
    assert page.count("550 no such user") == 2
    desk.post(at(soon, "letter_retry", letter.pk))
    assert set(Message.objects.values_list("state", flat=True)) == {"queued"}


def test_letters_in_doubt_are_left_to_be_decided_one_by_one(desk, soon, letter, places):
    send(letter, *places, now=timezone.now(), deadline=timezone.now() + timedelta(days=5))
    failed, doubtful = Message.objects.order_by("pk")
    Message.objects.filter(pk=failed.pk).update(state="failed")
    Message.objects.filter(pk=doubtful.pk).update(state="uncertain", handed_over_at=timezone.now())
    page = desk.get(at(soon, "letter_detail", letter.pk)).content.decode()
    assert "Try 1 letter again" in page
    assert "1 in doubt" in page
    desk.post(at(soon, "letter_retry", letter.pk))
    states = dict(Message.objects.values_list("pk", "state"))
    assert states == {failed.pk: "queued", doubtful.pk: "uncertain"}


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("visit", [("letter_send", 8), ("letter_detail", 7), ("letter_list", 5)])
def test_pages_cost_the_same_with_one_and_three(
    desk, letter, count, visit, django_assert_num_queries
):
    name, queries = visit
    soon = letter.conference
    made = [
        give_focal_point(make_delegation(soon, f"S{n}", "", "US", f"US-{n}"), f"f{n}@s.example")
        for n in range(count)
    ]
    send(letter, *made, now=timezone.now(), deadline=timezone.now() + timedelta(days=5))
    for number in range(count - 1):
        make_letter(soon, name=f"Letter {number}")
    args = [] if name == "letter_list" else [letter.pk]
    with django_assert_num_queries(queries):
        assert desk.get(at(soon, name, *args) + "?show=all").status_code == 200


# --- Who may ---


@pytest.mark.parametrize("role", ["protocol", "programme", "desk", "viewer"])
def test_letters_are_the_organisers_business(client, soon, letter, role):
    user = User.objects.create_user(f"{role}@example.org")
    Membership.objects.create(conference=soon, user=user, role=role)
    client.force_login(user)
    for page in ("letter_detail", "letter_edit", "letter_send"):
        assert client.get(at(soon, page, letter.pk)).status_code == 404
    assert client.post(at(soon, "letter_retry", letter.pk)).status_code == 404


def test_another_conferences_letter_does_not_exist(desk, soon, other_conference):
    stranger = make_letter(other_conference)
    for page in ("letter_detail", "letter_edit", "letter_send"):
        assert desk.get(at(soon, page, stranger.pk)).status_code == 404
    assert desk.get(at(soon, "letter_new") + f"?from={stranger.pk}").status_code == 404
