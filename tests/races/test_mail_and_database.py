"""The database goes away while the mail server answers: the answer is kept when it is back."""

import psycopg
import pytest
from django.db import connections
from django.utils import timezone

from conference.models import Message
from conference.operations import mailing
from config.settings.services import mail as mail_settings
from tests.delegates.conftest import make_conference
from tests.support.mail import MailServer
from tests.support.running import url_of_test_database

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


class CuttingServer(MailServer):
    """A mail server that takes the letter and ends the sender's line to the database meanwhile.

    That line alone: others on the same database, as a web server that goes on to the next test,
    are none of this story.
    """

    def __init__(self, sender):
        super().__init__()
        self.sender = sender
        self.cuts = 0

    async def handle_DATA(self, server, session, envelope):
        answer = await super().handle_DATA(server, session, envelope)
        with psycopg.connect(url_of_test_database()) as admin:
            pid = self.sender.connection.info.backend_pid
            (ended,) = admin.execute("SELECT pg_terminate_backend(%s, 5000)", [pid]).fetchone()
        self.cuts += ended
        return answer


def test_what_the_server_took_is_sent_once_although_the_database_was_away(settings):
    server = CuttingServer(sender=connections["default"])
    server.start()
    for name, value in mail_settings(server.url).items():
        setattr(settings, name, value)
    try:
        letter = mailing.Letter(
            key="cut",
            purpose="greeting",
            to_email="anna@city.example",
            subject="Welcome",
            body_text="Good morning",
            on_doubt="hold",
        )
        now = timezone.now()
        mailing.enqueue(conference=make_conference("cut-mail"), letter=letter, now=now)
        turn = mailing.send_due(worker="w1", clock=timezone.now)
    finally:
        server.stop()
    assert (turn.ends, server.cuts) == ({"sent": 1}, 1)
    assert (Message.objects.get().state, len(server.messages)) == ("sent", 1)
