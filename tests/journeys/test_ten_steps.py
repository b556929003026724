"""From the edition's page to the light at the door: the whole conference, as people walk it.

Web server, worker, beat, broker, mail server and browsers are the real ones. Only the clock is
helped along: instead of waiting for tomorrow, the test moves a session to begin soon.
"""

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db.models import F
from django.utils import timezone
from playwright.sync_api import expect

from conference.models import Conference, Language, Message
from delegates.documents import badge_code, badge_keys
from delegates.models import Accreditation, Badge, Delegate, Delegation, Invitation
from demo.loading.editions import SLUG
from sessions.models import Enrolment, ReminderHabits, Session
from tests.journeys import delegate, focal_point, gate
from tests.journeys.organiser import Organiser
from tests.journeys.printed import Printed
from tests.journeys.story import PHONE, Story, speak

SAMPLE = Path(settings.BASE_DIR) / "demo" / "data" / "delegation_sample.xlsx"
HEAD = {
    "role": "head",
    "given_name": "Yunhe",
    "family_name": "Lan",
    "native_name": "蓝云鹤",
    "title_en": "Vice Mayor of Taiyuan",
    "title_zh": "太原市副市长",
    "email": "lan.yunhe@shanxi.example",
    "language": "zh-hans",
}
DEPUTY = {"given_name": "Qingyu", "family_name": "Mu", "native_name": "穆清雨"}
DEPUTYS_TITLE = {"title_zh": "山西省外事办公室处长", "email": "mu.qingyu@shanxi.example"}
INTERPRETER = {
    "role": "interpreter",
    "given_name": "Ruoxi",
    "family_name": "Ouyang",
    "native_name": "欧阳若溪",
    "title_zh": "翻译",
    "email": "ouyang.ruoxi@shanxi.example",
}
HOME = "America/Los_Angeles"
SOON = timedelta(seconds=4)
SWEEPS = timedelta(seconds=15)

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]


