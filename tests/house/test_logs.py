import logging.config

import pytest
import structlog

from config.logs import logging_settings


@pytest.mark.parametrize("as_json", [False, True])
def test_no_log_keeps_the_address_of_a_personal_link(as_json, capsys):
    formatter = logging_settings(level="WARNING", as_json=as_json)["formatters"]["lines"]
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=formatter["processors"], foreign_pre_chain=formatter["foreign_pre_chain"]
        )
    )
    for address in ("/delegation/link/s3cr3t/answer/", "/me/link/s3cr3t/", "/calendar/s3cr3t.ics"):
        record = logging.LogRecord(
            "django.request", logging.WARNING, "", 0, "Not Found: %s", (address,), None
        )
        line = handler.format(record)
        assert "s3cr3t" not in line
        assert "Not Found" in line
