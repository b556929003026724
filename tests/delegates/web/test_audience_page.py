"""The page on which the recipients of a mailing are chosen."""

import pytest

from tests.delegates.mailing_cast import make_mailing, make_person
from tests.delegates.web.test_mailings import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, organiser):
    client.force_login(organiser, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_what_is_ticked_counts_also_for_who_goes_straight_on_to_sending(
    desk, conference, california
):
    make_person(california, "Lopez", vip=True)
    make_person(california, "Chen")
    campaign = make_mailing(conference)
    answer = desk.post(at("audience", campaign.pk), {"vip": ["yes"], "send": ""})
    assert answer.url == at("detail", campaign.pk)
    page = desk.get(answer.url)
    assert [each.email for each in page.context["recipients"].reached] == ["lopez@example.org"]


def test_who_ticked_what_is_gone_meanwhile_is_not_taken_on_to_sending(desk, conference, california):
    campaign = make_mailing(conference)
    answer = desk.post(at("audience", campaign.pk), {"class": ["987"], "send": ""})
    assert answer.url == at("audience", campaign.pk)
