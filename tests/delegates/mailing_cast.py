"""A mailing to people and to focal points, as small as they can be."""

from conference.models import Campaign
from conference.operations import campaigning
from delegates.models import Accreditation, BadgeClass, Delegate
from delegates.operations import badging
from tests.delegates.conftest import NOW

TEXT = {
    "subject_en": "News for {name}",
    "body_en": "Dear {name} of {delegation},\n\n{link}",
    "subject_zh": "{name}：最新消息",
    "body_zh": "{name}：\n\n{link}",
}


def make_person(delegation, name, **fields):
    return Delegate.objects.create(
        conference=delegation.conference,
        delegation=delegation,
        **{"family_name": name, "email": f"{name.lower()}@example.org"} | fields,
    )


def make_mailing(conference, **fields):
    return Campaign.objects.create(
        conference=conference,
        **{"purpose": campaigning.PURPOSE, "audience": "people", "name": "News", **TEXT} | fields,
    )


def give_badge(person):
    Accreditation.objects.create(
        delegate=person,
        badge_class=BadgeClass.objects.get(conference=person.conference, code="delegate"),
        state="approved",
        decided_at=NOW,
    )
    return badging.issue_badge(delegate=person, now=NOW)
