"""Letters on a line to the mail server, and what its answers do to each of them."""

import pytest

from conference.models import Message
from conference.operations import mailing
from conference.operations.mailing import composing, looks
from config.broker import free_port
from tests.conference.conftest import NOW
from tests.conference.operations.sending.letters import SOON, kinds, send, states, write


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


def test_a_server_that_ends_a_line_is_called_again_at_once(suzhou, server):
    server.letters_per_line = 2
    for name in ("anna", "bo", "carla", "dong", "emil"):
        write(suzhou, name)
    assert send().ends == {"sent": 5}
    assert server.greetings == 3


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


def test_without_a_server_a_handful_waits_after_one_attempt(suzhou, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    letters = [write(suzhou, name, on_doubt="hold") for name in ("anna", "bo")]
    turn = send()
    assert (turn.sent, turn.unsent) == (0, 2)
    assert [kinds(letter) for letter in letters] == [["queued", "claimed", "retry_later"]] * 2
    assert "cannot be reached" in Message.objects.first().server_answer


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


def test_an_answer_with_letters_that_no_database_keeps_is_kept_without_them(suzhou, server):
    server.moods = {"anna@city.example": "550 no \0such user"}
    letter = write(suzhou, "anna")
    send()
    letter.refresh_from_db()
    assert (letter.state, letter.server_answer) == ("failed", "550 no such user")
    assert mailing.steps_of(letter)[-1].answer == "550 no such user"
