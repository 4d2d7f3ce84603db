"""Everything that bookings of some stores are made of, read at once; and the search for times that is made of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from linli.apps.catalog.queries import OfferTerms, ServiceView, TableView
from linli.apps.stock import busy
from linli.apps.stock.grid import GRAIN, Grid, Span, grid_of
from linli.apps.stock.models import Booking, DayOff, Resource, Shift
from linli.engines.slots import Problem, Role
from linli.engines.slots.problem import Left, Mask
from linli.kernel.geo import Point
from linli.kernel.time import Opening

WayS = Callable[[Point, Point], int]  # seconds from one place to another
MARGIN = timedelta(hours=8)  # around the times asked about: buffers, ways between visits
WAY = 3  # hours: nobody goes further between two visits
GONE = -1000  # what is left of somebody who is not there, whatever is given back


@dataclass(frozen=True, slots=True)
class Member:
    """A resource as it takes part in a search."""

    id: int
    store_id: int
    kind: str
    label: str
    name: str
    name_en: str
    skills: frozenset[str]
    seats: int
    joins: int
    capacity: int
    grain: int
    offset: int
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """Where somebody is booked to be, and when."""

    starts_at: datetime
    ends_at: datetime
    place: Point | None


@dataclass(frozen=True)
class Board:
    """The resources of a store over a grid: who is there, and how much of each is left."""

    grid: Grid
    members: tuple[Member, ...]
    left: Mapping[int, Left]
    visits: dict[int, list[Visit]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to book: which offer, and what they said about with whom, where, for how many."""

    terms: OfferTerms
    guests: int = 1
    staff: int | None = None
    place: Point | None = None
    room: str = ""

    @property
    def minutes(self) -> int:
        """How long it takes."""
        own = self.terms.own
        return int(own.stay(self.guests) if isinstance(own, TableView) else own.minutes)


def members_of(*, store_ids: Collection[int], lock: bool = False) -> list[Member]:
    """The resources of the stores, by id; locked, nobody else books from them until the transaction ends. One statement."""
    chosen = Resource.objects.filter(store_id__in=list(store_ids), removed_at=None).order_by("supply_id")
    if lock:
        chosen = chosen.select_for_update(of=("self",))
    rows: Iterable[Any] = chosen.values_list(
        "supply_id", "store_id", "kind", "label", "supply__name", "name_en", "skills", "seats", "joins", "supply__capacity",
        "supply__grain_minutes", "supply__offset_minutes", "person_id",
    )  # fmt: skip
    return [_member(row) for row in rows]


def _member(row: Any) -> Member:
    values: list[Any] = [*row[:6], frozenset(row[6]), *row[7:]]
    return Member(*values)


def read(members: Sequence[Member], zone: str, start: datetime, end: datetime, *, visits: bool = False) -> Board:
    """The board of `members` for `start` up to `end` and a margin on both sides. Three statements, four with `visits`."""
    grid = grid_of(start - MARGIN, end + MARGIN, zone)
    first, last = grid.at(0) - timedelta(days=1), grid.at(grid.grains)
    left = busy.left({one.id: (one.capacity, one.grain) for one in members}, grid, first, last)
    staff = [one.id for one in members if one.kind == Resource.Kind.STAFF]
    shifts: dict[int, tuple[list[Span], list[Span]]] = defaultdict(lambda: ([], []))
    rows = Shift.objects.filter(resource_id__in=staff)
    for key, resting, weekday, begins, ends in rows.values_list("resource_id", "rest", "weekday", "begins", "ends"):
        shifts[key][resting].append((weekday, begins, ends))
    for key in staff:
        work, rest = shifts[key]
        left[key][~(grid.weekly(work) & ~_touched(grid, rest))] = GONE
    off = DayOff.objects.filter(resource_id__in=list(left), starts_at__lt=last, ends_at__gt=grid.start)
    for key, starts_at, ends_at in off.values_list("resource_id", "starts_at", "ends_at"):
        left[key][grid.cut(starts_at, ends_at)] = GONE
    return Board(grid, tuple(members), left, _visits(staff, first, last) if visits else {})


