"""What must never be false stands in the database."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from conference.models import AuditEntry, Conference, Membership, Message, Role, User
from conference.operations import auditing
from tests.conference.conftest import NOW


def refused(action) -> bool:
    try:
        with transaction.atomic():
            action()
    except IntegrityError:
        return True
    return False


def test_two_accounts_never_differ_by_case_alone(db):
    User.objects.create_user("Wei@example.com")
    assert refused(lambda: User.objects.create_user("wei@example.com"))


def test_a_conference_ends_on_or_after_it_starts(suzhou):
    days = {"first_day": date(2026, 11, 4), "last_day": date(2026, 11, 3)}
    assert refused(lambda: Conference.objects.filter(pk=suzhou.pk).update(**days))


def test_an_edition_number_stands_once_in_a_series(suzhou, tacoma):
    assert refused(lambda: Conference.objects.filter(pk=tacoma.pk).update(number=5))


def test_a_person_has_one_role_in_a_conference(suzhou, organiser):
    second = Membership(conference=suzhou, user=organiser, role=Role.DESK)
    assert refused(second.save)


def test_a_letter_is_not_sent_without_a_time(suzhou):
    message = Message(conference=suzhou, key="k", purpose="p", to_email="a@example.com", due_at=NOW)
    message.state = Message.State.SENT
    assert refused(message.save)


@pytest.mark.parametrize("deed", ["update", "delete"])
def test_history_cannot_be_rewritten_even_by_sql(suzhou, organiser, deed):
    entry = auditing.record(
        action="test", target=suzhou, conference=suzhou, actor=organiser, now=NOW
    )
    row = AuditEntry.objects.filter(pk=entry.pk)
    rewrite = {"update": lambda: row.update(action="other"), "delete": row.delete}[deed]
    with pytest.raises(DatabaseError), transaction.atomic():
        rewrite()
    assert row.get().action == "test"
