"""Whatever somebody sends to the door: a sentence and a code, never a fault; nothing is stored."""

import gzip
import time

import pytest

from tests.checkin.api.hostile import (
    GETS,
    NOT_THE_SHAPE,
    POSTS,
    assert_refused,
    assert_stamped,
    stored,
)
from tests.checkin.conftest import (
    BASE,
)


@pytest.mark.parametrize("address", POSTS)
def test_what_is_no_envelope_is_refused(attacker, address):
    before = stored()
    told = {name: attacker.post(address, body) for name, body in NOT_THE_SHAPE.items()}
    assert {name: answer.status_code for name, answer in told.items()} == dict.fromkeys(told, 400)
    for answer in told.values():
        assert_refused(answer, 400)
        assert answer.json()["code"] == "envelope_invalid"
    assert stored() == before


@pytest.mark.parametrize("address", [*POSTS, *GETS, "nowhere/"])
def test_other_methods_are_refused_in_the_same_words(attacker, address):
    for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"):
        answer = attacker.client.generic(method, BASE + address, headers=attacker.headers())
        assert_refused(answer, 404 if address == "nowhere/" else 405)


NO_TOKENS = [
    "Bearer",
    "Bearer ",
    "Bearer  {token}",
    "Bearer {token} ",
    "Bearer {token}\n",
    "Bearer {token}, Bearer {token}",
    "Token {token}",
    "Bearer {token}=",
    "Bearer " + "é" * 43,
    "Bearer " + "٣" * 43,
    "Bearer " + "x" * 100_000,
    "Basic " + "x" * 43,
]


@pytest.mark.parametrize(("method", "address"), [("GET", "clock/"), ("POST", "scan/")])
def test_a_token_is_its_43_characters(attacker, method, address):
    for authorization in NO_TOKENS:
        answer = attacker.client.generic(
            method,
            BASE + address,
            content_type="application/json",
            HTTP_AUTHORIZATION=authorization.replace("{token}", attacker.token),
        )
        assert_refused(answer, 401)


ODD_HEADERS = [
    {"Content-Encoding": "br"},
    {"Content-Encoding": "gzip, gzip"},
    {"Content-Encoding": "GZIP"},
    {"Content-Encoding": "identity"},
    {"Accept": "text/html"},
    {"Accept-Language": "xx-" * 1000},
    {"Accept-Language": "\x00\xff;q=nan"},
    {"Accept-Encoding": "gzip;q=0"},
    {"If-None-Match": "*" * 10_000},
    {"If-None-Match": 'W/"", "", *'},
    {"X-HTTP-Method-Override": "DELETE"},
    {"X-Forwarded-For": "'; drop table"},
    {"Expect": "100-continue"},
    {"Cookie": "django_language=xx; csrftoken=\x00; sessionid=" + "x" * 4000},
]


def test_odd_headers_break_nothing(attacker):
    for headers in ODD_HEADERS:
        for address in GETS:
            answer = attacker.get(address, {"q": "zhang"}, **headers)
            assert answer.status_code in {200, 304}, answer.content
            assert_stamped(answer)
        for address in POSTS:
            assert_refused(attacker.post(address, b"[]", **headers), 400)


@pytest.mark.parametrize("address", POSTS)
def test_only_json_is_json(attacker, address):
    for kind in ("", "text/plain", "text/json", "application/x-www-form-urlencoded", "json"):
        assert_refused(attacker.post(address, b'{"scans":[]}', content_type=kind), 415)


def test_the_name_of_the_media_type_has_no_case(attacker):
    for kind in ("Application/JSON", "application/json;charset=utf-8", "application/json ; a=b"):
        answer = attacker.post("scans/", b'{"scans":[]}', content_type=kind)
        assert answer.status_code == 200, (kind, answer.content)


@pytest.mark.parametrize("size", [1024 * 1024, 1024 * 1024 + 1])
@pytest.mark.parametrize("zipped", [False, True])
def test_a_mebibyte_is_the_most(attacker, size, zipped):
    body = b'{"scans":[]}'.ljust(size)
    headers = {"Content-Encoding": "gzip"} if zipped else {}
    answer = attacker.post("scans/", gzip.compress(body) if zipped else body, **headers)
    assert answer.status_code == (200 if size <= 1024 * 1024 else 413)
    assert_stamped(answer)


def test_a_small_bomb_is_not_unpacked(attacker):
    began = time.perf_counter()
    bomb = gzip.compress(b"0" * 100_000_000, compresslevel=9)
    packed = time.perf_counter()
    assert_refused(attacker.post("scans/", bomb, **{"Content-Encoding": "gzip"}), 413)
    assert time.perf_counter() - packed < max(0.2 * (packed - began), 0.2)


@pytest.mark.parametrize("address", [each for each in POSTS if each != "scans/"])
def test_nothing_is_unzipped_where_it_is_not_promised(attacker, address):
    body = gzip.compress(b'{"scans":[]}')
    assert_refused(attacker.post(address, body, **{"Content-Encoding": "gzip"}), 400, 415)
