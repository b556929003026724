"""The description of the door's interface: whole, and true to what is sent and answered."""

import json

import jsonschema  # type: ignore[import-untyped]
import pytest
from django.test import Client

from checkin.api.urls import urlpatterns
from checkin.models import Device
from docs.cp1_client.client import apply_snapshot
from docs.cp1_client.clock import effective_time
from tests.checkin.api.hostile import is_record
from tests.checkin.conftest import BASE, uuid7

OF_REVOKED_PHONES = f"{BASE}scans/quarantine/"
WITHOUT_TOKEN = f"{BASE}enrolments/"


@pytest.fixture(scope="module")
def description(django_db_setup, django_db_blocker):
    """The operations of the door, by address and method, as the interface describes itself."""
    with django_db_blocker.unblock():
        schema = Client().get("/api/v1/schema/", headers={"Accept": "application/json"}).json()
    return {
        (path, method): operation
        for path, operations in schema["paths"].items()
        for method, operation in operations.items()
        if path.startswith(BASE)
    }


def plain(schema):
    """Return the schema as JSON Schema knows it, which has no ``nullable``."""
    if isinstance(schema, list):
        return [plain(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    told = {key: plain(value) for key, value in schema.items() if key != "nullable"}
    return {"anyOf": [{"type": "null"}, told]} if schema.get("nullable") is True else told


def bodies(operation):
    """Yield schema and examples of each body, asked and answered, with the status or None."""
    asked = operation.get("requestBody", {}).get("content", {})
    yield from ((None, kind, content) for kind, content in asked.items())
    for status, answer in operation["responses"].items():
        for kind, content in answer.get("content", {}).items():
            yield int(status), kind, content


def examples(content):
    return [each["value"] for each in content.get("examples", {}).values()]


def validate(body, content):
    jsonschema.Draft202012Validator(plain(content["schema"])).validate(body)


def test_every_address_is_described_and_no_other(description):
    told = {path.removeprefix("/api/v1/") for path, _ in description}
    assert told == {str(each.pattern) for each in urlpatterns if each.name != "nowhere"}
    assert all(operation["summary"] for operation in description.values())
    assert {operation["tags"][0] for operation in description.values()} == {"check-in"}


def test_every_body_of_json_has_an_example(description):
    without = [
        (path, status)
        for (path, _), operation in description.items()
        for status, kind, content in bodies(operation)
        if kind == "application/json" and status != 304 and not examples(content)
    ]
    assert without == []


def test_every_example_fits_its_schema(description):
    for operation in description.values():
        for _, _, content in bodies(operation):
            for value in examples(content):
                validate(value, content)


def test_every_address_tells_how_it_refuses(description):
    common = {"401", "429", "503"}
    for (path, method), operation in description.items():
        expected = set(common)
        if path == WITHOUT_TOKEN:
            expected = (expected - {"401"}) | {"403"}
        elif path != OF_REVOKED_PHONES:
            expected |= {"403", "410"}
        if method == "post":
            expected |= {"400", "413", "415"}
        assert expected <= operation["responses"].keys(), path


def test_every_answer_tells_the_time(description):
    for operation in description.values():
        for status, answer in operation["responses"].items():
            assert "CP1-Time" in answer["headers"], status


def test_a_refusal_reads_as_in_the_example(description, phone):
    told = description[f"{BASE}scan/", "post"]["responses"]
    stranger = Client().post(f"{BASE}scan/", b"{}", content_type="application/json")
    assert stranger.json() in examples(told["401"]["content"]["application/json"])
    broken = phone.post("scan/", b"[]")
    assert broken.json() in examples(told["400"]["content"]["application/json"])
    other = phone.post("scan/", b"{}", content_type="text/plain")
    assert other.json() in examples(told["415"]["content"]["application/json"])


def test_the_scans_of_the_examples_are_scans(description):
    """What one copies from the page is good, and the time of the page's own record comes out."""
    single = examples(
        description[f"{BASE}scan/", "post"]["requestBody"]["content"]["application/json"]
    )
    batches = [
        value
        for path in (f"{BASE}scans/", OF_REVOKED_PHONES)
        for value in examples(
            description[path, "post"]["requestBody"]["content"]["application/json"]
        )
    ]
    records = [each["scan"] | {"shown": "admit"} for each in single]
    records += [record for batch in batches for record in batch["scans"]]
    assert len(records) >= 3
    assert all(is_record(record) for record in records)
    assert {effective_time(record) for record in records} == {(1698973160034, False)}


def test_the_snapshot_of_the_example_can_be_applied(description):
    content = description[f"{BASE}snapshot/", "get"]["responses"]["200"]["content"]
    for value in examples(content["application/json"]):
        kept = apply_snapshot(None, value)
        assert kept["cursor"] == value["cursor"]


def test_real_answers_fit_their_schemas(description, desk_phone, person, lookup):
    def check(path, method, answer, status=200):
        assert answer.status_code == status, answer.content
        content = description[BASE + path, method]["responses"][str(status)]["content"]
        validate(json.loads(answer.content), content["application/json"])

    record = desk_phone.record(lookup)
    check("scan/", "post", desk_phone.post("scan/", {"scan": record, "want_card": True}))
    told = desk_phone.record(lookup, offline=True, shown="admit")
    check("scans/", "post", desk_phone.send(told, record, {"scan_id": 1}))
    check("snapshot/", "get", desk_phone.get("snapshot/"))
    check("search/", "get", desk_phone.get("search/", {"q": "zhang"}))
    check("clock/", "get", desk_phone.get("clock/"))
    check("board/", "get", desk_phone.get("board/"))
    walk_in = {"walk_in_id": uuid7(), "name": "Ada LOVELACE", "class": 1}
    check("walk-ins/", "post", desk_phone.post("walk-ins/", walk_in), 201)
    check("walk-ins/", "post", desk_phone.post("walk-ins/", walk_in))
    check("clock/", "get", desk_phone.get("clock/", Authorization="x"), 401)
    Device.objects.update(revoked_at="2023-11-03T00:00:00Z")
    check("clock/", "get", desk_phone.get("clock/"), 410)
    late = desk_phone.record(lookup, offline=True, shown="admit")
    held = desk_phone.post("scans/quarantine/", {"scans": [late, late, 1]})
    check("scans/quarantine/", "post", held)
