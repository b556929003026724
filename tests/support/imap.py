"""A mailbox that speaks IMAP over TLS: as much of RFC 3501 as a reader needs, on a real socket."""

import re
import socketserver
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_LINE = re.compile(r"(\S+) (\w+) ?(.*)")


class Mailbox:
    """One mailbox of one user; `mails` is what lies in it, by UID."""

    def __init__(self, folder: Path) -> None:
        """Make a certificate and choose a port; `start` opens it."""
        self.mails: dict[int, bytes] = {}
        self.validity = 7
        self.fetched: list[int] = []
        self.commands: list[str] = []
        self.certificate = _certificate(folder)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate)
        self._server = _Server(self, context)

    @property
    def url(self) -> str:
        """The address of this mailbox, as the settings name it."""
        return f"imaps://bounces:secret@127.0.0.1:{self._server.server_address[1]}/INBOX"

    def put(self, mail: bytes) -> int:
        """Lay a mail into the box and return its UID."""
        uid = max(self.mails, default=0) + 1
        self.mails[uid] = mail
        return uid

    def start(self) -> None:
        """Answer from now on."""
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        """Close the port."""
        self._server.shutdown()
        self._server.server_close()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, mailbox: Mailbox, context: ssl.SSLContext) -> None:
        self.mailbox = mailbox
        self.context = context
        super().__init__(("127.0.0.1", 0), _Conversation)


class _Conversation(socketserver.StreamRequestHandler):
    server: _Server
    # An answer of several lines does not wait for the reader to confirm the first.
    disable_nagle_algorithm = True

    def setup(self) -> None:
        self.request = self.server.context.wrap_socket(self.request, server_side=True)
        super().setup()

    def finish(self) -> None:
        super().finish()
        self.request.close()

    def handle(self) -> None:
        self._say("* OK ready")
        for raw in self.rfile:
            found = _LINE.match(raw.decode().strip())
            assert found
            tag, command, rest = found.groups()
            self.server.mailbox.commands.append(f"{command.upper()} {rest}")
            answer = getattr(self, f"do_{command.lower()}")(rest)
            self._say(f"{tag} {answer}")
            if command.upper() == "LOGOUT":
                return

    def do_capability(self, _rest: str) -> str:
        self._say("* CAPABILITY IMAP4rev1")
        return "OK done"

    def do_login(self, rest: str) -> str:
        return "OK in" if rest == 'bounces "secret"' else "NO wrong name or password"

    def do_examine(self, rest: str) -> str:
        if rest != '"INBOX"':
            return "NO no such mailbox"
        self._say(f"* {len(self.server.mailbox.mails)} EXISTS")
        self._say(f"* OK [UIDVALIDITY {self.server.mailbox.validity}]")
        return "OK [READ-ONLY] done"

    def do_uid(self, rest: str) -> str:
        mails = self.server.mailbox.mails
        if found := re.fullmatch(r"SEARCH UID (\d+):\*", rest):
            start = min(int(found[1]), max(mails, default=0))
            self._say("* SEARCH " + " ".join(str(uid) for uid in mails if uid >= start))
            return "OK done"
        found = re.fullmatch(r"FETCH (\d+) \(BODY\.PEEK\[\]<0\.(\d+)>\)", rest)
        if not found:
            return "BAD not understood"
        uid = int(found[1])
        self.server.mailbox.fetched.append(uid)
        mail = mails[uid][: int(found[2])]
        self._say(f"* 1 FETCH (UID {uid} BODY[]<0> {{{len(mail)}}}")
        self.wfile.write(mail)
        self._say(")")
        return "OK done"

    def do_logout(self, _rest: str) -> str:
        self._say("* BYE")
        return "OK done"

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


def _certificate(folder: Path) -> Path:
    """Write a key and its certificate for this machine into one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "imap.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def mailbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """A mailbox of this test's own, whose certificate is trusted."""
    box = Mailbox(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(box.certificate))
    box.start()
    yield box
    box.stop()
