"""Sending over a real line: what the server says at each point, and what is known afterwards."""

from datetime import timedelta

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.core.management import call_command
from django.db import DatabaseError, transaction

from conference.errors import MessageNotInDoubt
from conference.models import Campaign, Message, MessageAttachment, MessageStep
from conference.operations import mailing
from conference.operations.mailing import Enclosure, Letter, claiming, composing, looks, pacing
from config.broker import free_port
from config.settings.services import mail as mail_settings
from tests.conference.conftest import NOW
from tests.support.mail import MailServer

SOON = NOW + timedelta(seconds=1)


def after_lease() -> object:
    return NOW + mailing.lease() + timedelta(seconds=1)


class MoodyServer(MailServer):
    """A mail server that answers some addresses as a test wants it to."""

    def __init__(self) -> None:
        super().__init__()
        self.greetings = 0
        self.moods: dict[str, str] = {}
        self.letters_per_line = 1000
        self.served = 0  # on the present line

    async def handle_EHLO(self, _server, session: Session, _envelope, hostname: str, responses):
        self.greetings += 1
        session.host_name = hostname
        self.served = 0
        return responses

    async def handle_RCPT(
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, _options
    ) -> str:
        if self.served >= self.letters_per_line:
            return "421 enough for one line"
        mood = self.moods.get(address, "")
        if mood[:1] in {"4", "5"}:
            return mood
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        mood = self.moods.get(envelope.rcpt_tos[0])
        if mood == "hang up before it is kept":
            server.transport.abort()
            return "250 never heard"
        answer = await super().handle_DATA(server, session, envelope)
        self.served += 1
        if mood == "hang up after it is kept":
            server.transport.abort()
        if mood == "refuse the text":
            self.messages.pop()
            return "554 we do not like the text"
        return answer


@pytest.fixture
def server(settings):
    server = MoodyServer()
    server.start()
    for name, value in mail_settings(server.url).items():
        setattr(settings, name, value)
    yield server
    server.stop()


@pytest.fixture
def mailing_of(suzhou):
    def make(**fields) -> Campaign:
        return Campaign.objects.create(
            conference=suzhou, **({"name": "Invitation", "state": "sending"} | fields)
        )

    return make


def write(conference, name: str, campaign=None, **changes) -> Message:
    fields = {
        "key": f"greeting:{name}",
        "purpose": "greeting",
        "to_email": f"{name}@city.example",
        "to_name": name.title(),
        "subject": f"Welcome {name}",
        "body_text": "Good morning",
    }
    return mailing.enqueue(
        conference=conference, campaign=campaign, letter=Letter(**(fields | changes)), now=NOW
    )


def send(now=NOW, **options) -> mailing.Turn:
    return mailing.send_due(worker="w1", clock=lambda: now, **options)


def kinds(message: Message) -> list[str]:
    return [step.kind for step in mailing.steps_of(message)]


def states() -> dict[str, str]:
    return dict(Message.objects.order_by("key").values_list("to_name", "state"))


def test_many_letters_leave_over_one_line_each_in_its_own_transaction(suzhou, server):
    for name in ("anna", "bo", "carla"):
        write(suzhou, name)
    turn = send()
    assert (turn.sent, turn.unsent, turn.is_unfinished) == (3, 0, False)
    assert server.greetings == 1
    assert sorted(server.recipients) == [
        "anna@city.example",
        "bo@city.example",
        "carla@city.example",
    ]


def test_each_step_of_a_letter_can_be_told_afterwards(suzhou, server):
    letter = write(suzhou, "anna")
    send(SOON)
    steps = mailing.steps_of(letter)
    assert [step.kind for step in steps] == ["queued", "claimed", "handed_over", "accepted"]
    assert [step.worker for step in steps] == ["", "w1", "w1", "w1"]
    assert (steps[-1].answer, steps[-1].at) == ("250 OK", SOON)
    assert all(mailing.words(step.rule) for step in steps)


