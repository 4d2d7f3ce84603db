"""What is left, and how it came to that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, Q

from linli.apps.stock import buckets, hot, needs, nights, shelves
from linli.apps.stock.buckets import day_offset as day_offset
from linli.apps.stock.calendar import BookingView as BookingView
from linli.apps.stock.calendar import FreeSlot as FreeSlot
from linli.apps.stock.calendar import Member as Member
from linli.apps.stock.calendar import Rota as Rota
from linli.apps.stock.calendar import booking as booking
from linli.apps.stock.calendar import bookings as bookings
from linli.apps.stock.calendar import bookings_of as bookings_of
from linli.apps.stock.calendar import bookings_with as bookings_with
from linli.apps.stock.calendar import free_slots as free_slots
from linli.apps.stock.calendar import resources as resources
from linli.apps.stock.calendar import rota as rota
from linli.apps.stock.calendar import staff_member as staff_member
from linli.apps.stock.calendar import timed as timed
from linli.apps.stock.calendar import who_can as who_can
from linli.apps.stock.models import Bucket, Hold, HoldLine, Movement, Supply
from linli.apps.stock.needs import Want as Want
from linli.apps.stock.needs import of_line as of_line
from linli.apps.stock.nights import NightLeft as NightLeft
from linli.apps.stock.shelves import Shelf as Shelf
from linli.platform import reads
from linli.platform.reads import Read, inner


@dataclass(frozen=True, slots=True)
class SupplyView:
    """A supply; `grain_minutes` 0 means units. `left` is what can be taken now (of the grain that holds the moment asked about)."""

    id: int
    store_id: int
    offer_id: int | None
    name: str
    grain_minutes: int
    capacity: int
    left: int


@dataclass(frozen=True, slots=True)
class MovementView:
    """One line of the stock's book."""

    id: int
    kind: str
    qty: int
    ref: str
    at: datetime
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class HeldLine:
    """What a hold has taken of one bucket; `offer_id` is None for what is not sold as an offer."""

    offer_id: int | None
    qty: int
    returned: int
    state: str
    starts_at: datetime


def _views(supplies: list[Supply], at: datetime) -> list[SupplyView]:
    starts = {supply.id: buckets.start_of(at, supply.grain_minutes, supply.offset_minutes) for supply in supplies}
    rows = Bucket.objects.filter(supply_id__in=starts, starts_at__in=set(starts.values())) if starts else []
    left = {(row.supply_id, row.starts_at): row.capacity - row.held - row.sold for row in rows}
    return [
        SupplyView(s.id, s.store_id, s.offer_id, s.name, s.grain_minutes, s.capacity, left.get((s.id, starts[s.id]), s.capacity))
        for s in supplies
    ]


def left(*, offer_ids: Collection[int], at: datetime) -> dict[int, int | None]:
    """What can still be taken of each offer at `at`; None where it is not limited. One statement, three where some are counted by time."""
    found = hot.left(offer_ids) if offer_ids else {}
    known = {offer_id: count for offer_id, (grain, count) in found.items() if not grain}
    if timed := [offer_id for offer_id in found if offer_id not in known]:
        views = _views(list(Supply.objects.filter(offer_id__in=timed)), at)
        known.update({view.offer_id: view.left for view in views if view.offer_id is not None and view.capacity < buckets.UNLIMITED})
    return {offer_id: known.get(offer_id) for offer_id in offer_ids}


def shelf(*, offer_ids: Collection[int], at: datetime) -> Read[Shelf]:
    """What is left of the offers at `at`, to be read together with other things; `operations.hold` takes from it."""
    return shelves.shelf(offer_ids, at, buckets.DAY_MINUTES, buckets.DAY_BEGINS)


def supplies(*, store_id: int, at: datetime) -> list[SupplyView]:
    """Everything scarce of a store, by name. Two statements."""
    return _views(list(Supply.objects.filter(store_id=store_id).order_by("name", "id")), at)


def free(*, offer_id: int, start: datetime, end: datetime) -> int | None:
    """How many can be had for the whole of `start` to `end` (the fullest grain decides); None where it is not limited. Two statements."""
    supply = Supply.objects.filter(offer_id=offer_id).first()
    if supply is None:
        return None
    starts = list(buckets.covering(start, end, supply.grain_minutes, supply.offset_minutes))
    rows = Bucket.objects.filter(supply=supply, starts_at__in=starts).values_list("starts_at", F("capacity") - F("held") - F("sold"))
    known: dict[datetime, int] = dict(rows)
    return min(known.get(moment, supply.capacity) for moment in starts)


@dataclass(frozen=True, slots=True)
class Shortage:
    """That of a supply only `left` can be had for the time wanted, for the line called `key`."""

    key: int
    name: str
    left: int


