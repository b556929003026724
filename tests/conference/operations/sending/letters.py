"""Letters to write, to send, and to look at afterwards."""

from datetime import timedelta

from conference.models import Message
from conference.operations import mailing
from conference.operations.mailing import Letter
from tests.conference.conftest import NOW

SOON = NOW + timedelta(seconds=1)


def after_lease() -> object:
    return NOW + mailing.lease() + timedelta(seconds=1)


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
