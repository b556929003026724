"""Rooms side by side and time downwards: the plan of one day as rows and cells of a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from conference.models import Room
from sessions.models import Session


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A session over so many rows, or free time (no session)."""

    session: Session | None
    rows: int


@dataclass(frozen=True, kw_only=True)
class Column:
    """A room (None: elsewhere) and how many lanes it needs for sessions at the same time."""

    room: Room | None
    lanes: int


@dataclass(frozen=True, kw_only=True)
class RoomPlan:
    """The head, and for each stretch of time its start and the cells that begin there."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[datetime, tuple[Cell, ...]], ...]


def room_plan(sessions: Sequence[Session]) -> RoomPlan:
    """Arrange the sessions of one day, rooms in the order of their first use.

    Sessions at the same time in one room get lanes of their own.
    """
    times = sorted({time for session in sessions for time in (session.starts_at, session.ends_at)})
    position = {time: index for index, time in enumerate(times)}
    columns = []
    begins: list[list[Cell]] = [[] for _ in times[:-1]]
    for room, inside in _by_room(sessions):
        lanes = _lanes(inside)
        columns.append(Column(room=room, lanes=len(lanes)))
        for lane in lanes:
            _fill(lane, position, begins)
    rows = tuple((times[index], tuple(cells)) for index, cells in enumerate(begins))
    return RoomPlan(columns=tuple(columns), rows=rows)


def _by_room(sessions: Sequence[Session]) -> list[tuple[Room | None, list[Session]]]:
    inside: dict[int | None, list[Session]] = {}
    for session in sorted(sessions, key=lambda one: (one.room_id is None, one.starts_at)):
        inside.setdefault(session.room_id, []).append(session)
    return [(together[0].room, together) for together in inside.values()]


def _lanes(sessions: Sequence[Session]) -> list[list[Session]]:
    lanes: list[list[Session]] = []
    for session in sorted(sessions, key=lambda one: (one.starts_at, one.ends_at)):
        for lane in lanes:
            if lane[-1].ends_at <= session.starts_at:
                lane.append(session)
                break
        else:
            lanes.append([session])
    return lanes


def _fill(lane: Sequence[Session], position: dict[datetime, int], begins: list[list[Cell]]) -> None:
    row = 0
    for session in lane:
        start, end = position[session.starts_at], position[session.ends_at]
        if start > row:
            begins[row].append(Cell(session=None, rows=start - row))
        begins[start].append(Cell(session=session, rows=end - start))
        row = end
    if row < len(begins):
        begins[row].append(Cell(session=None, rows=len(begins) - row))
