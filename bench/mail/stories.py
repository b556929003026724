"""What happens to the mail, and what the other end's record says of it afterwards."""

import contextlib
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from django.conf import settings
from django.utils import timezone

from bench.mail.crowd import Crowd
from bench.mail.relay import Relay
from bench.mail.sink import Arrival, Sink
from bench.mail.workers import Workers
from bench.table import Table
from config import life

_LOOK_EVERY_S = 0.25
_GIVE_UP_S = 900


@dataclass
class Stage:
    """Where the stories happen."""

    folder: Path
    relay: Relay
    recipients: int
    seed: int
    #: A lease as short as a handful of letters to this server allows, so that few wait long.
    lease_s: int = 10
    attach: str = "none"
    memory: list[float] = field(default_factory=list)


class Hands:
    """Two workers and the server that they send to; one story after another may use them."""

    def __init__(self, stage: Stage, *, pause_ms: int = 0, short: bool = False) -> None:
        """Start them; with short leases and looks, what a dead worker held is soon free again."""
        self.sink = Sink(stage.folder, pause_ms=pause_ms)
        environment = {"EMAIL_URL": self.sink.url} | (
            {"PLENARY_MAIL_LEASE_SECONDS": str(stage.lease_s), "PLENARY_SWEEP_SECONDS": "3"}
            if short
            else {}
        )
        self.workers = Workers(stage.folder, environment)

    def __enter__(self) -> Self:
        """Lend them."""
        return self

    def __exit__(self, *_failure: object) -> None:
        """End them."""
        self.workers.stop()
        self.sink.stop()


