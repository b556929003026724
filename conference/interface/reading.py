"""Who reads, and what reading views have in common."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from conference.access import declare
from conference.interface.authentication import ApiTokenAuthentication
from conference.interface.pages import Pages
from conference.interface.schema import ReadingSchema
from conference.interface.throttle import ReadThrottle
from conference.models import ApiToken, Conference, Membership


@dataclass(frozen=True)
class Reader:
    """Who asks: which part in which conference, and which user if it is one.

    A program with a token has the token's role in the token's conference and is no user.
    """

    user_id: int | None = None
    roles: Mapping[int, str] = field(default_factory=dict)

    def conferences(self, roles: Iterable[str]) -> list[int]:
        """Return the ids of the conferences in which the reader has one of these roles."""
        wanted = set(roles)
        return [pk for pk, role in self.roles.items() if role in wanted]

    def role_in(self, conference_id: int) -> str | None:
        """Return the reader's role in a conference, or None."""
        return self.roles.get(conference_id)


def reader_of(request: Request) -> Reader:
    """Return who asks, in at most one query."""
    if isinstance(request.auth, ApiToken):
        return Reader(roles={request.auth.conference_id: request.auth.role})
    if not request.user.is_authenticated:
        return Reader()
    roles = Membership.objects.filter(user=request.user).values_list("conference_id", "role")
    return Reader(user_id=request.user.pk, roles=dict(roles))


class ReadingView(ReadOnlyModelViewSet[Any]):
    """A list and its single rows, read only. A view says whose rows, and declares its permission.

    Every view stands twice: under ``conferences/<slug>/`` for one conference, and by itself for
    all conferences that the reader has a part in.
    """

    authentication_classes = [ApiTokenAuthentication, SessionAuthentication]
    throttle_classes = [ReadThrottle]
    pagination_class = Pages
    http_method_names = ["get", "head", "options"]
    schema = ReadingSchema()
    #: Whether answers hold personal data, which no cache on the way may keep.
    personal = True

    @cached_property
    def reader(self) -> Reader:
        """Who asks."""
        return reader_of(self.request)

    @cached_property
    def conference(self) -> Conference | None:
        """The conference that the address names, or None where it names none."""
        slug = self.kwargs.get("slug")
        return None if slug is None else get_object_or_404(Conference, slug=slug)

    def get_queryset(self) -> QuerySet[Any]:
        """Return the rows that this reader may see at this address, or answer 404."""
        model = type(self).queryset.model  # type: ignore[union-attr]
        if getattr(self, "swagger_fake_view", False):
            return cast("QuerySet[Any]", model.objects.none())
        rows = self.readable()
        if self.conference is None:
            return rows
        rows = rows.filter(conference=self.conference)
        if not self.may_enter(self.conference, rows):
            raise Http404
        return rows

    def readable(self) -> QuerySet[Any]:
        """Return all rows that this reader may see."""
        raise NotImplementedError

    def may_enter(self, conference: Conference, rows: QuerySet[Any]) -> bool:
        """Return whether this list exists for the reader; ``rows`` are those to be seen there."""
        raise NotImplementedError

    def get_serializer_context(self) -> dict[str, Any]:
        """Tell the serializers who reads."""
        context = {**super().get_serializer_context()}
        if not getattr(self, "swagger_fake_view", False):
            context["reader"] = self.reader
        return context

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        """Keep personal data out of caches."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(answer, ["Authorization", "Cookie", "Accept-Language"])
        if self.personal or request.user.is_authenticated:
            add_never_cache_headers(answer)
        return answer


def addresses(view: type[ReadingView], *, one: str, many: str, policy: str) -> list[URLPattern]:
    """Return the four addresses of a view: list and row, in one conference and in all."""

    def shown(action: str) -> Any:
        return declare(view.as_view({"get": action}), policy)

    inside = f"conferences/<slug:slug>/{many}/"
    return [
        path(f"{many}/", shown("list"), name=many),
        path(f"{many}/<int:pk>/", shown("retrieve"), name=one),
        path(inside, shown("list"), name=f"conference_{many}"),
        path(f"{inside}<int:pk>/", shown("retrieve"), name=f"conference_{one}"),
    ]