def test_from_the_invitation_to_the_door(
    story: Story, rehearsal: Conference, browser_type, tmp_path: Path
) -> None:
    washington = _delegation(rehearsal, "Washington")
    shanxi = _delegation(rehearsal, "Shanxi")
    lakes = Session.objects.get(conference=rehearsal, title_en__endswith="rivers and lakes in town")
    visit = Session.objects.get(conference=rehearsal, kind=Session.Kind.FIELD_VISIT)
    organiser = Organiser(story, rehearsal.slug)

    with story.step("1. Everybody can read of the edition, in both languages"):
        public = story.person("visitor", PHONE, locale="en-US")
        public.goto(f"{story.address}/conferences/{SLUG}/")
        expect(public.locator("main")).to_contain_text("Build Green Cities for the People")
        speak(public, "zh-hans")
        expect(public.locator("main")).to_contain_text(Conference.objects.get(slug=SLUG).theme_zh)

    with story.step("2. The organiser signs in and sees how far the delegations are"):
        organiser.sign_in()
        expect(organiser.page.get_by_role("heading", name="How far")).to_be_visible()
        expect(organiser.page.get_by_role("heading", name="What needs a hand")).to_be_visible()
        expect(organiser.page.locator("main")).to_contain_text("Washington")

    with story.step("3. Washington's list is loaded; loading it again doubles nobody"):
        organiser.load_list(SAMPLE, washington)
        expect(organiser.rows()).to_have_count(6)
        expect(organiser.rows().filter(has_text="PEMBERTON")).to_have_count(1)
        assert washington.delegates.count() == 0  # a preview writes nothing
        organiser.apply_list()
        loaded = sorted(washington.delegates.values_list("family_name", flat=True))
        assert len(loaded) == 5  # the sixth has no name yet: it waits for a hand
        organiser.load_list(SAMPLE, washington)
        organiser.apply_list()
        assert sorted(washington.delegates.values_list("family_name", flat=True)) == loaded

    with story.step("4. The organiser writes the letter, previews it and sends it"):
        preview = organiser.write_letter(
            subject_en="{delegation}: come to {city}",
            subject_zh="诚邀{delegation}代表团来{city}",
            sample=shanxi,
        )
        expect(preview).to_contain_text("Shanxi: come to Suzhou")
        expect(preview).to_contain_text("诚邀山西省代表团来苏州")
        chosen = Delegation.objects.in_bulk(organiser.choose_recipients())
        assert {washington.pk, shanxi.pk} < set(chosen)
        organiser.send_letter(len(chosen))
        for recipient in chosen.values():
            (letter,) = story.mail.wait_for(recipient.focal_email)
            row = Message.objects.get(
                conference=rehearsal,
                campaign__name="Second invitation",
                to_email=letter["To"].addresses[0].addr_spec,
            )
            chinese = recipient.focal_language == Language.CHINESE
            assert ("诚邀" in letter["Subject"], "come to" in letter["Subject"]) == (
                chinese,
                not chinese,
            )
            assert letter["Message-ID"] == row.message_id
            assert (row.state, row.created_at <= row.sent_at) == (Message.State.SENT, True)
        assert Counter(story.mail.recipients) == Counter(
            recipient.focal_email for recipient in chosen.values()
        )

    with story.step("5. The focal point opens the link, accepts, names the head and the members"):
        (letter,) = story.mail.to(shanxi.focal_email)
        link = focal_point.link_in(letter, "/delegation/link/")
        before = Invitation.objects.filter(delegation=shanxi).values().get()
        focal_point.open_as_a_mail_scanner(link)
        assert Invitation.objects.filter(delegation=shanxi).values().get() == before
        focal = focal_point.FocalPoint(story, link)
        focal.open_letter()
        focal.read_in_english_and_back()
        focal.accept("我们很高兴参加。")
        expect(focal.missing()).to_have_count(1)  # nobody is on the list
        focal.name_person(**HEAD)
        expect(focal.missing()).to_have_count(0)
        focal.name_person(**DEPUTY)
        focal.name_person(**INTERPRETER)
        expect(focal.missing()).to_have_count(1)  # the deputy's title
        focal.complete_person(**DEPUTYS_TITLE)
        expect(focal.missing()).to_have_count(0)
        focal.submit()
        assert Invitation.objects.get(delegation=shanxi).state == Invitation.State.ACCEPTED

    with story.step("6. The organiser accredits them; each has a badge on paper and on the phone"):
        organiser.accredit(shanxi, 3)
        head, deputy, _interpreter = Delegate.objects.filter(delegation=shanxi).order_by("pk")
        assert head.accreditation.state == Accreditation.State.APPROVED
        badges = Printed(organiser.badges(shanxi), tmp_path)
        organiser.send_badge(head)
        (letter,) = story.mail.wait_for(head.email)
        phone = delegate.DelegatesPhone(story, focal_point.link_in(letter, "/me/link/"))
        phone.open_pass()
        expect(phone.page.locator("#pass-name")).to_contain_text(head.native_name)
        expect(phone.page.locator("#pass-name")).to_contain_text("Yunhe Lan")
        code_on_phone = phone.picture_of_code()

    with story.step("7. The delegate sees the days, takes a seat and subscribes to the calendar"):
        phone.open_agenda()
        for kind in (Session.Kind.PLENARY, Session.Kind.SIDE_EVENT, Session.Kind.FIELD_VISIT):
            session = Session.objects.filter(conference=rehearsal, kind=kind).first()
            assert session is not None
            expect(phone.entry(session)).to_contain_text(_clock(session, rehearsal.zone))
        phone.show_home_time(HOME)
        expect(phone.entry(lakes)).to_contain_text(_clock(lakes, ZoneInfo(HOME)))
        taken = lakes.seats_taken
        phone.take_seat(lakes)
        phone.take_seat(visit)
        lakes.refresh_from_db()
        assert (lakes.seats_taken, lakes.capacity) == (taken + 1, 20)
        seat = Enrolment.objects.get(session=lakes, delegate=head)
        assert seat.state == Enrolment.State.SEAT
        organiser.cancel(visit, "The park is flooded.")
        address = phone.subscribe()

    with story.step("8. Beat reminds of the session in time and once; of the cancelled one not"):
        due = _begin_soon(lakes, visit)
        events = {event["UID"]: event for event in delegate.read_calendar(address).events}
        assert events[str(lakes.uid)].start == lakes.starts_at
        assert events[str(visit.uid)]["STATUS"] == "CANCELLED"
        subjects = [str(mail["Subject"]) for mail in story.mail.wait_for(head.email, count=3)]
        assert len(subjects) == 3, subjects  # badge, cancellation, reminder
        assert sum(visit.title_zh in subject for subject in subjects) == 1
        assert sum(lakes.title_zh in subject for subject in subjects) == 1
        reminder = Message.objects.get(
            reminders__thing=f"session:{lakes.pk}", recipient=f"delegate:{head.pk}"
        )
        assert lakes.title_zh in reminder.subject
        assert _clock(lakes, rehearsal.zone) in reminder.body_text
        assert due <= reminder.created_at <= due + SWEEPS
        assert not Message.objects.filter(reminders__thing=f"session:{visit.pk}").exists()

    film = tmp_path / "badge.y4m"
    gate.film(phone.page, code_on_phone, film)
    with gate.phone_with_camera(browser_type, film) as guard:
        entrance = rehearsal.gates.get(name_en="Main entrance")
        with story.step("9. Gate staff take a gate"):
            guard.join(story)
            guard.choose_gate(entrance.name_zh)
            (code,) = guard.read_picture(code_on_phone)
            _expect_cp1(code, rehearsal, head)
            if badges.can_be_read():
                pages = badges.pages()
                assert len(pages) == 3
                (own,) = (page for page in pages if head.native_name in page)
                assert "YunheLan" in own
                assert guard.read_picture(badges.picture(pages.index(own) + 1)) == [code]
        with story.step("10. A scan lets the delegate in, and the overview shows it at once"):
            organiser.watch_arrivals(head.native_name)
            guard.scan_with_camera()
            guard.expect_light("green")
            assert head.native_name in guard.fact("native")
            assert shanxi.name_zh in guard.fact("delegation")
            seconds = organiser.saw_arrive_at() - guard.saw_green_at()
            assert seconds < 3, f"{seconds:.1f} s from the scan to the overview"
            print(f"         {seconds:.1f} s from the light at the door to the overview")
            guard.expect_no_light(1)  # the badge is still held up: that is no second scan
            guard.stop_camera()
        with story.step("9. A second scan says when and where; others are found by name"):
            guard.type_code(code)
            guard.expect_light("amber")
            came = head.presences.get(zone__is_arrival=True)
            since = datetime.fromtimestamp(came.in_ms / 1000, rehearsal.zone)
            assert f"{since:%H:%M}" in guard.fact("reason")
            assert entrance.name_zh in guard.fact("reason")
            guard.next()
            guard.find(deputy.native_name)
            guard.expect_light("green")
            assert deputy.native_name in guard.fact("native")

    # Beat has looked many times since: whoever was reminded was not reminded again.
    assert len(story.mail.to(head.email)) == 3


