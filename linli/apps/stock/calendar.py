"""What can be booked when, what is booked, and who works: for people who choose a time and for those who run the place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from linli.apps.catalog import queries as catalog
from linli.apps.catalog.queries import OfferTerms, ServiceView, TableView
from linli.apps.merchants import queries as merchants
from linli.apps.stock import board
from linli.apps.stock.board import Member as Member
from linli.apps.stock.board import Wish
from linli.apps.stock.booking import no_way, ways
from linli.apps.stock.models import Booking, DayOff, Resource, Shift
from linli.engines import slots as engine
from linli.kernel.errors import N_, Conflict, NotFound
from linli.kernel.geo import Point
from linli.platform import reads

LONGEST_LOOK = timedelta(days=62)


@dataclass(frozen=True, slots=True)
class FreeSlot:
    """A time that can be booked, and with whom (ids of staff) or at which tables."""

    starts_at: datetime
    ends_at: datetime
    who: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class BookingView:
    """A line of the calendar; `ref` is the order it belongs to, `lead` who it is with or which class of tables it has."""

    id: int
    ref: str
    offer_id: int
    store_id: int
    starts_at: datetime
    ends_at: datetime
    guests: int
    lead_id: int
    lead: str
    lead_en: str
    kind: str
    at_home: bool
    over: bool


@dataclass(frozen=True, slots=True)
class ShiftView:
    """When somebody works (or rests) on a weekday, in minutes of the wall clock."""

    weekday: int
    begins: int
    ends: int
    rest: bool


@dataclass(frozen=True, slots=True)
class DayOffView:
    """When somebody or something is away."""

    id: int
    starts_at: datetime
    ends_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Rota:
    """A resource with its shifts and the times off that are not over."""

    member: Member
    shifts: tuple[ShiftView, ...]
    off: tuple[DayOffView, ...]


def timed(*, offer_id: int) -> OfferTerms:
    """The terms of an offer that is booked for a time. Raises NotFound for any other, Conflict for one that has no terms."""
    found = reads.one(catalog.terms(offer_ids=[offer_id])).get(offer_id)
    if found is None or found.kind not in ("service", "table"):
        raise NotFound("offer.unknown", N_("There is no such offer."))
    if not isinstance(found.own, (ServiceView, TableView)):
        raise Conflict("offer.gone", N_("“%(name)s” cannot be booked just now."), name=found.name, offer_id=found.id)
    return found


def free_slots(
    *, offer_id: int, first: datetime, last: datetime, at: datetime, guests: int = 1, staff: int | None = None,
    place: Point | None = None, room: str = "",
) -> list[FreeSlot]:  # fmt: skip
    """The times from `first` up to `last` at which the offer can be booked, as somebody who asks at `at` may. At most ten statements.

    Nothing before the notice that the store wants, nothing further ahead than it takes bookings. Raises as `timed`.
    """
    terms = timed(offer_id=offer_id)
    own, store = terms.own, merchants.store(store_id=terms.store_id)
    first = max(first, at + timedelta(minutes=own.notice))
    last = min(last, at + timedelta(days=own.ahead_days + 1), first + LONGEST_LOOK)
    if first >= last or not terms.on_sale or not store.active:
        return []
    wish, at_home = Wish(terms, guests, staff, place, room), isinstance(own, ServiceView) and own.at_home
    seen = board.read(board.members_of(store_ids=[store.id]), store.zone, first, last, visits=at_home and place is not None)
    asked = board.problem(seen, wish, store.hours.openings, first, last, ways(store, at) if at_home else no_way)
    result = engine.solve(asked)
    length, keys = timedelta(minutes=wish.minutes), asked.roles[0].keys
    who = result.who[0].T.tolist() if result.who else []
    starts = [seen.grid.at(grain) for grain in result.starts.tolist()]
    return [
        FreeSlot(start, start + length, tuple(key for key, fits in zip(keys, row, strict=True) if fits))
        for start, row in zip(starts, who, strict=True)
    ]


def resources(*, store_id: int) -> list[Member]:
    """Staff, rooms, equipment and classes of tables of the store, by id. One statement."""
    return board.members_of(store_ids=[store_id])


def who_can(*, offer_id: int) -> list[Member]:
    """The staff who can do a service. Two statements. Raises as `timed`."""
    terms = timed(offer_id=offer_id)
    if not isinstance(terms.own, ServiceView):
        return []
    wanted = set(terms.own.skills)
    return [one for one in resources(store_id=terms.store_id) if one.kind == "staff" and one.skills >= wanted]


def rota(*, store_id: int, at: datetime) -> list[Rota]:
    """Everybody and everything of the store with shifts and times off. Three statements."""
    members = resources(store_id=store_id)
    shifts: dict[int, list[ShiftView]] = defaultdict(list)
    worked = Shift.objects.filter(resource__store_id=store_id).order_by("weekday", "begins")
    for key, weekday, begins, ends, rest in worked.values_list("resource_id", "weekday", "begins", "ends", "rest"):
        shifts[key].append(ShiftView(weekday, begins, ends, rest))
    off: dict[int, list[DayOffView]] = defaultdict(list)
    away = DayOff.objects.filter(resource__store_id=store_id, ends_at__gt=at).order_by("starts_at")
    for key, off_id, starts_at, ends_at, reason in away.values_list("resource_id", "id", "starts_at", "ends_at", "reason"):
        off[key].append(DayOffView(off_id, starts_at, ends_at, reason))
    return [Rota(one, tuple(shifts[one.id]), tuple(off[one.id])) for one in members]


_FIELDS = ("id", "ref", "offer_id", "store_id", "starts_at", "ends_at", "guests", "lead_id", "lead__supply__name", "lead__name_en",
           "lead__kind", "lat", "state")  # fmt: skip


def _booking(row: Any) -> BookingView:
    values: list[Any] = [*row[:11], row[11] is not None, row[12] == Booking.State.OVER]
    return BookingView(*values)


def bookings(*, store_id: int, first: datetime, last: datetime) -> list[BookingView]:
    """What stands in the store's calendar between `first` and `last`, by time. One statement."""
    rows: Iterable[Any] = Booking.objects.filter(
        store_id=store_id, starts_at__lt=last, ends_at__gt=first, starts_at__gt=first - timedelta(days=1), state=Booking.State.BOOKED
    ).order_by("starts_at", "id").values_list(*_FIELDS)  # fmt: skip
    return [_booking(row) for row in rows]


