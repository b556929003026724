"""Every address of the program, with its view and what its variable parts stand for."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from conference.access import policy_of

_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True)
class Address:
    """One entry of the URL map; `route` is the whole path as it is written in the URL modules."""

    route: str
    name: str
    view: Callable[..., Any]

    @property
    def policy(self) -> str | None:
        return policy_of(self.view)

    @property
    def module(self) -> str:
        view_class = getattr(self.view, "cls", None) or getattr(self.view, "view_class", None)
        return str((view_class or self.view).__module__)

    @property
    def parameters(self) -> dict[str, str]:
        """What each variable part is called, and the path before it without variable parts.

        For `organise/<slug:slug>/programme/<int:pk>/` that is `{"slug": "organise", "pk":
        "organise/programme"}`.
        """
        return {
            found.group(1): re.sub(
                r"/+", "/", _PARAMETER.sub("", self.route[: found.start()])
            ).strip("/")
            for found in _PARAMETER.finditer(self.route)
        }

    def url(self, **values: Any) -> str:
        return reverse(self.name, kwargs=values)


def every_address() -> list[Address]:
    return list(_walk(get_resolver(), "", ""))


def _walk(resolver: URLResolver, prefix: str, namespace: str) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, route, inner)
        elif isinstance(entry, URLPattern):
            yield Address(route, f"{namespace}{entry.name}", entry.callback)
