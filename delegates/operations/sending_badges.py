"""Letters that bring a delegate the badge on the phone, by a personal link."""

from datetime import datetime

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from conference.bilingual import pick
from conference.errors import AddressMissing
from conference.models import Message, User
from conference.operations import auditing, mailing
from delegates.models import Delegate, PersonalLink
from delegates.operations import badging, linking

PURPOSE = "badge"


@transaction.atomic
def send_badge(*, delegate: Delegate, now: datetime, actor: User | None = None) -> Message:
    """Send the delegate a letter with a link to agenda and badge, once for each badge issued.

    A repeat returns the letter there is. Raises NoValidBadge, or AddressMissing.
    """
    badge = badging.valid_badge_of(delegate)
    if not delegate.email:
        raise AddressMissing
    key = f"badge:{badge.pk}"
    if known := Message.objects.filter(key=key).first():
        return known
    link = linking.create_link(purpose=PersonalLink.Purpose.DELEGATE, delegate=delegate, now=now)
    message = mailing.enqueue(
        conference=delegate.conference, letter=_letter(delegate, key, link.url), now=now
    )
    auditing.record(
        action="badge.send",
        target=delegate,
        conference=delegate.conference,
        actor=actor,
        after={"to": delegate.email, "issue": badge.issue},
        now=now,
    )
    return message


def _letter(delegate: Delegate, key: str, url: str) -> mailing.Letter:
    conference = delegate.conference
    with translation.override(delegate.language):
        subject = _("Your badge for %(conference)s") % {
            "conference": pick(conference, "name", delegate.language)
        }
        facts = {
            "subject": subject,
            "delegate": delegate,
            "conference": conference,
            "url": url,
            "chinese": translation.get_language() == "zh-hans",
        }
        return mailing.Letter(
            key=key,
            purpose=PURPOSE,
            recipient=f"delegate:{delegate.pk}",
            to_email=delegate.email,
            to_name=delegate.letter_name,
            language=delegate.language,
            subject=subject,
            body_text=render_to_string("mail/badge.txt", facts),
            body_html=render_to_string("mail/badge.html", facts),
        )
