"""The channels that are open on this server."""

from conference.operations.channels.contract import Way

_ways: dict[str, Way] = {}


def open_way(way: Way) -> None:
    """Register how people are reached by a channel."""
    _ways[way.channel] = way


def ways() -> list[Way]:
    """Return every channel that is open and on."""
    return [way for way in _ways.values() if way.is_on()]


def way_of(channel: str) -> Way | None:
    """Return the channel of this name, if it is open and on."""
    way = _ways.get(channel)
    return way if way is not None and way.is_on() else None
