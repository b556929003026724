"""What mail providers post of a letter, in the shapes that their own manuals give."""

import base64
import hashlib
import hmac
import json
from typing import Any

from django.test import Client

SECRET = "events:a-long-enough-password-of-a-test"
MAILGUN_KEY = "key-of-mailgun"
_BASIC = {"Authorization": "Basic " + base64.b64encode(SECRET.encode()).decode()}


def post(provider: str, told: Any, **headers: str) -> Any:
    """Post a report with the secret; ``headers`` are added, an empty one is left out."""
    given = {name.replace("_", "-"): value for name, value in (_BASIC | headers).items() if value}
    body = told if isinstance(told, bytes | str) else json.dumps(told)
    return Client().post(
        f"/mail/events/{provider}/", body, content_type="application/json", headers=given
    )


def mailgun(event: str, *, to: str, event_id: str = "e1", **fields: Any) -> dict[str, Any]:
    """A signed report of Mailgun."""
    timestamp, token = "1529006854", hashlib.sha256(f"{event_id}".encode()).hexdigest()[:50]
    signature = hmac.new(
        MAILGUN_KEY.encode(), f"{timestamp}{token}".encode(), hashlib.sha256
    ).hexdigest()
    return {
        "signature": {"timestamp": timestamp, "token": token, "signature": signature},
        "event-data": {
            "event": event,
            "id": event_id,
            "timestamp": 1529006854.329574,
            "recipient": to,
            "log-level": "error",
            "tags": [],
            "user-variables": {},
            **fields,
        },
    }


def mailgun_failure(
    *, to: str, mark: str = "", said: str = "550 5.1.1 no such user", **fields: Any
) -> dict[str, Any]:
    """Mailgun's report of a letter that came back for good."""
    return mailgun(
        "failed",
        to=to,
        **{
            "severity": "permanent",
            "reason": "bounce",
            "delivery-status": {"code": 550, "message": said, "description": ""},
            "user-variables": {"letter": mark} if mark else {},
            **fields,
        },
    )


def postmark_bounce(
    *, to: str, mark: str, kind: str = "HardBounce", number: int = 42, said: str = ""
) -> dict[str, Any]:
    """Postmark's report of a bounce."""
    return {
        "RecordType": "Bounce",
        "ID": number,
        "Type": kind,
        "TypeCode": 1,
        "Name": "Hard bounce",
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "Metadata": {"letter": mark},
        "Description": "The server was unable to deliver your message.",
        "Details": said,
        "Email": to,
        "From": "noreply@plenary.example",
        "BouncedAt": "2026-03-01T16:34:52.9124Z",
    }


def postmark(record: str, *, to: str, mark: str, **fields: Any) -> dict[str, Any]:
    """Postmark's report of a delivery, a complaint or an opened mail."""
    return {
        "RecordType": record,
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "Recipient": to,
        "Metadata": {"letter": mark},
        **fields,
    }


def ses(told: dict[str, Any], *, number: str = "n1") -> tuple[dict[str, Any], dict[str, str]]:
    """Amazon's notification of an event, with its headers."""
    return (
        {
            "Type": "Notification",
            "MessageId": number,
            "TopicArn": "arn:aws:sns:us-east-1:1234567890:events",
            "Message": json.dumps(told),
            "Timestamp": "2026-03-01T16:34:52.000Z",
        },
        {"X_Amz_Sns_Message_Type": "Notification", "X_Amz_Sns_Message_Id": number},
    )
