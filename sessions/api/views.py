"""Reading the programme."""

from functools import cached_property
from typing import Any

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.permissions import AllowAny

from conference.interface.reading import ReadingView
from conference.models import Conference
from sessions.api import rights
from sessions.api.filters import SessionFilter
from sessions.api.serializers import SessionOut
from sessions.models import Appearance, Session


@extend_schema(tags=["sessions"])
@extend_schema_view(
    list=extend_schema(
        summary="List sessions",
        description="The public programme of published conferences for everybody; what is for "
        "delegates for the delegates; drafts for organisers, protocol and programme officers. "
        "In order of time. Cancelled sessions stay, with `cancelled_at` and the reason.",
    ),
    retrieve=extend_schema(summary="Read one session"),
)
class SessionView(ReadingView):
    """The sessions of the programme."""

    permission_classes = [AllowAny]
    queryset = Session.objects.none()
    serializer_class = SessionOut
    filterset_class = SessionFilter
    personal = False

    @cached_property
    def attended(self) -> set[int]:
        """The conferences that the reader attends."""
        return rights.attended_conferences(self.reader)

    def readable(self) -> QuerySet[Any]:
        """Return the sessions that this reader may see, with who appears in them."""
        appearances = Appearance.objects.select_related("speaker").order_by("order", "pk")
        return (
            Session.objects.filter(rights.readable_sessions(self.reader, self.attended))
            .select_related("conference", "room__venue")
            .prefetch_related(Prefetch("appearances", queryset=appearances))
            .order_by("starts_at", "ends_at", "id")
        )

    def may_enter(self, conference: Conference, rows: QuerySet[Any]) -> bool:
        """Let everybody into published conferences, the team and the delegates into the others."""
        return (
            conference.published
            or self.reader.role_in(conference.pk) is not None
            or conference.pk in self.attended
        )

    def get_serializer_context(self) -> dict[str, Any]:
        """Tell the serializer also which conferences the reader attends."""
        context = super().get_serializer_context()
        if "reader" in context:
            context["attended"] = self.attended
        return context
