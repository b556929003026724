"""A mail server with moods, and the mailings whose letters it is given."""

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from conference.models import Campaign
from config.settings.services import mail as mail_settings
from tests.support.mail import MailServer


class MoodyServer(MailServer):
    """A mail server that answers some addresses as a test wants it to."""

    def __init__(self) -> None:
        super().__init__()
        self.greetings = 0
        self.moods: dict[str, str] = {}
        self.answer_to_senders = "250 OK"
        self.letters_per_line = 1000
        self.served = 0  # on the present line

    async def handle_EHLO(self, _server, session: Session, _envelope, hostname: str, responses):
        self.greetings += 1
        session.host_name = hostname
        self.served = 0
        return responses

    async def handle_MAIL(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options
    ) -> str:
        envelope.mail_from = address
        return self.answer_to_senders

    async def handle_RCPT(
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, _options
    ) -> str:
        if self.served >= self.letters_per_line:
            return "421 enough for one line"
        mood = self.moods.get(address, "")
        if mood[:1] in {"4", "5"}:
            return mood
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        mood = self.moods.get(envelope.rcpt_tos[0])
        if mood == "hang up before it is kept":
            server.transport.abort()
            return "250 never heard"
        answer = await super().handle_DATA(server, session, envelope)
        self.served += 1
        if mood == "hang up after it is kept":
            server.transport.abort()
        if mood == "refuse the text":
            self.messages.pop()
            return "554 5.1.1 we do not like the text: no such user"
        return answer


@pytest.fixture
def server(settings):
    server = MoodyServer()
    server.start()
    for name, value in mail_settings(server.url).items():
        setattr(settings, name, value)
    yield server
    server.stop()


@pytest.fixture
def mailing_of(suzhou):
    def make(**fields) -> Campaign:
        return Campaign.objects.create(
            conference=suzhou, **({"name": "Invitation", "state": "sending"} | fields)
        )

    return make
