"""Decisions that a person may attend, and the printed credentials."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conference.models import Conference
from delegates.models.delegate import Delegate
from delegates.models.delegation import BadgeClass


class Accreditation(models.Model):
    """The decision about one delegate in a badge class; moves only along ``STEPS``."""

    class State(models.TextChoices):
        """How far the decision is."""

        NOMINATED = "nominated", _("nominated")
        SUBMITTED = "submitted", _("submitted")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")
        SUBSTITUTED = "substituted", _("substituted")

    STEPS: ClassVar[dict[str, tuple[str, ...]]] = {
        State.NOMINATED: (State.SUBMITTED, State.WITHDRAWN),
        State.SUBMITTED: (State.APPROVED, State.REFUSED, State.NOMINATED, State.WITHDRAWN),
        State.APPROVED: (State.WITHDRAWN, State.SUBSTITUTED, State.REFUSED),
        State.REFUSED: (State.SUBMITTED, State.WITHDRAWN),
        State.WITHDRAWN: (State.NOMINATED,),
        State.SUBSTITUTED: (),
    }

    delegate = models.OneToOneField(
        Delegate, on_delete=models.CASCADE, related_name="accreditation"
    )
    badge_class = models.ForeignKey(
        BadgeClass, on_delete=models.PROTECT, related_name="accreditations"
    )
    state = models.CharField(
        _("state"), max_length=12, choices=State.choices, default=State.NOMINATED
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("accreditation")
        verbose_name_plural = _("accreditations")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "refused"]) | Q(decided_at__isnull=False),
                name="accreditation_decision_has_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.delegate}: {self.get_state_display()}"

    def may_become(self, state: str) -> bool:
        """Return whether the step to this state is allowed from the present one."""
        return state in self.STEPS[self.state]


class CredentialAuthority(models.Model):
    """The secret from which a conference's badge codes are derived (CP1, section 1)."""

    conference = models.OneToOneField(
        Conference, on_delete=models.CASCADE, related_name="credential_authority"
    )
    secret = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = _("credential authority")
        verbose_name_plural = _("credential authorities")

    def __str__(self) -> str:
        return str(self.conference)


class SigningKey(models.Model):
    """A P-256 key that signs badge codes; several may be known, the newest active one signs."""

    conference = models.ForeignKey(
        Conference, on_delete=models.CASCADE, related_name="signing_keys"
    )
    key_id = models.PositiveSmallIntegerField(_("number"))
    private_key = models.BinaryField(max_length=32)
    point = models.CharField(_("public point"), max_length=90)
    active = models.BooleanField(_("signs new badges"), default=True)

    class Meta:
        verbose_name = _("signing key")
        verbose_name_plural = _("signing keys")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["conference", "key_id"], name="signing_key_unique"),
            models.CheckConstraint(condition=Q(key_id__lte=255), name="signing_key_id_is_a_byte"),
        ]

    def __str__(self) -> str:
        return f"{self.conference} #{self.key_id}"


class Badge(models.Model):
    """A credential: one issue of a delegate's badge. ``lookup`` is what phones know it by.

    The text of the QR code is not stored: it is derived from the authority's secret when it is
    drawn, so a copy of this table admits nobody.
    """

    delegate = models.ForeignKey(Delegate, on_delete=models.CASCADE, related_name="badges")
    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="badges")
    badge_class = models.ForeignKey(BadgeClass, on_delete=models.PROTECT, related_name="badges")
    issue = models.PositiveSmallIntegerField(_("issue"), default=1)
    lookup = models.CharField(_("lookup"), max_length=32)
    issued_at = models.DateTimeField(_("issued"))
    printed_at = models.DateTimeField(_("printed"), null=True, blank=True)
    printed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    provisional = models.BooleanField(
        _("provisional"),
        default=False,
        help_text=_("Issued at the desk; says so in large letters."),
    )
    revoked_at = models.DateTimeField(_("void since"), null=True, blank=True)
    revoked_reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("badge")
        verbose_name_plural = _("badges")
        ordering: ClassVar = ["delegate", "-issue"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["conference", "lookup"], name="badge_lookup_unique"),
            models.UniqueConstraint(fields=["delegate", "issue"], name="badge_issue_unique"),
            models.UniqueConstraint(
                fields=["delegate"],
                condition=Q(revoked_at__isnull=True),
                name="one_valid_badge_per_delegate",
            ),
            models.CheckConstraint(
                condition=Q(issue__gte=1) & Q(issue__lte=255), name="badge_issue_is_a_byte"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delegate} #{self.issue}"
