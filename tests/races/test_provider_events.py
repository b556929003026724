"""One report that a provider posts several times at once is one report."""

import pytest

from conference.models import MailReport, Suppression
from conference.operations import mailing, returning
from config.settings import services
from tests.conference.web.test_pages import write
from tests.factories import make_conference
from tests.support import posted
from tests.support.at_once import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

THREADS = 6


def test_the_same_report_from_many_sides_counts_once(settings):
    settings.MAIL_PROVIDERS = ["mailgun"]
    settings.ANYMAIL = services.webhooks(
        ["mailgun"], secret=posted.SECRET, mailgun_key=posted.MAILGUN_KEY
    )
    settings.ROOT_URLCONF = "tests.support.provider_urls"
    letter = write(make_conference(), 1)
    told = posted.mailgun_failure(to=letter.to_email, mark=returning.token_of(letter))

    def post():
        return posted.post("mailgun", told).status_code

    assert at_once(*[post] * THREADS) == [200] * THREADS
    assert MailReport.objects.count() == Suppression.objects.count() == 1
    assert [each.kind for each in mailing.steps_of(letter)].count("bounced") == 1
