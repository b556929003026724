"""The page that describes the interface, in a browser, under the same policy as all pages."""

import re

import pytest
from playwright.sync_api import Page, expect


@pytest.mark.slow
def test_the_interface_can_be_read_under_the_content_security_policy(live_server, page: Page):
    page.goto(f"{live_server.url}/api/v1/docs/")
    expect(page.locator(".swagger-ui .info .title")).to_contain_text("Plenary", timeout=30_000)
    expect(page.locator(".opblock").first).to_contain_text(re.compile("/api/v1/"))


def test_its_schema_names_addresses_of_the_interface_only(client, db):
    schema = client.get("/api/v1/schema/?format=json").json()
    assert schema["info"]["title"].startswith("Plenary")
    assert all(path.startswith("/api/v1/") for path in schema["paths"])
