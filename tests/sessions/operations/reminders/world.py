"""Makers of rules and of those whom they concern."""

from datetime import timedelta

from conference.models import Message
from conference.operations import mailing
from delegates.models import Delegation, Invitation
from sessions.models import Appearance, Reminder, ReminderRule, Speaker
from sessions.operations.reminders import usual
from tests.sessions import cast

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def make_rule(conference, about="session", **fields):
    """A rule that is switched on, with the usual text."""
    given = {"name": f"Rule about {about}", "active": True, **usual.TEXTS[about]}
    return ReminderRule.objects.create(conference=conference, about=about, **(given | fields))


def make_invitation(
    conference, deadline, *, name="California", sent_at=cast.NOW - 30 * DAY, **fields
):
    """An invitation that was sent and not answered, with the delegation it went to."""
    if name == "California":
        cast.make_delegate(conference, "Any", "Body")
    delegation = Delegation.objects.get(conference=conference, name_en=name)
    Delegation.objects.filter(pk=delegation.pk).update(
        focal_name="Fay Focal", focal_email="fay@example.org"
    )
    return Invitation.objects.create(
        **{
            "conference": conference,
            "delegation": delegation,
            "state": "sent",
            "sent_at": sent_at,
            "deadline": deadline,
            **fields,
        }
    )


def make_speaker(session, delegate, part="speaker", **fields):
    speaker, _ = Speaker.objects.get_or_create(
        conference=session.conference, delegate=delegate, defaults={"name_en": str(delegate)}
    )
    return Appearance.objects.create(session=session, speaker=speaker, part=part, **fields)


def letters(**fields):
    return list(Message.objects.filter(purpose="reminder", **fields).order_by("pk"))


def decided():
    """What was decided: state and reason of each reminder, in the order of their making."""
    return list(Reminder.objects.order_by("pk").values_list("state", "reason"))


def deliver_all(now):
    return [
        mailing.deliver(message_id=pk, worker="test", now=now)
        for pk in mailing.due_message_ids(now=now)
    ]
