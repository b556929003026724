"""What phones and watchers read: the snapshot, people by name, the board; and statement counts."""

import json
import statistics
import threading
import time
import urllib.parse
import uuid
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.db import connection

from bench import load
from bench.place import Server
from bench.table import Table
from bench.world import World

_SETTLES_S = 1.5


def measure_snapshot(table: Table, server: Server, world: World, *, inside: bool = False) -> None:
    """Add the time and size of a first, a repeated and a changed snapshot.

    Before the doors open the snapshot is of badges alone; with everybody ``inside`` it has a row
    of presence for each of them besides.
    """
    from delegates.models import Delegate  # noqa: PLC0415

    if inside:
        _let_everybody_in(world)
    first = _get(server, world, 0, "snapshot/")
    again = [_get(server, world, n, "snapshot/") for n in (1, 2, 3)]
    told = json.loads(first["body"])
    where = f"snapshot of 20,000, {len(told['presence']):,} inside"
    table.add(f"{where}: first", first["s"], unit=" s", most=2)
    size = first["bytes"] / 1e6
    if inside:
        table.note("… bytes, gzipped", f"{size:.3g} MB")
    else:
        table.add("… bytes, gzipped", size, unit=" MB", most=5)
    table.add("… from the cache", _median_ms(again), unit=" ms", most=100)
    people = Delegate.objects.filter(conference=world.conference).order_by("pk")[:100]
    for person in people:
        person.title_en = f"{person.title_en}."
        person.save()
    changed = []
    for n in (0, 1, 2, 3):
        cursor = json.loads((first if n == 0 else again[n - 1])["body"])["cursor"]
        changed.append(_get(server, world, n, f"snapshot/?cursor={urllib.parse.quote(cursor)}"))
    badges = {len(json.loads(each["body"])["badges"]) for each in changed}
    table.add("… changes after 100 of them", _median_ms(changed), unit=" ms", most=100)
    table.note("… badges in them, bytes", f"{badges}, {changed[0]['bytes']:,}")


def _let_everybody_in(world: World) -> None:
    """Give everybody who is not there yet a stay in the first zone."""
    from checkin.models import Gate, Presence, Zone  # noqa: PLC0415
    from delegates.models import Delegate  # noqa: PLC0415

    zone = Zone.objects.filter(conference=world.conference).order_by("pk").first()
    gate = Gate.objects.filter(conference=world.conference).order_by("pk").first()
    now = round(time.time() * 1000)
    outside = Delegate.objects.filter(conference=world.conference).exclude(presences__zone=zone)
    stays = []
    for n, person in enumerate(outside.values_list("pk", flat=True)):
        scan = uuid.uuid4()
        stays.append(
            Presence(
                conference=world.conference,
                delegate_id=person,
                zone=zone,
                gate=gate,
                inside=True,
                entries=1,
                first_in_ms=now - n,
                in_ms=now - n,
                in_scan=scan,
                at_ms=now - n,
                at_scan=scan,
            )
        )
    Presence.objects.bulk_create(stays, batch_size=2000)


def measure_search(table: Table, server: Server, world: World, *, searches: int) -> None:
    """Add how long a search by name takes among 20,000."""
    words = (
        "zhang",
        "王芳",
        "li wei",
        "mei mü",
        "fatima",
        "杨",
        "smith john",
        "kimba",
        "rossi",
        "周静",
    )
    waits = []
    for n in range(searches):
        q = urllib.parse.quote(words[n % len(words)])
        came = _get(server, world, n, f"search/?q={q}")
        waits.append(came["s"] * 1000)
    cuts = statistics.quantiles(waits, n=100)
    table.add(
        "desk search by name: p95",
        cuts[94],
        unit=" ms",
        most=50,
        reference=f"p50 {cuts[49]:.1f} ms",
    )


def measure_board(table: Table, server: Server, world: World, *, seconds: float) -> None:
    """Add what 50 watchers of the board cost the database beside one.

    Meanwhile people come in: at doors where nothing happens almost nothing is counted, and two
    counts more or less would be the whole of what is compared.
    """
    if connection.vendor != "postgresql":
        table.note("board: reads for 1 and 50 watchers", "PostgreSQL only")
        return
    watching = _Watching(server, world)
    watching.run(50, 3)
    time.sleep(_SETTLES_S)
    coming = _Coming(server, world)
    one = _reads(lambda: coming.meanwhile(lambda: watching.run(1, seconds))) / seconds
    many = _reads(lambda: coming.meanwhile(lambda: watching.run(50, seconds))) / seconds
    table.add(
        "board: reads of tables for 50 watchers beside one",
        many / max(one, 0.1),
        most=1.3,
        reference=f"{many:.1f} : {one:.1f} /s",
    )
    table.note("… answers", str(dict(watching.codes)))


