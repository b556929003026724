"""The order in which people and delegations are named: protocol, not alphabet."""

from django.db.models import Case, IntegerField, QuerySet, Value, When

from delegates.models import Delegate

_ROLES = (Delegate.Role.HEAD, Delegate.Role.DEPUTY)


def in_precedence(people: QuerySet[Delegate]) -> QuerySet[Delegate]:
    """Return the people by delegation, the head first, the deputy next, then by rank and name."""
    role = Case(
        *[When(role=role, then=Value(place)) for place, role in enumerate(_ROLES)],
        default=Value(len(_ROLES)),
        output_field=IntegerField(),
    )
    return people.order_by(
        "delegation__precedence",
        "delegation__name_en",
        "delegation_id",
        role,
        "rank",
        "family_name",
        "native_name",
        "pk",
    )
