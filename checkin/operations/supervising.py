"""Supervisors of the doors and their PINs; what is kept of a PIN is a hash that takes long to try.

A PIN is in clear only while it is being set: it is written nowhere, not to the record of deeds
either.
"""

import re
import secrets
from datetime import datetime
from hashlib import pbkdf2_hmac
from itertools import pairwise

from django.db import IntegrityError, transaction

from checkin.errors import DoorTaken, PinTooWeak, SupervisorEnded
from checkin.models import Supervisor
from conference.models import Conference, User
from conference.operations import auditing
from delegates.documents import base64url

#: As CP1 has it in its example; the phone reads it from the rules, so it may grow.
ROUNDS = 600_000
SHORTEST, LONGEST = 6, 12
_SALT_BYTES = 16
_DIGITS = re.compile(r"[0-9]+\Z")
_REPEATED = re.compile(r"(\d{1,4})\1+\d{0,3}\Z")
_FEWEST_DIFFERENT = 3


@transaction.atomic
def add_supervisor(
    *,
    conference: Conference,
    name: str,
    pin: str,
    now: datetime,
    user: User | None = None,
    actor: User | None = None,
) -> Supervisor:
    """Make somebody a supervisor with this PIN.

    Raises PinTooWeak, DoorTaken if another supervisor has the name.
    """
    refuse_weak(pin)
    supervisor = Supervisor(conference=conference, name=name, user=user, changed_at=now)
    _put_pin(supervisor, pin)
    try:
        with transaction.atomic():
            supervisor.save(force_insert=True)
    except IntegrityError:
        raise DoorTaken from None
    _record("supervisor.create", supervisor, now=now, actor=actor)
    return supervisor


@transaction.atomic
def set_pin(*, supervisor: Supervisor, pin: str, now: datetime, actor: User | None = None) -> None:
    """Give a supervisor another PIN; the former one is void. Raises PinTooWeak, SupervisorEnded."""
    refuse_weak(pin)
    _put_pin(supervisor, pin)
    changed = Supervisor.objects.filter(pk=supervisor.pk, ended_at=None).update(
        pin_salt=supervisor.pin_salt,
        pin_rounds=supervisor.pin_rounds,
        pin_hash=supervisor.pin_hash,
        changed_at=now,
    )
    if not changed:
        raise SupervisorEnded
    _record("supervisor.set_pin", supervisor, now=now, actor=actor)


@transaction.atomic
def end_supervisor(*, supervisor: Supervisor, now: datetime, actor: User | None = None) -> None:
    """Take the supervisor off the phones; the row stays, because overrides name it."""
    changed = Supervisor.objects.filter(pk=supervisor.pk, ended_at=None).update(
        ended_at=now, changed_at=now
    )
    if changed:
        _record("supervisor.end", supervisor, now=now, actor=actor)


def new_pin() -> str:
    """Return a PIN made by chance that is not weak."""
    while True:
        pin = "".join(secrets.choice("0123456789") for _ in range(SHORTEST))
        if not is_weak(pin):
            return pin


def is_weak(pin: str) -> bool:
    """Return whether a PIN is one of those that people try first."""
    if len(set(pin)) < _FEWEST_DIFFERENT or _REPEATED.match(pin):
        return True
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    return steps in ({1}, {9})


def refuse_weak(pin: str) -> None:
    """Raise PinTooWeak for what is no PIN, or one that is tried first."""
    fits = SHORTEST <= len(pin) <= LONGEST and _DIGITS.match(pin)
    if not fits or is_weak(pin):
        raise PinTooWeak


def hash_of_pin(pin: str, *, salt: str, rounds: int) -> str:
    """Return the hash of a PIN as it travels (CP1, section 2: ``pin.hash``)."""
    derived = pbkdf2_hmac("sha256", pin.encode(), base64url.decode(salt), rounds)
    return base64url.encode(derived)


def _put_pin(supervisor: Supervisor, pin: str) -> None:
    supervisor.pin_salt = base64url.encode(secrets.token_bytes(_SALT_BYTES))
    supervisor.pin_rounds = ROUNDS
    supervisor.pin_hash = hash_of_pin(pin, salt=supervisor.pin_salt, rounds=ROUNDS)


def _record(action: str, supervisor: Supervisor, *, now: datetime, actor: User | None) -> None:
    auditing.record(
        action=action,
        target=supervisor,
        conference=supervisor.conference,
        actor=actor,
        after={"name": supervisor.name},
        now=now,
    )
