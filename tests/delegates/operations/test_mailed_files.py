"""What travels with a mailing, over a real line: chosen, made, lacking, failing, sent again."""

from datetime import timedelta
from email import message_from_string, policy

import pytest
from django.db import IntegrityError, transaction
from icalendar import Calendar

from conference.errors import (
    CampaignStepRefused,
    FileNotTaken,
    FilesTooLarge,
    FileTooLarge,
)
from conference.models import AuditEntry, Campaign, Message, MessageAttachment
from conference.operations import campaigning, cloning, mailing
from conference.operations.mailing import attachments
from config.settings.services import mail as mail_settings
from delegates.operations import badging
from sessions.models import Enrolment, Session
from tests.delegates.conftest import NOW
from tests.delegates.inviting_cast import give_focal_point, make_letter, send
from tests.delegates.mailing_cast import give_badge, make_mailing, make_person
from tests.support.files import PDF, PNG, office_file

LATER = NOW + timedelta(minutes=2)


@pytest.fixture
def server(settings, mail_server):
    for name, value in mail_settings(mail_server.url).items():
        setattr(settings, name, value)
    return mail_server


@pytest.fixture
def people(conference, california, jiangsu):
    lopez = make_person(california, "Lopez")
    make_person(california, "Smith")
    zhang = make_person(jiangsu, "Zhang", native_name="张伟", language="zh-hans")
    for person in (lopez, zhang):
        give_badge(person)
    return [lopez, zhang]


def with_files(conference, *codes, **fields):
    campaign = make_mailing(conference, **fields)
    campaigning.write(campaign=campaign, fields=["name"], codes=codes, now=NOW)
    return campaign


def begin(campaign, now=NOW):
    campaigning.start(campaign=campaign, now=now)
    campaigning.expand_due(clock=lambda: now)


def send_due(now=NOW):
    return mailing.send_due(worker="w", clock=lambda: now)


def files_in(mail):
    return {
        part.get_filename(): (part.get_content_type(), part.get_payload(decode=True))
        for part in mail.iter_attachments()
    }


def letter_to(name):
    return Message.objects.select_related("campaign", "conference").get(to_name=name)


def steps_to(name):
    return [(step.kind, step.rule, step.answer) for step in mailing.steps_of(letter_to(name))]


def test_each_recipient_gets_the_own_badge_and_the_letter_goes_without_where_there_is_none(
    conference, people, server
):
    begin(with_files(conference, "badge"))
    assert send_due().ends == {"sent": 3}
    badge = files_in(server.to("lopez@example.org")[0])
    assert list(badge) == ["badge-test-2023.pdf"]
    assert badge["badge-test-2023.pdf"][0] == "application/pdf"
    chinese = files_in(server.to("zhang@example.org")[0])
    assert list(chinese) == ["证件-test-2023.pdf"]
    assert badge["badge-test-2023.pdf"][1] != chinese["证件-test-2023.pdf"][1]
    assert files_in(server.to("smith@example.org")[0]) == {}
    assert ("without", "without", "badge-test-2023.pdf") in steps_to("Smith")
    assert "without" not in [kind for kind, _rule, _answer in steps_to("Lopez")]


def test_who_has_none_is_named_beforehand_and_left_out_where_the_mailing_says_so(
    conference, people, server
):
    campaign = with_files(conference, "badge", if_lacking="leave_out")
    told = campaigning.recipients_of(campaign)
    assert [(file.code, [each.name for each in names]) for file, names in told.lacking] == [
        ("badge", ["Smith"])
    ]
    assert [each.name for each in told.left_out] == ["Smith"]
    assert {each.name for each in told.reached} == {"Lopez", "张伟"}
    begin(campaign)
    assert send_due().sent == 2
    assert server.to("smith@example.org") == []
    Campaign.objects.update(if_lacking="without")
    campaign.refresh_from_db()
    told = campaigning.recipients_of(campaign)
    assert ([each.name for each in told.left_out], len(told.reached)) == ([], 3)


