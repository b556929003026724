"""So many workers and so many letters a minute for each domain, and no more."""

from datetime import timedelta

from conference.models import Message
from conference.operations import mailing
from conference.operations.mailing import pacing
from tests.conference.conftest import NOW
from tests.conference.operations.sending.letters import after_lease, write


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
