"""Rooms by the night. A night is counted from noon to noon of the hotel's standard time, so that clock changes never split or join two."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from linli.apps.stock import buckets, hot
from linli.apps.stock.models import Bucket, Movement, Supply
from linli.apps.stock.opening import open_buckets
from linli.kernel.actors import Actor
from linli.kernel.errors import N_, Conflict, Invalid, NotFound
from linli.platform import audit
from linli.platform.reads import Read, inner, when

NIGHT_MINUTES = buckets.DAY_MINUTES
MOST_ROOMS = 10_000
LONGEST_CHANGE = 366


@dataclass(frozen=True, slots=True)
class NightLeft:
    """The rooms of one kind in the night that begins on `day`: how many are sold at most, and how many of them are left."""

    day: date
    capacity: int
    left: int


def _standard(zone: str, day: date) -> timedelta:
    noon = datetime.combine(day, time(12), ZoneInfo(zone))
    return (noon.utcoffset() or timedelta()) - (noon.dst() or timedelta())


def start(zone: str, day: date) -> datetime:
    """When the bucket of the night of `day` begins: noon in the zone's standard time."""
    return datetime.combine(day, time(12), UTC) - _standard(zone, day)


def offset(zone: str, day: date) -> int:
    """`offset_minutes` of the supply of a room in that zone."""
    begins = start(zone, day)
    return begins.hour * 60 + begins.minute


def starts(zone: str, first: date, count: int) -> list[datetime]:
    """When the buckets of `count` nights from `first` on begin."""
    return [start(zone, first) + timedelta(days=turn) for turn in range(count)]


def full(*, zone: str, first: date, nights: int, rooms: int) -> Read[set[int]]:
    """The offers of which fewer than `rooms` are left in some of the nights. One statement, whatever the number of hotels."""
    return hot.rooms_full(starts(zone, first, nights), NIGHT_MINUTES, offset(zone, first), rooms, _offers)


def _offers(rows: Any) -> set[int]:
    return {offer_id for offer_id in rows or () if offer_id is not None}


def left(*, offer_ids: Collection[int], zone: str, first: date, nights: int) -> Read[dict[int, list[NightLeft]]]:
    """What is left of each kind of room in each night; kinds that nobody counts are left out. One statement."""
    moments = starts(zone, first, nights)

    def told(rows: Any) -> dict[int, list[NightLeft]]:
        return {offer_id: _nights(first, moments, capacity, inner(taken)) for offer_id, capacity, taken in rows or ()}

    return hot.rooms_left(offer_ids, moments, NIGHT_MINUTES, told)


def _nights(first: date, moments: Sequence[datetime], capacity: int, taken: Any) -> list[NightLeft]:
    known = {when(at): (most, rest) for at, most, rest in taken or ()}
    counts = [known.get(at, (capacity, capacity)) for at in moments]
    return [NightLeft(first + timedelta(days=turn), *count) for turn, count in enumerate(counts)]


@transaction.atomic
def set_rooms(*, offer_id: int, zone: str, first: date, last: date, count: int, actor: Actor, at: datetime) -> None:
    """Sell at most `count` rooms of the kind in every night from `first` to `last`; what is held or sold stays so.

    The caller has seen to it that `actor` may. Raises NotFound, Invalid for senseless numbers or dates, Conflict "nights.sold" when more
    than `count` are taken in one of the nights.
    """
    supply = Supply.objects.filter(offer_id=offer_id, grain_minutes=NIGHT_MINUTES).first()
    if supply is None:
        raise NotFound("stock.unknown", N_("This is not counted."))
    nights = (last - first).days + 1
    if not 1 <= nights <= LONGEST_CHANGE:
        raise Invalid("nights.range", N_("The last night comes after the first, at most a year later."), field="last")
    if not 0 <= count <= MOST_ROOMS:
        raise Invalid("stock.count", N_("A number of pieces cannot be below zero."), field="count")
    rows = _locked(supply, starts(zone, first, nights), at)
    if over := [row for row in rows if row.held + row.sold > count]:
        taken = max(row.held + row.sold for row in over)
        raise Conflict(
            "nights.sold", N_("%(taken)s rooms are taken in one of these nights; it cannot be fewer."), taken=taken, field="count"
        )
    changed = [(row, count - row.capacity) for row in rows if row.capacity != count]
    for row, _ in changed:
        row.capacity = count
    Bucket.objects.bulk_update([row for row, _ in changed], ["capacity"], batch_size=200)
    hot.note(Movement.Kind.COUNTED, [(row.pk, difference) for row, difference in changed], str(actor), at)
    told = {"first": first.isoformat(), "last": last.isoformat(), "rooms": count}
    audit.record(actor=actor, action="stock.nights", subject=f"of:{offer_id}", at=at, before=None, after=told)


def _locked(supply: Supply, moments: Sequence[datetime], at: datetime) -> list[Bucket]:
    """The buckets of these nights, opened where they are missing, locked in the order of their ids."""
    found = set(Bucket.objects.filter(supply=supply, starts_at__in=moments).values_list("starts_at", flat=True))
    open_buckets([(supply, one) for one in moments if one not in found], at)
    return list(Bucket.objects.select_for_update().filter(supply=supply, starts_at__in=moments).order_by("id"))
