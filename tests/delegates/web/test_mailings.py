"""Mailings as an organiser writes, narrows, sends and watches them."""

from datetime import date, time

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from conference.errors import AttachmentMissing
from conference.models import Campaign, Membership, Message, MessageAttachment, User
from conference.operations import campaigning, mailing, returning, suppressing
from conference.web import campaigns
from delegates.models import Delegate
from tests.delegates.conftest import NOW
from tests.delegates.mailing_cast import TEXT, give_badge, make_mailing, make_person
from tests.factories import make_session
from tests.support.files import PDF, PNG

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
    desk.post(at("audience", campaign.pk), {"vip": ["yes"], "no such way": ["x"]})
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


def test_a_chinese_recipient_is_found_by_either_name_and_listed_with_both(
    desk, conference, jiangsu
):
    make_person(jiangsu, "Xie", native_name="解士林", language="zh-hans")
    campaign = make_mailing(conference)
    for wanted in ("xie", "解", "XIE@example"):
        page = desk.post(at("preview", campaign.pk), TEXT | {"sample": wanted})
        assert page.context["is_missed"] is False
        assert page.context["sample"].name == "解士林"
    (listed,) = desk.get(at("audience", campaign.pk)).context["page"]
    assert (listed.name, listed.other_name, listed.language_name) == ("解士林", "Xie", "简体中文")


def test_whom_to_choose_is_written_in_the_language_of_whoever_chooses(desk, conference, jiangsu):
    campaign = make_mailing(conference)
    make_session(conference, title_en="Rivers", title_zh="河流")
    desk.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    ways = {way["code"]: way for way in desk.get(at("audience", campaign.pk)).context["ways"]}
    assert [label for _pk, label in ways["delegation"]["choices"]] == ["江苏省"]
    ((_pk, session),) = ways["enrolled"]["choices"]
    assert session.startswith("河流 · ")


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


@pytest.mark.parametrize(
    ("state", "step", "said"),
    [
        ("draft", "pause", ("still a draft: nothing has been sent yet.", "尚未发送任何内容")),
        ("scheduled", "pause", ("press “Do not send at that time” first.", "请先点击“取消定时”")),
        ("sending", "start", ("The letters are already on their way", "信函已在发送")),
        ("paused", "pause", ("Go on sending, or cancel the rest.", "信函已暂缓发送")),
        ("done", "pause", ("nothing is left to change or to stop.", "发送已结束")),
        ("cancelled", "resume", ("This was cancelled:", "此次发送已取消")),
    ],
)
def test_a_refused_step_says_what_holds_in_the_words_of_an_officer(
    desk, conference, state, step, said
):
    when = {"send_date": "2099-10-02", "send_time": "09:00", "send_zone": "UTC"}
    campaign = make_mailing(conference, state=state, **when)
    for language, words in zip(("en", "zh-hans"), said, strict=True):
        desk.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        page = desk.post(at("step", campaign.pk), {"step": step}, follow=True)
        assert words in page.text


@pytest.mark.parametrize("step", ["pause", "no such step"])
def test_a_step_out_of_turn_changes_nothing(desk, conference, people, step):
    campaign = make_mailing(conference)
    desk.post(at("step", campaign.pk), {"step": step})
    campaign.refresh_from_db()
    assert campaign.state == "draft"


def test_letters_are_narrowed_by_state_and_tell_why_they_did_not_leave(desk, conference, jiangsu):
    stopped, reached = make_person(jiangsu, "Deng"), make_person(jiangsu, "Xie")
    campaign = make_mailing(conference)
    desk.post(at("step", campaign.pk), {"step": "start"})
    campaigning.expand_due(clock=lambda: NOW)
    suppressing.suppress(
        conference=conference, address=stopped.email, reason="by_hand", evidence="-", now=NOW
    )
    for letter in Message.objects.all():
        mailing.deliver(message_id=letter.pk, worker="w", now=NOW)

    page = desk.get(at("detail", campaign.pk), {"state": "cancelled"})
    ((letter, why, _beside),) = page.context["rows"]
    assert letter.to_email == stopped.email
    assert why == "The organiser blocked this address. Nothing is sent there."
    assert page.context["total"] == 2

    ((letter, why, _beside),) = desk.get(at("detail", campaign.pk), {"state": "sent"}).context[
        "rows"
    ]
    assert (letter.to_email, why) == (reached.email, "")


def test_a_time_that_is_set_stands_in_the_form_that_changes_it(desk, conference, people):
    campaign = make_mailing(conference)
    when = {"day": "2099-10-02", "at": "09:00", "zone": "America/Chicago"}
    desk.post(at("schedule", campaign.pk), when)
    page = desk.get(at("detail", campaign.pk))
    assert [page.context["form"][name].value() for name in ("day", "at", "zone")] == [
        date(2099, 10, 2),
        time(9),
        "America/Chicago",
    ]
    assert 'value="2099-10-02"' in page.content.decode()


