"""Who and what a booking is given: the choice among what is free, once for the quote and once, with locks, for the hold."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from linli.apps.catalog import queries as catalog
from linli.apps.catalog.queries import OfferTerms, ServiceView
from linli.apps.city import queries as city
from linli.apps.merchants import queries as merchants
from linli.apps.merchants.queries import StoreView
from linli.apps.stock import board, buckets
from linli.apps.stock.board import Board, Member, WayS, Wish
from linli.apps.stock.grid import GRAIN
from linli.apps.stock.models import Booking
from linli.engines import slots
from linli.kernel.errors import N_, Conflict, Invalid
from linli.kernel.geo import Point
from linli.platform import reads

VEHICLE = "ebike"
Spot = tuple[int, datetime]  # a bucket: supply id, start


class Line(Protocol):
    """A priced line with a time."""

    @property
    def offer_id(self) -> int: ...
    @property
    def title(self) -> str: ...
    @property
    def starts_at(self) -> datetime | None: ...
    @property
    def ends_at(self) -> datetime | None: ...
    @property
    def guests(self) -> int: ...
    @property
    def details(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class Part:
    """`qty` of a supply, from `before` minutes ahead of the start until `after` minutes past the end."""

    supply_id: int
    qty: int
    before: int
    after: int
    grain: int
    offset: int

    def spots(self, starts_at: datetime, ends_at: datetime) -> list[Spot]:
        """The buckets that it takes from."""
        begin, end = starts_at - timedelta(minutes=self.before), ends_at + timedelta(minutes=self.after)
        return [(self.supply_id, moment) for moment in buckets.covering(begin, end, self.grain, self.offset)]


@dataclass(frozen=True, slots=True)
class Planned:
    """What one line is given."""

    line: Line
    store_id: int
    parts: tuple[Part, ...]
    place: Point | None
    starts_at: datetime
    ends_at: datetime

    def fields(self) -> dict[str, Any]:
        """What the calendar writes down of it."""
        lat, lng = (self.place.lat, self.place.lng) if self.place else (None, None)
        also = [[part.supply_id, part.qty, part.before, part.after] for part in self.parts]
        return {"starts_at": self.starts_at, "ends_at": self.ends_at, "guests": max(1, self.line.guests),
                "lead_id": self.parts[0].supply_id, "also": also, "lat": lat, "lng": lng}  # fmt: skip

    def needs(self) -> Counter[Spot]:
        """How many of which bucket."""
        found: Counter[Spot] = Counter()
        for part in self.parts:
            for spot in part.spots(self.starts_at, self.ends_at):
                found[spot] += part.qty
        return found


def wish_of(terms: OfferTerms, line: Line) -> Wish:
    """What the line says about with whom, where and for how many. Raises Invalid for what cannot be read."""
    staff, place = line.details.get("staff"), line.details.get("place")
    try:
        where = Point(float(place[0]), float(place[1])) if place else None
        return Wish(terms, max(1, line.guests), int(staff) if staff else None, where, str(line.details.get("room", "")))
    except (TypeError, ValueError, IndexError):
        raise Invalid("booking.details", N_("This cannot be booked like that. Start again from the store's page.")) from None


def plan(lines: Sequence[Line], at: datetime, *, lock: bool = False, moved: Booking | None = None) -> list[Planned]:
    """What each line is given, one after the other; what `moved` has counts as free. A constant number of statements for each store.

    Raises Conflict "slot.closed" for a time in which the store is not open throughout, "slot.taken" when somebody or something is not
    free, "staff.gone" when who was chosen is not there any more.
    """
    found = reads.one(catalog.terms(offer_ids={line.offer_id for line in lines}))
    by_store: dict[int, list[tuple[int, Line]]] = defaultdict(list)
    for place, line in enumerate(lines):
        if line.offer_id not in found:
            raise Conflict("offer.gone", N_("“%(name)s” cannot be booked just now."), name=line.title, offer_id=line.offer_id)
        by_store[found[line.offer_id].store_id].append((place, line))
    stores = merchants.stores(ids=sorted(by_store))
    members = board.members_of(store_ids=sorted(by_store), lock=lock)
    planned: dict[int, Planned] = {}
    for store_id in sorted(by_store):
        own = [one for one in members if one.store_id == store_id]
        planned |= _for_store(stores[store_id], own, by_store[store_id], found, moved, at)
    return [planned[place] for place in range(len(lines))]


def _for_store(
    store: StoreView, members: Sequence[Member], lines: Sequence[tuple[int, Line]], terms: dict[int, OfferTerms], moved: Booking | None,
    at: datetime,
) -> dict[int, Planned]:  # fmt: skip
    times = [(line.starts_at, line.ends_at) for _, line in lines if line.starts_at and line.ends_at]
    seen = board.read(members, store.zone, min(t[0] for t in times), max(t[1] for t in times), visits=True)
    if moved is not None:
        _free(seen, moved)
    way_s = ways(store, at) if any(getattr(terms[line.offer_id].own, "at_home", False) for _, line in lines) else no_way
    found = {}
    for place, line in lines:
        found[place] = _choose(store, seen, terms[line.offer_id], line, way_s)
        _take(seen, found[place])
    return found


def ways(store: StoreView, at: datetime) -> WayS:
    """Ways in the store's city as they are at `at`. One statement."""
    ground = reads.one(city.ground(city_id=store.city_id, at=at))

    def way_s(origin: Point, destination: Point) -> int:
        return ground.travel_seconds(origin=origin, destination=destination, vehicle=VEHICLE, at=at) if ground else 0

    return way_s


