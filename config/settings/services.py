"""The services around the program, each from one URL: database, Redis or Valkey, mail relay."""

import ssl
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit, urlunsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
LAST_REDIS_DATABASE: Final = 15
DNS_PORT: Final = 53
SHORTEST_PASSWORD: Final = 24
#: Providers whose reports Anymail reads.
PROVIDERS: Final = (
    "amazon_ses",
    "brevo",
    "mailgun",
    "mailjet",
    "postmark",
    "resend",
    "sendgrid",
    "sparkpost",
)
SQLITE_PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL;"
    "PRAGMA synchronous=NORMAL;"
    "PRAGMA foreign_keys=ON;"
    "PRAGMA temp_store=MEMORY;"
)


def database(url: str, *, pool_size: int) -> dict[str, Any]:
    """Return Django's settings for the database at `url`; a pool size of 0 means no pool."""
    settings: dict[str, Any] = dict(dj_database_url.parse(url))
    options: dict[str, Any] = dict(settings.get("OPTIONS", {}))
    if settings["ENGINE"].endswith("sqlite3"):
        options |= {
            "timeout": 30,
            "transaction_mode": "IMMEDIATE",
            "init_command": SQLITE_PRAGMAS,
        }
    elif settings["ENGINE"].endswith("postgresql"):
        # Bounds how long a page, or the readiness check, waits for a server that went away.
        options = {"connect_timeout": 5, "tcp_user_timeout": 10_000, **options}
        if pool_size:
            # Only statements that ask for it are prepared (checkin/operations/statements.py);
            # without a pool of our own another program may share connections between requests.
            options.setdefault("prepare_threshold", 0)
            options["pool"] = {"min_size": 1, "max_size": pool_size, "timeout": 10}
        settings["CONN_HEALTH_CHECKS"] = True
    else:
        message = "DATABASE_URL must name SQLite (sqlite:///…) or PostgreSQL (postgres://…)."
        raise ImproperlyConfigured(message)
    settings["OPTIONS"] = options
    return settings


def sqlite_url(path: Path) -> str:
    """Return the DATABASE_URL of a SQLite file."""
    return f"sqlite:///{path}"


@dataclass(frozen=True)
class Redis:
    """Where Redis or Valkey is: one database number for the broker, another for the cache."""

    broker: str
    cache: str
    ssl: dict[str, Any] | None

    @classmethod
    def at(cls, url: str) -> "Redis":
        """Read REDIS_URL; the cache takes the next database number where there is one."""
        parts = urlsplit(url)
        if parts.scheme not in {"redis", "rediss"} or not parts.hostname:
            message = "REDIS_URL must look like redis://host:6379/0 (or rediss:// for TLS)."
            raise ImproperlyConfigured(message)
        number = parts.path.strip("/") or "0"
        if not number.isdigit():
            message = f"REDIS_URL ends in {number!r}: end it in a database number, such as /0."
            raise ImproperlyConfigured(message)
        beside = int(number) + 1 if int(number) < LAST_REDIS_DATABASE else int(number)
        return cls(
            broker=urlunsplit(parts._replace(path=f"/{int(number)}")),
            cache=urlunsplit(parts._replace(path=f"/{beside}")),
            ssl={"ssl_cert_reqs": ssl.CERT_REQUIRED} if parts.scheme == "rediss" else None,
        )


