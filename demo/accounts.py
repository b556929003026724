"""The parts that a visitor of the demo can play, and the addresses they sign in with."""

from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conference.models import Role, User

# Everybody may know it: these accounts exist in the demo only and see made-up people.
PASSWORD = "sister-cities-2023"  # noqa: S105

REHEARSAL = "china-us-rehearsal"

#: Supervisors of the rehearsal's doors, with their PINs: for trying overrides, nothing else.
SUPERVISORS = {
    "Duty supervisor 1 · 值班主管一": "284019",
    "Duty supervisor 2 · 值班主管二": "530716",
}


@dataclass(frozen=True)
class Part:
    """One part: who plays it and what it may do. ``role`` is empty for those outside the team."""

    slug: str
    label: Promise
    purpose: Promise
    name: str
    role: str = ""

    @property
    def word(self) -> str:
        """What the part is called in a terminal."""
        return self.slug.replace("-", " ")

    @cached_property
    def email(self) -> str:
        """The address of the account, on a reserved domain."""
        return f"{self.slug}@plenary.example"

    @cached_property
    def landing(self) -> str:
        """Where the part begins its work in the rehearsal."""
        return {
            "focal-point": "/delegation/",
            "delegate": "/me/",
            "gate-staff": "/checkin/",
        }.get(self.slug, f"/organise/{REHEARSAL}/")

    def sign_in_path(self) -> str:
        """Return the address of the page whose button signs in as this part."""
        return reverse("demo:sign-in", args=[self.slug])

    def user(self) -> User | None:
        """Return the account, or None before the demo is loaded."""
        return User.objects.filter(email=self.email, is_active=True).first()


PARTS = (
    Part(
        "organiser",
        _("Organiser"),
        _("Runs the conference: delegations, invitations, accreditation, programme."),
        "Demo Organiser",
        Role.ORGANISER,
    ),
    Part(
        "focal-point",
        _("Focal point"),
        _("Fills the list of the delegation of California."),
        "Demo Focal Point",
    ),
    Part(
        "delegate",
        _("Delegate"),
        _("Sees the agenda, takes a seat, carries the badge on the phone."),
        "Demo Delegate",
    ),
    Part(
        "gate-staff",
        _("Gate staff"),
        _("Scans badges at the door and looks up names."),
        "Demo Gate Staff",
        Role.DESK,
    ),
    Part(
        "protocol",
        _("Protocol officer"),
        _("Looks after rank, seating and arrivals."),
        "Demo Protocol Officer",
        Role.PROTOCOL,
    ),
    Part(
        "viewer",
        _("Viewer"),
        _("Sees the boards and changes nothing."),
        "Demo Viewer",
        Role.VIEWER,
    ),
)