def test_a_badge_that_is_void_since_the_letters_were_made_stops_a_letter_that_needs_it(
    conference, people, server
):
    begin(with_files(conference, "badge", if_lacking="leave_out"))
    badging.revoke_badge(delegate=people[0], reason="lost", now=NOW)
    assert send_due().ends == {"cancelled": 1, "sent": 1}
    assert steps_to("Lopez")[-1] == ("cancelled", "left_out", "badge-test-2023.pdf")
    assert mailing.words("left_out")


def test_a_letter_of_invitation_is_a_copy_in_the_recipients_name_and_opens_nothing(
    conference, california, jiangsu, people, server
):
    send(make_letter(conference), give_focal_point(california))
    Message.objects.all().delete()
    campaign = with_files(conference, "invitation-letter")
    told = campaigning.recipients_of(campaign)
    assert [[each.name for each in names] for _file, names in told.lacking] == [["张伟"]]
    begin(campaign)
    send_due()
    ((name, (content_type, content)),) = files_in(server.to("lopez@example.org")[0]).items()
    assert (name, content_type) == ("invitation-test-2023.pdf", "application/pdf")
    assert content.startswith(b"%PDF-")
    assert files_in(server.to("zhang@example.org")[0]) == {}
    other = files_in(server.to("smith@example.org")[0])["invitation-test-2023.pdf"][1]
    assert other != content


def test_focal_points_get_their_delegations_letter(conference, california, jiangsu, server):
    send(make_letter(conference), give_focal_point(california))
    give_focal_point(jiangsu, email="wu@province.example", name="Wu")
    Message.objects.all().delete()
    campaign = with_files(conference, "invitation-letter", "badge", audience="focal_points")
    assert [each.maker for each in campaigning.chosen(campaign)] == ["invitation-letter"]
    begin(campaign)
    send_due()
    assert list(files_in(server.to("focal@state.example")[0])) == ["invitation-test-2023.pdf"]
    assert files_in(server.to("wu@province.example")[0]) == {}


def test_a_calendar_has_what_is_for_all_and_the_own_seats(conference, people, server):
    def session(title, **fields):
        return Session.objects.create(
            conference=conference,
            title_en=title,
            starts_at=NOW,
            ends_at=NOW + timedelta(hours=1),
            published_at=NOW,
            **fields,
        )

    seat = session("Green cities", takes_enrolments=True, capacity=5)
    campaign = with_files(conference, "agenda")
    without = dict(campaigning.recipients_of(campaign).lacking[:1])
    assert {each.name for each in next(iter(without.values()))} == {"Lopez", "Smith", "张伟"}
    Enrolment.objects.create(session=seat, delegate=people[0], state="seat", created_at=NOW)
    ((_file, names),) = campaigning.recipients_of(campaign).lacking
    assert {each.name for each in names} == {"Smith", "张伟"}
    session("Opening")
    assert campaigning.recipients_of(campaign).lacking == []
    begin(campaign)
    send_due()

    def titles(address):
        ((content_type, content),) = files_in(server.to(address)[0]).values()
        assert content_type == "text/calendar"
        return {str(each["summary"]) for each in Calendar.from_ical(content).walk("VEVENT")}

    assert titles("lopez@example.org") == {"Green cities", "Opening"}
    assert titles("zhang@example.org") == {"Opening"}


def test_files_for_everybody_arrive_whole_under_their_names_in_any_script(
    conference, people, server
):
    campaign = make_mailing(conference)
    sheet = office_file("xl/workbook.xml")
    for name, content in (("苏州 会场图.png", PNG), ("../../hotels.xlsx", sheet)):
        campaigning.attach(campaign=campaign, name=name, content=content, now=NOW)
    begin(campaign)
    send_due()
    for address in ("lopez@example.org", "smith@example.org", "zhang@example.org"):
        assert files_in(server.to(address)[0]) == {
            "苏州 会场图.png": ("image/png", PNG),
            "hotels.xlsx": (
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                sheet,
            ),
        }


