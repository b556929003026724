"""Badge codes and cards: every vector, and every text there may be."""

import time
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delegates.documents import badge_code, badge_keys, base45, base64url
from delegates.documents.badge_card import card_json, open_card, seal_card
from delegates.documents.badge_code import Payload, Read, Signature

ANY_TEXT = st.text(st.characters(codec=None))
CODE_LIKE = st.text(base45.ALPHABET, min_size=132, max_size=132).map(lambda rest: f"C1:{rest}")


@pytest.fixture(scope="session")
def public_keys(vector_keys):
    return badge_keys.load_public_keys(
        (key["key_id"], key["point"]) for key in vector_keys["public"]
    )


@pytest.fixture(scope="session")
def scalars(vector_keys):
    return {int(key_id): bytes.fromhex(scalar) for key_id, scalar in vector_keys["private"].items()}


def test_reading_a_text_gives_what_the_vector_says(qr_case, vector_keys, public_keys):
    reading = badge_code.read(
        qr_case["text"], conference=vector_keys["conference"], keys=public_keys
    )
    assert {
        "read": reading.read,
        "signature": reading.signature,
        "lookup": reading.lookup,
        "class": reading.qr_class,
        "issue": reading.issue,
        "key_id": reading.key_id,
        "unknown_hash": reading.unknown_hash,
    } == qr_case["expect"]


def test_writing_a_badge_gives_the_very_text_of_the_vector(qr_case, scalars):
    if "payload" not in qr_case:
        return
    payload = Payload.from_head(bytes.fromhex(qr_case["payload"])[:24])
    key = badge_keys.load_signing_key(scalars[payload.key_id])
    assert badge_code.write(payload, key) == qr_case["text"]


def test_the_secret_of_a_reading_is_there_only_when_a_lookup_is(qr_case, vector_keys, public_keys):
    reading = badge_code.read(
        qr_case["text"], conference=vector_keys["conference"], keys=public_keys
    )
    assert (reading.secret is None) == (reading.lookup is None)
    assert "secret" not in repr(reading)


def test_public_points_follow_from_the_private_scalars(vector_keys, scalars):
    points = {key["key_id"]: key["point"] for key in vector_keys["public"]}
    assert {key_id: badge_keys.public_point(scalar) for key_id, scalar in scalars.items()} == points


def test_unknown_texts_have_the_hash_of_the_vector(unknown_case):
    assert badge_code.unknown_hash(unknown_case["text"]) == unknown_case["unknown_hash"]


def test_half_a_surrogate_pair_counts_as_the_replacement_character():
    assert badge_code.unknown_hash("a\ud800b") == badge_code.unknown_hash("a\ufffdb")
    assert badge_code.unknown_hash("\ud842\udfb7") == badge_code.unknown_hash("𠮷")


def test_everything_about_a_badge_is_derived(badge_case, vector_keys):
    secret = badge_keys.badge_secret(
        bytes.fromhex(vector_keys["conference_secret"]),
        UUID(badge_case["delegate"]),
        badge_case["issue"],
    )
    assert secret.hex() == badge_case["s"]
    assert badge_keys.lookup_of(secret) == badge_case["lookup"]
    assert badge_keys.card_key_of(secret).hex() == badge_case["card_key"]


def test_a_card_opens_as_the_vector_says(card_case):
    assert open_card(card_case["card"], bytes.fromhex(card_case["s"])) == card_case["plain"]


def test_a_sealed_card_is_the_very_text_of_the_vector(card_case):
    if card_case.get("nonce") == "hmac":
        sealed = seal_card(card_case["plain"], bytes.fromhex(card_case["s"]))
        assert sealed == card_case["card"]


def test_empty_members_are_left_out_of_a_card():
    card = {"name": "张伟", "native_name": "", "class": 1, "zones": [], "attention": None}
    assert card_json(card) == '{"name":"张伟","class":1}'.encode()


def test_a_card_that_is_not_base64url_does_not_open():
    for sealed in ("=", "AAA=", "A A", "AAAAA", "+/+/", "张伟"):
        assert open_card(sealed, bytes(16)) is None


def test_a_new_conference_writes_codes_that_it_reads():
    scalar, secret = badge_keys.new_signing_key(), badge_keys.new_conference_secret()
    s = badge_keys.badge_secret(secret, UUID(int=7), 255)
    payload = Payload(key_id=255, conference=2**32 - 1, secret=s, issue=255, qr_class=255)
    text = badge_code.write(payload, badge_keys.load_signing_key(scalar))
    keys = badge_keys.load_public_keys([(255, badge_keys.public_point(scalar))])
    reading = badge_code.read(text, conference=2**32 - 1, keys=keys)
    assert len(text) == badge_code.LENGTH
    assert (reading.read, reading.signature, reading.secret) == (Read.OK, Signature.VALID, s)


@pytest.mark.parametrize(
    "wrong", [{"key_id": 256}, {"conference": 2**32}, {"issue": -1}, {"qr_class": 256}]
)
def test_what_does_not_fit_is_not_written(wrong):
    fine = {"key_id": 1, "conference": 5, "secret": bytes(16), "issue": 1, "qr_class": 1}
    with pytest.raises(ValueError, match=r"format|range|argument"):
        Payload(**{**fine, **wrong}).head()


@pytest.mark.parametrize("issue", [0, 256])
def test_issues_are_a_byte_and_count_from_one(issue):
    with pytest.raises(ValueError, match="issue"):
        badge_keys.badge_secret(bytes(32), UUID(int=1), issue)


@given(st.one_of(ANY_TEXT, CODE_LIKE, ANY_TEXT.map(lambda rest: f"C1:{rest}")))
def test_no_text_makes_the_reader_fail(vector_keys, public_keys, text):
    reading = badge_code.read(text, conference=vector_keys["conference"], keys=public_keys)
    assert (reading.lookup is None) != (reading.unknown_hash is None)


@given(ANY_TEXT, st.binary(min_size=16, max_size=16))
def test_no_text_makes_the_opener_fail(text, secret):
    assert open_card(text, secret) is None


@given(st.binary())
def test_bytes_come_back_from_base45_and_base64url(data):
    assert base45.decode(base45.encode(data)) == data
    assert base64url.decode(base64url.encode(data)) == data


@pytest.mark.parametrize(
    ("data", "text"),
    [(b"AB", "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"base-45", "UJCLQE7W581"), (b"", "")],
)
def test_base45_is_that_of_the_rfc(data, text):
    assert base45.encode(data) == text
    assert base45.decode(text) == data


@pytest.mark.parametrize("text", ["A", "AAAA", "::", "GGW", "ab0", "ÀAA"])
def test_base45_refuses_what_no_bytes_give(text):
    with pytest.raises(ValueError, match=r"character|fit"):
        base45.decode(text)


def test_sealing_is_cheap_enough_for_a_large_snapshot():
    card = {"name": "Wei ZHANG", "native_name": "张伟", "delegation": 12, "class": 1}
    started = time.process_time()
    for number in range(2_000):
        seal_card(card, number.to_bytes(16, "big"))
    assert time.process_time() - started < 1  # 20,000 badges in less than 10 s on a slow machine
