"""A whole conference with one of everything, for tests that walk through all of it."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from checkin.models import AttentionText, Conflict, Device, Gate, Supervisor, Zone
from checkin.operations import wall_links
from conference.models import (
    ApiToken,
    Campaign,
    Conference,
    Membership,
    Message,
    MessageAttachment,
    Role,
    SavedFilter,
    Suppression,
    User,
)
from delegates.models import (
    AnswerScan,
    Delegate,
    Delegation,
    ImportBatch,
    ImportRow,
    Invitation,
    InvitationStep,
    PersonalLink,
)
from delegates.operations import badging, letters, linking
from sessions.models import Appearance, Enrolment, Session, Speaker
from tests import factories


class Edition:
    """A published conference that begins tomorrow, its people, papers, sessions and doors."""

    def __init__(self, slug: str) -> None:
        now = timezone.now()
        first_day = now.date() + timedelta(days=1)
        self.conference: Conference = factories.make_conference(
            slug, first_day=first_day, last_day=first_day + timedelta(days=1)
        )
        self.team: dict[str, User] = {
            role: factories.make_member(self.conference, role) for role in Role.values
        }
        self.membership = Membership.objects.get(
            conference=self.conference, user=self.team[Role.VIEWER]
        )
        self.badge_class = factories.make_badge_class(self.conference)
        self._make_people()
        self._make_papers()
        self._make_programme(now + timedelta(days=1))
        self._make_doors(now + timedelta(days=9))

    @property
    def organiser(self) -> User:
        return self.team[Role.ORGANISER]

    def _link(self, purpose: str, **about: Any) -> str:
        return linking.create_link(purpose=purpose, now=timezone.now(), **about).token

    def _make_people(self) -> None:
        slug = self.conference.slug
        self.delegation: Delegation = factories.make_delegation(
            self.conference, focal_user=factories.make_user(f"focal@{slug}.example.org")
        )
        self.delegate: Delegate = factories.make_delegate(
            self.delegation,
            state="approved",
            user=factories.make_user(f"delegate@{slug}.example.org"),
        )
        self.badge = badging.issue_badge(delegate=self.delegate, now=timezone.now())
        self.invitation = Invitation.objects.create(
            conference=self.conference,
            delegation=self.delegation,
            addressee_email="fay@example.org",
            state="sent",
            sent_at=factories.NOW,
        )

        self.answer_scan = AnswerScan.objects.create(
            step=InvitationStep.objects.create(
                invitation=self.invitation, kind="accepted", at=factories.NOW
            ),
            content=b"%PDF-1.7",
            content_type="application/pdf",
            size=8,
        )

        self.focal_token = self._link(PersonalLink.Purpose.INVITATION, invitation=self.invitation)
        self.delegate_token = self._link(PersonalLink.Purpose.DELEGATE, delegate=self.delegate)

    def _make_papers(self) -> None:
        self.campaign = Campaign.objects.create(
            conference=self.conference,
            name="Invitation",
            audience=letters.INVITATION,
            subject_en="You are invited",
            body_en="Please come.",
        )
        self.mailing = Campaign.objects.create(
            conference=self.conference,
            name="News",
            audience="people",
            subject_en="News",
            body_en="Good morning",
        )
        self.mailing_file = MessageAttachment.objects.create(
            campaign=self.mailing, file_name="m.txt", content_type="text/plain", content=b"m"
        )
        self.saved_filter = SavedFilter.objects.create(
            conference=self.conference,
            audience="people",
            name="VIPs",
            narrowed={"vip": ["yes"]},
            created_at=timezone.now(),
        )
        self.message = Message.objects.create(
            conference=self.conference,
            key=f"greeting:{self.conference.slug}",
            purpose="greeting",
            to_email="fay@example.org",
            subject="Welcome",
            body_text="Good morning",
            due_at=factories.NOW,
            state="failed",
        )
        self.message_file = MessageAttachment.objects.create(
            message=self.message, file_name="n.txt", content_type="text/plain", content=b"n"
        )
        self.letter = Message.objects.create(
            conference=self.conference,
            key=f"badge:{self.conference.slug}",
            purpose="badge",
            recipient=f"delegate:{self.delegate.pk}",
            to_email="dora@example.org",
            subject="Your badge",
            body_text="Here it is.",
            due_at=factories.NOW,
            state="failed",
        )
        self.attachment = MessageAttachment.objects.create(
            message=self.letter, file_name="a.txt", content_type="text/plain", content=b"a"
        )
        self.block = Suppression.objects.create(
            conference=self.conference,
            address=f"gone@{self.conference.slug}.example.org",
            reason=Suppression.Reason.HARD_BOUNCE,
            since=timezone.now(),
            message=self.message,
        )
        self.batch = ImportBatch.objects.create(
            conference=self.conference, file_name="list.csv", sha256="0" * 64
        )
        self.row = ImportRow.objects.create(
            batch=self.batch, number=2, action="create", values={"family_name": "Wu"}
        )
        self.api_token: ApiToken = factories.make_token(
            self.conference, owner=self.organiser, now=factories.NOW
        )[0]

    def _make_programme(self, starts_at: Any) -> None:
        self.room = factories.make_room(self.conference)
        self.session: Session = factories.make_session(
            self.conference,
            room=self.room,
            starts_at=starts_at,
            takes_enrolments=True,
            capacity=5,
            seats_taken=1,
        )
        speaker = Speaker.objects.create(conference=self.conference, name_en="Li Na")
        self.appearance = Appearance.objects.create(session=self.session, speaker=speaker)
        Enrolment.objects.create(
            session=self.session, delegate=self.delegate, created_at=factories.NOW
        )

    def _make_doors(self, valid_until: Any) -> None:
        self.zone = Zone.objects.create(
            conference=self.conference, name_en="Venue", is_arrival=True
        )
        self.gate = Gate.objects.create(conference=self.conference, name_en="North door")
        self.gate.zones.add(self.zone)
        self.device = Device.objects.create(
            conference=self.conference, name="Phone 1", gate=self.gate, valid_until=valid_until
        )
        self.device.zones.add(self.zone)
        self.attention_text = AttentionText.objects.create(
            conference=self.conference, text_en="Welcome"
        )
        self.supervisor = Supervisor.objects.create(
            conference=self.conference,
            name="Olga",
            pin_rounds=1,
            changed_at=factories.NOW,
        )
        self.wall_link, self.wall_token = wall_links.create_wall_link(
            conference=self.conference,
            name="Foyer",
            days=3,
            names_vips=False,
            actor=self.organiser,
            now=timezone.now(),
        )
        self.conflict = Conflict.objects.create(
            id=self.conference.slug.ljust(32, "0"),
            conference=self.conference,
            delegate=self.delegate,
            zone=self.zone,
            kind="two_places",
            raised_at=factories.NOW,
        )


def make_edition(slug: str) -> Edition:
    return Edition(slug)