def test_a_maker_that_fails_keeps_the_letter_back_and_says_why_until_it_succeeds(
    conference, people, server, monkeypatch
):
    begin(with_files(conference, "badge"))
    badge = attachments._makers["badge"]
    broken = attachments._Maker(make=lambda *_: 1 / 0, name=badge.name, has=badge.has)
    monkeypatch.setitem(attachments._makers, "badge", broken)
    assert send_due().ends == {"queued": 3}
    assert server.messages == []
    kind, rule, answer = steps_to("Lopez")[-1]
    assert (kind, rule) == ("retry_later", "attachment")
    assert answer == (
        "The attachment badge-test-2023.pdf could not be made: ZeroDivisionError: division by zero"
    )
    assert letter_to("Lopez").due_at > NOW
    monkeypatch.setitem(attachments._makers, "badge", badge)
    assert send_due(LATER).ends == {"sent": 3}
    assert list(files_in(server.to("lopez@example.org")[0])) == ["badge-test-2023.pdf"]


def test_a_maker_that_makes_nothing_has_failed(conference, people, server, monkeypatch):
    begin(with_files(conference, "badge", if_lacking="leave_out"))
    badge = attachments._makers["badge"]
    empty = attachments._Maker(make=lambda *_: b"", name=badge.name, has=badge.has)
    monkeypatch.setitem(attachments._makers, "badge", empty)
    assert send_due().ends == {"queued": 2}
    assert server.messages == []


@pytest.mark.parametrize("code", ["badge", "invitation-letter", "agenda"])
def test_a_letter_that_is_sent_again_is_the_same_with_the_same_file(
    conference, california, people, server, code
):
    send(make_letter(conference), give_focal_point(california))
    Message.objects.all().delete()
    Session.objects.create(
        conference=conference,
        title_en="Opening",
        starts_at=NOW,
        ends_at=NOW + timedelta(hours=1),
        published_at=NOW,
    )
    begin(with_files(conference, code))
    send_due()
    # As after a line that broke: nobody knows whether it was taken.
    Message.objects.filter(to_name="Lopez").update(
        state="queued", sent_at=None, is_doubtful=True, due_at=LATER
    )
    send_due(LATER)
    first, second = server.to("lopez@example.org")
    assert first["Message-ID"] == second["Message-ID"]
    assert files_in(first) == files_in(second)
    assert "resent" in [kind for kind, _rule, _answer in steps_to("Lopez")]


def test_a_mailing_that_has_begun_keeps_its_files(conference, people):
    campaign = with_files(conference, "badge")
    file = campaigning.attach(campaign=campaign, name="map.pdf", content=PDF, now=NOW)
    campaigning.start(campaign=campaign, now=NOW)
    stale = Campaign.objects.get(pk=campaign.pk)
    for change in (
        lambda: campaigning.write(campaign=stale, fields=["name"], codes=[], now=NOW),
        lambda: campaigning.attach(campaign=stale, name="b.png", content=PNG, now=NOW),
        lambda: campaigning.detach(campaign=stale, pk=file.pk, now=NOW),
    ):
        with pytest.raises(CampaignStepRefused):
            change()
    assert len(campaigning.chosen(campaign)) == 2


def test_what_was_typed_before_it_began_does_not_make_a_draft_of_it_again(conference, people):
    typed = make_mailing(conference)
    campaigning.start(campaign=Campaign.objects.get(pk=typed.pk), now=NOW)
    typed.name = "Other"
    with pytest.raises(CampaignStepRefused):
        campaigning.write(campaign=typed, fields=["name"], codes=[], now=NOW)
    assert Campaign.objects.values_list("state", "name").get() == ("sending", "News")


def test_the_same_file_twice_is_one_and_another_of_that_name_gets_a_number(conference):
    campaign = make_mailing(conference)
    for content in (PDF, PDF, PDF + b"%%EOF"):
        campaigning.attach(campaign=campaign, name="map.pdf", content=content, now=NOW)
    assert [each.file_name for each in campaigning.chosen(campaign)] == ["map.pdf", "map (2).pdf"]