def bookings_of(*, refs: Collection[str]) -> dict[str, list[BookingView]]:
    """The bookings of orders, by ref, those that were called off too. One statement."""
    found: dict[str, list[BookingView]] = defaultdict(list)
    rows: Iterable[Any] = Booking.objects.filter(ref__in=list(refs)).order_by("starts_at", "id").values_list(*_FIELDS)
    for row in rows:
        found[row[1]].append(_booking(row))
    return dict(found)


def bookings_with(*, lead_id: int, first: datetime, last: datetime) -> list[BookingView]:
    """What one of the staff is booked for, by time. One statement."""
    rows: Iterable[Any] = Booking.objects.filter(
        lead_id=lead_id, starts_at__lt=last, starts_at__gte=first, state=Booking.State.BOOKED
    ).order_by("starts_at").values_list(*_FIELDS)  # fmt: skip
    return [_booking(row) for row in rows]


def booking(*, booking_id: int) -> BookingView:
    """A line of the calendar. Raises NotFound. One statement."""
    row: Any = Booking.objects.filter(pk=booking_id).values_list(*_FIELDS).first()
    if row is None:
        raise NotFound("booking.unknown", N_("There is no such booking."))
    return _booking(row)


def staff_member(*, resource_id: int) -> Member:
    """Somebody or something of a store, whether or not it is still there. Raises NotFound. Two statements."""
    store_id = Resource.objects.filter(pk=resource_id).values_list("store_id", flat=True).first()
    found = [one for one in resources(store_id=store_id or 0) if one.id == resource_id]
    if not found:
        raise NotFound("resource.unknown", N_("There is no such person or thing here."))
    return found[0]
