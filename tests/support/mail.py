"""A mail server that keeps what it is given, for tests that follow a letter to its end."""

import time
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from config.broker import free_port


class MailServer:
    """An SMTP server on the loopback interface; `messages` holds what arrived, in order.

    `sources` holds the same as it came over the line.
    """

    def __init__(self) -> None:
        """Choose the port; `start` opens it."""
        self.messages: list[EmailMessage] = []
        self.sources: list[bytes] = []
        self.recipients: list[str] = []
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port())

    @property
    def url(self) -> str:
        """The EMAIL_URL of this server."""
        return f"smtp://127.0.0.1:{self._controller.port}"

    def start(self) -> None:
        """Open the port."""
        self._controller.start()

    def stop(self) -> None:
        """Close the port."""
        self._controller.stop(no_assert=True)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Keep the message and accept it."""
        content = envelope.content
        assert isinstance(content, bytes)
        self.recipients += envelope.rcpt_tos
        mail = message_from_bytes(content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.messages.append(mail)
        self.sources.append(content)
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        """Return what arrived for the address."""
        return [mail for mail in self.messages if address in str(mail["To"])]

    def wait_for(self, address: str, *, count: int = 1, seconds: float = 30) -> list[EmailMessage]:
        """Return the letters for the address once there are `count`; fail after `seconds`."""
        deadline = time.monotonic() + seconds
        while len(self.to(address)) < count:
            assert time.monotonic() < deadline, (
                f"{len(self.to(address))} of {count} letters for {address} after {seconds} s; "
                f"arrived for: {self.recipients}"
            )
            time.sleep(0.1)
        return self.to(address)


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    """A mail server of this test's own."""
    server = MailServer()
    server.start()
    yield server
    server.stop()
