import pytest
import time_machine
from django.urls import reverse

from conference.models import Campaign, LetterReading, Message, MessageStep
from conference.operations import campaigning, mailing
from delegates.models import PersonalLink
from delegates.operations import badging, linking
from sessions.operations import enrolling, notifying
from tests.sessions import cast

pytestmark = pytest.mark.usefixtures("travelled")


@pytest.fixture
def travelled():
    with time_machine.travel(cast.NOW, tick=False):
        yield


@pytest.fixture
def write(conference, alice):
    """Writes a letter to Alice, which is in the state that is asked for."""

    def _write(subject="Your hotel", *, state="sent", whose=alice, **fields):
        return Message.objects.create(
            **{
                "conference": conference,
                "key": f"greeting:{subject}",
                "purpose": "greeting",
                "recipient": f"delegate:{whose.pk}",
                "to_email": "alice.ames@example.org",
                "subject": subject,
                "body_text": "It is by the lake.",
                "due_at": cast.NOW,
                "sent_at": cast.NOW if state == "sent" else None,
                "lease_until": cast.NOW if state == "claimed" else None,
                "state": state,
                **fields,
            }
        )

    return _write


def listed(phone):
    return [letter.subject for letter in phone.get(reverse("programme:inbox")).context["page"]]


def test_the_inbox_shows_the_newest_letter_first(phone, write):
    write("Older", sent_at=cast.venue_time(9, day=1))
    write("Newest", sent_at=cast.venue_time(9, 30, day=1))
    assert listed(phone) == ["Newest", "Older"]


def test_nobody_finds_a_letter_to_somebody_else(phone, write, bo):
    other = write("For Bo", whose=bo)
    for_all = write("For the delegation", recipient="delegation:1")
    assert listed(phone) == []
    for letter in (other, for_all):
        assert phone.get(reverse("programme:inbox_letter", args=[letter.pk])).status_code == 404
        assert phone.post(reverse("programme:inbox_read", args=[letter.pk])).status_code == 404
    assert not LetterReading.objects.exists()


@pytest.mark.parametrize("state", ["sent", "failed", "uncertain", "claimed", "queued"])
def test_a_letter_is_there_whatever_became_of_it_by_mail(phone, write, state):
    write(state=state)
    assert listed(phone) == ["Your hotel"]


@pytest.mark.parametrize("state", ["cancelled", "missed"])
def test_a_letter_whose_occasion_was_gone_is_not_there(phone, write, state):
    write(state=state)
    assert listed(phone) == []


def test_a_letter_to_a_blocked_address_is_there_and_says_so(phone, write):
    letter = write(state="cancelled")
    mailing.record_step(message_id=letter.pk, kind=MessageStep.Kind.SUPPRESSED, at=cast.NOW)
    assert listed(phone) == ["Your hotel"]
    assert "not delivered by mail" in phone.get(reverse("programme:inbox")).content.decode()


def test_a_letter_that_came_back_is_there_and_says_so(phone, write):
    letter = write()
    mailing.record_step(message_id=letter.pk, kind=MessageStep.Kind.BOUNCED, at=cast.NOW)
    page = phone.get(reverse("programme:inbox_letter", args=[letter.pk])).content.decode()
    assert "This letter was not delivered to alice.ames@example.org" in page


def test_a_letter_is_there_from_its_time_on(phone, write):
    write("Tomorrow", state="queued", due_at=cast.venue_time(9, day=2))
    write("Tried before", state="queued", due_at=cast.venue_time(9, day=2), attempts=1)
    assert listed(phone) == ["Tried before"]


@pytest.mark.parametrize(("state", "shown"), [("sending", 1), ("paused", 0), ("cancelled", 0)])
def test_a_letter_of_a_mailing_that_is_held_back_is_not_there(
    phone, write, conference, state, shown
):
    campaign = Campaign.objects.create(conference=conference, name="Hotels", state=state)
    write(state="queued", campaign=campaign)
    assert len(listed(phone)) == shown


def test_looking_reads_nothing_and_a_press_reads_one(phone, write):
    letter = write()
    write("Another")
    page = phone.get(reverse("programme:inbox_letter", args=[letter.pk])).content.decode()
    assert "Mark as read" in page
    assert not LetterReading.objects.exists()
    assert phone.get("/me/").context["unread"] == 2
    phone.post(reverse("programme:inbox_read", args=[letter.pk]))
    assert phone.get("/me/").context["unread"] == 1
    assert "1 unread" in phone.get("/me/").content.decode()
    first = LetterReading.objects.get().read_at
    with time_machine.travel(cast.venue_time(10), tick=False):
        phone.post(reverse("programme:inbox_read", args=[letter.pk]))
    assert LetterReading.objects.get().read_at == first


