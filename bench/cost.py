"""What the server's processes cost: CPU time of the web workers and of the database's backends."""

from dataclasses import dataclass
from pathlib import Path

import psutil
from django.db import connection

from bench.place import Server


@dataclass(frozen=True)
class Spent:
    """CPU time in ms."""

    web: float
    database: float

    @property
    def whole(self) -> float:
        """Both together."""
        return self.web + self.database

    def __sub__(self, other: "Spent") -> "Spent":
        return Spent(self.web - other.web, self.database - other.database)


def spent(server: Server) -> Spent:
    """Return what was spent until now."""
    return Spent(
        web=sum(_ms(worker.pid) for worker in server.workers()),
        database=sum(_ms(pid) for pid in _backends()),
    )


def _backends() -> list[int]:
    """Return the database's processes that work for others than us."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return [pid for (pid,) in cursor.fetchall()]


def _ms(pid: int) -> float:
    """Return the CPU time of a process, to the microsecond where the kernel counts so finely."""
    try:
        threads = list(Path(f"/proc/{pid}/task").iterdir())
        return sum(int((each / "schedstat").read_text().split()[0]) for each in threads) / 1e6
    except (OSError, ValueError, IndexError):
        times = psutil.Process(pid).cpu_times()
        return (times.user + times.system) * 1000
