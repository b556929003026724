"""`/readyz` names what does not work, and the real processes do work together."""

import pytest
import redis
from django.utils import timezone

from conference.models import Conference, Series
from conference.operations import mailing
from config import health, life


def test_healthz_answers_without_asking_anybody(client):
    assert client.get("/healthz").content == b"ok\n"


def test_readyz_names_what_shows_no_life(client, db):
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {
        "database": "ok",
        "broker": "ok",
        "worker": "down: nobody takes tasks from default, documents, mail",
        "beat": "down: no sign of life",
    }


def test_readyz_is_content_when_all_show_life(client, db):
    queues = ("default", "documents", "mail")
    with life.client() as connection:
        life.show_life(connection, [life.beat_key(), *map(life.worker_key, queues)])
        assert client.get("/readyz").status_code == 200
        connection.delete(life.worker_key("mail"))
        assert client.get("/readyz").json()["worker"] == "down: nobody takes tasks from mail"
        connection.delete(life.beat_key(), *map(life.worker_key, queues))


def test_a_sign_of_life_fades(db):
    with life.client() as connection:
        life.show_life(connection, ["fading"])
        assert 0 < connection.ttl("fading") <= life.FADES_AFTER_SECONDS
        connection.delete("fading")


def test_readyz_answers_also_when_the_broker_does_not(client, db, settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["broker"] == "down: ConnectionError"
    assert answer.json()["worker"] == health.UNKNOWN
    assert answer.json()["database"] == "ok"


def test_showing_life_survives_a_broker_that_is_gone(settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    with life.client() as connection:
        life.show_life(connection, ["unheard"])
        with pytest.raises(redis.ConnectionError):
            connection.ping()


@pytest.mark.slow
def test_a_letter_travels_through_the_real_worker_to_the_real_mail_server(plenary):
    conference = Conference.objects.create(
        series=Series.objects.create(slug="series", name_en="Series"),
        slug="edition",
        name_en="Edition",
        first_day="2026-11-03",
        last_day="2026-11-05",
        timezone="Asia/Shanghai",
    )
    letter = mailing.Letter(
        key="hello",
        purpose="test",
        to_email="mayor@city.example",
        subject="Welcome 欢迎",
        body_text="Hello",
    )
    mailing.enqueue(conference=conference, letter=letter, now=timezone.now())
    (mail,) = plenary.mail.wait_for("mayor@city.example")
    assert mail["Subject"] == "Welcome 欢迎"
    assert plenary.readiness()[0] == 200

    plenary.kill("beat")
    status, parts = plenary.wait_until_not_ready()
    assert (status, parts["beat"]) == (503, "down: no sign of life")
    assert parts["worker"] == "ok"
