"""Who may have an account: only whom an organiser or an invitation brought in."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]
    """Closes the sign-up: accounts come from invitations and from the conference's team."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return no, always."""
        return False
