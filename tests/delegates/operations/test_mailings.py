"""Mailings: whom they reach, what they become, and what each step of their life does."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from conference.errors import CampaignStepRefused, TimeHasPassed
from conference.models import AuditEntry, Campaign, Message, Suppression
from conference.operations import campaigning, mailing, suppressing
from conference.operations.campaigning import expanding, living
from conference.operations.mailing import claiming
from delegates.models import Accreditation, BadgeClass, PersonalLink
from sessions.models import Appearance, Enrolment, Session, Speaker
from tests.delegates.conftest import NOW
from tests.delegates.inviting_cast import invite
from tests.delegates.mailing_cast import make_mailing, make_person


@pytest.fixture
def people(california, jiangsu):
    return [
        make_person(california, "Lopez"),
        make_person(california, "Smith", vip=True),
        make_person(jiangsu, "Zhang", native_name="张伟", language="zh-hans"),
        make_person(jiangsu, "Li", email=""),
    ]


@pytest.fixture
def mailing_(conference, people):
    return make_mailing(conference)


def expand(now=NOW):
    return campaigning.expand_due(clock=lambda: now)


def letters():
    return {letter.to_name: letter for letter in Message.objects.order_by("pk")}


def test_everybody_with_an_address_gets_one_letter_in_her_or_his_language(mailing_, organiser):
    campaigning.start(campaign=mailing_, now=NOW, actor=organiser)
    expand()
    told = letters()
    assert set(told) == {"Lopez", "Smith", "张伟"}
    assert told["Lopez"].subject == "News for Lopez"
    assert "Dear Lopez of California" in told["Lopez"].body_text
    assert told["张伟"].subject == "张伟：最新消息"
    assert told["Lopez"].recipient.startswith("delegate:")
    assert PersonalLink.objects.count() == 3
    mailing_.refresh_from_db()
    assert (mailing_.state, mailing_.expanded_at) == ("sending", NOW)


def test_making_the_letters_again_makes_none(mailing_):
    campaigning.start(campaign=mailing_, now=NOW)
    expand()
    Campaign.objects.update(expanded_at=None, expanded_to=0)
    expand()
    assert Message.objects.count() == 3


def test_letters_are_made_in_chunks_and_an_accident_between_them_loses_nobody(
    mailing_, monkeypatch
):
    monkeypatch.setattr(expanding, "CHUNK", 1)
    campaigning.start(campaign=mailing_, now=NOW)
    clock = iter([NOW, NOW, NOW, NOW + timedelta(minutes=1), *[NOW] * 20])
    assert campaigning.expand_due(clock=lambda: next(clock), within=timedelta(seconds=40)) is True
    assert Message.objects.count() < 3
    expand()
    assert Message.objects.count() == 3


def test_the_list_is_of_the_moment_at_which_it_begins(mailing_, california):
    make_person(california, "Late")
    campaigning.start(campaign=mailing_, now=NOW)
    expand()
    assert "Late" in letters()


def test_a_mailing_is_done_once_nothing_of_it_is_on_its_way(mailing_):
    campaigning.start(campaign=mailing_, now=NOW)
    expand()
    Message.objects.update(state="sent", sent_at=NOW)
    expand()
    mailing_.refresh_from_db()
    assert mailing_.state == "done"


def test_who_ends_its_last_letter_says_at_once_that_it_is_done(mailing_):
    campaigning.start(campaign=mailing_, now=NOW)
    expand()
    first, *_others = Message.objects.order_by("pk")
    held = mailing.claim(message_id=first.pk, worker="slow", now=NOW)
    assert mailing.send_due(worker="w", clock=lambda: NOW).sent == 2
    mailing_.refresh_from_db()
    assert mailing_.state == "sending"
    claiming.release([held], now=NOW)
    mailing.deliver(message_id=first.pk, worker="w", now=NOW)
    mailing_.refresh_from_db()
    assert mailing_.state == "done"


@pytest.mark.parametrize("state", ["paused", "cancelled"])
def test_one_that_was_stopped_is_not_done(mailing_, state):
    campaigning.start(campaign=mailing_, now=NOW)
    expand()
    Message.objects.update(state="sent", sent_at=NOW)
    Campaign.objects.update(state=state)
    assert mailing.finish_mailings() == 0


def test_it_is_done_when_its_last_letter_waits_for_a_person(mailing_):
    Campaign.objects.update(on_doubt="hold")
    campaigning.start(campaign=mailing_, now=NOW)
    expand()
    first, *others = Message.objects.order_by("pk")
    claiming.begin(mailing.claim(message_id=first.pk, worker="dead", now=NOW), now=NOW)
    for other in others:
        mailing.deliver(message_id=other.pk, worker="w", now=NOW)
    assert Campaign.objects.get().state == "sending"
    mailing.hold_doubtful(now=NOW + mailing.lease() + timedelta(seconds=1))
    assert Campaign.objects.get().state == "done"


@pytest.mark.parametrize(
    ("narrowed", "names"),
    [
        ({"vip": ["yes"]}, {"Smith"}),
        ({"country": ["US"]}, {"Lopez", "Smith"}),
        ({"language": ["zh-hans"]}, {"张伟"}),
        ({"country": ["US"], "vip": ["yes"]}, {"Smith"}),
        ({"country": ["US", "CN"]}, {"Lopez", "Smith", "张伟"}),
        ({"answer": ["not_invited"]}, {"Lopez", "Smith", "张伟"}),
        ({"answer": ["accepted"]}, set()),
        ({"a way that is gone": ["x"]}, set()),
    ],
)
def test_an_audience_is_narrowed_by_all_groups_together(conference, people, narrowed, names):
    found = campaigning.recipients_of(make_mailing(conference, narrowed=narrowed))
    assert {each.name for each in found.reached} == names


def test_who_is_not_yet_accredited_and_who_has_a_seat_can_be_written_to(conference, people):
    lopez, smith, zhang, _li = people
    Accreditation.objects.create(
        delegate=lopez,
        badge_class=BadgeClass.objects.get(conference=conference, code="press"),
        state="approved",
        decided_at=NOW,
    )
    session = Session.objects.create(
        conference=conference,
        title_en="Green cities",
        starts_at=NOW,
        ends_at=NOW + timedelta(hours=1),
    )
    Enrolment.objects.create(session=session, delegate=zhang, state="seat", created_at=NOW)

    speaker = Speaker.objects.create(conference=conference, delegate=smith, name_en="Smith")
    Appearance.objects.create(session=session, speaker=speaker)

    def reached(**narrowed):
        told = campaigning.recipients_of(make_mailing(conference, narrowed=narrowed)).reached
        return {each.name for each in told}

    assert reached(accreditation=["not_approved"]) == {"Smith", "张伟"}
    assert reached(accreditation=["approved"]) == {"Lopez"}
    assert reached(enrolled=[str(session.pk)]) == {"张伟"}
    assert reached(speaker=[str(session.pk)]) == {"Smith"}


def test_those_who_get_nothing_are_named_with_the_reason(mailing_, organiser):
    suppressing.suppress(
        conference=mailing_.conference,
        address="smith@example.org",
        reason=Suppression.Reason.COMPLAINT,
        now=NOW,
        actor=organiser,
    )
    found = campaigning.recipients_of(mailing_)
    assert {each.name for each in found.reached} == {"Lopez", "张伟"}
    assert [each.name for each in found.without_address] == ["Li"]
    assert [(each.name, reason) for each, reason in found.blocked] == [("Smith", "complaint")]


def test_looking_through_an_audience_costs_the_same_for_four_and_for_forty(
    mailing_, california, django_assert_max_num_queries
):
    with django_assert_max_num_queries(5) as few:
        campaigning.recipients_of(mailing_)
    for number in range(40):
        make_person(california, f"Guest{number}")
    with django_assert_max_num_queries(len(few)):
        campaigning.recipients_of(mailing_)


def test_focal_points_get_theirs_once(conference, california, jiangsu):
    california.focal_name, california.focal_email = "Fay", "fay@example.org"
    california.save()
    mailing_ = make_mailing(
        conference,
        audience="focal_points",
        subject_en="For {delegation}",
        body_en="Dear {addressee}",
        subject_zh="",
        body_zh="",
    )
    campaigning.start(campaign=mailing_, now=NOW)
    expand()
    letter = Message.objects.get()
    assert (letter.subject, letter.to_name) == ("For California", "Fay")
    assert letter.recipient == f"delegation:{california.pk}"


def test_a_scheduled_mailing_leaves_at_its_local_time(mailing_):
    campaigning.schedule(
        campaign=mailing_, day=date(2023, 10, 2), at=time(9, 0), zone="Asia/Shanghai", now=NOW
    )
    due = datetime(2023, 10, 2, 1, 0, tzinfo=UTC)
    assert mailing_.due_at == due
    expand(due - timedelta(seconds=1))
    assert not Message.objects.exists()
    expand(due)
    assert Message.objects.count() == 3


@pytest.mark.parametrize(
    ("day", "at", "due"),
    [
        # The clocks of Chicago skip from 2:00 to 3:00 …
        (date(2024, 3, 10), time(2, 30), datetime(2024, 3, 10, 8, 0, tzinfo=UTC)),
        # … and show 1:30 twice in autumn: the first is meant.
        (date(2024, 11, 3), time(1, 30), datetime(2024, 11, 3, 6, 30, tzinfo=UTC)),
    ],
)
def test_a_time_that_clocks_skip_or_show_twice_is_a_time_all_the_same(mailing_, day, at, due):
    campaigning.schedule(campaign=mailing_, day=day, at=at, zone="America/Chicago", now=NOW)
    assert mailing_.due_at == due


def test_a_time_that_has_passed_is_refused(mailing_):
    with pytest.raises(TimeHasPassed):
        campaigning.schedule(
            campaign=mailing_, day=date(2023, 9, 1), at=time(9), zone="Asia/Shanghai", now=NOW
        )


def test_what_was_scheduled_can_be_called_off(mailing_):
    campaigning.schedule(
        campaign=mailing_, day=date(2023, 10, 2), at=time(9), zone="Asia/Shanghai", now=NOW
    )
    campaigning.unschedule(campaign=mailing_, now=NOW)
    expand(NOW + timedelta(days=3))
    mailing_.refresh_from_db()
    assert (mailing_.state, mailing_.due_at, Message.objects.count()) == ("draft", None, 0)


def test_of_a_held_mailing_all_letters_are_there_and_none_leaves(mailing_):
    campaigning.hold(campaign=mailing_, now=NOW)
    expand()
    assert Message.objects.count() == 3
    assert mailing.claim_handful(worker="w", now=NOW) == []
    campaigning.resume(campaign=mailing_, now=NOW)
    assert len(mailing.claim_handful(worker="w", now=NOW)) == 3


def test_a_paused_mailing_goes_on_where_it_was(mailing_):
    campaigning.start(campaign=mailing_, now=NOW)
    expand()
    taken = mailing.claim_handful(worker="w", now=NOW, limit=1)
    campaigning.pause(campaign=mailing_, now=NOW)
    assert mailing.claim_handful(worker="w", now=NOW) == []
    campaigning.resume(campaign=mailing_, now=NOW)
    rest = mailing.claim_handful(worker="v", now=NOW)
    assert {each.pk for each in rest} | {taken[0].pk} == set(
        Message.objects.values_list("pk", flat=True)
    )


def test_cancelling_the_rest_leaves_what_was_sent_and_says_why(mailing_, organiser):
    campaigning.start(campaign=mailing_, now=NOW)
    expand()
    Message.objects.filter(to_name="Lopez").update(state="sent", sent_at=NOW)
    assert campaigning.cancel(campaign=mailing_, now=NOW, actor=organiser) == 2
    told = letters()
    assert {name: letter.state for name, letter in told.items()} == {
        "Lopez": "sent",
        "Smith": "cancelled",
        "张伟": "cancelled",
    }
    last = mailing.steps_of(told["Smith"])[-1]
    assert (last.kind, last.rule, last.actor) == ("cancelled", "mailing_cancelled", organiser)
    assert AuditEntry.objects.filter(action="mailing.cancel").exists()


def test_one_that_may_have_left_before_is_not_said_to_be_unsent(mailing_):
    campaigning.start(campaign=mailing_, now=NOW)
    expand()
    Message.objects.filter(to_name="Smith").update(is_doubtful=True)
    campaigning.cancel(campaign=mailing_, now=NOW)
    told = letters()
    assert [mailing.steps_of(told[name])[-1].rule for name in ("Smith", "Lopez")] == [
        "cancelled_in_doubt",
        "mailing_cancelled",
    ]


def test_a_cancelled_mailing_makes_no_letters_any_more(mailing_):
    campaigning.start(campaign=mailing_, now=NOW)
    campaigning.cancel(campaign=mailing_, now=NOW)
    expand()
    assert not Message.objects.exists()


@pytest.mark.parametrize("step", ["start", "hold", "pause", "resume", "unschedule", "cancel"])
def test_a_step_that_does_not_lead_on_is_refused_in_words(mailing_, step):
    Campaign.objects.update(state="done")
    with pytest.raises(CampaignStepRefused, match="Sending is finished"):
        getattr(campaigning, step)(campaign=mailing_, now=NOW)


def test_of_two_mailings_one_that_is_called_off_in_the_last_moment_does_not_begin(
    mailing_, conference, monkeypatch
):
    other = make_mailing(conference)
    when = {"day": date(2023, 10, 2), "at": time(9), "zone": "Asia/Shanghai", "now": NOW}
    for each in (mailing_, other):
        campaigning.schedule(campaign=each, **when)

    def call_the_other_off():
        campaigning.unschedule(campaign=other, now=NOW)

    monkeypatch.setattr(living, "wake_expansion", call_the_other_off)
    campaigning.start_scheduled(now=NOW + timedelta(days=3))
    assert list(Campaign.objects.order_by("pk").values_list("state", flat=True)) == [
        "sending",
        "draft",
    ]


def test_a_mistake_about_one_mailing_keeps_no_other_back(conference, people, caplog):
    when = {"send_date": date(2023, 9, 1), "send_time": time(9), "send_zone": "Mars/Base"}
    make_mailing(conference, state="scheduled", **when)
    make_mailing(conference, audience="nobody knows", state="sending")
    campaigning.start(campaign=make_mailing(conference), now=NOW)
    expand()
    assert len(letters()) == 3
    assert "could not be made" in caplog.text
    assert "cannot be told" in caplog.text


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("draft", "not_invited"),
        ("cancelled", "not_invited"),
        ("sent", "waiting"),
        ("delivered", "waiting"),
        ("bounced", "waiting"),
        ("opened", "waiting"),
        ("expired", "waiting"),
        ("accepted", "accepted"),
        ("tentative", "tentative"),
        ("declined", "declined"),
    ],
)
def test_each_state_of_an_invitation_is_one_answer_and_no_other(
    conference, people, california, state, code
):
    invite(california, "expired", now=NOW - timedelta(days=30))
    invite(california, state)
    if code == "not_invited":
        california.invitations.filter(state="expired").delete()
    codes = ("not_invited", "waiting", "accepted", "tentative", "declined")

    def names(answer):
        narrowed = {"answer": [answer], "country": ["US"]}
        return {
            each.name
            for each in campaigning.recipients_of(
                make_mailing(conference, narrowed=narrowed)
            ).reached
        }

    assert [each for each in codes if names(each)] == [code]


def test_values_that_are_gone_narrow_to_nobody_and_not_to_everybody(conference, people):
    kind = campaigning.kinds()[0]
    kept = campaigning.checked(kind, conference, {"enrolled": ["987"], "vip": ["yes"]})
    assert kept == {"enrolled": [], "vip": ["yes"]}
    assert campaigning.recipients_of(make_mailing(conference, narrowed=kept)).reached == []
    only_gone = make_mailing(conference, narrowed={"vip": []})
    assert campaigning.recipients_of(only_gone).reached == []


@pytest.fixture
def held(mailing_):
    campaigning.hold(campaign=mailing_, now=NOW)
    expand()
    campaigning.resume(campaign=mailing_, now=NOW)
    return letters()["Lopez"]


def test_an_address_corrected_while_a_mailing_was_held_is_the_one_written_to(held, people):
    people[0].email = "right@example.net"
    people[0].save()
    assert mailing.deliver(message_id=held.pk, worker="w", now=NOW) == "sent"
    held.refresh_from_db()
    assert (held.to_email, held.domain) == ("right@example.net", "example.net")
    changed = next(step for step in mailing.steps_of(held) if step.kind == "changed")
    assert changed.answer == "lopez@example.org → right@example.net"
    assert mail.outbox[0].to == ['"Lopez" <right@example.net>']


def test_a_corrected_address_that_is_blocked_gets_nothing(held, people, organiser):
    people[0].email = "dead@example.net"
    people[0].save()
    suppressing.suppress(
        conference=held.conference,
        address="dead@example.net",
        reason=Suppression.Reason.HARD_BOUNCE,
        now=NOW,
    )
    assert mailing.deliver(message_id=held.pk, worker="w", now=NOW) == "failed"


def test_who_has_no_address_any_more_is_not_written_to_at_the_former_one(held, people):
    people[0].email = ""
    people[0].save()
    assert mailing.deliver(message_id=held.pk, worker="w", now=NOW) == "inbox"
    assert mailing.steps_of(held)[-1].rule == "no_address"
    assert mail.outbox == []


def test_a_letter_that_may_have_arrived_is_repeated_to_the_same_address(held, people):
    people[0].email = "right@example.net"
    people[0].save()
    Message.objects.filter(pk=held.pk).update(is_doubtful=True)
    mailing.deliver(message_id=held.pk, worker="w", now=NOW)
    held.refresh_from_db()
    assert held.to_email == "lopez@example.org"


def test_who_has_withdrawn_since_gets_no_letter(mailing_, people):
    campaigning.start(campaign=mailing_, now=NOW)
    expand()
    people[0].withdrawn_at = NOW
    people[0].save()
    letter = letters()["Lopez"]
    assert mailing.deliver(message_id=letter.pk, worker="w", now=NOW) == "cancelled"


def test_a_delegation_that_was_deleted_since_gets_no_letter(conference, california):
    california.focal_email = "fay@example.org"
    california.save()
    campaigning.start(campaign=make_mailing(conference, audience="focal_points"), now=NOW)
    expand()
    california.delete()
    letter = Message.objects.get()
    assert mailing.deliver(message_id=letter.pk, worker="w", now=NOW) == "cancelled"


def test_the_database_knows_no_scheduled_mailing_without_a_time(mailing_):
    with pytest.raises(IntegrityError), transaction.atomic():
        Campaign.objects.update(state="scheduled")
