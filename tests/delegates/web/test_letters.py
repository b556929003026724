from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conference.models import AuditEntry, Campaign, Membership, Message, MessageAttachment, User
from conference.operations import campaigning, mailing
from delegates.models import Invitation, PersonalLink
from tests.delegates.conftest import make_delegation
from tests.delegates.inviting_cast import (
    give_focal_point,
    in_two_months,
    invite,
    make_letter,
    prepare_places,
    send,
)
from tests.delegates.mailing_cast import make_mailing
from tests.support.files import PDF

TEXT = {
    "name": "First",
    "subject_en": "Invitation",
    "body_en": "Dear {addressee},\n\n{link}",
    "subject_zh": "邀请",
    "body_zh": "尊敬的{addressee}：\n\n{link}",
}


@pytest.fixture
def soon(conference):
    return in_two_months(conference)


@pytest.fixture
def desk(client, organiser):
    client.force_login(organiser)
    return client


@pytest.fixture
def places(soon, california, jiangsu):
    return prepare_places(soon, california, jiangsu)


@pytest.fixture
def letter(soon):
    return make_letter(soon)


def at(conference, page, *args):
    return reverse(f"delegates:{page}", args=[conference.slug, *args])


def mailing_page(conference, page, *args):
    return reverse(f"conference:campaign_{page}", args=[conference.slug, *args])


def new(conference, audience="invitation"):
    return mailing_page(conference, "new") + f"?audience={audience}"


def deadline(days=10):
    return f"{timezone.now() + timedelta(days=days):%Y-%m-%dT%H:%M}"


def choose(letter, *places):
    campaigning.choose(
        campaign=letter,
        chosen=[each.pk for each in places],
        answer_by=timezone.now() + timedelta(days=9),
        now=timezone.now(),
    )


# --- Writing ---


def test_a_new_letter_begins_with_a_usual_text_in_both_languages(desk, soon):
    form = desk.get(new(soon)).context["form"]
    assert form["subject_en"].value() == "Invitation to the {conference}"
    assert form["subject_zh"].value() == "诚邀出席{conference}"
    assert "{link}" in form["body_en"].value()
    assert "{link}" in form["body_zh"].value()


def test_the_usual_text_is_itself_a_valid_letter(desk, soon):
    form = desk.get(new(soon)).context["form"]
    typed = {name: form[name].value() for name in TEXT}
    assert desk.post(new(soon), typed).status_code == 302


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
    answer = desk.post(new(soon), TEXT | changes)
    assert answer.status_code == 422
    assert words in answer.context["form"].errors[field][0]
    assert answer.context["form"]["name"].value() == "First"
    assert Campaign.objects.count() == 0


def test_who_writes_over_a_newer_letter_is_told_first_and_doubt_is_decided_here(desk, soon, letter):
    page = mailing_page(soon, "edit", letter.pk)
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


def preview(desk, letter, **typed):
    page = mailing_page(letter.conference, "preview", letter.pk)
    return desk.post(page, TEXT | typed).content.decode()


def test_the_preview_shows_any_delegation_in_both_languages_and_keeps_nothing(desk, letter, places):
    for wanted in ("王建国", "Jiangsu", "江苏", "wai.ban@"):
        page = preview(desk, letter, sample=wanted)
        assert "Dear 王建国," in page
        assert "尊敬的王建国：" in page
    letter.refresh_from_db()
    assert letter.subject_en == "Invitation to the {conference}"


def test_a_letter_is_seen_first_as_the_first_delegation_that_is_ticked(desk, soon, letter, places):
    choose(letter, places[1])
    page = desk.get(mailing_page(soon, "detail", letter.pk))
    assert page.context["seen"]["sample"].name == "王建国"
    assert "Dear 王建国," in preview(desk, letter)
    desk.post(mailing_page(soon, "test", letter.pk))
    assert "Dear 王建国," in Message.objects.get(language="en").body_text
    assert "Dear Fay Focal," in preview(desk, letter, sample="California")


def test_a_letter_is_seen_first_as_somebody_whom_it_still_goes_to(desk, letter, places):
    choose(letter, *places)
    assert "Dear Fay Focal," in preview(desk, letter)
    invite(places[0], state="accepted")
    assert "Dear 王建国," in preview(desk, letter)
    invite(places[1], state="accepted")
    assert "Dear Fay Focal," in preview(desk, letter)


def test_the_newest_letter_stands_first(desk, soon):
    letters = [make_letter(soon, name=f"Letter {number}") for number in range(3)]
    page = desk.get(at(soon, "letter_list"))
    assert list(page.context["letters"]) == letters[::-1]


