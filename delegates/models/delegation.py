"""Delegations, badge classes and the places granted in them."""

from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from conference.models import Conference, Language
from delegates.models.locality import Locality, Organisation


class BadgeClass(models.Model):
    """A category of badge in one conference; its number stands in every badge code."""

    conference = models.ForeignKey(
        Conference, on_delete=models.CASCADE, related_name="badge_classes"
    )
    number = models.PositiveSmallIntegerField(_("number"))
    code = models.SlugField(_("code"), max_length=30)
    name_en = models.CharField(_("name in English"), max_length=80)
    name_zh = models.CharField(_("name in Chinese"), max_length=80, blank=True)
    colour = models.CharField(_("colour"), max_length=7, default="#14532d")
    walk_ins = models.BooleanField(_("may be given to walk-ins"), default=True)

    class Meta:
        verbose_name = _("badge class")
        verbose_name_plural = _("badge classes")
        ordering: ClassVar = ["conference", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["conference", "number"], name="class_number_unique"),
            models.UniqueConstraint(fields=["conference", "code"], name="class_code_unique"),
            models.CheckConstraint(
                condition=Q(number__gte=1) & Q(number__lte=255), name="class_number_is_a_byte"
            ),
        ]

    def __str__(self) -> str:
        return self.name_en or self.name_zh


class DelegationQuerySet(models.QuerySet["Delegation"]):
    """Which delegations."""

    def of(self, conference: Conference) -> Self:
        """Return those of this conference, in order of precedence."""
        return self.filter(conference=conference).order_by("precedence", "name_en", "name_zh")

    def for_focal_point(self, user: object) -> Self:
        """Return those whose list this user fills."""
        return self.filter(focal_user=user)


class Delegation(models.Model):
    """Persons representing one party, a place or an organisation, at one conference."""

    conference = models.ForeignKey(Conference, on_delete=models.CASCADE, related_name="delegations")
    locality = models.ForeignKey(
        Locality, on_delete=models.PROTECT, null=True, blank=True, related_name="delegations"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="delegations"
    )
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=200, blank=True)
    precedence = models.PositiveSmallIntegerField(_("precedence"), default=999)
    focal_name = models.CharField(_("focal point"), max_length=200, blank=True)
    focal_email = models.EmailField(_("e-mail of the focal point"), blank=True)
    focal_phone = models.CharField(_("phone of the focal point"), max_length=60, blank=True)
    focal_language = models.CharField(
        _("language of the focal point"),
        max_length=10,
        choices=Language.choices,
        default=Language.ENGLISH,
    )
    focal_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="focal_delegations",
    )
    liaison = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="liaison_delegations",
        verbose_name=_("liaison officer"),
    )
    nominations_close = models.DateField(_("names due by"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("list submitted"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)

    objects: ClassVar = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        ordering: ClassVar = ["conference", "precedence", "name_en"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["conference", "locality"],
                condition=Q(locality__isnull=False),
                name="one_delegation_per_locality",
            ),
            models.UniqueConstraint(
                fields=["conference", "organisation"],
                condition=Q(organisation__isnull=False),
                name="one_delegation_per_organisation",
            ),
            models.CheckConstraint(
                condition=(
                    Q(locality__isnull=False, organisation__isnull=True)
                    | Q(locality__isnull=True, organisation__isnull=False)
                ),
                name="delegation_has_one_party",
            ),
            models.CheckConstraint(
                condition=~Q(name_en="") | ~Q(name_zh=""), name="delegation_has_a_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name_en or self.name_zh

    def nominations_open(self, today: date) -> bool:
        """Return whether its focal point may still change the list on this day."""
        return self.nominations_close is None or today <= self.nominations_close


class Quota(models.Model):
    """Places granted to a delegation in a class. ``taken`` moves by conditional update only."""

    delegation = models.ForeignKey(Delegation, on_delete=models.CASCADE, related_name="quotas")
    badge_class = models.ForeignKey(BadgeClass, on_delete=models.CASCADE, related_name="quotas")
    granted = models.PositiveSmallIntegerField(_("granted"))
    taken = models.PositiveSmallIntegerField(_("taken"), default=0)

    class Meta:
        verbose_name = _("quota")
        verbose_name_plural = _("quotas")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["delegation", "badge_class"], name="quota_unique_per_class"
            ),
            models.CheckConstraint(condition=Q(taken__lte=F("granted")), name="quota_not_exceeded"),
        ]

    def __str__(self) -> str:
        return f"{self.delegation} · {self.badge_class}: {self.taken}/{self.granted}"

    @property
    def free(self) -> int:
        """Places still free."""
        return self.granted - self.taken
