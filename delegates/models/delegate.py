"""One person at one conference."""

import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conference.models import Conference, Language
from delegates.models.delegation import Delegation
from delegates.models.names import latin_name, shown_names


class DelegateQuerySet(models.QuerySet["Delegate"]):
    """Which persons."""

    def attending(self) -> Self:
        """Return those who have not withdrawn."""
        return self.filter(withdrawn_at=None)

    def accredited(self) -> Self:
        """Return those whose accreditation is approved."""
        return self.filter(withdrawn_at=None, accreditation__state="approved")

    def for_user(self, user: object) -> Self:
        """Return the persons this user is."""
        return self.filter(user=user)


class Delegate(models.Model):
    """One person at one conference; a name in either script is enough to begin with."""

    class NameOrder(models.TextChoices):
        """Which name comes first when it is written in Latin script."""

        GIVEN_FIRST = "given_first", _("given name first")
        FAMILY_FIRST = "family_first", _("family name first")

    class Role(models.TextChoices):
        """The person's role in the delegation."""

        HEAD = "head", _("head")
        DEPUTY = "deputy", _("deputy head")
        MEMBER = "member", _("member")
        ADVISER = "adviser", _("adviser")
        SPOUSE = "spouse", _("spouse")
        ASSISTANT = "assistant", _("assistant")
        INTERPRETER = "interpreter", _("interpreter")
        STAFF = "staff", _("staff")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="delegates")
    delegation = models.ForeignKey(Delegation, on_delete=models.CASCADE, related_name="delegates")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="delegates",
    )
    family_name = models.CharField(_("family name"), max_length=100, blank=True)
    given_name = models.CharField(_("given name"), max_length=100, blank=True)
    suffix = models.CharField(_("suffix"), max_length=20, blank=True)
    native_name = models.CharField(_("name in own script"), max_length=100, blank=True)
    name_order = models.CharField(
        _("order of names"),
        max_length=12,
        choices=NameOrder.choices,
        default=NameOrder.GIVEN_FIRST,
    )
    badge_name = models.CharField(
        _("name on the badge"),
        max_length=120,
        blank=True,
        help_text=_("Only if it differs from the name above."),
    )
    honorific = models.CharField(_("honorific"), max_length=40, blank=True)
    title_en = models.CharField(
        pgettext_lazy("person", "title in English"), max_length=200, blank=True
    )
    title_zh = models.CharField(
        pgettext_lazy("person", "title in Chinese"), max_length=200, blank=True
    )
    organisation_en = models.CharField(_("organisation in English"), max_length=200, blank=True)
    organisation_zh = models.CharField(_("organisation in Chinese"), max_length=200, blank=True)
    role = models.CharField(_("role"), max_length=12, choices=Role.choices, default=Role.MEMBER)
    rank = models.PositiveSmallIntegerField(_("rank"), null=True, blank=True)
    vip = models.BooleanField(_("VIP"), default=False)
    email = models.EmailField(_("e-mail"), blank=True, help_text=_("Several may share one."))
    phone = models.CharField(_("phone"), max_length=60, blank=True)
    phone_e164 = models.CharField(_("phone, international"), max_length=20, blank=True)
    language = models.CharField(
        _("language"), max_length=10, choices=Language.choices, default=Language.ENGLISH
    )
    needs_interpreter = models.BooleanField(_("needs an interpreter"), default=False)
    diet = models.CharField(_("diet"), max_length=120, blank=True)
    access_needs = models.CharField(_("access needs"), max_length=200, blank=True)
    arrival_at = models.DateTimeField(_("arrival"), null=True, blank=True)
    arrival_by = models.CharField(_("arrives by"), max_length=120, blank=True)
    departure_at = models.DateTimeField(_("departure"), null=True, blank=True)
    departure_by = models.CharField(_("departs by"), max_length=120, blank=True)
    home_timezone = models.CharField(_("home time zone"), max_length=64, blank=True)
    photo_consent = models.BooleanField(_("consents to photographs"), default=False)
    source_id = models.CharField(
        _("id in the sender's list"), max_length=80, blank=True, db_index=True
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    substituted_by = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="substitutes_for"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    objects: ClassVar = DelegateQuerySet.as_manager()

    class Meta:
        verbose_name = _("delegate")
        verbose_name_plural = _("delegates")
        ordering: ClassVar = ["delegation", "rank", "family_name", "given_name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["delegation"],
                condition=Q(role="head", withdrawn_at__isnull=True),
                name="one_head_per_delegation",
            ),
            models.CheckConstraint(
                condition=~Q(family_name="") | ~Q(given_name="") | ~Q(native_name=""),
                name="delegate_has_a_name",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def latin_name(self) -> str:
        """The name in Latin script, in the order the person chose; empty if there is none."""
        return latin_name(
            family_name=self.family_name,
            given_name=self.given_name,
            suffix=self.suffix,
            family_first=self.name_order == self.NameOrder.FAMILY_FIRST,
        )

    @property
    def display_name(self) -> str:
        """The name as it stands on the badge: chosen, else Latin, else own script."""
        return self._shown_names[0]

    @property
    def other_name(self) -> str:
        """The name in the other script, or empty where it would repeat the first."""
        return self._shown_names[1]

    @property
    def _shown_names(self) -> tuple[str, str]:
        return shown_names(
            badge_name=self.badge_name, latin=self.latin_name, native_name=self.native_name
        )

    @property
    def letter_name(self) -> str:
        """The name to write to: in Chinese letters the Chinese one, where it is known."""
        in_chinese = self.language == Language.CHINESE
        return (self.native_name if in_chinese else "") or self.display_name