def send_all(table: Table, stage: Stage) -> None:
    """Send to everybody with nothing in the way, and time it."""
    with Hands(stage) as hands:
        sending = _Sending(stage, hands, on_doubt="resend")
        sending.wait(sending.is_done, meanwhile=stage.memory.append)
        arrived = sorted(each.at for each in sending.arrived())
        sending.judge(table, "nothing in the way")
    table.add("… first 100 taken after", arrived[:100][-1] - sending.began, unit=" s", most=30)
    table.add("… all taken after", arrived[-1] - sending.began, unit=" s", most=300)
    quarter = max(1, len(stage.memory) // 4)
    early = max(stage.memory[quarter : 2 * quarter] or stage.memory)
    late = max(stage.memory[-quarter:])
    table.add(
        "… memory of a worker, last quarter beside the second",
        late / early,
        most=1.1,
        reference=f"{late:.0f} : {early:.0f} MB",
    )


def kill_workers(table: Table, stage: Stage, hands: Hands, *, on_doubt: str, kills: int) -> None:
    """Kill a worker at random moments of the sending, so many times."""
    chance = random.Random(stage.seed)
    sending = _Sending(stage, hands, on_doubt=on_doubt)
    done = 0
    for number in range(kills):
        # Spread over the letters, so that none falls after the last one.
        share = (number + chance.random()) / (kills + 1)
        sending.wait(lambda share=share: sending.share_taken() >= share)
        time.sleep(chance.random() * 0.05)
        if sending.share_taken() < 1:
            done += 1
        hands.workers.kill(chance.randrange(2))
    sending.wait(sending.is_done)
    said = f"workers killed, {on_doubt}"
    table.add(f"{said}: kills in the middle", done, least=kills)
    sending.judge(table, said, kills=done)


def lose_the_broker(table: Table, stage: Stage, hands: Hands, *, outage_s: float) -> None:
    """Flush the broker and cut it off while letters are sent; then give it back, empty."""
    sending = _Sending(stage, hands, on_doubt="resend")
    sending.wait(lambda: sending.share_taken() >= 0.2)
    _forget_all_tasks()
    stage.relay.cut()
    before = sending.share_taken()
    time.sleep(outage_s)
    stage.relay.mend()
    back = time.time()
    sending.wait(sending.is_done)
    table.note(
        "broker flushed and cut off",
        f"at {before:.0%} of the letters, for {outage_s:g} s",
    )
    last = max(each.at for each in sending.arrived())
    table.add("… all taken after its return", max(0.0, last - back), unit=" s", most=300)
    sending.judge(table, "broker gone")


def _forget_all_tasks() -> None:
    """Empty the broker of all that is ours, as one that has lost its memory is."""
    with contextlib.closing(life.client()) as broker:
        for key in broker.scan_iter(f"{settings.REDIS_KEY_PREFIX}*"):
            broker.delete(key)


class _Sending:
    """A mailing to everybody, by way of two workers to a server that keeps a record."""

    def __init__(self, stage: Stage, hands: Hands, *, on_doubt: str) -> None:
        self.workers, self._sink = hands.workers, hands.sink
        self.workers.wait_until_all_listen()
        self._others = len(self._sink.arrived())
        self._attach = stage.attach
        crowd = Crowd.of(stage.recipients)
        self._wanted = crowd.number
        self.began = time.time()
        self.mailing = crowd.start_mailing(on_doubt=on_doubt, attach=stage.attach)

    def arrived(self) -> list[Arrival]:
        """Return what has come to the other end since this mailing was begun."""
        return self._sink.arrived()[self._others :]

    def times(self) -> Counter[str]:
        """Return how often each letter came, by its Message-ID."""
        return Counter(each.message_id for each in self.arrived())

    def share_taken(self) -> float:
        """Return which part of the letters has come to the other end."""
        return len(self.times()) / self._wanted

    def is_done(self) -> bool:
        """Tell whether every letter is made, and none queued or on its way any more."""
        self.mailing.refresh_from_db()
        is_made = self.mailing.expanded_at is not None
        return is_made and not self._rows(state__in=["queued", "claimed"]).exists()

    def wait(
        self,
        until: Callable[[], bool],
        *,
        meanwhile: Callable[[float], object] = lambda _held: None,
    ) -> None:
        """Wait until something holds."""
        give_up = time.monotonic() + _GIVE_UP_S
        while not until():
            if time.monotonic() > give_up:
                raise SystemExit(f"the letters did not come to an end:\n{self.workers.said()}")
            time.sleep(_LOOK_EVERY_S)
            meanwhile(self.workers.memory())

    def judge(self, table: Table, story: str, *, kills: int = 0) -> None:
        """Add what the record of the other end says, beside what our rows say."""
        from conference.models import MessageStep  # noqa: PLC0415

        times = self.times()
        held = {message.message_id for message in self._rows(state="uncertain")}
        ours = {message.message_id for message in self._rows()}
        marked = {
            step.message.message_id
            for step in MessageStep.objects.filter(
                message__campaign=self.mailing, kind__in=["uncertain", "resent"]
            ).select_related("message")
        }
        repeats = {name: count - 1 for name, count in times.items() if count > 1}
        wanted = self._wanted
        table.note(f"{story}: letters, texts taken", f"{len(ours)}, {sum(times.values())}")
        table.add(f"{story}: lost", len(ours - set(times) - held) + wanted - len(ours), most=0)
        table.add(f"{story}: of nobody's", len(set(times) - ours), most=0)
        is_held = self.mailing.on_doubt == "hold"
        table.add(f"{story}: repeats", sum(repeats.values()), most=0 if is_held else kills)
        if self._attach != "none":
            bare = sum(not each.has_calendar for each in self.arrived())
            table.add(f"{story}: without their file", bare, most=0)
        table.add(f"{story}: repeats without a mark", len(set(repeats) - marked), most=0)
        if is_held:
            came = len(held & set(times))
            table.note(f"{story}: held for a person", f"{len(held)}, of which {came} had come")
            self._decide(held & set(times))
            times = self.times()
        table.add(f"{story}: letters by Message-ID", len(times), least=wanted, most=wanted)

    def _decide(self, came: set[str]) -> None:
        """Be the person who looks at what is held: asks the other end, and says what it said."""
        from conference.operations import mailing  # noqa: PLC0415

        for message in self._rows(state="uncertain"):
            if message.message_id in came:
                mailing.settle(message_id=message.pk, now=timezone.now())
            else:
                mailing.retry(message_id=message.pk, now=timezone.now())
        self.wait(self.is_done)

    def _rows(self, **narrowed: Any) -> Any:
        from conference.models import Message  # noqa: PLC0415

        return Message.objects.filter(campaign=self.mailing, **narrowed).only("uid")
