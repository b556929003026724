"""The interface describes itself: in OpenAPI for programs, on a page for people."""

import json

import pytest
import yaml
from django.core.management import call_command
from django.urls import reverse


@pytest.fixture(scope="module")
def description(tmp_path_factory):
    path = tmp_path_factory.mktemp("openapi") / "openapi.json"
    call_command("spectacular", "--format=openapi-json", f"--file={path}")
    return json.loads(path.read_text())


def test_it_is_valid_openapi_and_nothing_was_guessed(tmp_path):
    call_command(
        "spectacular", "--validate", "--fail-on-warn", f"--file={tmp_path / 'openapi.yml'}"
    )


def test_every_operation_has_a_known_tag_a_summary_and_its_refusals(description):
    known = {tag["name"] for tag in description["tags"]}
    for address, operations in description["paths"].items():
        for method, operation in operations.items():
            where = f"{method} {address}"
            assert set(operation["tags"]) <= known, where
            assert operation["summary"], where
            assert {"401", "403"} & set(operation["responses"]), where


def test_people_are_read_with_a_token_or_a_session_and_never_without(description):
    for name in ("delegations", "delegates"):
        for address in (f"/api/v1/{name}/", f"/api/v1/conferences/{{slug}}/{name}/{{id}}/"):
            ways = description["paths"][address]["get"]["security"]
            assert ways == [{"apiToken": []}, {"cookieAuth": []}]
    assert {} in description["paths"]["/api/v1/sessions/"]["get"]["security"]


def test_the_names_that_other_programs_rely_on_are_there(description):
    shapes = description["components"]["schemas"]
    assert {"slug", "theme_en", "theme_zh", "timezone"} <= set(shapes["Conference"]["properties"])
    assert {"delegation", "title_en", "title_zh"} <= set(shapes["Delegate"]["properties"])
    for name in ("Conference", "Session", "Delegation", "Delegate"):
        assert set(shapes[name]["required"]) == set(shapes[name]["properties"]), name


@pytest.mark.parametrize(
    ("name", "shape"),
    [("sessions", "Session"), ("delegations", "Delegation"), ("delegates", "Delegate")],
)
def test_the_examples_have_every_member_and_no_other(description, name, shape):
    answer = description["paths"][f"/api/v1/{name}/"]["get"]["responses"]["200"]
    (example,) = answer["content"]["application/json"]["examples"].values()
    (row,) = example["value"]["results"]
    members = description["components"]["schemas"][shape]["properties"]
    assert set(row) == set(members)


def test_it_is_served_in_both_notations(client, db):
    as_yaml = client.get(reverse("schema"))
    as_json = client.get(reverse("schema"), {"format": "json"})
    assert as_yaml.headers["Content-Type"].startswith("application/vnd.oai.openapi")
    assert yaml.safe_load(as_yaml.content)["paths"].keys() == as_json.json()["paths"].keys()


def test_people_can_read_it_and_try_it_and_no_other_host_is_asked(page, live_server):
    page.goto(f"{live_server.url}/api/v1/docs/")
    page.get_by_role("heading", name="delegates").wait_for()
    page.locator("#operations-conferences-conferences_list").click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    page.locator(".live-responses-table .response-col_status", has_text="200").wait_for()
    assert page.locator("html").get_attribute("lang") == "en"