def test_a_mailing_that_has_begun_is_neither_rewritten_nor_narrowed(desk, conference, people):
    campaign = make_mailing(conference, state="sending")
    desk.post(at("edit", campaign.pk), WRITTEN | {"subject_en": "Other"})
    desk.post(at("audience", campaign.pk), {"vip": ["yes"]})
    campaign.refresh_from_db()
    assert (campaign.subject_en, campaign.narrowed) == (TEXT["subject_en"], {})


def test_what_was_ticked_and_is_gone_meanwhile_does_not_widen_the_audience(
    desk, conference, people
):
    campaign = make_mailing(conference)
    page = desk.post(at("audience", campaign.pk), {"enrolled": ["987"]}, follow=True)
    assert "no longer there: Has a seat in" in page.content.decode()
    assert page.context["recipients"].reached == []


def test_who_writes_over_a_newer_text_is_told_first(desk, conference, people):
    campaign = make_mailing(conference)
    seen = desk.get(at("edit", campaign.pk)).context["seen"]
    Campaign.objects.update(subject_en="A colleague's")
    mine = WRITTEN | {"subject_en": "Mine", "seen": seen}
    page = desk.post(at("edit", campaign.pk), mine)
    assert page.status_code == 422
    told = page.content.decode()
    assert "Somebody else changed this text" in told
    assert 'value="Mine"' in told
    campaign.refresh_from_db()
    assert campaign.subject_en == "A colleague's"
    desk.post(at("edit", campaign.pk), mine | {"seen": page.context["seen"]})
    campaign.refresh_from_db()
    assert campaign.subject_en == "Mine"


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_at_the_ends_of_time_is_refused_in_words(desk, conference, people, day):
    campaign = make_mailing(conference)
    when = {"day": day, "at": "23:59", "zone": "America/Chicago"}
    page = desk.post(at("schedule", campaign.pk), when)
    assert page.status_code == 422
    assert "Give a day between" in page.content.decode()


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


def test_a_letter_that_a_server_put_off_says_why_it_waits(desk, conference):
    campaign = make_mailing(conference, state="sending")
    for number, answer in enumerate(["", "451 try later"]):
        letter = Message.objects.create(
            conference=conference,
            campaign=campaign,
            key=f"k{number}",
            to_email="a@example.org",
            due_at=NOW,
            server_answer=answer,
        )
        mailing.record_step(message_id=letter.pk, kind="retry_later", at=NOW, rule="temporary")
    page = desk.get(at("detail", campaign.pk))
    told = [why for _letter, why, _beside in page.context["rows"]]
    assert told == ["", mailing.words("temporary")]


def test_one_that_came_back_goes_to_the_address_that_was_corrected(desk, conference, people):
    person = Delegate.objects.filter(conference=conference).exclude(email="").first()
    letter = Message.objects.create(
        conference=conference,
        campaign=make_mailing(conference, state="done"),
        purpose=campaigning.PURPOSE,
        key="k",
        recipient=f"delegate:{person.pk}",
        to_email="wrong@example.org",
        due_at=NOW,
        state="sent",
        sent_at=NOW,
    )
    returning.note(message=letter, event="e", source="test", kind="unclear", now=NOW)
    url = reverse("conference:message_detail", args=[conference.slug, letter.pk])
    assert f"it goes to {person.email}" in desk.get(url).content.decode()
    told = desk.post(f"{url}retry/", follow=True).content.decode()
    assert f"The letter to {person.email} is queued again." in told


def upload(name, content=PDF):
    return SimpleUploadedFile(name, content, content_type="application/octet-stream")


def test_files_are_ticked_added_looked_at_and_removed_on_the_page_of_the_text(
    desk, conference, people
):
    campaign = make_mailing(conference)
    answer = desk.post(
        at("edit", campaign.pk),
        WRITTEN
        | {
            "made": ["badge", "no such file"],
            "if_lacking": "leave_out",
            "upload": [upload("会场图.pdf"), upload("map.png", PNG)],
        },
    )
    # A box that the page does not have is told, and nothing else is lost.
    assert answer.status_code == 422
    desk.post(at("edit", campaign.pk), WRITTEN | {"made": ["badge"], "if_lacking": "leave_out"})
    campaign.refresh_from_db()
    files = campaigning.chosen(campaign)
    assert campaign.if_lacking == "leave_out"
    assert [each.maker or each.file_name for each in files] == ["badge", "会场图.pdf", "map.png"]
    page = desk.get(at("edit", campaign.pk)).content.decode()
    assert "会场图.pdf" in page
    handed_out = desk.get(at("file", campaign.pk, files[1].pk))
    assert (handed_out.content, handed_out.headers["Content-Type"]) == (PDF, "application/pdf")
    assert handed_out.headers["Content-Disposition"] == (
        "attachment; filename*=utf-8''%E4%BC%9A%E5%9C%BA%E5%9B%BE.pdf"
    )
    desk.post(at("edit", campaign.pk), WRITTEN | {"made": ["badge"], "remove": str(files[1].pk)})
    assert [each.file_name for each in campaigning.chosen(campaign)][1:] == ["map.png"]


