"""How often one reader may ask."""

from typing import Any

from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from conference.models import ApiToken


class ReadThrottle(SimpleRateThrottle):
    """Ten requests a second on average for each token, user or address of the public."""

    scope = "read"
    rate = "600/min"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        """Return whose requests are counted together."""
        if isinstance(request.auth, ApiToken):
            who = f"token-{request.auth.pk}"
        elif request.user.is_authenticated:
            who = f"user-{request.user.pk}"
        else:
            who = f"address-{self.get_ident(request)}"
        return self.cache_format % {"scope": self.scope, "ident": who}

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Return whether the request is within the limit; without the cache, nothing is counted."""
        try:
            allowed: Any = super().allow_request(request, view)
        except RedisError:
            return True
        return bool(allowed)