@pytest.mark.parametrize("change", [{"answer": "251"}, {"kind": "accepted"}, {"at": SOON}])
def test_a_step_is_never_changed(suzhou, change):
    letter = write(suzhou, "anna")
    with pytest.raises(DatabaseError), transaction.atomic():
        MessageStep.objects.filter(message=letter).update(**change)
    with pytest.raises(TypeError):
        mailing.steps_of(letter)[0].save()


def test_a_refused_address_does_not_keep_the_others_back(suzhou, server):
    server.moods = {"anna@city.example": "550 no such user", "bo@city.example": "450 greylisted"}
    refused, later, _sent = (write(suzhou, name) for name in ("anna", "bo", "carla"))
    send()
    assert states() == {"Anna": "failed", "Bo": "queued", "Carla": "sent"}
    assert server.greetings == 1
    assert kinds(refused) == ["queued", "claimed", "refused"]
    later.refresh_from_db()
    assert kinds(later) == ["queued", "claimed", "retry_later"]
    assert (later.server_answer, later.due_at) == (
        "450 greylisted",
        NOW + mailing.retry_after(later),
    )


def test_a_text_refused_after_it_was_read_has_not_left_for_certain(suzhou, server):
    server.moods = {"anna@city.example": "refuse the text"}
    letter = write(suzhou, "anna", on_doubt="hold")
    send()
    letter.refresh_from_db()
    assert (letter.state, letter.handed_over_at) == ("failed", None)
    assert kinds(letter) == ["queued", "claimed", "handed_over", "refused"]


def test_a_server_that_ends_a_line_is_called_again_at_once(suzhou, server):
    server.letters_per_line = 2
    for name in ("anna", "bo", "carla", "dong", "emil"):
        write(suzhou, name)
    assert send().ends == {"sent": 5}
    assert server.greetings == 3