def test_a_file_that_is_not_taken_is_told_and_text_and_other_files_are_kept(
    desk, conference, people
):
    campaign = make_mailing(conference)
    page = desk.post(
        at("edit", campaign.pk),
        WRITTEN | {"subject_en": "Newer", "upload": [upload("run.exe", b"MZ"), upload("plan.pdf")]},
    )
    assert page.status_code == 422
    told = page.content.decode()
    assert "“run.exe” is not taken." in told
    assert "The text is saved, but not every file was taken." in told
    campaign.refresh_from_db()
    assert campaign.subject_en == "Newer"
    assert [each.file_name for each in campaigning.chosen(campaign)] == ["plan.pdf"]


def test_who_mends_a_file_that_was_not_taken_is_not_taken_for_somebody_else(
    desk, conference, people
):
    campaign = make_mailing(conference)
    seen = desk.get(at("edit", campaign.pk)).context["seen"]
    typed = WRITTEN | {"subject_en": "Newer", "made": ["badge"], "seen": seen}
    page = desk.post(at("edit", campaign.pk), typed | {"upload": [upload("run.exe", b"MZ")]})
    assert page.status_code == 422
    again = typed | {"seen": page.context["seen"], "upload": [upload("plan.pdf")]}
    assert desk.post(at("edit", campaign.pk), again).status_code == 302


def test_what_somebody_else_ticked_is_not_taken_away_unseen(desk, conference, people):
    campaign = make_mailing(conference)
    seen = desk.get(at("edit", campaign.pk)).context["seen"]
    campaigning.write(campaign=campaign, fields=["name"], codes=["badge"], now=NOW)
    page = desk.post(at("edit", campaign.pk), WRITTEN | {"seen": seen})
    assert "Somebody else changed this text" in page.content.decode()
    assert [each.maker for each in campaigning.chosen(campaign)] == ["badge"]


def test_a_file_is_kept_even_if_the_text_is_not_saved_yet(desk, conference, people):
    campaign = make_mailing(conference)
    wrong = WRITTEN | {"body_en": "Dear {naem}", "upload": [upload("plan.pdf")]}
    page = desk.post(at("edit", campaign.pk), wrong)
    assert page.status_code == 422
    assert "plan.pdf" in page.content.decode()
    assert "Dear {naem}" in page.content.decode()
    assert Campaign.objects.get().body_en == TEXT["body_en"]


def test_the_preview_links_to_what_that_recipient_gets_before_it_is_saved(desk, conference, people):
    lopez, zhang = people
    give_badge(lopez)
    campaign = make_mailing(conference)
    page = desk.post(at("preview", campaign.pk), TEXT | {"sample": "lopez", "made": ["badge"]})
    url = f"{at('made_file', campaign.pk, 'badge')}?recipient=delegate:{lopez.pk}"
    assert url in page.content.decode()
    badge = desk.get(url)
    assert badge.headers["Content-Disposition"] == 'attachment; filename="badge-test-2023.pdf"'
    campaigning.write(campaign=campaign, fields=["name"], codes=["badge"], now=NOW)
    campaigning.start(campaign=campaign, now=NOW)
    campaigning.expand_due(clock=lambda: NOW)
    letter = Message.objects.get(to_name="Lopez")
    assert [each.content for each in mailing.pack(letter).files] == [badge.content]
    none = desk.post(at("preview", campaign.pk), TEXT | {"sample": "zhang", "made": ["badge"]})
    assert "whose letter goes without it" in none.content.decode()
    assert "recipient=" not in none.content.decode()
    refused = desk.get(
        f"{at('made_file', campaign.pk, 'badge')}?recipient=delegate:{zhang.pk}", follow=True
    )
    assert "This person has no valid badge." in refused.content.decode()


@pytest.mark.parametrize(
    "recipient", ["delegate:0", "delegation:1", "delegate:x", f"delegate:{9**40}", "1:2:3"]
)
def test_nobody_but_the_audience_can_be_looked_at(desk, conference, people, recipient):
    campaign = make_mailing(conference)
    url = f"{at('made_file', campaign.pk, 'badge')}?recipient={recipient}"
    assert desk.get(url).status_code == 404
    assert desk.get(at("made_file", campaign.pk, "passport")).status_code == 404