def _delegation(conference: Conference, name: str) -> Delegation:
    return Delegation.objects.get(conference=conference, name_en=name)


def _clock(session: Session, zone: ZoneInfo) -> str:
    return f"{session.starts_at.astimezone(zone):%H:%M}"


def _begin_soon(session: Session, cancelled: Session) -> datetime:
    """Move both so that their reminders fall due in a moment; return when that is."""
    # Whatever the hour at which this runs.
    ReminderHabits.objects.update(quiet_until=F("quiet_from"))
    due = (timezone.now() + SOON).replace(microsecond=0)
    for each, minutes in ((session, 60), (cancelled, 180)):
        length = each.ends_at - each.starts_at
        each.starts_at = due + timedelta(minutes=minutes)
        each.ends_at = each.starts_at + length
        each.remind_minutes_before = minutes
        each.save(update_fields=["starts_at", "ends_at", "remind_minutes_before"])
    return due


def _expect_cp1(code: str, conference: Conference, person: Delegate) -> None:
    """The code is a signed badge of this conference and of nobody else."""
    keys = badge_keys.load_public_keys(conference.signing_keys.values_list("key_id", "point"))
    reading = badge_code.read(code, conference=conference.pk, keys=keys)
    assert (reading.read, reading.signature) == (badge_code.Read.OK, badge_code.Signature.VALID)
    assert reading.lookup == Badge.objects.get(delegate=person, revoked_at=None).lookup
