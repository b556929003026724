"""Every refusal has one shape, in the reader's language, and says nothing of the inside."""

import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory
from django.utils import translation
from rest_framework import exceptions, serializers

from conference.api.errors import exception_handler, page_not_found, server_error
from conference.interface.throttle import ReadThrottle
from sessions.errors import SessionFull
from tests import factories

CONFERENCES = "/api/v1/conferences/"


def test_a_domain_refusal_keeps_its_code_its_sentence_and_its_status():
    answer = exception_handler(SessionFull(), {})
    assert answer.status_code == 409
    assert answer.data == {"code": "session_full", "detail": "This session is full."}


def test_wrong_input_names_each_field_and_what_is_wrong_with_it():
    class Line(serializers.Serializer):
        gate = serializers.IntegerField()

    class Order(serializers.Serializer):
        name = serializers.CharField()
        lines = Line(many=True)

    form = Order(data={"lines": [{"gate": 1}, {"gate": "x"}]})
    assert not form.is_valid()
    answer = exception_handler(exceptions.ValidationError(form.errors), {})
    assert answer.status_code == 400
    assert answer.data["code"] == "invalid"
    assert answer.data["errors"] == {
        "name": ["This field is required."],
        "lines.1.gate": ["A valid integer is required."],
    }


def test_a_filter_that_cannot_be_read_says_which(client, suzhou):
    answer = client.get(f"{CONFERENCES}suzhou/sessions/", {"day": "someday", "kind": "nap"})
    assert answer.status_code == 400
    assert sorted(answer.json()["errors"]) == ["day", "kind"]


@pytest.mark.parametrize("address", ["nowhere/", "conferences/nowhere/", "sessions/1/"])
def test_what_does_not_exist_is_told_in_the_same_shape(client, db, address):
    answer = client.get(f"/api/v1/{address}")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("application/json")
    assert answer.json()["code"] == "not_found"


def test_a_person_who_errs_gets_a_page(client, db):
    assert "<html" in client.get("/nowhere/").content.decode()


def test_wrong_methods_and_types_are_named(client, db):
    assert client.delete(CONFERENCES).json()["code"] == "method_not_allowed"
    assert client.get(CONFERENCES, headers={"Accept": "text/csv"}).status_code == 406


def test_an_unread_media_type_is_named():
    answer = exception_handler(exceptions.UnsupportedMediaType("text/csv"), {})
    assert (answer.status_code, answer.data["code"]) == (415, "media_type")


def test_a_sentence_comes_in_the_language_that_was_asked_for(client, db):
    with translation.override("zh-hans"):
        expected = str(exceptions.NotFound().detail)
    answer = client.get(f"{CONFERENCES}nowhere/", headers={"Accept-Language": "zh-CN"})
    assert answer.headers["Content-Language"] == "zh-hans"
    assert answer.json()["detail"] == expected != "Not found."


def test_who_asks_too_often_is_told_how_long_to_wait(client, suzhou, monkeypatch):
    monkeypatch.setattr(ReadThrottle, "rate", "2/min")
    client.get(CONFERENCES)
    client.get(CONFERENCES)
    answer = client.get(CONFERENCES)
    assert answer.status_code == 429
    assert answer.json()["code"] == "rate_limited"
    assert 1 <= int(answer.headers["Retry-After"]) <= 60


def test_readers_are_counted_apart(client, suzhou, token, reading, monkeypatch):
    monkeypatch.setattr(ReadThrottle, "rate", "1/min")
    for reader in (client, reading(token=token()), reading(factories.make_user())):
        assert reader.get(CONFERENCES).status_code == 200
        assert reader.get(CONFERENCES).status_code == 429


def test_without_the_cache_reading_goes_on(client, suzhou, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    assert client.get(CONFERENCES).status_code == 200


def test_a_busy_database_asks_to_come_again():
    answer = exception_handler(OperationalError("database is locked"), {})
    assert (answer.status_code, answer.data["code"]) == (503, "unavailable")
    assert answer.headers["Retry-After"] == "2"
    assert "locked" not in str(answer.data)


def test_a_surprise_says_nothing_of_its_inside(suzhou, monkeypatch):
    def surprise(*_args, **_kwargs):
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr("conference.interface.reading.reader_of", surprise)
    answer = Client(raise_request_exception=False).get(CONFERENCES)
    assert answer.status_code == 500
    assert answer.json()["code"] == "server_error"
    assert "secret" not in answer.content.decode()
    assert "<html" in server_error(RequestFactory().get("/organise/")).content.decode()


def test_pages_of_people_keep_their_own_not_found(db):
    request = RequestFactory().get("/somewhere/")
    assert page_not_found(request, Exception()).headers["Content-Type"].startswith("text/html")
