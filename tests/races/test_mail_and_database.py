"""The database goes away while the mail server answers: the answer is kept when it is back."""

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from conference.models import Message
from conference.operations import mailing
from config.settings.services import mail as mail_settings
from tests.delegates.conftest import make_conference
from tests.support.mail import MailServer

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


class CuttingServer(MailServer):
    """A mail server that takes the letter and ends every line to the database before it says so."""

    async def handle_DATA(self, server, session, envelope):
        answer = await super().handle_DATA(server, session, envelope)
        known = connection.settings_dict
        with psycopg.connect(
            host=known["HOST"],
            port=known["PORT"],
            user=known["USER"],
            password=known["PASSWORD"],
            dbname=known["NAME"],  # the tests' own: the one in DATABASE_URL may not exist
        ) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        return answer


def test_what_the_server_took_is_sent_once_although_the_database_was_away(settings):
    server = CuttingServer()
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
    assert turn.ends == {"sent": 1}
    assert (Message.objects.get().state, len(server.messages)) == ("sent", 1)
