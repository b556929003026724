"""What is still missing for a person or a delegation's list, each in one sentence."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from delegates.models import Delegate


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is missing; ``needed`` says whether accreditation waits for it."""

    code: str
    sentence: str | Promise
    needed: bool = False


TITLE = Missing("title", _("Give the person's title or post, in either language."), needed=True)
PLACEHOLDER = Missing("name", _("Replace the placeholder by the person's name."), needed=True)
FULL_NAME = Missing("full_name", _("Only a part of the name is known."))
LATIN_NAME = Missing("latin_name", _("Add the name in Latin letters for the badge."))
CONTACT = Missing("contact", _("Give an e-mail address or a phone number."))
NO_MEMBERS = Missing("no_members", _("Nobody is on the list yet."), needed=True)
NO_HEAD = Missing("no_head", _("Name the head of the delegation."))

PLACEHOLDERS = frozenset({"tbd", "tbc", "tba", "n/a", "to be determined", "待定", "未定"})


def missing_fields(delegate: Delegate) -> list[Missing]:
    """Return what is missing for this person, what accreditation waits for first."""
    found: list[Missing] = []
    if not any((delegate.title_en, delegate.title_zh)):
        found.append(TITLE)
    if is_placeholder(delegate.latin_name) or is_placeholder(delegate.native_name):
        found.append(PLACEHOLDER)
    if len(delegate.native_name) == 1 and not delegate.latin_name:
        found.append(FULL_NAME)
    if not (delegate.latin_name or delegate.badge_name):
        found.append(LATIN_NAME)
    if not any((delegate.email, delegate.phone)):
        found.append(CONTACT)
    return found


def needed_before_approval(delegate: Delegate) -> list[Missing]:
    """Return only what accreditation waits for."""
    return [missing for missing in missing_fields(delegate) if missing.needed]


def missing_in_list(members: Iterable[Delegate]) -> list[Missing]:
    """Return what is missing in a delegation's list as a whole; ``members`` attend."""
    attending = list(members)
    if not attending:
        return [NO_MEMBERS]
    return [] if any(member.role == Delegate.Role.HEAD for member in attending) else [NO_HEAD]


def is_placeholder(name: str) -> bool:
    """Return whether a name only holds the place of one to come."""
    return name.strip().lower() in PLACEHOLDERS