def test_the_preview_of_hostile_text_is_words(desk, letter, places):
    page = preview(desk, letter, body_en="<script>alert(1)</script> {link.__class__}")
    assert "<script>" not in page
    assert "{link.__class__}" in page


def test_the_preview_never_shows_another_conferences_delegation(desk, letter, other_conference):
    give_focal_point(make_delegation(other_conference, "Elsewhere", "", "US", "US-EE"))
    assert "Elsewhere" not in preview(desk, letter, sample="Elsewhere")


def test_a_test_is_sent_to_the_organiser_as_the_letter_will_look(desk, soon, letter, places):
    desk.post(mailing_page(soon, "test", letter.pk), {"sample": "Fay Focal"})
    letters = Message.objects.order_by("language")
    assert [(each.to_email, each.language) for each in letters] == [
        ("organiser@example.org", "en"),
        ("organiser@example.org", "zh-hans"),
    ]
    assert "Dear Fay Focal," in letters[0].body_text
    assert "<html" in letters[0].body_html
    assert Invitation.objects.count() == PersonalLink.objects.count() == 0


def test_a_letter_that_was_sent_is_not_rewritten_but_copied(desk, soon, letter, places):
    send(letter, *places, now=timezone.now(), deadline=timezone.now() + timedelta(days=5))
    desk.post(mailing_page(soon, "edit", letter.pk), TEXT | {"subject_en": "Changed"})
    letter.refresh_from_db()
    assert letter.subject_en == "Invitation to the {conference}"
    copy = desk.get(mailing_page(soon, "new") + f"?from={letter.pk}").context["form"]
    assert copy["subject_en"].value() == letter.subject_en


def test_a_copy_takes_the_files_along(desk, soon, letter, places):
    campaigning.attach(campaign=letter, name="map.pdf", content=PDF, now=timezone.now())
    written = {"fields": ["name"], "codes": ["this-letter"]}
    campaigning.write(campaign=letter, now=timezone.now(), **written)
    address = mailing_page(soon, "new") + f"?from={letter.pk}"
    page = desk.get(address)
    assert page.context["form"]["made"].value() == ["this-letter"]
    assert "These files of the earlier one come along: map.pdf" in page.text
    desk.post(address, TEXT | {"made": ["this-letter"]})
    copy = Campaign.objects.exclude(pk=letter.pk).get()
    assert [each.maker or each.file_name for each in campaigning.chosen(copy)] == [
        "this-letter",
        "map.pdf",
    ]
    assert len(campaigning.chosen(letter)) == 2


def test_a_new_letter_has_no_files_of_others(desk, soon, letter):
    sent = Message.objects.create(
        conference=soon, key="k", to_email="a@example.org", due_at=timezone.now()
    )
    MessageAttachment.objects.create(message=sent, file_name="a.pdf", content=PDF, size=len(PDF))
    assert "come along" not in desk.get(new(soon)).text


@pytest.mark.parametrize("state", ["sending", "paused"])
def test_while_a_letter_is_on_its_way_the_same_goes_to_more_delegations_in_few_presses(
    desk, soon, letter, places, state
):
    campaigning.attach(campaign=letter, name="map.pdf", content=PDF, now=timezone.now())
    send(letter, places[0], now=timezone.now(), deadline=timezone.now() + timedelta(days=5))
    Campaign.objects.update(state=state)
    letter.refresh_from_db()
    more = mailing_page(soon, "more", letter.pk)
    assert f'action="{more}"' in desk.get(mailing_page(soon, "detail", letter.pk)).text

    page = desk.post(more, follow=True)

    draft = Campaign.objects.exclude(pk=letter.pk).get()
    assert page.request["PATH_INFO"] == at(soon, "letter_send", draft.pk)
    assert "“First letter (2)” is a new draft with the same text and files." in page.text
    assert page.context["seen"].ticked == set()
    assert (draft.state, draft.body_zh, draft.answer_by) == (
        "draft",
        letter.body_zh,
        letter.answer_by,
    )
    assert [each.file_name for each in campaigning.chosen(draft)] == ["map.pdf"]
    tick(desk, draft, places[1], deadline=deadline())
    step(desk, draft, "start")
    campaigning.expand_due(clock=timezone.now)
    assert [each.to_email for each in draft.messages.all()] == ["wai.ban@province.example"]
    letter.refresh_from_db()
    assert (letter.state, letter.narrowed) == (state, {"chosen": [places[0].pk]})


