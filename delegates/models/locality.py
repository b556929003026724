"""Places and their formal ties; both outlive every edition."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Country(models.TextChoices):
    """The two countries of the founding case; others may follow."""

    CHINA = "CN", _("China")
    UNITED_STATES = "US", _("United States")
    OTHER = "XX", _("other")


class Locality(models.Model):
    """A subnational unit: province, state, county, city, district."""

    class Kind(models.TextChoices):
        """The kind of place, as its own country calls it."""

        STATE = "state", pgettext_lazy("part of a country", "state")
        FEDERAL_DISTRICT = "federal_district", _("federal district")
        PROVINCE = "province", _("province")
        AUTONOMOUS_REGION = "autonomous_region", _("autonomous region")
        MUNICIPALITY = "municipality", _("municipality")
        SPECIAL_REGION = "special_region", _("special administrative region")
        PREFECTURE = "autonomous_prefecture", _("autonomous prefecture")
        COUNTY = "county", _("county")
        CITY = "city", _("city")
        COUNTY_LEVEL_CITY = "county_level_city", _("county-level city")
        DISTRICT = "district", _("district")
        TOWN = "town", _("town")
        TOWNSHIP = "township", _("township")
        VILLAGE = "village", _("village")
        BOROUGH = "borough", _("borough")
        COMMUNITY = "community", _("community")

    # What a map draws: the first level below the country.
    FIRST_LEVEL: ClassVar[tuple[str, ...]] = (
        Kind.STATE,
        Kind.FEDERAL_DISTRICT,
        Kind.PROVINCE,
        Kind.AUTONOMOUS_REGION,
        Kind.MUNICIPALITY,
        Kind.SPECIAL_REGION,
    )

    kind = models.CharField(_("kind"), max_length=24, choices=Kind.choices)
    country = models.CharField(_("country"), max_length=2, choices=Country.choices)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )
    code = models.CharField(
        _("code"), max_length=12, blank=True, help_text=_("ISO 3166-2, such as US-CA or CN-JS.")
    )
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=120, blank=True)
    timezone = models.CharField(_("time zone"), max_length=64, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("locality", "place")
        verbose_name_plural = pgettext_lazy("locality", "places")
        ordering: ClassVar = ["country", "name_en", "name_zh"]
        constraints: ClassVar = [
            # Two constraints, because NULLs are distinct and SQLite cannot say otherwise.
            models.UniqueConstraint(
                fields=["kind", "parent", "name_en", "name_zh"],
                condition=Q(parent__isnull=False),
                name="locality_unique_within_parent",
            ),
            models.UniqueConstraint(
                fields=["kind", "country", "name_en", "name_zh"],
                condition=Q(parent__isnull=True),
                name="locality_unique_without_parent",
            ),
            models.UniqueConstraint(
                fields=["code"], condition=~Q(code=""), name="locality_code_unique"
            ),
            models.CheckConstraint(
                condition=~Q(name_en="") | ~Q(name_zh=""), name="locality_has_a_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name_en or self.name_zh

    def first_level(self) -> "Locality | None":
        """Return the state or province this place is in (itself, if it is one)."""
        place: Locality | None = self
        while place is not None and place.kind not in self.FIRST_LEVEL:
            place = place.parent
        return place


class SisterPairQuerySet(models.QuerySet["SisterPair"]):
    """Which pairs."""

    def in_force(self) -> Self:
        """Return pairs that have not ended."""
        return self.filter(status=SisterPair.Status.IN_FORCE)

    def of(self, locality: Locality) -> Self:
        """Return the pairs that this place is a side of."""
        return self.filter(Q(first=locality) | Q(second=locality))


class SisterPair(models.Model):
    """A formal tie of two places. ``first`` is the one with the smaller id: a pair is unordered."""

    class Tie(models.TextChoices):
        """What the tie is called."""

        SISTER = "sister", _("sister")
        FRIENDSHIP = "friendship", _("friendship")

    class Status(models.TextChoices):
        """Whether the tie stands."""

        IN_FORCE = "in_force", _("in force")
        ENDED = "ended", _("ended")

    first = models.ForeignKey(Locality, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Locality, on_delete=models.PROTECT, related_name="+")
    tie = models.CharField(_("tie"), max_length=12, choices=Tie.choices, default=Tie.SISTER)
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.IN_FORCE
    )
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    source = models.TextField(_("source"), blank=True)
    note = models.TextField(_("note"), blank=True)
    uncertain = models.BooleanField(_("not certain"), default=False)

    objects: ClassVar = SisterPairQuerySet.as_manager()

    class Meta:
        verbose_name = _("sister pair")
        verbose_name_plural = _("sister pairs")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["first", "second", "tie"], name="pair_unique"),
            # Holds the order, and with it that a place is not its own sister.
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="pair_is_ordered"),
        ]

    def __str__(self) -> str:
        return f"{self.first} – {self.second}"


class Organisation(models.Model):
    """A body that sends a delegation and is not a place: an association, a consulate, a firm."""

    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=200, blank=True)
    abbreviation = models.CharField(_("abbreviation"), max_length=30, blank=True)
    country = models.CharField(
        _("country"), max_length=2, choices=Country.choices, default=Country.OTHER
    )

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering: ClassVar = ["name_en", "name_zh"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["name_en", "name_zh"], name="organisation_name_unique"),
            models.CheckConstraint(
                condition=~Q(name_en="") | ~Q(name_zh=""), name="organisation_has_a_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name_en or self.name_zh