def no_way(origin: Point, destination: Point) -> int:
    """Nobody goes anywhere."""
    return 0


def _choose(store: StoreView, seen: Board, terms: OfferTerms, line: Line, way_s: WayS) -> Planned:
    starts_at, ends_at = line.starts_at, line.ends_at
    if starts_at is None or ends_at is None:
        raise Invalid("booking.time", N_("Choose a time for “%(name)s”."), name=line.title, field="starts_at")
    wish = wish_of(terms, line)
    if wish.staff is not None and all(one.id != wish.staff for one in seen.members):
        raise Conflict("staff.gone", N_("Who you chose for “%(name)s” does not work there any more."), name=line.title,
                       offer_id=line.offer_id)  # fmt: skip
    asked = board.problem(seen, wish, store.hours.openings, starts_at, starts_at + timedelta(minutes=GRAIN), way_s)
    result = slots.solve(asked)
    if not len(result.starts) or seen.grid.at(int(result.starts[0])) != starts_at:
        if not asked.open[seen.grid.cut(starts_at, ends_at)].all():
            raise Conflict("slot.closed", N_("“%(store)s” is not open for all of that time."), store=store.name, offer_id=line.offer_id,
                           field="starts_at")  # fmt: skip
        raise Conflict("slot.taken", N_("This time for “%(name)s” is not free (any more). Choose another one."), name=line.title,
                       offer_id=line.offer_id, field="starts_at")  # fmt: skip
    parts = tuple(_part(seen, wish, role, [key for key, fits in zip(role.keys, who[:, 0], strict=True) if fits], starts_at)
                  for role, who in zip(asked.roles, result.who, strict=True))  # fmt: skip
    return Planned(line, store.id, parts, wish.place, starts_at, ends_at)


def _part(seen: Board, wish: Wish, role: slots.Role, free: Sequence[int], starts_at: datetime) -> Part:
    """Of those who are free: tables that waste least, otherwise who has least to do on that day."""
    member = {one.id: one for one in seen.members}
    day = starts_at.date()
    busy = {
        key: sum((v.ends_at - v.starts_at).total_seconds() for v in seen.visits.get(key, ()) if v.starts_at.date() == day) for key in free
    }
    chosen = member[free[0] if role.name == "table" else min(free, key=lambda key: (busy[key], key))]
    qty = -(-wish.guests // chosen.seats) if role.name == "table" else role.qty
    own = wish.terms.own
    before, after = (own.before, own.after) if isinstance(own, ServiceView) else (0, 0)
    return Part(chosen.id, qty, before, after, chosen.grain, chosen.offset)


def _take(seen: Board, planned: Planned, sign: int = 1) -> None:
    for part in planned.parts:
        step = timedelta(minutes=max(GRAIN, part.grain))
        for key, moment in part.spots(planned.starts_at, planned.ends_at):
            seen.left[key][seen.grid.cut(moment, moment + step)] -= sign * part.qty


def parts_of(booking: Booking, members: Collection[Member]) -> tuple[Part, ...]:
    """What a booking was given, as far as it is still there."""
    known = {one.id: one for one in members}
    return tuple(
        Part(key, qty, before, after, known[key].grain, known[key].offset) for key, qty, before, after in booking.also if key in known
    )


def _free(seen: Board, booking: Booking) -> None:
    """Count what a booking has as free, and forget it as a visit."""
    for part in parts_of(booking, seen.members):
        for key, moment in part.spots(booking.starts_at, booking.ends_at):
            seen.left[key][seen.grid.cut(moment, moment + timedelta(minutes=max(GRAIN, part.grain)))] += part.qty
    if booking.lead_id in seen.visits:
        rest = [v for v in seen.visits[booking.lead_id] if (v.starts_at, v.ends_at) != (booking.starts_at, booking.ends_at)]
        seen.visits[booking.lead_id] = rest