def test_a_test_brings_the_files_of_the_person_as_whom_it_is_filled(
    desk, conference, people, organiser
):
    give_badge(people[0])
    campaign = make_mailing(conference)
    campaigning.write(campaign=campaign, fields=["name"], codes=["badge", "agenda"], now=NOW)
    campaigning.attach(campaign=campaign, name="会场图.pdf", content=PDF, now=NOW)
    answer = desk.post(at("test", campaign.pk), {"sample": "lopez"}, follow=True)
    assert "Lopez has none of this, so it is not in the test: Calendar" in answer.content.decode()
    english = Message.objects.get(language="en", to_email=organiser.email)
    assert [each.name for each in mailing.pack(english).files] == [
        "badge-test-2023.pdf",
        "会场图.pdf",
    ]
    assert mailing.pack(english).files[1].content == PDF
    # A test outlives the mailing's files without lying about them.
    MessageAttachment.objects.filter(campaign=campaign).delete()
    with pytest.raises(AttachmentMissing):
        mailing.pack(english)


def test_the_page_of_the_recipients_names_who_has_none_and_what_that_means(
    desk, conference, people
):
    campaign = make_mailing(conference)
    campaigning.write(campaign=campaign, fields=["name"], codes=["badge"], now=NOW)
    page = desk.get(at("audience", campaign.pk)).content.decode()
    assert "1 recipient has none and gets the letter without it:" in page
    Campaign.objects.update(if_lacking="leave_out")
    page = desk.get(at("audience", campaign.pk)).content.decode()
    assert "1 recipient has none and is left out:" in page
    detail = desk.get(at("detail", campaign.pk)).content.decode()
    assert "1 left out" in detail
    assert "Badge (PDF)" in detail


def test_a_letter_lists_its_files_and_hands_them_out(desk, conference, people):
    give_badge(people[0])
    campaign = make_mailing(conference)
    campaigning.write(campaign=campaign, fields=["name"], codes=["badge", "agenda"], now=NOW)
    campaigning.attach(campaign=campaign, name="会场图.pdf", content=PDF, now=NOW)
    campaigning.start(campaign=campaign, now=NOW)
    campaigning.expand_due(clock=lambda: NOW)
    letter = Message.objects.get(to_name="Lopez")
    address = reverse("conference:message_detail", args=["test-2023", letter.pk])
    page = desk.get(address).content.decode()
    assert "badge-test-2023.pdf</a>" in page
    assert "agenda-test-2023.ics <span" in page
    files = {each.maker: each for each in campaigning.chosen(campaign)}
    badge, agenda, kept = files["badge"], files["agenda"], files[""]

    def at_file(file):
        return reverse("conference:message_file", args=["test-2023", letter.pk, file.pk])

    assert desk.get(at_file(kept)).content == PDF
    assert desk.get(at_file(badge)).content.startswith(b"%PDF-")
    assert desk.get(at_file(agenda)).url == address
    other = make_mailing(conference)
    elsewhere = campaigning.attach(campaign=other, name="b.png", content=PNG, now=NOW)
    assert desk.get(at_file(elsewhere)).status_code == 404
    source = desk.get(reverse("conference:message_source", args=["test-2023", letter.pk]))
    # The agenda is empty: the letter can leave without it, so its source can be shown.
    assert "badge-test-2023.pdf" in source.content.decode()


def test_a_mailing_that_has_begun_takes_no_files_and_says_so(desk, conference, people):
    campaign = make_mailing(conference, state="sending")
    answer = desk.post(at("edit", campaign.pk), WRITTEN | {"upload": [upload("a.pdf")]})
    assert answer.url == at("detail", campaign.pk)
    assert campaigning.chosen(campaign) == []


def test_a_mailing_that_begins_while_somebody_types_keeps_going(
    desk, conference, people, monkeypatch
):
    campaign = make_mailing(conference)

    def begin_first(request, campaign):
        campaigning.start(campaign=Campaign.objects.get(pk=campaign.pk), now=NOW)
        return take_files(request, campaign)

    take_files = campaigns.take_files
    monkeypatch.setattr(campaigns, "take_files", begin_first)
    answer = desk.post(
        at("edit", campaign.pk), WRITTEN | {"subject_en": "Late", "upload": [upload("a.pdf")]}
    )
    assert answer.url == at("detail", campaign.pk)
    campaign.refresh_from_db()
    assert (campaign.state, campaign.subject_en) == ("sending", TEXT["subject_en"])
    assert campaigning.chosen(campaign) == []
