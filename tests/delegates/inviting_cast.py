"""Letters, focal points and invitations for tests, as small as they can be."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from conference.models import Campaign
from conference.operations import campaigning, mailing
from delegates.models import Invitation
from delegates.operations import linking
from delegates.operations.life import By, Party, Way

FAY = By(party=Party.FOCAL_POINT, way=Way.LINK, who="fay@state.example")
NOW = datetime(2023, 10, 1, 8, 0, tzinfo=UTC)
DEADLINE = datetime(2023, 10, 20, 10, 0, tzinfo=UTC)


def make_letter(conference, **fields):
    texts = {
        "purpose": "invitation",
        "name": "First letter",
        "subject_en": "Invitation to the {conference}",
        "body_en": "Dear {addressee},\n\nplease come to {city}, {dates}, by {deadline}.\n\n{link}",
        "subject_zh": "诚邀出席{conference}",
        "body_zh": "尊敬的{addressee}：\n\n敬请光临{city}。\n\n{link}",
    }
    texts |= fields
    return Campaign.objects.create(conference=conference, audience=texts["purpose"], **texts)


def give_focal_point(delegation, email="focal@state.example", name="Fay Focal", language="en"):
    delegation.focal_email = email
    delegation.focal_name = name
    delegation.focal_language = language
    delegation.save()
    return delegation


def in_two_months(conference):
    """Let the conference be weeks ahead, so that letters can leave now."""
    today = timezone.now().date()
    conference.first_day, conference.last_day = today + timedelta(days=60), today + timedelta(61)
    conference.save()
    return conference


def prepare_places(conference, english, chinese):
    """Give two delegations focal points who read English and Chinese, weeks before they meet."""
    in_two_months(conference)
    for delegation in (english, chinese):
        delegation.refresh_from_db()
    give_focal_point(english)
    give_focal_point(chinese, "wai.ban@province.example", "王建国", "zh-hans")
    return english, chinese


def queue(campaign, *delegations, now=NOW, deadline=DEADLINE):
    """Send the letter to these; return the letters that wait for a worker."""
    known = set(campaign.messages.values_list("pk", flat=True))
    campaigning.choose(
        campaign=campaign,
        chosen=[delegation.pk for delegation in delegations],
        answer_by=deadline,
        now=now,
    )
    campaigning.start(campaign=campaign, now=now)
    campaigning.expand_due(clock=lambda: now)
    campaign.refresh_from_db()
    return list(campaign.messages.exclude(pk__in=known).order_by("pk"))


def send(campaign, *delegations, now=NOW, deadline=DEADLINE):
    """Send the letter to these; return the letters, of which the mail server has said 250."""
    letters = queue(campaign, *delegations, now=now, deadline=deadline)
    for message in letters:
        mailing.tell(mailing.Outcome(message=message, kind="accepted", at=now))
    return letters


def invite(delegation, state="sent", now=NOW, **fields):
    return Invitation.objects.create(
        conference=delegation.conference,
        delegation=delegation,
        state=state,
        sent_at=now,
        deadline=fields.pop("deadline", DEADLINE),
        answered_at=now if state in ("accepted", "declined", "tentative") else None,
        answer_count=int(state in ("accepted", "declined", "tentative")),
        language=delegation.focal_language,
        addressee_email=delegation.focal_email,
        **fields,
    )


def invite_for_coming_days(delegation):
    """Invite the focal point to a conference that is weeks ahead, with days left to answer."""
    conference = delegation.conference
    conference.first_day = conference.last_day = timezone.now().date() + timedelta(days=40)
    conference.save()
    give_focal_point(delegation)
    return invite(delegation, deadline=timezone.now() + timedelta(days=9))


def link_to(invitation, now=NOW, days=60):
    return linking.create_link(
        purpose="invitation",
        invitation=invitation,
        now=now,
        expires_at=now + timedelta(days=days),
    )
