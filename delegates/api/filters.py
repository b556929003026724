"""Which delegations, which people."""

from datetime import datetime
from typing import ClassVar

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from conference.interface.filtering import InstantFilter
from conference.interface.searching import having_words
from delegates.models import Accreditation, Country, Delegate, Delegation, Invitation
from delegates.operations.progress import STEPS, progress_of_all

State = Accreditation.State


class DelegationFilter(filters.FilterSet):  # type: ignore[misc]
    """By how far they are, where they are from, and by words."""

    state = filters.ChoiceFilter(
        choices=list(STEPS.items()), method="at_step", label=_("The furthest step reached.")
    )
    invitation = filters.ChoiceFilter(
        choices=Invitation.State.choices,
        method="with_invitation",
        label=_("State of the latest invitation."),
    )
    country = filters.ChoiceFilter(
        choices=Country.choices, method="from_country", label=_("Country of the party.")
    )
    q = filters.CharFilter(method="find", label=_("Words of the name, in either script."))
    ordering = filters.OrderingFilter(
        fields=["precedence", "name_en", "name_zh", "id"],
        label=_("Order; a leading minus turns it round."),
    )

    class Meta:
        model = Delegation
        fields: ClassVar[list[str]] = []

    def at_step(self, rows: QuerySet[Delegation], name: str, value: str) -> QuerySet[Delegation]:
        """Return the delegations that have come this far and no further."""
        reached = [each for each in progress_of_all(rows) if each.step == value]
        return rows.filter(pk__in=[each.delegation.pk for each in reached])

    def with_invitation(
        self, rows: QuerySet[Delegation], name: str, value: str
    ) -> QuerySet[Delegation]:
        """Return the delegations whose latest invitation is in this state."""
        found = [each for each in progress_of_all(rows) if each.invitation_state == value]
        return rows.filter(pk__in=[each.delegation.pk for each in found])

    def from_country(
        self, rows: QuerySet[Delegation], name: str, value: str
    ) -> QuerySet[Delegation]:
        """Return the delegations whose place or organisation is in this country."""
        return rows.filter(Q(locality__country=value) | Q(organisation__country=value))

    def find(self, rows: QuerySet[Delegation], name: str, value: str) -> QuerySet[Delegation]:
        """Return the delegations with these words."""
        return having_words(rows, value, ["name_en", "name_zh"])


class DelegateFilter(filters.FilterSet):  # type: ignore[misc]
    """By delegation, state, role, class, time of change, and by words."""

    delegation = filters.NumberFilter(
        field_name="delegation_id", min_value=1, label=_("Id of a delegation.")
    )
    state = filters.ChoiceFilter(
        choices=State.choices, method="in_state", label=_("How far the accreditation is.")
    )
    role = filters.ChoiceFilter(choices=Delegate.Role.choices, label=_("Role in the delegation."))
    badge_class = filters.CharFilter(
        field_name="accreditation__badge_class__code", label=_("Code of a badge class.")
    )
    uid = filters.UUIDFilter(label=_("UUID of a person."))
    updated_since = InstantFilter(
        method="changed_since", label=_("Changed at this instant or later, such as a last reading.")
    )
    q = filters.CharFilter(
        method="find",
        label=_("Words of name, title, organisation or delegation, in either script."),
    )
    ordering = filters.OrderingFilter(
        fields={
            "family_name": "family_name",
            "given_name": "given_name",
            "delegation__precedence": "precedence",
            "changed_at": "updated_at",
            "id": "id",
        },
        label=_("Order; a leading minus turns it round."),
    )

    class Meta:
        model = Delegate
        fields: ClassVar[list[str]] = []

    def in_state(self, rows: QuerySet[Delegate], name: str, value: str) -> QuerySet[Delegate]:
        """Return the people whose ``state``, as it is answered, is this one."""
        if value == State.SUBSTITUTED:
            return rows.filter(accreditation__state=value)
        if value == State.WITHDRAWN:
            gone = Q(withdrawn_at__isnull=False) | Q(accreditation__state=value)
            return rows.filter(gone).exclude(accreditation__state=State.SUBSTITUTED)
        reached = Q(accreditation__state=value)
        if value == State.NOMINATED:
            reached |= Q(accreditation=None)
        return rows.filter(reached, withdrawn_at=None)

    def changed_since(
        self, rows: QuerySet[Delegate], name: str, value: datetime
    ) -> QuerySet[Delegate]:
        """Return the people who, or whose accreditation, changed since then."""
        return rows.filter(Q(changed_at__gte=value) | Q(accreditation__changed_at__gte=value))

    def find(self, rows: QuerySet[Delegate], name: str, value: str) -> QuerySet[Delegate]:
        """Return the people with these words."""
        return having_words(
            rows,
            value,
            [
                "family_name",
                "given_name",
                "native_name",
                "badge_name",
                "title_en",
                "title_zh",
                "organisation_en",
                "organisation_zh",
                "delegation__name_en",
                "delegation__name_zh",
            ],
        )
