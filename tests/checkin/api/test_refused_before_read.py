"""A refusal goes out before the request is read; what is left of it is then taken off the line."""

import io
import json

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from config.wsgi import application
from tests.checkin.conftest import BASE

MIB = 1024 * 1024


@pytest.fixture
def ask():
    """Post so many bytes with a token; return status, code, and the line they came by."""

    def post(address, size, token="x" * 43, line=None):
        line = line or io.BytesIO(b" " * size)
        told = []
        answer = application(
            {
                "REQUEST_METHOD": "POST",
                "PATH_INFO": BASE + address,
                "SERVER_NAME": "testserver",
                "SERVER_PORT": "80",
                "HTTP_AUTHORIZATION": f"Bearer {token}",
                "CONTENT_TYPE": "application/json",
                "CONTENT_LENGTH": str(size),
                "wsgi.input": line,
                "wsgi.url_scheme": "http",
                "wsgi.errors": io.StringIO(),
            },
            lambda status, _headers: told.append(int(status[:3])),
        )
        return told[0], json.loads(b"".join(answer))["code"], answer, line

    # As Django's own test client does: the connection that holds the test's rows must stay.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield post
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("size", [1, MIB, MIB + 1, 3 * MIB])
def test_the_next_request_finds_the_line_free(db, ask, size):
    status, code, answer, line = ask("scans/", size)
    assert (status, code, line.tell()) == (401, "token_invalid", 0)
    answer.close()
    assert line.tell() == size


def test_so_it_is_when_too_much_comes_or_too_often(ask, phone):
    _status, code, answer, line = ask("scans/", MIB + 1, phone.token)
    assert (code, line.tell()) == ("too_large", 0)
    answer.close()
    assert line.tell() == MIB + 1
    while (refused := ask("scans/", MIB, phone.token))[1] != "rate_limited":
        pass
    _status, _code, answer, line = refused
    assert line.tell() == 0
    answer.close()
    assert line.tell() == MIB


def test_nobody_is_listened_to_for_ever(db, ask):
    *_told, answer, line = ask("scans/", 100 * MIB)
    answer.close()
    assert line.tell() <= 5 * MIB


def test_a_phone_that_goes_away_leaves_no_fault(db, ask):
    class Torn(io.RawIOBase):
        def read(self, _size=-1):
            raise ConnectionResetError

    *_told, answer, _line = ask("scans/", MIB, line=Torn())
    answer.close()