def count_statements(table: Table, world: World) -> None:
    """Add how many statements a first scan and its repeat take."""
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    asked = {"zone": world.zone, "phones": world.phones[-1:], "lookups": world.lookups[-3:-2]}
    body = {"scan": load.record(asked, 0)}
    headers = {"Authorization": f"Bearer {asked['phones'][0]['token']}", "Host": "127.0.0.1"}
    client = Client(headers=headers)

    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            answer = client.post(
                "/api/v1/checkin/scan/", json.dumps(body), content_type="application/json"
            )
        if answer.status_code != 200:
            raise SystemExit(f"a scan was answered {answer.status_code}: {answer.content!r}")
        own = [each for each in queries.captured_queries if "BEGIN" not in str(each["sql"])]
        return len([each for each in own if "COMMIT" not in str(each["sql"])])

    # The phone was not heard for half a minute: the first one also writes that it is now.
    table.add("statements of a first scan, with the sign of life", statements(), most=4)
    table.add("statements of its repeat", statements(), most=3, stretch=1)
    body["scan"] = load.record(asked | {"lookups": world.lookups[-2:-1]}, 1, direction="in")
    table.add("statements of a first scan", statements(), most=3, stretch=2)


def cookie_of(user: Any) -> str:
    """Return the cookie of somebody who has signed in."""
    from django.test import Client  # noqa: PLC0415

    client = Client(headers={"Host": "127.0.0.1"})
    client.force_login(user)
    return f"__Host-sessionid={client.session.session_key}"


def _get(server: Server, world: World, phone: int, path: str) -> dict[str, Any]:
    import gzip  # noqa: PLC0415

    token = world.phones[phone % len(world.phones)]["token"]
    request = (
        f"GET /api/v1/checkin/{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n"
        f"Authorization: Bearer {token}\r\n\r\n"
    ).encode()
    line = load.Line(server.port)
    began = time.perf_counter()
    status, body = line.ask(request)
    took = time.perf_counter() - began
    if status != 200:
        raise SystemExit(f"{path} was answered {status}: {body[:300]!r}")
    plain = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
    return {"s": took, "bytes": len(body), "body": plain}


def _median_ms(came: list[dict[str, Any]]) -> float:
    return statistics.median(each["s"] for each in came) * 1000


class _Coming:
    """One phone at one door, two people a second, while something else is measured."""

    _PAUSE_S = 0.5

    def __init__(self, server: Server, world: World) -> None:
        self._server, self._world, self._next = server, world, len(world.lookups) // 2

    def meanwhile(self, doing: Callable[[], None]) -> None:
        """Let people come in until it is done."""
        done, refused = threading.Event(), []

        def come() -> None:
            line = load.Line(self._server.port)
            asked = {
                "zone": self._world.zone,
                "phones": self._world.phones[:1],
                "lookups": self._world.lookups,
            }
            while not done.wait(self._PAUSE_S):
                status, _ = line.ask(load.request_of("scan", asked, self._next))
                if status != 200:
                    refused.append(status)
                self._next += 1

        phone = threading.Thread(target=come)
        phone.start()
        try:
            doing()
        finally:
            done.set()
            phone.join()
        if refused:
            raise SystemExit(f"scans beside the board were answered {refused}")


class _Watching:
    """Browsers that show the board: signed in, then asking by the ticket that they were given."""

    def __init__(self, server: Server, world: World) -> None:
        from django.urls import reverse  # noqa: PLC0415

        self._cookie = cookie_of(world.organiser)
        self._path = reverse("checkin:arrivals", args=[world.conference.slug])
        self._port = server.port
        self.codes: Counter[int] = Counter()

    def run(self, watchers: int, seconds: float) -> None:
        """Let so many watch for so long, each asking once a second."""
        threads = [
            threading.Thread(target=self._watch, args=(n / watchers, seconds))
            for n in range(watchers)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _watch(self, late_s: float, seconds: float) -> None:
        time.sleep(late_s)
        line, ticket, etag = load.Line(self._port), self._ticket(), ""
        for _ in range(round(seconds)):
            held = [f"If-None-Match: {etag}"] if etag else []
            status, _ = line.ask(
                self._request(f"Watch-Ticket: {ticket}", "HX-Request: true", *held)
            )
            self.codes[status] += 1
            etag = line.header("etag") or etag
            time.sleep(1)

    def _ticket(self) -> str:
        """Return a ticket, by opening the page once for all."""
        if not hasattr(self, "_given"):
            import http.client  # noqa: PLC0415

            asking = http.client.HTTPConnection("127.0.0.1", self._port)
            asking.request(
                "GET", self._path, headers={"Cookie": self._cookie, "HX-Request": "true"}
            )
            answer = asking.getresponse()
            answer.read()
            self._given = answer.headers.get("Watch-Ticket", "")
            if not self._given:
                raise SystemExit(f"the board was answered {answer.status}, without a ticket")
        return self._given

    def _request(self, *headers: str) -> bytes:
        lines = [f"GET {self._path} HTTP/1.1", "Host: 127.0.0.1", *headers, "", ""]
        return "\r\n".join(lines).encode()


def _reads(doing: Any) -> int:
    """Return how often tables and indexes were read while something was done."""
    before = _read()
    doing()
    time.sleep(_SETTLES_S)
    return _read() - before


def _read() -> int:
    """Return how often tables and indexes were read, as far as backends have told."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT sum(coalesce(seq_scan, 0) + coalesce(idx_scan, 0)) FROM pg_stat_user_tables"
        )
        return int(cursor.fetchone()[0])
