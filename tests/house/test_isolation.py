"""Nobody reaches into a conference in which they have no part, by no address and no method.

The addresses come from the URL map, the rows behind them from two whole conferences, so a new
address is walked as soon as it exists. One whose variable part is unknown here fails until it is
registered in `ROWS`.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from conference.models import Conference, Role
from tests import factories
from tests.factories.edition import Edition, make_edition
from tests.support.url_map import Address, every_address

pytestmark = pytest.mark.django_db

#: For each variable part, by the path before it: the value in a conference.
ROWS = {
    "api/v1/conferences/delegates": lambda at: at.delegate.pk,
    "api/v1/conferences/delegations": lambda at: at.delegation.pk,
    "api/v1/conferences/sessions": lambda at: at.session.pk,
    "api/v1/delegates": lambda at: at.delegate.pk,
    "api/v1/delegations": lambda at: at.delegation.pk,
    "api/v1/sessions": lambda at: at.session.pk,
    "delegation": lambda at: at.delegation.pk,
    "delegation/link": lambda at: at.focal_token,
    "delegation/link/people": lambda at: at.delegate.pk,
    "delegation/people": lambda at: at.delegate.pk,
    "me/inbox": lambda at: at.letter.pk,
    "me/inbox/files": lambda at: at.attachment.pk,
    "me/link": lambda at: at.delegate_token,
    "me/sessions": lambda at: at.session.pk,
    "organise/api-tokens": lambda at: at.api_token.pk,
    "organise/blocked": lambda at: at.block.pk,
    "organise/alerts/quarantine": lambda at: at.device.pk,
    "organise/alerts/conflicts": lambda at: at.conflict.pk,
    "organise/arrivals/wall/links": lambda at: at.wall_link.pk,
    "organise/delegates": lambda at: at.delegate.pk,
    "organise/delegations/answers": lambda at: at.answer_scan.step_id,
    "organise/delegations": lambda at: at.delegation.pk,
    "organise/desk/sentences": lambda at: at.attention_text.pk,
    "organise/desk": lambda at: at.delegate.pk,
    "organise/devices": lambda at: at.device.pk,
    "organise/devices/gates": lambda at: at.gate.pk,
    "organise/devices/sessions": lambda at: at.session.pk,
    "organise/devices/zones": lambda at: at.zone.pk,
    "organise/imports": lambda at: at.batch.pk,
    "organise/imports/rows": lambda at: at.row.number,
    "organise/letters": lambda at: at.campaign.pk,
    "organise/mailings/files": lambda at: at.mailing_file.pk,
    "organise/mailings/made": lambda _at: "badge",
    "organise/mailings": lambda at: at.mailing.pk,
    "organise/messages/files": lambda at: at.message_file.pk,
    "organise/mailings/filters": lambda at: at.saved_filter.pk,
    "organise/messages": lambda at: at.message.pk,
    "organise/programme": lambda at: at.session.pk,
    "organise/programme/speakers": lambda at: at.appearance.pk,
    "organise/reminders": lambda at: at.conference.reminder_rules.first().pk,
    "organise/supervisors": lambda at: at.supervisor.pk,
    "organise/team": lambda at: at.membership.pk,
}
METHODS = ("get", "post")
#: Sessions of browsers, and when somebody last signed in.
VISIT = re.compile(r'"django_session"|SET "last_login"')
#: "It does not exist", or "not by this method", which is said before anything is looked up.
NOTHING = {404, 405}

ADDRESSES = every_address()
DESK = [each for each in ADDRESSES if each.route.startswith("organise/<slug:slug>/")]
PRIVATE = [
    each
    for each in ADDRESSES
    if each.route.startswith(("organise/<", "delegation/", "me/", "api/v1/conf", "api/v1/del"))
    and each.parameters
]
#: What stays closed to whoever has no part: not where a token signs in, not what is public.
GUARDED = [
    each for each in PRIVATE if "token" not in each.parameters and each.policy != "api:public"
]


def known_by(address: Address) -> str:
    return address.route


def values_of(address: Address, at: Edition) -> dict[str, Any]:
    values = {}
    for name, before in address.parameters.items():
        if name == "slug":
            values[name] = at.conference.slug
            continue
        assert before in ROWS, f"{address.route}: register {before!r} in ROWS, for {name!r}"
        values[name] = ROWS[before](at)
    return values


def signed_in(user: Any) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def insider_of(address: Address, at: Edition) -> Client:
    """Whoever may open this address in the conference, however it is meant to be opened."""
    if address.route.startswith("delegation/"):
        return signed_in(at.delegation.focal_user)
    if address.route.startswith("me/"):
        return signed_in(at.delegate.user)
    return signed_in(at.organiser)


@contextmanager
def nothing_written() -> Iterator[None]:
    """Fail if a row is written meanwhile; visits and signing in are no deeds."""
    written = []

    def watch(execute, sql, params, many, context):
        is_deed = sql.startswith(("INSERT", "UPDATE", "DELETE")) and not VISIT.search(sql)
        if is_deed:
            written.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield
    assert written == []


@pytest.fixture(scope="module")
def _editions(django_db_setup, django_db_blocker) -> Iterator[dict[str, Edition]]:
    """Two conferences for all tests of this module, each of which undoes what it does to them."""
    with django_db_blocker.unblock(), transaction.atomic():
        editions = {slug: make_edition(slug) for slug in ("here", "there")}
        # Hidden, so that no public page may answer for it either.
        Conference.objects.filter(slug="there").update(published=False)
        yield editions
        transaction.set_rollback(True)


@pytest.fixture
def here(_editions) -> Edition:
    return _editions["here"]


@pytest.fixture
def there(_editions) -> Edition:
    return _editions["there"]


@pytest.mark.parametrize("address", DESK, ids=known_by)
def test_a_desk_in_another_conference_does_not_exist(address, here, there):
    url = address.url(**values_of(address, there))
    client = signed_in(here.organiser)
    with nothing_written():
        assert client.get(url).status_code == 404
        assert client.post(url).status_code == 404


@pytest.mark.parametrize("address", PRIVATE, ids=known_by)
def test_a_row_of_another_conference_does_not_exist_under_the_own_address(address, here, there):
    own, foreign = values_of(address, here), values_of(address, there)
    client = insider_of(address, here)
    for name in own:
        if name in {"slug", "token"} or own[name] == foreign[name]:
            continue
        assert_nothing_at(address.url(**(own | {name: foreign[name]})), client)


@pytest.mark.parametrize("address", GUARDED, ids=known_by)
def test_a_stranger_finds_nothing(address, there):
    stranger = signed_in(factories.make_user("stranger@example.org"))
    assert_nothing_at(address.url(**values_of(address, there)), stranger)


def assert_nothing_at(url: str, client: Client) -> None:
    with nothing_written():
        answers = {getattr(client, method)(url).status_code for method in METHODS}
    assert answers <= NOTHING, (url, answers)
    assert 404 in answers, url


@pytest.mark.parametrize("address", GUARDED, ids=known_by)
def test_without_signing_in_one_is_asked_to_or_finds_nothing(address, there):
    url = address.url(**values_of(address, there))
    for method in METHODS:
        with nothing_written():
            answer = getattr(Client(), method)(url)
        assert answer.status_code in {302, 401, 404, 405}, (method, answer.status_code)
        if answer.status_code == 302:
            assert answer.headers["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("address", DESK, ids=known_by)
def test_each_role_opens_what_its_policy_says_and_looking_changes_nothing(address, here):
    url = address.url(**values_of(address, here))
    for role in Role.values:
        client = signed_in(here.team[role])
        with nothing_written():
            status = client.get(url).status_code
        assert status < 500, (role, status)
        assert (status != 404) is (role in roles_of(address)), (role, status)


@pytest.mark.parametrize("role", [role for role in Role.values if role != Role.ORGANISER])
def test_who_may_not_open_an_address_cannot_post_to_it_either(role, here):
    client = signed_in(here.team[role])
    for address in DESK:
        if role not in roles_of(address):
            with nothing_written():
                status = client.post(address.url(**values_of(address, here))).status_code
            assert status == 404, address.route


def roles_of(address: Address) -> set[str]:
    return set(str(address.policy).partition(":")[2].split(","))


@pytest.mark.parametrize("address", [each for each in PRIVATE if each not in DESK], ids=known_by)
def test_insiders_open_their_own_and_looking_changes_nothing(address, here):
    client = insider_of(address, here)
    with nothing_written():
        status = client.get(address.url(**values_of(address, here))).status_code
    assert status < 500
    assert status != 404
