"""A steady door: twenty scans a second beside people who use the pages."""

import threading
import time
import urllib.error
import urllib.request
from collections import Counter

from django.urls import reverse

from bench import reads, scans
from bench.place import Server
from bench.table import Table
from bench.world import World

CLIENTS, A_SECOND = 10, 20
PAGES = ("/", "/api/v1/docs/", "/accounts/login/", "/start/")


def measure(table: Table, server: Server, world: World, *, seconds: float) -> None:
    """Add how long scans wait then, and how many are not answered as they should be."""
    done = threading.Event()
    pages: Counter[int] = Counter()
    own = ("checkin:overview", "checkin:arrivals", "checkin:device_list")
    paths = [*PAGES, *(reverse(name, args=[world.conference.slug]) for name in own)]
    cookie = reads.cookie_of(world.organiser)

    def read() -> None:
        while not done.is_set():
            for page in paths:
                try:
                    asking = urllib.request.Request(
                        f"http://127.0.0.1:{server.port}{page}", headers={"Cookie": cookie}
                    )
                    with urllib.request.urlopen(asking, timeout=30) as answer:
                        answer.read()
                        pages[answer.status] += 1
                except urllib.error.HTTPError as refusal:
                    pages[refusal.code] += 1
                except OSError:
                    pages[0] += 1
                time.sleep(0.25)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        came = scans.load(server, world, "scan", CLIENTS, 0, seconds, pause_s=CLIENTS / A_SECOND)
    finally:
        done.set()
        reader.join()
    good = sum(count for code, count in came["codes"].items() if code.startswith("200"))
    at = f"20 scans/s for {seconds:.0f} s beside pages"
    table.add(
        f"{at}: p95", came["p95_ms"], unit=" ms", most=250, reference=f"p50 {came['p50_ms']:.1f} ms"
    )
    table.add(f"{at}: errors", came["requests"] - good, most=0)
    table.note("… scans a second, pages read", f"{came['per_second']:.1f}, {dict(pages)}")
