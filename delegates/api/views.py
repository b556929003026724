"""Reading delegations and delegates."""

from collections.abc import Mapping
from typing import Any, cast

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from conference.interface.reading import ReadingView
from conference.models import Conference
from delegates.api import rights
from delegates.api.filters import DelegateFilter, DelegationFilter
from delegates.api.serializers import DelegateOut, DelegationOut
from delegates.models import Delegate, Delegation
from delegates.operations.progress import progress_of_all


@extend_schema(tags=["delegations"])
@extend_schema_view(
    list=extend_schema(
        summary="List delegations",
        description="For the team of a conference; a focal point reads the own delegation. "
        "In order of precedence.",
    ),
    retrieve=extend_schema(summary="Read one delegation"),
)
class DelegationView(ReadingView):
    """Delegations with how far each is."""

    permission_classes = [IsAuthenticated]
    queryset = Delegation.objects.none()
    serializer_class = DelegationOut
    filterset_class = DelegationFilter

    def readable(self) -> QuerySet[Any]:
        """Return the delegations of the reader's conferences, and those that the reader fills."""
        return (
            Delegation.objects.filter(rights.readable_delegations(self.reader))
            .select_related("conference", "locality", "organisation")
            .order_by("conference", "precedence", "name_en", "name_zh", "id")
        )

    def may_enter(self, conference: Conference, rows: QuerySet[Any]) -> bool:
        """Let the team in, and focal points of this conference."""
        return self.reader.role_in(conference.pk) in rights.SEE_DELEGATIONS or rows.exists()

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answer a page, its progress counted for all its rows at once."""
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self._shown(rows or [], many=True))

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answer one row."""
        return Response(self._shown(self.get_object(), many=False))

    def _shown(self, shown: Any, *, many: bool) -> Mapping[str, Any]:
        progress = progress_of_all(shown if many else [shown])
        by_id = {each.delegation.pk: each for each in progress}
        context = {**self.get_serializer_context(), "progress": by_id}
        return cast("Mapping[str, Any]", DelegationOut(shown, many=many, context=context).data)


@extend_schema(tags=["delegates"])
@extend_schema_view(
    list=extend_schema(
        summary="List delegates",
        description="For organisers, protocol officers and desk staff; a focal point reads the "
        "own delegation, a delegate the own entry. What a reader may not see of a person is null.",
    ),
    retrieve=extend_schema(summary="Read one delegate"),
)
class DelegateView(ReadingView):
    """The people of the delegations."""

    permission_classes = [IsAuthenticated]
    queryset = Delegate.objects.none()
    serializer_class = DelegateOut
    filterset_class = DelegateFilter

    def readable(self) -> QuerySet[Any]:
        """Return the people of the reader's conferences and delegations, and the reader."""
        return (
            Delegate.objects.filter(rights.readable_delegates(self.reader))
            .select_related("conference", "delegation", "accreditation__badge_class")
            .order_by("conference", "delegation", "rank", "family_name", "given_name", "id")
        )

    def may_enter(self, conference: Conference, rows: QuerySet[Any]) -> bool:
        """Let in who of the team deals with people, the focal points and the delegates."""
        return self.reader.role_in(conference.pk) in rights.SEE_DELEGATES or rows.exists()
