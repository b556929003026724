"""What the environment may say, and what stops the start."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.settings import env, services


def test_a_missing_variable_without_a_default_stops_the_start(monkeypatch):
    monkeypatch.delenv("PLENARY_THING", raising=False)
    with pytest.raises(ImproperlyConfigured, match="Set PLENARY_THING"):
        env.text("PLENARY_THING")


@pytest.mark.parametrize(
    ("raw", "meant"), [("1", True), ("Yes", True), ("off", False), ("", False)]
)
def test_a_flag_reads_the_usual_words(monkeypatch, raw, meant):
    monkeypatch.setenv("PLENARY_THING", raw)
    assert env.flag("PLENARY_THING", default=not meant) is meant


def test_a_flag_refuses_to_guess(monkeypatch):
    monkeypatch.setenv("PLENARY_THING", "perhaps")
    with pytest.raises(ImproperlyConfigured, match="say 1 or 0"):
        env.flag("PLENARY_THING", default=True)


@pytest.mark.parametrize("raw", ["many", "-1"])
def test_a_number_must_be_one_and_large_enough(monkeypatch, raw):
    monkeypatch.setenv("PLENARY_THING", raw)
    with pytest.raises(ImproperlyConfigured, match="PLENARY_THING"):
        env.integer("PLENARY_THING", default=3)


def test_a_short_secret_is_refused(monkeypatch):
    monkeypatch.setenv("PLENARY_THING", "short")
    with pytest.raises(ImproperlyConfigured, match="too short"):
        env.secret("PLENARY_THING")


def test_a_list_is_split_at_commas_and_trimmed(monkeypatch):
    monkeypatch.setenv("PLENARY_THING", " a.example , b.example,")
    assert env.words("PLENARY_THING") == ["a.example", "b.example"]


def test_sqlite_takes_the_write_lock_at_the_beginning_of_a_transaction():
    settings = services.database("sqlite:////somewhere/plenary.sqlite3", pool_size=10)
    assert settings["NAME"] == "/somewhere/plenary.sqlite3"
    assert settings["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_postgresql_is_reached_through_a_pool():
    settings = services.database("postgres://me:pw@db.example:5433/plenary", pool_size=7)
    assert (settings["HOST"], settings["PORT"], settings["NAME"]) == ("db.example", 5433, "plenary")
    assert settings["OPTIONS"]["pool"]["max_size"] == 7


def test_other_databases_are_refused():
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        services.database("mysql://db.example/plenary", pool_size=1)


def test_cache_and_broker_do_not_share_a_redis_database():
    redis = services.Redis.at("redis://:pw@cache.example:6390/4")
    assert redis.broker == "redis://:pw@cache.example:6390/4"
    assert redis.cache == "redis://:pw@cache.example:6390/5"
    assert redis.ssl is None


def test_redis_over_tls_checks_the_certificate():
    assert services.Redis.at("rediss://cache.example/0").ssl == {"ssl_cert_reqs": 2}


@pytest.mark.parametrize("url", ["http://cache.example", "redis://", "redis://cache.example/one"])
def test_a_redis_url_that_is_none_is_refused(url):
    with pytest.raises(ImproperlyConfigured, match="REDIS_URL"):
        services.Redis.at(url)


@pytest.mark.parametrize(
    ("url", "port", "starttls", "ssl"),
    [
        ("smtp://127.0.0.1:1025", 1025, False, False),
        ("smtp://relay.example", 25, False, False),
        ("smtp://me:pw@relay.example:587", 587, True, False),
        ("smtp://me:pw@relay.example?tls=starttls", 587, True, False),
        ("smtps://me:pw@relay.example", 465, False, True),
        ("smtp://me:pw@relay.example:2525?tls=ssl", 2525, False, True),
    ],
)
def test_a_mail_relay_is_read_from_its_url(url, port, starttls, ssl):
    settings = services.mail(url)
    assert settings["EMAIL_PORT"] == port
    assert settings["EMAIL_USE_TLS"] is starttls
    assert settings["EMAIL_USE_SSL"] is ssl


def test_a_mail_password_may_hold_any_character():
    settings = services.mail("smtp://user%40city.example:p%2Fw%3A@relay.example:587")
    assert settings["EMAIL_HOST_USER"] == "user@city.example"
    assert settings["EMAIL_HOST_PASSWORD"] == "p/w:"


def test_a_mail_password_does_not_travel_in_clear_by_accident():
    with pytest.raises(ImproperlyConfigured, match="in clear"):
        services.mail("smtp://me:pw@relay.example:25")
    assert services.mail("smtp://me:pw@relay.example:25?tls=none")["EMAIL_USE_TLS"] is False


@pytest.mark.parametrize(
    "url", ["imap://relay.example", "smtp://", "smtp://relay.example?tls=maybe"]
)
def test_a_mail_url_that_is_none_is_refused(url):
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL"):
        services.mail(url)


def test_resolvers_are_addresses_with_or_without_a_port():
    named = ["192.0.2.1", "192.0.2.2:5353", "[2001:db8::1]:54", "[2001:db8::2]"]
    assert services.dns_servers(named) == [
        ("192.0.2.1", 53),
        ("192.0.2.2", 5353),
        ("2001:db8::1", 54),
        ("2001:db8::2", 53),
    ]


@pytest.mark.parametrize("named", ["dns.example.org", "192.0.2.1:many", "2001:db8::1", ""])
def test_a_resolver_that_is_no_address_is_refused(named):
    with pytest.raises(ImproperlyConfigured, match="PLENARY_DNS_SERVERS"):
        services.dns_servers([named])