def test_letters_with_the_same_words_are_told_apart_by_a_number(desk, soon, letter):
    for _time in range(2):
        desk.post(mailing_page(soon, "more", letter.pk))
    second = Campaign.objects.get(name="First letter (2)")
    desk.post(mailing_page(soon, "more", second.pk))
    Campaign.objects.filter(pk=letter.pk).update(name="长" * 120)
    desk.post(mailing_page(soon, "more", letter.pk))
    names = Campaign.objects.exclude(pk=letter.pk).order_by("pk").values_list("name", flat=True)
    assert list(names) == [
        "First letter (2)",
        "First letter (3)",
        "First letter (4)",
        "长" * 110 + " (2)",
    ]
    deed = AuditEntry.objects.filter(action="mailing.copy").first()
    assert deed.after == {"from": letter.pk, "name": deed.object_label}


def test_only_a_letter_that_is_ticked_by_hand_goes_to_more(desk, soon):
    mailing_ = make_mailing(soon)
    assert desk.post(mailing_page(soon, "more", mailing_.pk)).status_code == 404
    assert Campaign.objects.count() == 1


# --- Sending ---


def test_those_not_invited_and_reachable_are_ticked(desk, soon, letter, places):
    invite(places[0])
    silent = make_delegation(soon, "Idaho", "", "US", "US-ID")
    page = desk.get(at(soon, "letter_send", letter.pk))
    assert page.context["seen"].ticked == {places[1].pk}
    assert [row.delegation for row in page.context["without_address"]] == [silent]


def tick(desk, letter, *places, **typed):
    page = at(letter.conference, "letter_send", letter.pk)
    return desk.post(page, {"delegations": [each.pk for each in places]} | typed)


def step(desk, letter, name, **typed):
    page = mailing_page(letter.conference, "step", letter.pk)
    answer = desk.post(page, {"step": name} | typed, follow=True)
    letter.refresh_from_db()
    return answer.content.decode()


def test_the_count_and_the_names_are_shown_before_anything_is_sent(desk, soon, letter, places):
    silent = make_delegation(soon, "Idaho", "", "US", "US-ID")
    answer = tick(desk, letter, *places, silent, deadline=deadline())
    assert answer.url == mailing_page(soon, "detail", letter.pk)
    page = desk.get(answer.url).content.decode()
    assert "2 recipients as things stand" in page
    assert "1 without an address" in page
    assert "wai.ban@province.example" in page
    assert Message.objects.count() == Invitation.objects.count() == 0


def test_pressing_send_twice_sends_once(desk, letter, places):
    tick(desk, letter, *places, deadline=deadline())
    told = [step(desk, letter, "start") for _ in range(2)]
    assert ["being sent" in each for each in told] == [True, False]
    campaigning.expand_due(clock=timezone.now)
    assert Message.objects.count() == Invitation.objects.count() == 2


def test_the_deadline_is_read_in_venue_time(desk, letter, places):
    day = timezone.now().date() + timedelta(days=9)
    tick(desk, letter, places[0], deadline=f"{day}T18:00")
    letter.refresh_from_db()
    assert letter.answer_by.isoformat() == f"{day}T10:00:00+00:00"


def test_a_letter_leaves_at_a_time_of_the_venue_before_its_deadline(desk, soon, letter, places):
    tick(desk, letter, *places, deadline=deadline(days=10))
    page = mailing_page(soon, "schedule", letter.pk)
    zone = {"at": "09:00", "zone": "Asia/Shanghai"}
    late = zone | {"day": f"{timezone.now() + timedelta(days=12):%Y-%m-%d}"}
    answer = desk.post(page, late)
    assert answer.status_code == 422
    assert "The answer is due before the letter leaves." in answer.content.decode()
    assert desk.post(page, late | {"day": f"{timezone.now() + timedelta(days=3):%Y-%m-%d}"}).url
    letter.refresh_from_db()
    assert (letter.state, letter.due_at.hour) == ("scheduled", 1)
    assert "a draft again" in step(desk, letter, "unschedule")
    assert (letter.state, Message.objects.count()) == ("draft", 0)


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
    assert answer.context["seen"].ticked == set(typed["delegations"])
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
    address = new(soon, "invitation_reminder")
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
    assert page.context["seen"].ticked == {places[1].pk}
    tick(desk, reminder, *places)
    assert "1 recipient as things stand" in step(desk, reminder, "none")
    step(desk, reminder, "start")
    campaigning.expand_due(clock=timezone.now)
    assert Message.objects.get(campaign=reminder).to_email == "wai.ban@province.example"
    detail = desk.get(at(soon, "delegation_detail", places[1].pk)).content.decode()
    assert "Reminder: queued" in detail


