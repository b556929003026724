"""What the description of every reading view says by itself: its errors, its safety."""

from typing import Any, Final

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated


class Refusal(serializers.Serializer[Any]):
    """Why not: a code for programs, a sentence for people."""

    code = serializers.CharField(help_text="Stable; decide by it.")
    detail = serializers.CharField(help_text="In the language of `Accept-Language`.")
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="For each field its sentences; only where `code` is `invalid`.",
    )


INVALID: Final = OpenApiResponse(Refusal, description="A filter has a value that it cannot use.")
UNKNOWN: Final = OpenApiResponse(Refusal, description="Nobody, a dead token, or a wrong one.")
MISSING: Final = OpenApiResponse(
    Refusal, description="It does not exist, or this reader has no part in it."
)
TOO_OFTEN: Final = OpenApiResponse(
    Refusal, description="Too many requests: wait as long as `Retry-After` says, in seconds."
)
BUSY: Final = OpenApiResponse(Refusal, description="Busy: try again after `Retry-After` seconds.")


class ReadingSchema(AutoSchema):
    """Describes a view that only reads, with the refusals that it may answer."""

    def get_response_serializers(self) -> Any:
        """Return the answer that the view gives, and every refusal besides."""
        found = super().get_response_serializers()
        answers: dict[int, Any] = found if isinstance(found, dict) else {200: found}
        refusals: dict[int, Any] = {400: INVALID, 401: UNKNOWN, 404: MISSING}
        return answers | refusals | {429: TOO_OFTEN, 503: BUSY}

    def get_serializer_name(self, serializer: Any, direction: Any) -> str:
        """Call ``DelegateOut`` simply ``Delegate``."""
        name: str = super().get_serializer_name(serializer, direction)
        return name.removesuffix("Out")

    def get_auth(self) -> list[Any]:
        """Return the ways to sign in, without "nobody" where somebody is needed."""
        ways = super().get_auth()
        needs_somebody = any(
            isinstance(permission, IsAuthenticated) for permission in self.view.get_permissions()
        )
        return [way for way in ways if way] if needs_somebody else ways
