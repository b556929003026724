"""Structured logs: one event a line, with the request's or task's context bound to it."""

import re
from collections.abc import MutableMapping
from typing import Any, Final

import structlog
import structlog.tracebacks

#: Personal links, calendar feeds, wall screens, new passwords: who knows the address may act, so no
#: log keeps it.
_SECRET_ADDRESS = re.compile(
    r"(/link/|/calendar/|(?<!/arrivals)/wall/|/reset/key/|/confirm-email/)[^/\s'\"?]+"
)

SHARED: Final[list[Any]] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


#: Tracebacks for machines, without the values of variables: tokens and names of people are there.
_TRACEBACKS: Final = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
)


def without_secrets(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Take the tokens out of addresses wherever one stands in the event."""
    for name, value in event.items():
        event[name] = _without_secrets(value)
    return event


def _without_secrets(value: Any) -> Any:
    if isinstance(value, str):
        return _SECRET_ADDRESS.sub(r"\1…", value)
    if isinstance(value, dict):
        return {name: _without_secrets(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_without_secrets(each) for each in value]
    return value


# On a terminal, Django's own line for a page that failed is enough; a page not found is no news.
QUIET_FOR_PEOPLE: Final[dict[str, Any]] = {
    "django.request": {"level": "ERROR"},
    "django_structlog.middlewares": {"level": "CRITICAL"},
}


def logging_settings(*, level: str, as_json: bool) -> dict[str, Any]:
    """Configure structlog and return Django's LOGGING: JSON for machines, else plain lines."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    renderer: list[Any] = (
        [_TRACEBACKS, without_secrets, structlog.processors.JSONRenderer()]
        if as_json
        else [
            structlog.processors.format_exc_info,
            without_secrets,
            structlog.dev.ConsoleRenderer(
                colors=False, exception_formatter=structlog.dev.plain_traceback
            ),
        ]
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    *renderer,
                ],
                "foreign_pre_chain": SHARED,
            },
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Django's own handlers would print every event a second time.
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": level, "propagate": True},
            **({} if as_json else QUIET_FOR_PEOPLE),
        },
    }
