"""Programs that come with an API token."""

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from conference.errors import ApiTokenNotValid
from conference.models import ApiToken
from conference.operations import tokens


class Program(AnonymousUser):
    """Who a request with a token comes from: let in, but no user of the house."""

    @property
    def is_authenticated(self) -> bool:  # type: ignore[override]
        """Always true: the token was looked at."""
        return True

    @property
    def is_anonymous(self) -> bool:  # type: ignore[override]
        """Always false, as the opposite of ``is_authenticated``."""
        return False


class ApiTokenAuthentication(BaseAuthentication):
    """``Authorization: Bearer plenary_…``; ``request.auth`` is then the token's row."""

    keyword = "Bearer"

    def authenticate(self, request: Request) -> tuple[Program, ApiToken] | None:
        """Return the program and its token, or None where no bearer token was sent."""
        scheme, _separator, token = get_authorization_header(request).partition(b" ")
        if scheme.lower() != self.keyword.lower().encode():
            return None
        try:
            row = tokens.find_token(token=token.decode("latin-1").strip(), now=timezone.now())
        except ApiTokenNotValid as refusal:
            raise AuthenticationFailed(str(refusal), code=refusal.code) from refusal
        return Program(), row

    def authenticate_header(self, request: Request) -> str:
        """Return the challenge that goes with a 401."""
        return f'{self.keyword} realm="api"'


class ApiTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the token is described in OpenAPI."""

    target_class = "conference.interface.authentication.ApiTokenAuthentication"
    name = "apiToken"

    def get_security_definition(self, auto_schema: object) -> dict[str, object]:
        """Return the security scheme."""
        return {
            "type": "http",
            "scheme": "bearer",
            "description": str(
                _(
                    "A token that the organiser of a conference makes under "
                    "Programs. It reads that conference in the part of one role, "
                    "until it expires or is revoked."
                )
            ),
        }
