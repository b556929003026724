"""Opening a connection to a host: to any, or to none that stands in a network of our own."""

import ipaddress
import socket

from conference.operations.channels.contract import RefusedError

HostAndPort = tuple[str, int]


def anywhere(address: HostAndPort, seconds: float) -> socket.socket:
    """Connect wherever the name leads."""
    return socket.create_connection(address, seconds)


def public_only(address: HostAndPort, seconds: float) -> socket.socket:
    """Connect to a public address only; raises RefusedError where the name leads elsewhere.

    What was looked up is what is dialled, so a name that changes in between gains nothing.
    """
    found = socket.getaddrinfo(*address, type=socket.SOCK_STREAM)
    places = list(dict.fromkeys(place[0] for *_kind, place in found))
    if hidden := [place for place in places if not is_public(str(place))]:
        message = f"{address[0]} is {hidden[0]}, which is not a public address."
        raise RefusedError(message)
    failure: OSError = OSError(f"{address[0]} has no address.")
    for place in places:
        try:
            return socket.create_connection((str(place), address[1]), seconds)
        except OSError as problem:
            failure = problem
    raise failure


def is_public(place: str) -> bool:
    """Tell whether an IP address is one of the public internet."""
    found = ipaddress.ip_address(place.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return found.is_global and not found.is_multicast
