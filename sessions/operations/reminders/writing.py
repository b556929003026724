"""Turning one person's reminders into a letter, and many letters into rows at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from conference.bilingual import pick
from conference.models import Conference, Language, Message, MessageStep
from conference.operations import mailing
from conference.operations.mailing.letters import fields_of
from conference.venue_time import at_venue
from delegates.models import Delegate, Invitation
from delegates.operations import linking
from sessions.documents import reminder_letter
from sessions.models import Reminder, ReminderRule
from sessions.operations.reminders.occasions import Occasion, Place
from sessions.operations.reminders.people import Person

#: The purpose of letters that remind.
PURPOSE = "reminder"
_Kind = MessageStep.Kind


@dataclass(kw_only=True)
class Part:
    """One reminder on its way into a letter."""

    reminder: Reminder
    place: Place
    #: Why it goes into no letter that leaves (a code of ``reasons``).
    missed: str = ""

    @property
    def send_at(self) -> datetime:
        """When it is to be sent."""
        return self.reminder.send_at

    @property
    def is_of_deadline(self) -> bool:
        """Whether it reminds of a deadline."""
        return self.place.occasion.rule.is_of_deadline

    @property
    def is_optional(self) -> bool:
        """Whether people can do without it."""
        return self.place.occasion.rule.optional

    @property
    def zone(self) -> str:
        """The zone whose days count."""
        return self.reminder.zone

    @property
    def occasion(self) -> Occasion:
        """What it reminds of."""
        return self.place.occasion


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A letter to one person, of one part or several."""

    person: Person
    parts: Sequence[Part]
    is_missed: bool = False

    @property
    def key(self) -> str:
        """Its first part names it, and how often that was taken out of a letter."""
        first = self.parts[0].reminder
        return f"remind:{first.pk}:{first.attempt}"


def store(*, conference: Conference, drafts: Sequence[Draft], now: datetime) -> list[Message]:
    """Write these letters and store them, with a step for each part that says why it goes now.

    The caller holds the conference's lock. The number of statements does not grow with each letter.
    """
    urls = _urls([draft for draft in drafts if not draft.is_missed], now)
    messages = [Message(key=draft.key, **_fields(conference, draft, urls, now)) for draft in drafts]
    Message.objects.bulk_create(messages, batch_size=500)
    steps = []
    for draft, message in zip(drafts, messages, strict=True):
        for part in draft.parts:
            part.reminder.message = message
            steps.append(
                MessageStep(
                    message=message,
                    at=now,
                    kind=_Kind.MISSED if draft.is_missed else _Kind.QUEUED,
                    rule=part.missed or part.reminder.reason,
                    answer=describe(part.occasion, part.reminder.due_at),
                )
            )
        if message.state == Message.State.INBOX:
            steps.append(
                MessageStep(
                    message=message, at=now, kind=_Kind.INBOX, rule=mailing.rules.NO_ADDRESS
                )
            )
    MessageStep.objects.bulk_create(steps, batch_size=500)
    for message in messages:
        if message.state == Message.State.QUEUED:
            mailing.wake(message_id=message.pk, purpose=PURPOSE)
        elif message.state == Message.State.INBOX:
            mailing.announce(purpose=PURPOSE)
    return messages


def describe(occasion: Occasion, due_at: datetime) -> str:
    """Return a part in words of no language: rule, thing, its time, and when it was due."""
    zone = occasion.zone
    at, due = (f"{at_venue(each, zone):%Y-%m-%d %H:%M}" for each in (occasion.at, due_at))
    title = title_of(occasion)
    named = f"{occasion.rule.name} · {title}" if title else occasion.rule.name
    return f"{named} · {at} ← {due} ({zone})"


def title_of(occasion: Occasion, language: str = Language.ENGLISH) -> str:
    """Return the name of what is reminded of; "" where it has none of its own."""
    about = ReminderRule.About(occasion.rule.about)
    if about == ReminderRule.About.SESSION:
        return pick(occasion.about, "title", language)
    if about == ReminderRule.About.NOMINATION:
        return pick(occasion.about, "name", language)
    return ""


def _urls(drafts: Sequence[Draft], now: datetime) -> dict[str, str]:
    """Return a new personal address for each recipient: nobody needs an account."""
    targets: dict[str, Delegate | Invitation] = {}
    for draft in drafts:
        if target := draft.person.delegate or draft.person.invitation:
            targets[draft.person.whose] = target
    addresses = linking.create_links_by_rule(about=list(targets.values()), now=now)
    return {whose: addresses[target] for whose, target in targets.items()}


def _fields(
    conference: Conference, draft: Draft, urls: dict[str, str], now: datetime
) -> dict[str, object]:
    person = draft.person
    notice = reminder_letter.write(
        parts=[
            reminder_letter.write_part(
                rule=part.occasion.rule,
                about=part.occasion.about,
                at=part.occasion.at,
                addressee=person.letter_name,
                delegation=person.delegation,
                language=person.language,
            )
            for part in draft.parts
        ],
        addressee=person.letter_name or pick(person.delegation, "name", person.language),
        conference=conference,
        language=person.language,
        url=urls.get(person.whose, ""),
        is_focal=person.delegate is None,
    )
    letter = mailing.Letter(
        key=draft.key,
        purpose=PURPOSE,
        recipient=person.whose,
        to_email=person.email,
        to_name=person.letter_name,
        language=person.language,
        subject=notice.subject,
        body_text=notice.text,
        body_html=notice.html,
        optional=all(part.is_optional for part in draft.parts),
    )
    state = Message.State.QUEUED if person.email else Message.State.INBOX
    if draft.is_missed:
        state = Message.State.MISSED
    return fields_of(conference, letter, now) | {"state": state}