def short(*, wants: Sequence[tuple[int, Want]], at: datetime) -> list[Shortage]:
    """What there is too little of for all `wants` together, each with the key of the line it is for. Three statements."""
    known = needs.supplies_of([want for _, want in wants])
    needed = [(key, *spot, want.qty) for key, want in wants for spot in needs.covered(want, known, at)]
    total: Counter[needs.Spot] = Counter()
    for _, supply_id, moment, qty in needed:
        total[supply_id, moment] += qty
    supplies = Supply.objects.in_bulk({supply_id for supply_id, _ in total})
    rows = Bucket.objects.filter(supply_id__in=supplies, starts_at__in={moment for _, moment in total})
    left = {(row.supply_id, row.starts_at): row.capacity - row.held - row.sold for row in rows}
    found: dict[int, Shortage] = {}
    for key, supply_id, moment, _ in needed:
        have = left.get((supply_id, moment), supplies[supply_id].capacity)
        if have < total[supply_id, moment] and (key not in found or have < found[key].left):
            found[key] = Shortage(key, supplies[supply_id].name, have)
    return list(found.values())


night_offset = nights.offset
rooms_left_read = nights.left
rooms_short = nights.full


def rooms_left(*, offer_ids: Collection[int], zone: str, first: date, nights: int) -> dict[int, list[NightLeft]]:
    """What is left of each kind of room in each night; kinds that nobody counts are left out. One statement."""
    return reads.one(rooms_left_read(offer_ids=offer_ids, zone=zone, first=first, nights=nights))


def left_at(*, offer_id: int, moments: Sequence[datetime]) -> dict[datetime, int | None]:
    """What is left of an offer in the grain that holds each of the moments; None where it is not limited. Two statements."""
    supply = Supply.objects.filter(offer_id=offer_id).first()
    if supply is None:
        return dict.fromkeys(moments)
    starts = {moment: buckets.start_of(moment, supply.grain_minutes, supply.offset_minutes) for moment in moments}
    rows = Bucket.objects.filter(supply=supply, starts_at__in=set(starts.values())).values_list(
        "starts_at", F("capacity") - F("held") - F("sold")
    )
    known: dict[datetime, int] = dict(rows)
    left = {moment: known.get(start, supply.capacity) for moment, start in starts.items()}
    return {moment: count if supply.capacity < buckets.UNLIMITED else None for moment, count in left.items()}


def admits(*, offer_id: int) -> int | None:
    """How many there are of an offer in each of its slots to come (of what is counted by the piece: were put at first); None: not limited.
    One statement."""
    found = Supply.objects.filter(offer_id=offer_id).values_list("capacity", flat=True).first()
    return None if found is None or found >= buckets.UNLIMITED else found


def held(*, ref: str) -> list[HeldLine]:
    """What `ref` has taken, whatever became of it. One statement."""
    rows = HoldLine.objects.filter(hold__ref=ref).order_by("bucket_id")
    return [HeldLine(*row) for row in rows.values_list("bucket__supply__offer_id", "qty", "returned", "hold__state", "bucket__starts_at")]


@dataclass(frozen=True, slots=True)
class HoldView:
    """A hold of goods: its state (held, committed, released; empty: none was needed) and its lines, (bucket id, qty)."""

    id: int
    state: str
    lines: tuple[tuple[int, int], ...]


def hold_of(*, ref: str) -> Read[HoldView]:
    """The hold of `ref`, to be read together with other things."""
    return hot.held(ref, _hold)


def _hold(row: Any) -> HoldView:
    return HoldView(0, "", ()) if row is None else HoldView(row[0], row[1], tuple((key, qty) for key, qty in inner(row[2]) or ()))


def states(*, refs: Collection[str]) -> dict[str, str]:
    """What became of the holds of `refs` (held, committed, released); those that needed none are left out. One statement."""
    return dict(Hold.objects.filter(ref__in=list(refs)).values_list("ref", "state"))


def standing(*, since: datetime, limit: int = 2000) -> list[str]:
    """The refs of what is held and would last beyond `since`, the longest first. One statement."""
    rows = Hold.objects.filter(state=Hold.State.HELD, expires_at__gt=since).order_by("-expires_at")
    return list(rows.values_list("ref", flat=True)[:limit])


def movements(*, offer_id: int, before_id: int | None = None, limit: int = 50) -> list[MovementView]:
    """The book of an offer, newest first, from below `before_id`. One statement."""
    older = Q(id__lt=before_id) if before_id else Q()
    rows = Movement.objects.filter(older, bucket__supply__offer_id=offer_id).order_by("-id")[:limit]
    return [MovementView(*row) for row in rows.values_list("id", "kind", "qty", "ref", "at", "bucket__starts_at")]