# --- Watching ---


def test_the_page_asks_again_while_letters_are_on_their_way(desk, soon, letter, places):
    send(letter, *places, now=timezone.now(), deadline=timezone.now() + timedelta(days=5))
    part = desk.get(mailing_page(soon, "detail", letter.pk), headers={"HX-Request": "true"})
    page = part.content.decode()
    assert "<html" not in page
    assert 'hx-trigger="every 2s"' in page
    Message.objects.update(state="sent", sent_at=timezone.now())
    mailing.finish_mailings()
    page = desk.get(mailing_page(soon, "detail", letter.pk)).content.decode()
    assert "2 of 2 sent" in page
    assert "every 2s" not in page


def test_failed_letters_are_named_with_the_servers_words_and_retried(desk, soon, letter, places):
    send(letter, *places, now=timezone.now(), deadline=timezone.now() + timedelta(days=5))
    Message.objects.update(state="failed", server_answer="550 no such user")
    page = desk.get(mailing_page(soon, "detail", letter.pk)).content.decode()
    assert page.count("550 no such user") == 2
    desk.post(
        reverse("conference:message_retry_failed", args=[soon.slug]) + f"?mailing={letter.pk}"
    )
    assert set(Message.objects.values_list("state", flat=True)) == {"queued"}


def test_letters_in_doubt_are_left_to_be_decided_one_by_one(desk, soon, letter, places):
    send(letter, *places, now=timezone.now(), deadline=timezone.now() + timedelta(days=5))
    failed, doubtful = Message.objects.order_by("pk")
    Message.objects.filter(pk=failed.pk).update(state="failed")
    Message.objects.filter(pk=doubtful.pk).update(state="uncertain", handed_over_at=timezone.now())
    page = desk.get(mailing_page(soon, "detail", letter.pk)).content.decode()
    assert "Try 1 letter again" in page
    assert "show-uncertain" in page
    desk.post(
        reverse("conference:message_retry_failed", args=[soon.slug]) + f"?mailing={letter.pk}"
    )
    states = dict(Message.objects.values_list("pk", "state"))
    assert states == {failed.pk: "queued", doubtful.pk: "uncertain"}


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("visit", [("letter_send", 11), ("detail", 18), ("letter_list", 5)])
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
    page = {
        "letter_send": at(soon, "letter_send", letter.pk),
        "letter_list": at(soon, "letter_list"),
        "detail": mailing_page(soon, "detail", letter.pk),
    }[name]
    with django_assert_num_queries(queries):
        assert desk.get(f"{page}?show=all").status_code == 200


# --- Who may ---


@pytest.mark.parametrize("role", ["protocol", "programme", "desk", "viewer"])
def test_letters_are_the_organisers_business(client, soon, letter, role):
    user = User.objects.create_user(f"{role}@example.org")
    Membership.objects.create(conference=soon, user=user, role=role)
    client.force_login(user)
    assert client.get(at(soon, "letter_send", letter.pk)).status_code == 404
    for page in ("detail", "edit", "audience"):
        assert client.get(mailing_page(soon, page, letter.pk)).status_code == 404
    for page in ("step", "more"):
        posted = client.post(mailing_page(soon, page, letter.pk), {"step": "start"})
        assert posted.status_code == 404


def test_another_conferences_letter_does_not_exist(desk, soon, other_conference):
    stranger = make_letter(other_conference)
    assert desk.get(at(soon, "letter_send", stranger.pk)).status_code == 404
    for page in ("detail", "edit", "audience"):
        assert desk.get(mailing_page(soon, page, stranger.pk)).status_code == 404
    assert desk.get(mailing_page(soon, "new") + f"?from={stranger.pk}").status_code == 404


def test_the_pages_of_a_letter_stand_among_the_letters(desk, soon, letter, places):
    for page in (new(soon), mailing_page(soon, "edit", letter.pk)):
        shown = desk.get(page)
        here = [
            item["url"]
            for part in shown.context["nav"]
            for item in part["items"]
            if item["current"]
        ]
        assert here == [at(soon, "letter_list")]


def test_what_was_sent_is_seen_as_any_delegation_afterwards(desk, soon, letter, places):
    send(letter, *places, now=timezone.now(), deadline=timezone.now() + timedelta(days=5))
    page = desk.get(mailing_page(soon, "detail", letter.pk), {"sample": "江苏"}).content.decode()
    assert "尊敬的王建国：" in page
