"""A DNS server on this machine: real packets over UDP and TCP, whatever a test wants it to say."""

import socket
import socketserver
import threading
import time
from collections.abc import Iterator

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rdtypes.ANY.TXT
import dns.rrset
import pytest

_STRING = 255


class NameServer:
    """Answers for the names it was told; others do not exist (NXDOMAIN).

    ``put`` publishes texts, ``alias`` a CNAME, ``fail`` answers SERVFAIL, ``hush`` nothing at all.
    """

    def __init__(self) -> None:
        """Choose a port; `start` opens it for both transports."""
        self.asked: list[str] = []
        self.over_tcp: list[str] = []
        self._texts: dict[str, list[bytes | list[bytes]]] = {}
        self._aliases: dict[str, str] = {}
        self._failing: set[str] = set()
        self._silent: set[str] = set()
        self._tcp = _Tcp(self)
        port = self._tcp.server_address[1]
        self._udp = _Udp(self, port)
        self.address = ("127.0.0.1", port)

    def put(self, name: str, *texts: str | bytes | list[bytes]) -> None:
        """Publish TXT records at a name; a list is one record of these strings."""
        self._texts[name.lower()] = [
            text.encode() if isinstance(text, str) else text for text in texts
        ]

    def alias(self, name: str, target: str) -> None:
        """Let a name be another one."""
        self._aliases[name.lower()] = target.lower()

    def fail(self, name: str) -> None:
        """Answer SERVFAIL for a name."""
        self._failing.add(name.lower())

    def hush(self, name: str) -> None:
        """Never answer for a name."""
        self._silent.add(name.lower())

    def start(self) -> None:
        """Answer from now on."""
        for server in (self._tcp, self._udp):
            threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        """Close the port."""
        for server in (self._tcp, self._udp):
            server.shutdown()
            server.server_close()

    def answer(self, wire: bytes, *, most: int | None) -> bytes | None:
        """Return the answer to a packet, cut (TC) where more than ``most`` bytes do not fit."""
        query = dns.message.from_wire(wire)
        asked = query.question[0].name
        name = asked.to_text(omit_final_dot=True).lower()
        (self.asked if most else self.over_tcp).append(name)
        if name in self._silent:
            return None
        response = dns.message.make_response(query, recursion_available=True)
        if name in self._failing:
            response.set_rcode(dns.rcode.SERVFAIL)
            return response.to_wire()
        target = self._aliases.get(name)
        if target:
            response.answer.append(dns.rrset.from_text(asked, 60, "IN", "CNAME", f"{target}."))
        owner = target or name
        if owner in self._texts:
            if self._texts[owner]:
                response.answer.append(_rows(dns.name.from_text(owner), self._texts[owner]))
        elif not target:
            response.set_rcode(dns.rcode.NXDOMAIN)
        try:
            return response.to_wire(max_size=most or 65_535)
        except dns.exception.TooBig:
            cut = dns.message.make_response(query, recursion_available=True)
            cut.flags |= dns.flags.TC
            return cut.to_wire()


def _rows(name: dns.name.Name, texts: list[bytes | list[bytes]]) -> dns.rrset.RRset:
    rows = [
        dns.rdtypes.ANY.TXT.TXT(dns.rdataclass.IN, dns.rdatatype.TXT, _strings(text))
        for text in texts
    ]
    return dns.rrset.from_rdata(name, 60, *rows)


def _strings(text: bytes | list[bytes]) -> list[bytes]:
    if isinstance(text, list):
        return text
    return [text[at : at + _STRING] for at in range(0, len(text), _STRING)] or [b""]


class _Udp(socketserver.ThreadingUDPServer):
    daemon_threads = True

    def __init__(self, server: NameServer, port: int) -> None:
        super().__init__(("127.0.0.1", port), _OverUdp)
        self.names = server


class _OverUdp(socketserver.BaseRequestHandler):
    server: _Udp

    def handle(self) -> None:
        wire, sock = self.request
        answer = self.server.names.answer(wire, most=1232)
        if answer is not None:
            sock.sendto(answer, self.client_address)


class _Tcp(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, server: NameServer) -> None:
        super().__init__(("127.0.0.1", 0), _OverTcp)
        self.names = server


class _OverTcp(socketserver.BaseRequestHandler):
    server: _Tcp

    def handle(self) -> None:
        length = int.from_bytes(_exactly(self.request, 2))
        answer = self.server.names.answer(_exactly(self.request, length), most=None)
        if answer is None:
            time.sleep(5)
            return
        self.request.sendall(len(answer).to_bytes(2) + answer)


def _exactly(sock: socket.socket, length: int) -> bytes:
    got = b""
    while len(got) < length:
        piece = sock.recv(length - len(got))
        if not piece:
            break
        got += piece
    return got


@pytest.fixture
def name_server(settings) -> Iterator[NameServer]:
    """A DNS server that the program asks in this test, and no other."""
    server = NameServer()
    server.start()
    settings.DNS_SERVERS = [server.address]
    yield server
    server.stop()