def mail(url: str) -> dict[str, Any]:
    """Return the EMAIL_ settings for a relay given as smtp://user:password@host:port?tls=starttls.

    `tls` is `starttls`, `ssl` or `none`. Left out, it follows the port (587, 465) or the scheme
    (smtps://); a password is never sent in clear to another machine unless `tls=none` says so.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        message = "EMAIL_URL must look like smtp://user:password@host:587?tls=starttls."
        raise ImproperlyConfigured(message)
    asked = parse_qs(parts.query).get("tls", [""])[0]
    tls = asked or _customary_tls(parts.scheme, parts.port)
    if tls not in {"starttls", "ssl", "none"}:
        message = f"EMAIL_URL says tls={tls}: say starttls, ssl or none."
        raise ImproperlyConfigured(message)
    if parts.password and tls == "none" and not asked and parts.hostname not in LOOPBACK:
        message = "EMAIL_URL would send its password in clear: add ?tls=starttls (or ?tls=none)."
        raise ImproperlyConfigured(message)
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or {"starttls": 587, "ssl": 465, "none": 25}[tls],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": tls == "starttls",
        "EMAIL_USE_SSL": tls == "ssl",
    }


def mailbox(url: str) -> dict[str, Any]:
    """Return the mailbox given as imaps://user:password@host:993/INBOX.

    With imap:// the line is encrypted by STARTTLS; only on this machine may it stay open, by
    `?tls=none`.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"imap", "imaps"} or not parts.hostname or not parts.username:
        message = "PLENARY_BOUNCE_MAILBOX must look like imaps://user:password@host:993/INBOX."
        raise ImproperlyConfigured(message)
    tls = "ssl" if parts.scheme == "imaps" else "starttls"
    if parse_qs(parts.query).get("tls") == ["none"]:
        if parts.hostname not in LOOPBACK:
            message = "PLENARY_BOUNCE_MAILBOX would send its password in clear."
            raise ImproperlyConfigured(message)
        tls = "none"
    port = parts.port or (993 if tls == "ssl" else 143)
    folder = unquote(parts.path.strip("/")) or "INBOX"
    user = unquote(parts.username)
    return {
        "host": parts.hostname,
        "port": port,
        "tls": tls,
        "user": user,
        "password": unquote(parts.password or ""),
        "folder": folder,
        "name": f"{user}@{parts.hostname}:{port}/{folder}"[:320],
    }


def dns_servers(named: list[str]) -> list[tuple[str, int]]:
    """Return (address, port) of servers named as 192.0.2.1, 192.0.2.1:5353 or [2001:db8::1]:53."""
    servers = []
    for each in named:
        try:
            parts = urlsplit(f"//{each}")
            address = ip_address(parts.hostname or "")
            servers.append((str(address), parts.port or DNS_PORT))
        except ValueError as error:
            message = f"PLENARY_DNS_SERVERS names {each!r}: give addresses such as 192.0.2.1:53."
            raise ImproperlyConfigured(message) from error
    return servers


def providers(named: list[str]) -> list[str]:
    """Return the mail providers named, each once, or refuse one that is not known."""
    unknown = [name for name in named if name not in PROVIDERS]
    if unknown:
        message = f"PLENARY_MAIL_PROVIDERS names {unknown[0]!r}: take of {', '.join(PROVIDERS)}."
        raise ImproperlyConfigured(message)
    return list(dict.fromkeys(named))


def webhooks(
    named: list[str], *, secret: str, mailgun_key: str = "", sendgrid_key: str = ""
) -> dict[str, Any]:
    """Return Anymail's settings: by what the posts of these providers are known to be theirs.

    The secret is `user:password`, a part of the address that each provider is given; Mailgun, and
    SendGrid where its key is given, sign their posts as well.
    """
    user, _colon, password = secret.partition(":")
    if not user or len(password) < SHORTEST_PASSWORD:
        message = (
            "PLENARY_MAIL_PROVIDERS_SECRET must be user:password, "
            f"the password with {SHORTEST_PASSWORD} characters or more."
        )
        raise ImproperlyConfigured(message)
    if "mailgun" in named and not mailgun_key:
        message = "Set PLENARY_MAILGUN_SIGNING_KEY: Mailgun signs what it posts."
        raise ImproperlyConfigured(message)
    told: dict[str, Any] = {"WEBHOOK_SECRET": [secret]}
    if mailgun_key:
        told["MAILGUN_WEBHOOK_SIGNING_KEY"] = mailgun_key
    if sendgrid_key:
        told["SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY"] = sendgrid_key
    return told


def is_on_this_machine(url: str) -> bool:
    """Tell whether the address names a server of this machine."""
    return urlsplit(url).hostname in LOOPBACK


def _customary_tls(scheme: str, port: int | None) -> str:
    if scheme == "smtps":
        return "ssl"
    return {465: "ssl", 587: "starttls"}.get(port or 0, "none")
