"""Who may have an account, and under which address."""

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.views import EmailView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]
    """Closes the sign-up: accounts come from invitations and from the conference's team."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return no, always."""
        return False


class EmailAddresses(EmailView):  # type: ignore[misc]
    """The page of one's e-mail addresses; what one signs in with is proven to be one's own.

    An organiser gives a part to whoever has the account of an address, so nobody may take an
    address that she or he does not read.
    """

    def _action_primary(
        self, request: HttpRequest, *args: object, **kwargs: object
    ) -> HttpResponse | None:
        address = self._get_email_address(request)
        if address is not None and not address.verified:
            get_adapter().add_message(
                request, messages.ERROR, "account/messages/unverified_primary_email.txt"
            )
            return None
        made: HttpResponse | None = super()._action_primary(request, *args, **kwargs)
        return made
