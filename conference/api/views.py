"""Reading conferences."""

from typing import Any

from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import permissions
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from conference.api.filters import ConferenceFilter
from conference.api.serializers import ConferenceOut, RootOut
from conference.interface.authentication import ApiTokenAuthentication
from conference.interface.reading import ReadingView
from conference.interface.schema import BUSY, TOO_OFTEN, UNKNOWN, ReadingSchema
from conference.interface.throttle import ReadThrottle
from conference.models import Conference

PLACES = {
    "conferences": "conference_api:conferences",
    "sessions": "programme_api:sessions",
    "delegations": "delegates_api:delegations",
    "delegates": "delegates_api:delegates",
    "description": "schema",
    "documentation": "docs",
}


class Root(APIView):
    """The beginning of the interface: where things are."""

    authentication_classes = [ApiTokenAuthentication, SessionAuthentication]
    permission_classes = [permissions.AllowAny]
    throttle_classes = [ReadThrottle]

    schema = ReadingSchema()

    @extend_schema(
        operation_id="root",
        tags=["start"],
        summary="Where things are",
        responses={200: RootOut, 401: UNKNOWN, 429: TOO_OFTEN, 503: BUSY},
    )
    def get(self, request: Request) -> Response:
        """Answer the addresses of the lists and of this interface's description."""
        return Response({name: reverse(url, request=request) for name, url in PLACES.items()})


@extend_schema(tags=["conferences"])
@extend_schema_view(
    list=extend_schema(
        summary="List conferences",
        description="Published conferences, for everybody; the others for those who have a part "
        "in them. The latest first.",
    ),
    retrieve=extend_schema(
        summary="Read one conference", description="With its hosts, venues and rooms."
    ),
)
class ConferenceView(ReadingView):
    """Conferences: the published ones, and those in which the reader has a role."""

    permission_classes = [permissions.AllowAny]
    queryset = Conference.objects.none()
    serializer_class = ConferenceOut
    filterset_class = ConferenceFilter
    lookup_field = "slug"
    personal = False

    def get_queryset(self) -> QuerySet[Any]:
        """Return the conferences that this reader may see."""
        return (
            Conference.objects.filter(Q(published=True) | Q(pk__in=list(self.reader.roles)))
            .select_related("series", "rehearsal_of")
            .prefetch_related("hosts", "venues__rooms")
        )
