"""Blocked addresses: which letters they stop, seen in the last moment, and how a block ends."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.core import mail
from django.db import IntegrityError, transaction

from conference.errors import AddressNotValid, ReasonMissing
from conference.models import AuditEntry, Campaign, Message, MessageStep, Suppression
from conference.operations import mailing, suppressing
from conference.operations.suppressing import Reason, suppressed
from tests.conference.conftest import NOW


def block(suzhou, address="mayor@example.org", reason=Reason.HARD_BOUNCE, **fields):
    return suppressing.suppress(
        conference=suzhou, address=address, reason=reason, now=NOW, evidence="550 no", **fields
    )


def sent_to(suzhou, address, *, optional=False, campaign=None) -> Message:
    letter = mailing.Letter(
        key=f"letter:{address}:{optional}:{campaign}",
        purpose="greeting",
        to_email=address,
        subject="Welcome",
        body_text="Good morning",
        optional=optional,
    )
    message = mailing.enqueue(conference=suzhou, letter=letter, now=NOW, campaign=campaign)
    mailing.deliver(message_id=message.pk, worker="w", now=NOW)
    message.refresh_from_db()
    return message


@pytest.fixture
def campaign(suzhou) -> Campaign:
    return Campaign.objects.create(conference=suzhou, name="All", state=Campaign.State.SENDING)


def test_an_address_is_blocked_however_it_is_written(suzhou):
    block(suzhou, "Mayor@Example.ORG")
    assert suppressed(["MAYOR@example.org", "other@example.org"], conference=suzhou) == {
        "MAYOR@example.org": Reason.HARD_BOUNCE
    }


def test_a_domain_in_any_script_is_one_address(suzhou):
    block(suzhou, "Mayor@Bücher.example")
    forms = ["mayor@BÜCHER.example", "mayor@xn--bcher-kva.example", "mayor@bucher.example"]
    assert set(suppressed(forms, conference=suzhou)) == set(forms[:2])
    assert block(suzhou, "mayor@xn--bcher-kva.example").address == "mayor@xn--bcher-kva.example"
    assert Suppression.objects.count() == 1


def test_addresses_blocked_before_are_converted_and_the_longer_block_stays(suzhou, tacoma):
    later = {"evidence": "later", "since": NOW}
    first = {"evidence": "first", "since": NOW - timedelta(days=9)}
    for conference, reason, known, fresh in (
        (suzhou, Reason.HARD_BOUNCE, later, first),
        (suzhou, Reason.COMPLAINT, first, later),
        (tacoma, Reason.HARD_BOUNCE, None, first),
    ):
        rows = {"conference": conference, "reason": reason}
        if known:
            Suppression.objects.create(address="a@xn--bcher-kva.example", **rows, **known)
        Suppression.objects.create(address="a@bücher.example", **rows, **fresh)
    plain = block(suzhou)
    migration = import_module("conference.migrations.0022_blocked_domains_in_one_form")
    for _again in range(2):
        migration.convert(apps, None)
    found = Suppression.objects.exclude(pk=plain.pk)
    assert set(found.values_list("address", flat=True)) == {"a@xn--bcher-kva.example"}
    assert sorted(found.values_list("conference", "reason", "evidence")) == sorted(
        [
            (suzhou.pk, "hard_bounce", "first"),
            (suzhou.pk, "complaint", "first"),
            (tacoma.pk, "hard_bounce", "first"),
        ]
    )


def test_blocking_twice_keeps_the_first(suzhou):
    first = block(suzhou)
    assert block(suzhou, "MAYOR@example.org") == first
    assert Suppression.objects.count() == 1
    assert AuditEntry.objects.filter(action="mail.block").count() == 1


def test_the_database_keeps_small_letters_and_each_reason_once(suzhou):
    block(suzhou)
    for address in ("mayor@example.org", "Mayor@example.org"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Suppression.objects.create(
                conference=suzhou, address=address, reason=Reason.HARD_BOUNCE, since=NOW
            )


def test_a_block_holds_in_its_own_conference_only(suzhou, tacoma):
    block(suzhou)
    assert suppressed(["mayor@example.org"], conference=tacoma) == {}


def test_the_gravest_reason_is_named(suzhou):
    for reason in (Reason.UNSUBSCRIBED, Reason.HARD_BOUNCE, Reason.COMPLAINT):
        block(suzhou, reason=reason)
    assert suppressed(["mayor@example.org"], conference=suzhou) == {
        "mayor@example.org": Reason.HARD_BOUNCE
    }


def test_thousands_are_asked_in_a_few_questions(suzhou, django_assert_num_queries):
    block(suzhou, "p0700@example.org")
    with django_assert_num_queries(3):
        found = suppressed([f"p{n:04}@example.org" for n in range(1400)], conference=suzhou)
    assert list(found) == ["p0700@example.org"]


@pytest.mark.parametrize(
    ("reason", "stops"),
    [
        # badge or sign-in, letter of a mailing, optional letter
        (Reason.HARD_BOUNCE, (True, True, True)),
        (Reason.BY_HAND, (True, True, True)),
        (Reason.COMPLAINT, (False, True, True)),
        (Reason.UNSUBSCRIBED, (False, False, True)),
    ],
)
def test_what_each_reason_stops(suzhou, campaign, reason, stops):
    block(suzhou, reason=reason)
    letters = (
        sent_to(suzhou, "mayor@example.org"),
        sent_to(suzhou, "mayor@example.org", campaign=campaign),
        sent_to(suzhou, "mayor@example.org", optional=True),
    )
    assert tuple(letter.state != Message.State.SENT for letter in letters) == stops
    assert len(mail.outbox) == stops.count(False)


def test_the_page_of_the_letter_can_say_why_it_did_not_leave(suzhou):
    block(suzhou)
    letter = sent_to(suzhou, "Mayor@example.org")
    last = mailing.steps_of(letter)[-1]
    assert (letter.state, last.kind) == (Message.State.FAILED, MessageStep.Kind.SUPPRESSED)
    assert mailing.words(last.rule).startswith("An earlier letter to this address came back")


def test_what_the_recipient_did_not_want_is_no_failure(suzhou):
    block(suzhou, reason=Reason.UNSUBSCRIBED)
    letter = sent_to(suzhou, "mayor@example.org", optional=True)
    assert letter.state == Message.State.CANCELLED


def test_a_lifted_block_stops_nothing_and_is_kept_in_the_history(suzhou, organiser):
    row = block(suzhou)
    suppressing.lift(
        suppression_id=row.pk, reason="She has a new mailbox", actor=organiser, now=NOW
    )
    assert sent_to(suzhou, "mayor@example.org").state == Message.State.SENT
    entry = AuditEntry.objects.get(action="mail.unblock")
    assert (entry.reason, entry.before["address"]) == ("She has a new mailbox", "mayor@example.org")


def test_a_block_is_not_lifted_without_a_reason(suzhou, organiser):
    row = block(suzhou)
    with pytest.raises(ReasonMissing):
        suppressing.lift(suppression_id=row.pk, reason="  ", actor=organiser, now=NOW)
    assert Suppression.objects.count() == 1


def test_lifting_twice_is_harmless(suzhou, organiser):
    row = block(suzhou)
    for _twice in range(2):
        suppressing.lift(suppression_id=row.pk, reason="Moved", actor=organiser, now=NOW)
    assert AuditEntry.objects.filter(action="mail.unblock").count() == 1


def test_by_hand_needs_an_address_and_a_reason(suzhou, organiser):
    with pytest.raises(AddressNotValid):
        block(suzhou, "mayor at example", reason=Reason.BY_HAND)
    with pytest.raises(ReasonMissing):
        suppressing.suppress(
            conference=suzhou,
            address="mayor@example.org",
            reason=Reason.BY_HAND,
            now=NOW,
            actor=organiser,
        )
