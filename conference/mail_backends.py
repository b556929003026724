"""Where mail goes when no relay is set: into a table that the demo's outbox page reads."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from conference.models import OutboxMail


class OutboxBackend(BaseEmailBackend):
    """Stores every message whole, one row for each recipient."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Store the messages and return how many there were."""
        for mail in email_messages:
            source = mail.message()
            for recipient in mail.recipients():
                OutboxMail.objects.create(
                    message_id=str(source["Message-ID"] or ""),
                    to_email=recipient,
                    subject=str(mail.subject),
                    source=source.as_string(),
                )
        return len(email_messages)
