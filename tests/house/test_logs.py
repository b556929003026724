import logging.config
import sys

import pytest
import structlog

from config.logs import logging_settings


def formatter(*, as_json):
    made = logging_settings(level="WARNING", as_json=as_json)["formatters"]["lines"]
    return structlog.stdlib.ProcessorFormatter(
        processors=made["processors"], foreign_pre_chain=made["foreign_pre_chain"]
    )


@pytest.mark.parametrize("as_json", [False, True])
@pytest.mark.parametrize(
    "address",
    [
        "/delegation/link/s3cr3t/answer/",
        "/me/link/s3cr3t/",
        "/calendar/s3cr3t.ics",
        "/wall/s3cr3t/",
        "/accounts/password/reset/key/1-s3cr3t/",
        "/accounts/confirm-email/s3cr3t/",
    ],
)
def test_no_log_keeps_the_address_of_a_personal_link(as_json, address):
    record = logging.LogRecord(
        "django.request", logging.WARNING, "", 0, "Not Found: %s", (address,), None
    )
    line = formatter(as_json=as_json).format(record)
    assert "s3cr3t" not in line
    assert "Not Found" in line


def fail_with(token):
    raise ValueError("/me/link/" + token + "/")


@pytest.mark.parametrize("as_json", [False, True])
def test_a_traceback_tells_where_and_why_but_no_values(as_json):
    try:
        fail_with("s3cr3t")
    except ValueError:
        error = sys.exc_info()
    record = logging.LogRecord("django.request", logging.ERROR, "", 0, "Failed", (), error)
    line = formatter(as_json=as_json).format(record)
    assert "fail_with" in line
    assert "ValueError" in line
    assert "s3cr3t" not in line.replace('fail_with("s3cr3t")', "")