def test_all_are_marked_as_read_at_once(phone, write, bo):
    write("One")
    write("Two")
    write("For Bo", whose=bo)
    phone.post(reverse("programme:inbox_read_all"))
    assert phone.get("/me/").context["unread"] == 0
    assert LetterReading.objects.count() == 2


def test_text_is_shown_as_text_and_addresses_as_links(phone, write):
    letter = write(body_text="See <b>this</b>:\nhttps://example.org/lake.\n\n<script>1</script>")
    page = phone.get(reverse("programme:inbox_letter", args=[letter.pk])).content.decode()
    assert (
        '<p>See &lt;b&gt;this&lt;/b&gt;:<br><a href="https://example.org/lake">'
        "https://example.org/lake</a>.</p>" in page
    )
    assert "<script>1" not in page


def test_ones_own_key_is_no_key_any_more_and_that_of_others_opens_nothing(phone, write, alice, bo):
    def link(whose, purpose=PersonalLink.Purpose.DELEGATE):
        return linking.create_link(purpose=purpose, delegate=whose, now=cast.NOW)

    own, others = link(alice), link(bo)
    calendar = link(alice, PersonalLink.Purpose.CALENDAR)
    letter = write(body_text=f"{own.url}\n\n{others.url}\n\n{calendar.url}")
    page = phone.get(reverse("programme:inbox_letter", args=[letter.pk])).content.decode()
    assert '<p><a href="/me/">Your own pages</a></p>' in page
    assert own.token not in page
    assert others.token not in page
    assert f'<a href="{calendar.url}">' in page
    assert f">{calendar.url}" not in page


def test_what_came_with_a_letter_can_be_taken(phone, write, bo):
    letter, foreign = write(), write("For Bo", whose=bo)
    file = letter.attachments.create(
        file_name="计划.txt", content_type="text/plain", content=b"plan"
    )
    unmade = letter.attachments.create(file_name="b.pdf", content_type="x/y", maker="nobody")
    assert "计划.txt" in phone.get(reverse("programme:inbox_letter", args=[letter.pk])).text
    answer = phone.get(reverse("programme:inbox_file", args=[letter.pk, file.pk]))
    assert answer.content == b"plan"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert phone.get(reverse("programme:inbox_file", args=[foreign.pk, file.pk])).status_code == 404
    answer = phone.get(reverse("programme:inbox_file", args=[letter.pk, unmade.pk]), follow=True)
    assert "b.pdf" in answer.text


def test_of_a_mailings_files_those_are_there_that_the_delegate_has(
    phone, write, conference, session, alice
):
    campaign = Campaign.objects.create(conference=conference, name="Badges", audience="people")
    campaigning.write(campaign=campaign, fields=["name"], codes=["badge", "agenda"], now=cast.NOW)
    enrolling.take_seat(session_id=session.pk, delegate_id=alice.pk, now=cast.NOW)
    letter = write(campaign=campaign)

    def shown():
        page = phone.get(reverse("programme:inbox_letter", args=[letter.pk]))
        return [each.name for each in page.context["attachments"]]

    assert shown() == [f"agenda-{conference.slug}.ics"]
    badging.issue_badge(delegate=alice, now=cast.NOW)
    assert shown() == [f"agenda-{conference.slug}.ics", f"badge-{conference.slug}.pdf"]


def test_who_has_no_address_finds_the_change_of_a_session(phone, session, alice):
    alice.email = ""
    alice.save()
    enrolling.take_seat(session_id=session.pk, delegate_id=alice.pk, now=cast.NOW)
    assert notifying.tell_moved(session=session, now=cast.NOW) == 0
    letter = Message.objects.get()
    assert letter.state == "inbox"
    assert [step.rule for step in letter.steps.all()] == ["no_address"]
    assert listed(phone) == [letter.subject]
    page = phone.get(reverse("programme:inbox_letter", args=[letter.pk])).content.decode()
    assert "No e-mail address of yours is known" in page


def test_a_letter_without_address_that_is_sent_again_says_why_it_is_not(write, mailoutbox):
    letter = write(state="inbox", to_email="")
    mailing.retry(message_id=letter.pk, now=cast.NOW)
    assert mailing.deliver(message_id=letter.pk, worker="w", now=cast.NOW) == "inbox"
    assert mailoutbox == []
    assert letter.steps.last().rule == "no_address"


def test_one_letter_and_three_need_the_same_questions(
    phone, write, django_assert_num_queries, django_assert_max_num_queries
):
    write()
    with django_assert_max_num_queries(12) as asked:
        phone.get(reverse("programme:inbox"))
    write("Two")
    write("Three")
    with django_assert_num_queries(len(asked)):
        phone.get(reverse("programme:inbox"))


def test_the_inbox_speaks_chinese(phone, write, alice):
    alice.language = "zh-hans"
    alice.save()
    write()
    page = phone.get(reverse("programme:inbox")).content.decode()
    assert "收件箱" in page
