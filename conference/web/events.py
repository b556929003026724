"""Where mail providers post what became of letters: one address for each that the settings name.

Anymail reads the posts and checks that they are theirs: the secret in the address, and the
signature of those that sign. Without a provider in the settings there is no such address.
"""

import logging
from collections.abc import Iterable
from typing import Any, Final

from anymail.exceptions import (
    AnymailConfigurationError,
    AnymailError,
    AnymailWebhookValidationFailure,
)
from anymail.signals import AnymailTrackingEvent
from anymail.webhooks.amazon_ses import AmazonSESTrackingWebhookView
from anymail.webhooks.base import AnymailBaseWebhookView
from anymail.webhooks.brevo import BrevoTrackingWebhookView
from anymail.webhooks.mailgun import MailgunTrackingWebhookView
from anymail.webhooks.mailjet import MailjetTrackingWebhookView
from anymail.webhooks.postmark import PostmarkTrackingWebhookView
from anymail.webhooks.resend import ResendTrackingWebhookView
from anymail.webhooks.sendgrid import SendGridTrackingWebhookView
from anymail.webhooks.sparkpost import SparkPostTrackingWebhookView
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone

from conference.access import View, declare
from conference.operations import returning

#: What the reading of a post that is none of theirs may raise.
_UNREADABLE: Final = (
    AnymailError,
    AnymailConfigurationError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
)
_logger = logging.getLogger(__name__)


class _AmazonSes(AmazonSESTrackingWebhookView):  # type: ignore[misc]
    """Amazon SES without Amazon's own library, which would only confirm the subscription."""

    def __init__(self, **kwargs: Any) -> None:
        self.auto_confirm_enabled = False
        AnymailBaseWebhookView.__init__(self, **kwargs)

    def auto_confirm_sns_subscription(self, sns_message: dict[str, Any]) -> None:
        """Leave the confirmation to a person: the address to open stands in the log."""
        _logger.warning("Confirm the subscription: %s", sns_message.get("SubscribeURL"))


PROVIDERS: Final[dict[str, type[AnymailBaseWebhookView]]] = {
    "amazon_ses": _AmazonSes,
    "brevo": BrevoTrackingWebhookView,
    "mailgun": MailgunTrackingWebhookView,
    "mailjet": MailjetTrackingWebhookView,
    "postmark": PostmarkTrackingWebhookView,
    "resend": ResendTrackingWebhookView,
    "sendgrid": SendGridTrackingWebhookView,
    "sparkpost": SparkPostTrackingWebhookView,
}


class _Kept:
    """What is posted is kept by the operation; what is not theirs, or cannot be read, gets 400."""

    provider: str

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Keep each report. What fails afterwards is a 500, and the provider posts it again."""
        if not request.headers.get("Authorization"):
            # Amazon sends the secret of the address only when it is asked for.
            return HttpResponse(status=401, headers={"WWW-Authenticate": 'Basic realm="events"'})
        now = timezone.now()
        for event in self._events(request):
            returning.hear(event, provider=self.provider, now=now)
        return HttpResponse()

    def _events(self: Any, request: HttpRequest) -> list[AnymailTrackingEvent]:
        try:
            self.run_validators(request)
            return list(self.parse_events(request))
        except AnymailWebhookValidationFailure:
            raise
        except _UNREADABLE as failure:
            raise AnymailWebhookValidationFailure("The report cannot be read.") from failure


def urls(names: Iterable[str]) -> list[URLPattern]:
    """Return the address of each provider named."""
    return [
        path(
            f"mail/events/{name}/",
            declare(_view(name), "signed_service"),
            name=f"mail_events_{name}",
        )
        for name in names
    ]


def _view(name: str) -> View:
    kind = type("ProviderEvents", (_Kept, PROVIDERS[name]), {"provider": name})
    view: View = kind.as_view()  # type: ignore[attr-defined]
    return view
