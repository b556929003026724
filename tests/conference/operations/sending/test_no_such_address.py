"""A mail server that says at once that the address does not exist: as good as a bounce."""

import pytest

from conference.models import AuditEntry, Message, Suppression
from conference.operations import mailing, suppressing
from tests.conference.conftest import NOW
from tests.conference.operations.sending.letters import SOON, kinds, send, states, write

ANNA = "anna@city.example"


@pytest.mark.parametrize(
    ("answer", "is_blocked"),
    [
        ("550 5.1.1 <anna@city.example> rejected", True),
        ("550 5.1.10 RESOLVER.ADR.RecipientNotFound", True),
        ("550 5.1.2 bad destination", True),
        ("551 5.1.6 moved, no forwarding address", True),
        ("550 5.2.1 mailbox disabled", True),
        ("550 No such user here", True),
        ("550 用户不存在", True),
        ("550 5.7.1 policy: no such user for you", False),
        ("552 5.2.2 mailbox full", False),
        ("550 5.1.8 bad sender", False),
        ("550 no", False),
        ("550 Requested action not taken: mailbox unavailable", False),
        ("550 blocked as spam, user unknown", False),
    ],
)
def test_what_the_server_says_of_a_recipient(suzhou, server, answer, is_blocked):
    server.moods = {ANNA: answer}
    write(suzhou, "anna")
    send()
    assert states() == {"Anna": "failed"}
    blocked = list(Suppression.objects.values_list("address", "reason", "evidence"))
    assert blocked == ([(ANNA, "hard_bounce", answer)] if is_blocked else [])


@pytest.mark.parametrize("refused", ["sender", "text"])
def test_the_refusal_of_a_sender_or_a_text_says_nothing_of_the_address(suzhou, server, refused):
    if refused == "sender":
        server.answer_to_senders = "550 5.1.1 no such user"
    else:
        server.moods = {ANNA: "refuse the text"}
    write(suzhou, "anna")
    send()
    assert states() == {"Anna": "failed"}
    assert not Suppression.objects.exists()


def test_an_address_that_is_gone_is_told_blocked_and_can_be_lifted(suzhou, server, organiser):
    server.moods = {ANNA: "550 5.1.1 no such user"}
    first = write(suzhou, "anna")
    send()
    last = mailing.steps_of(first)[-1]
    assert (last.kind, last.rule, last.answer) == (
        "refused",
        "no_such_address",
        "550 5.1.1 no such user",
    )
    block = Suppression.objects.get()
    assert (block.message, block.since) == (first, NOW)
    assert AuditEntry.objects.filter(action="mail.block").count() == 1

    second = write(suzhou, "anna", key="greeting:anna:2")
    send()
    assert kinds(second)[-1] == "suppressed"

    server.moods = {}
    suppressing.lift(suppression_id=block.pk, reason="It exists", actor=organiser, now=SOON)
    mailing.retry_all(letters=Message.objects.all(), now=SOON)
    assert send(SOON).ends == {"sent": 2}