def test_what_is_too_large_or_something_else_is_refused_by_name(conference):
    campaign = make_mailing(conference)

    def attach(content, name="plan.pdf"):
        campaigning.attach(campaign=campaign, name=name, content=content, now=NOW)

    with pytest.raises(
        FileTooLarge, match=r"“plan\.pdf” has 5\.1 MB\. A file may have 5 MB at most"
    ):
        attach(PDF + b"\0" * 5 * 1024 * 1024 + b"%%EOF")
    with pytest.raises(FileNotTaken, match=r"“plan\.pdf” is not taken"):
        attach(b"MZ\x90\0")
    with pytest.raises(FileNotTaken):
        attach(office_file("word/document.xml", "word/vbaProject.bin"), "macro.docx")
    attach(PDF + b"\0" * 4_700_000 + b"%%EOF")
    with pytest.raises(FilesTooLarge, match="more than 8 MB"):
        attach(PNG.replace(b"fill", b"f" * 4_000_000), "photo.png")
    assert len(campaigning.chosen(campaign)) == 1


def test_who_changed_the_files_is_kept(conference, organiser):
    campaign = make_mailing(conference)
    file = campaigning.attach(
        campaign=campaign, name="a.pdf", content=PDF, now=NOW, actor=organiser
    )
    campaigning.write(campaign=campaign, fields=["name"], codes=["badge"], now=NOW, actor=organiser)
    campaigning.detach(campaign=campaign, pk=file.pk, now=NOW, actor=organiser)
    assert campaigning.detach(campaign=campaign, pk=file.pk, now=NOW, actor=organiser) == ""
    told = AuditEntry.objects.order_by("pk").values_list("action", "actor")
    assert list(told) == [
        ("mailing.attach", organiser.pk),
        ("mailing.made_files", organiser.pk),
        ("mailing.detach", organiser.pk),
    ]


def test_the_database_knows_each_file_of_a_mailing_once_and_no_large_one(conference):
    campaign = with_files(conference, "badge")
    campaigning.attach(campaign=campaign, name="a.pdf", content=PDF, now=NOW)
    made, kept = campaigning.chosen(campaign)
    for fields in (
        {"maker": made.maker},
        {"content": PDF, "sha256": kept.sha256},
        {"content": PDF, "size": 5 * 1024 * 1024 + 1},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            MessageAttachment.objects.create(
                campaign=campaign, file_name="b", content_type="a/b", **fields
            )


def test_the_source_tells_of_files_by_their_headers_and_not_by_their_bytes(conference, people):
    campaign = with_files(conference, "badge")
    campaigning.attach(campaign=campaign, name="会场.pdf", content=PDF, now=NOW)
    begin(campaign)
    source = mailing.source_of(letter_to("Lopez"))
    mail = message_from_string(source, policy=policy.default)
    assert [part.get_filename() for part in mail.iter_attachments()] == [
        "badge-test-2023.pdf",
        "会场.pdf",
    ]
    assert f"[{len(PDF)} bytes]" in source
    assert len(source) < 6000


def test_a_copy_of_the_conference_has_no_mailings_and_no_files_and_the_original_keeps_its_own(
    conference, organiser, people
):
    campaign = with_files(conference, "badge")
    campaigning.attach(campaign=campaign, name="a.pdf", content=PDF, now=NOW)
    copy = cloning.clone_conference(
        source=conference,
        slug="copy",
        first_day=conference.first_day,
        actor=organiser,
        now=NOW,
    ).conference
    assert not MessageAttachment.objects.filter(campaign__conference=copy).exists()
    assert not Campaign.objects.filter(conference=copy).exists()
    assert len(campaigning.chosen(campaign)) == 2


def test_looking_through_an_audience_with_files_costs_the_same_for_few_and_for_many(
    conference, california, people, django_assert_max_num_queries
):
    campaign = with_files(conference, "badge", "invitation-letter", "agenda")
    with django_assert_max_num_queries(12) as few:
        campaigning.recipients_of(campaign)
    for number in range(30):
        make_person(california, f"Guest{number}")
    with django_assert_max_num_queries(len(few)):
        campaigning.recipients_of(campaign)