def _touched(grid: Grid, spans: Sequence[Span]) -> Mask:
    """Which grains share a moment with one of the spans: a break that begins within a grain takes all of it."""
    wider = [(day, begins // GRAIN * GRAIN, -(-ends // GRAIN) * GRAIN) for day, begins, ends in spans]
    return grid.weekly(wider)


def _visits(staff: Sequence[int], first: datetime, last: datetime) -> dict[int, list[Visit]]:
    found: dict[int, list[Visit]] = defaultdict(list)
    rows = Booking.objects.filter(lead_id__in=staff, starts_at__lt=last, starts_at__gte=first, state="booked")
    for key, starts_at, ends_at, lat, lng in rows.values_list("lead_id", "starts_at", "ends_at", "lat", "lng"):
        found[key].append(Visit(starts_at, ends_at, None if lat is None or lng is None else Point(lat, lng)))
    return found


def problem(board: Board, wish: Wish, openings: Iterable[Opening], first: datetime, last: datetime, way_s: WayS) -> Problem:
    """The search for starts of `wish` from `first` up to `last`, within the opening hours; `way_s(from, to)` is a way in seconds."""
    grid, own = board.grid, wish.terms.own
    is_open = grid.weekly((o.weekday, o.opens, o.closes) for o in openings)
    roles = tuple(_table_roles(board, wish) if isinstance(own, TableView) else _service_roles(board, wish, own, way_s))
    length = -(-wish.minutes // GRAIN)
    step = max(1, own.step // GRAIN)
    return Problem(is_open, length, step, grid.phase % step, grid.up(first), grid.up(last), roles, _begin(grid, own))


def _begin(grid: Grid, own: ServiceView | TableView) -> Mask | None:
    """In which grains a sitting may begin; None where no sittings are said."""
    if not isinstance(own, TableView) or not own.sittings:
        return None
    return grid.weekly((day, opens, closes + GRAIN) for day in range(7) for opens, closes in own.sittings)


def _service_roles(board: Board, wish: Wish, own: ServiceView, way_s: WayS) -> Iterator[Role]:
    before, after = -(-own.before // GRAIN), -(-own.after // GRAIN)
    staff = [one for one in board.members if one.kind == "staff" and one.skills >= set(own.skills) and wish.staff in (None, one.id)]
    left = [_with_ways(board, one, wish.place, way_s) if own.at_home else board.left[one.id] for one in staff]
    yield Role("staff", tuple(one.id for one in staff), _stack(left, board.grid), before=before, after=after)
    for kind, label in (("room", own.room), *(("equipment", label) for label in own.equipment)):
        if label:
            chosen = [one for one in board.members if one.kind == kind and one.label == label]
            rows = _stack([board.left[one.id] for one in chosen], board.grid)
            yield Role(kind, tuple(one.id for one in chosen), rows, before=before, after=after)


def _with_ways(board: Board, one: Member, place: Point | None, way_s: WayS) -> Left:
    """What is left of somebody for a visit to `place`: the ways from the visit before and to the next one are taken, too."""
    left = board.left[one.id].copy()
    if place is not None:
        for visit in board.visits.get(one.id, ()):
            if visit.place is not None:
                way = timedelta(seconds=min(way_s(visit.place, place), WAY * 3600))
                left[board.grid.cut(visit.starts_at - way, visit.ends_at + way)] = GONE
    return left


def fitting(members: Iterable[Member], guests: int, room: str = "") -> list[tuple[Member, int]]:
    """The classes of tables that seat the party, each with how many of its tables: those that waste least first."""
    found = []
    for one in members:
        if one.kind == "table" and (not room or one.label == room):
            tables = -(-guests // one.seats)
            if tables <= one.joins and (room or not one.label):
                found.append((one, tables))
    return sorted(found, key=lambda pair: (pair[0].seats * pair[1] - guests, pair[1], pair[0].id))


def _table_roles(board: Board, wish: Wish) -> Iterator[Role]:
    chosen = fitting(board.members, wish.guests, wish.room)
    rows = [board.left[one.id] // tables for one, tables in chosen]
    yield Role("table", tuple(one.id for one, _ in chosen), _stack(rows, board.grid))


def _stack(rows: Sequence[Left], grid: Grid) -> Left:
    return np.stack(rows) if rows else np.zeros((0, grid.grains), dtype=np.int16)