def test_without_a_server_a_handful_waits_after_one_attempt(suzhou, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    letters = [write(suzhou, name, on_doubt="hold") for name in ("anna", "bo")]
    turn = send()
    assert (turn.sent, turn.unsent) == (0, 2)
    assert [kinds(letter) for letter in letters] == [["queued", "claimed", "retry_later"]] * 2
    assert "cannot be reached" in Message.objects.first().server_answer


@pytest.mark.parametrize("when", ["hang up before it is kept", "hang up after it is kept"])
def test_a_line_that_breaks_in_the_middle_leaves_a_doubt_that_is_resent(suzhou, server, when):
    server.moods = {"anna@city.example": when}
    letter = write(suzhou, "anna")
    send()
    letter.refresh_from_db()
    assert (letter.state, letter.is_doubtful) == ("queued", True)
    server.moods = {}
    send(letter.due_at)
    assert kinds(letter) == [
        *("queued", "claimed", "handed_over", "uncertain"),
        *("claimed", "resent", "accepted"),
    ]
    assert {mail["Message-ID"] for mail in server.messages} == {letter.message_id}


def test_a_doubtful_letter_is_held_where_its_mailing_says_so(suzhou, server, mailing_of):
    server.moods = {"anna@city.example": "hang up after it is kept"}
    letter = write(suzhou, "anna", campaign=mailing_of(on_doubt="hold"))
    send()
    letter.refresh_from_db()
    assert (letter.state, letter.sent_at) == ("uncertain", None)
    assert send(NOW + timedelta(days=1)).ends == {}
    assert len(server.messages) == 1
    mailing.settle(message_id=letter.pk, now=SOON)
    letter.refresh_from_db()
    assert (letter.state, letter.sent_at) == ("sent", NOW)
    with pytest.raises(MessageNotInDoubt):
        mailing.settle(message_id=letter.pk, now=SOON)


def test_a_held_letter_that_a_person_sends_again_is_marked_as_a_repeat(suzhou, server, organiser):
    server.moods = {"anna@city.example": "hang up before it is kept"}
    letter = write(suzhou, "anna", on_doubt="hold")
    send()
    server.moods = {}
    mailing.retry(message_id=letter.pk, now=SOON, actor=organiser)
    send(SOON)
    assert kinds(letter)[-4:] == ["retried", "claimed", "resent", "accepted"]
    assert MessageStep.objects.get(kind="retried").actor == organiser


def test_a_worker_that_died_before_it_began_leaves_no_doubt(suzhou, server):
    letter = write(suzhou, "anna", on_doubt="hold")
    mailing.claim(message_id=letter.pk, worker="dead", now=NOW)
    assert send(NOW + timedelta(seconds=5)).ends == {}
    assert send(after_lease()).sent == 1
    assert kinds(letter) == ["queued", "claimed", "claimed", "handed_over", "accepted"]


@pytest.mark.parametrize("on_doubt", ["resend", "hold"])
def test_a_worker_that_died_in_the_middle_leaves_a_doubt(suzhou, server, on_doubt):
    letter = write(suzhou, "anna", on_doubt=on_doubt)
    claiming.begin(mailing.claim(message_id=letter.pk, worker="dead", now=NOW), now=NOW)
    assert mailing.hold_doubtful(now=SOON) == 0
    assert mailing.hold_doubtful(now=after_lease()) == (on_doubt == "hold")
    send(after_lease())
    letter.refresh_from_db()
    assert letter.state == {"hold": "uncertain", "resend": "sent"}[on_doubt]
    doubt = MessageStep.objects.get(message=letter, kind="uncertain")
    assert (doubt.worker, doubt.rule) == ("dead", f"doubt_{on_doubt}")
    assert ("resent" in kinds(letter)) is (on_doubt == "resend")


def test_a_late_worker_neither_sends_nor_writes(suzhou, server):
    letter = write(suzhou, "anna")
    late = mailing.claim(message_id=letter.pk, worker="late", now=NOW)
    send(after_lease())
    assert not claiming.begin(late, now=after_lease())
    assert not claiming.finish(late, now=NOW, kind="refused", rule="", state="failed")
    claiming.release([late], now=NOW)
    letter.refresh_from_db()
    assert (letter.state, len(server.messages)) == ("sent", 1)


@pytest.mark.parametrize("on_doubt", ["resend", "hold"])
def test_an_answer_that_comes_late_counts_all_the_same(suzhou, server, on_doubt):
    letter = write(suzhou, "anna", on_doubt=on_doubt)
    slept = mailing.claim(message_id=letter.pk, worker="slept", now=NOW)
    claiming.begin(slept, now=NOW)
    mailing.hold_doubtful(now=after_lease())
    quicker = mailing.claim(message_id=letter.pk, worker="quicker", now=after_lease())
    claiming.accept(slept, now=after_lease(), answer="250 OK")
    letter.refresh_from_db()
    assert (letter.state, letter.server_answer) == ("sent", "250 OK")
    assert mailing.steps_of(letter)[-1].rule == "late_word"
    assert (quicker is None) is (on_doubt == "hold")
    assert quicker is None or not claiming.begin(quicker, now=after_lease())


def test_an_answer_that_is_kept_already_is_not_kept_twice(suzhou):
    letter = write(suzhou, "anna")
    held = mailing.claim(message_id=letter.pk, worker="w1", now=NOW)
    claiming.begin(held, now=NOW)
    for _connection in range(2):
        claiming.accept(held, now=SOON, answer="250 OK")
    assert kinds(letter) == ["queued", "claimed", "handed_over", "accepted"]


@pytest.mark.parametrize("part", ["look", "header"])
def test_a_mistake_about_one_letter_does_not_keep_the_others_back(
    suzhou, server, part, monkeypatch, caplog
):
    def mistaken(message, *_now):
        if message.to_name == "Anna":
            raise KeyError("seat")
        return {} if part == "header" else None

    if part == "look":
        monkeypatch.setitem(looks._last_looks, "greeting", [mistaken])
    else:
        monkeypatch.setattr(composing, "_header_makers", [mistaken])
    for name in ("anna", "bo"):
        write(suzhou, name)
    send()
    assert states() == {"Anna": "queued", "Bo": "sent"}
    letter = Message.objects.get(to_name="Anna")
    assert mailing.steps_of(letter)[-1].rule == "mistake"
    assert (letter.server_answer, letter.due_at > NOW) == ("KeyError: 'seat'", True)
    assert "could not be sent" in caplog.text


@pytest.mark.parametrize("state", ["paused", "cancelled"])
def test_a_mailing_is_stopped_within_the_letter(suzhou, server, mailing_of, state):
    campaign = mailing_of()
    for name in ("anna", "bo", "carla"):
        write(suzhou, name, campaign=campaign)

    def clock():
        if server.messages:
            Campaign.objects.update(state=state)
        return NOW

    mailing.send_due(worker="w1", clock=clock)
    first, *rest = Message.objects.order_by("pk")
    assert (first.state, len(server.messages)) == ("sent", 1)
    assert {each.state for each in rest} == {{"paused": "queued"}.get(state, state)}
    assert "released" in kinds(rest[0]) or state == "cancelled"


def test_letters_behind_a_slow_server_are_given_back_before_their_lease_ends(suzhou, server):
    for name in ("anna", "bo", "carla"):
        write(suzhou, name)
    handfuls = mailing.lease() / 3
    ticks = iter(range(1000))
    turn = mailing.send_due(worker="w1", clock=lambda: NOW + handfuls / 4 * next(ticks))
    assert turn.ends == {"sent": 3}
    assert MessageStep.objects.filter(kind="released").exists()
    assert set(Message.objects.values_list("attempts", flat=True)) == {1}


def test_nothing_begins_after_the_lease_has_run_out(suzhou):
    letter = write(suzhou, "anna")
    held = mailing.claim(message_id=letter.pk, worker="slow", now=NOW)
    assert not claiming.begin(held, now=after_lease())


@pytest.mark.parametrize("state", ["paused", "scheduled"])
def test_letters_of_a_mailing_that_is_held_back_stay(suzhou, server, mailing_of, state):
    campaign = mailing_of()
    letter = write(suzhou, "anna", campaign=campaign)
    Campaign.objects.update(
        state=state, send_date=NOW.date(), send_time=NOW.time(), send_zone="UTC"
    )
    assert send().ends == {}
    assert mailing.claim(message_id=letter.pk, worker="w", now=NOW) is None
    Campaign.objects.update(state="sending")
    assert send().sent == 1


def test_the_rest_of_a_cancelled_mailing_does_not_leave(suzhou, server, mailing_of):
    letter = write(suzhou, "anna", campaign=mailing_of(state="cancelled"))
    send()
    letter.refresh_from_db()
    assert (letter.state, server.messages) == ("cancelled", [])
    assert mailing.steps_of(letter)[-1].rule == "mailing_cancelled"


def test_single_letters_leave_before_those_of_mailings(suzhou, server, mailing_of):
    campaign = mailing_of()
    for number in range(3):
        write(suzhou, f"guest{number}", campaign=campaign)
    write(suzhou, "anna")
    assert send(limit=2).is_unfinished
    assert server.recipients[0] == "anna@city.example"
    assert sorted(states().values()) == ["queued", "queued", "sent", "sent"]


def test_a_turn_ends_in_time_and_puts_the_rest_back(suzhou, server):
    for name in ("anna", "bo", "carla"):
        write(suzhou, name)
    ticks = iter(range(1000))
    turn = mailing.send_due(
        worker="w1",
        clock=lambda: NOW + timedelta(seconds=next(ticks)),
        within=timedelta(seconds=7),
    )
    assert turn.is_unfinished
    assert 0 < turn.sent < 3
    left = Message.objects.filter(state="queued")
    assert {(each.attempts, each.claimed_by) for each in left} == {(0, "")}
    assert kinds(left[0]) == ["queued", "claimed", "released"]


def test_as_many_workers_as_may_send_to_one_domain(suzhou, settings):
    settings.MAIL_DOMAIN_CONCURRENCY = 1
    write(suzhou, "anna")
    write(suzhou, "bo")
    write(suzhou, "carla", to_email="carla@Town.example")
    first = mailing.claim_handful(worker="w1", now=NOW, limit=1)
    second = mailing.claim_handful(worker="w2", now=NOW)
    assert [each.to_name for each in (*first, *second)] == ["Anna", "Carla"]
    assert [each.to_name for each in mailing.claim_handful(worker="w1", now=NOW)] == ["Bo"]
    assert len(mailing.claim_handful(worker="w3", now=after_lease())) == 3


def test_thousands_for_a_slow_domain_do_not_hide_the_letters_behind_them(
    suzhou, settings, monkeypatch
):
    settings.MAIL_DOMAIN_RATE = 1
    monkeypatch.setattr(pacing, "_LOOKED_AT", 2)
    for number in range(4):
        write(suzhou, f"guest{number}")
    write(suzhou, "emil", to_email="emil@town.example")
    taken = mailing.claim_handful(worker="w1", now=NOW)
    assert [each.to_name for each in taken] == ["Guest0", "Emil"]


def test_so_many_letters_a_minute_leave_for_one_domain(suzhou, settings):
    settings.MAIL_DOMAIN_RATE = 2
    for name in ("anna", "bo", "carla", "dong"):
        write(suzhou, name)
    write(suzhou, "emil", to_email="emil@town.example")
    first = mailing.claim_handful(worker="w1", now=NOW)
    assert [each.to_name for each in first] == ["Anna", "Bo", "Emil"]
    assert mailing.claim_handful(worker="w2", now=NOW + timedelta(seconds=20)) == []
    assert (
        mailing.claim(message_id=Message.objects.get(to_name="Dong").pk, worker="w", now=NOW)
        is None
    )
    later = mailing.claim_handful(worker="w2", now=NOW + timedelta(seconds=31))
    assert [each.to_name for each in later] == ["Carla"]


def test_attachments_travel_with_the_letter_and_with_the_whole_mailing(suzhou, server, mailing_of):
    campaign = mailing_of()
    MessageAttachment.objects.create(
        campaign=campaign, file_name="map.txt", content_type="text/plain", content=b"map"
    )
    mailing.make_attachments(
        maker="test_pass", make=lambda _message, about: f"for {about}".encode()
    )
    write(
        suzhou,
        "anna",
        campaign=campaign,
        recipient="delegate:12",
        enclosures=(
            Enclosure(file_name="a.pdf", content_type="application/pdf", content=b"%PDF"),
            Enclosure(file_name="b.bin", content_type="application/x-b", maker="test_pass"),
        ),
    )
    send()
    parts = {
        part.get_filename(): part.get_content() for part in server.messages[0].iter_attachments()
    }
    assert parts == {"map.txt": "map", "a.pdf": b"%PDF", "b.bin": b"for delegate:12"}


def test_a_letter_whose_attachment_cannot_be_made_fails_alone_and_says_so(suzhou, server):
    write(
        suzhou,
        "anna",
        enclosures=(Enclosure(file_name="c.pdf", content_type="a/b", maker="nobody"),),
    )
    write(suzhou, "bo")
    send()
    assert states() == {"Anna": "failed", "Bo": "sent"}
    failed = Message.objects.get(to_name="Anna")
    assert failed.server_answer == "The attachment c.pdf could not be made."


def test_failed_letters_are_retried_together_and_others_left_alone(suzhou, server):
    server.moods = {f"{name}@city.example": "550 no" for name in ("anna", "bo")}
    server.moods["carla@city.example"] = "hang up after it is kept"
    for name in ("anna", "bo"):
        write(suzhou, name)
    write(suzhou, "carla", on_doubt="hold")
    send()
    server.moods = {}
    assert mailing.retry_all(letters=Message.objects.all(), now=SOON) == 2
    send(SOON)
    assert states() == {"Anna": "sent", "Bo": "sent", "Carla": "uncertain"}


def test_the_command_sends_until_nothing_is_left(suzhou, server, capsys):
    for name in ("anna", "bo", "carla"):
        write(suzhou, name)
    call_command("send_due", limit=2)
    call_command("send_due", limit=2, until_empty=True)
    assert capsys.readouterr().out.splitlines() == [
        "0 reminders queued, 0 missed; 2 mails sent, 0 not, 0 held for a person.",
        "0 reminders queued, 0 missed; 1 mails sent, 0 not, 0 held for a person.",
    ]
