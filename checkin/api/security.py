"""How the OpenAPI description names a device's token."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class DeviceTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """A bearer token of 43 characters."""

    target_class = "checkin.api.endpoint.DeviceToken"
    name = "deviceToken"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """Return the scheme."""
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "The token that a device got at its enrolment.",
        }
