"""The channels that are open on this server."""

from conference.operations.channels.contract import Way

_ways: dict[str, Way] = {}


def open_way(way: Way) -> None:
    """Register how people are reached by a channel."""
    _ways[way.channel] = way


def ways() -> list[Way]:
    """Return every channel that is open."""
    return list(_ways.values())


def way_of(channel: str) -> Way | None:
    """Return the channel of this name, if it is open."""
    return _ways.get(channel)
