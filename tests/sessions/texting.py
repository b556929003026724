"""What tests of texts share: a phone number, the gateway's settings, and its signature."""

import hmac
import json
from datetime import timedelta
from hashlib import sha256

from delegates.models import TextAddress

SECRET = "a secret of more than thirty-two characters"
NUMBER = "+14155550100"
WEBHOOK = "conference.operations.channels.webhook.Webhook"


def adapter(url):
    """The webhook to a gateway, as the settings name it."""
    return {"adapter": WEBHOOK, "url": f"{url}/sms", "secret": SECRET}


def sign(stamp, body):
    return "v1=" + hmac.new(SECRET.encode(), f"{stamp}.".encode() + body, sha256).hexdigest()


def code_of(gateway):
    """The code that went to the gateway last."""
    return json.loads(gateway.asked[-1][2])["text"][:6]


def allow(delegate, now, address=NUMBER, **fields):
    """A phone to which a delegate has allowed texts, a minute ago."""
    since = now - timedelta(minutes=1)
    return TextAddress.objects.create(
        delegate=delegate, channel="sms", address=address, confirmed_at=since, **fields
    )
