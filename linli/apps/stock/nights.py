"""Rooms by the night. A night is counted from noon to noon of the hotel's standard time, so that clock changes never split or join two."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from linli.apps.stock import buckets, hot
from linli.apps.stock.models import Bucket, Movement, Supply
from linli.apps.stock.opening import open_buckets
from linli.kernel.actors import Actor
from linli.kernel.errors import N_, Conflict, Invalid, NotFound
from linli.platform import audit
from linli.platform.reads import marks, moment

NIGHT_MINUTES = buckets.DAY_MINUTES
MOST_ROOMS = 10_000
LONGEST_CHANGE = 366

_FULL = """
SELECT s.offer_id FROM stock_bucket b JOIN stock_supply s ON s.id = b.supply_id
WHERE b.starts_at IN ({marks}) AND s.grain_minutes = %s AND b.capacity - b.held - b.sold < %s
UNION
SELECT s.offer_id FROM stock_supply s WHERE s.grain_minutes = %s AND s.offset_minutes = %s AND s.capacity < %s AND
  (SELECT COUNT(*) FROM stock_bucket b WHERE b.supply_id = s.id AND b.starts_at IN ({marks})
   AND b.capacity - b.held - b.sold >= %s) < %s
"""


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


def full(*, zone: str, first: date, nights: int, rooms: int) -> set[int]:
    """The offers of which fewer than `rooms` are left in some of the nights. One statement, whatever the number of hotels."""
    moments = [moment(at) for at in starts(zone, first, nights)]
    sized = [NIGHT_MINUTES, offset(zone, first), rooms]
    params = [*moments, NIGHT_MINUTES, rooms, *sized, *moments, rooms, nights]
    with connection.cursor() as cursor:
        cursor.execute(_FULL.format(marks=marks(nights)), params)
        return {offer_id for (offer_id,) in cursor.fetchall() if offer_id is not None}


def left(*, offer_ids: Collection[int], zone: str, first: date, nights: int) -> dict[int, list[NightLeft]]:
    """What is left of each kind of room in each night; kinds that nobody counts are left out. Two statements."""
    moments = starts(zone, first, nights)
    supplies = {row.pk: row for row in Supply.objects.filter(offer_id__in=list(offer_ids), grain_minutes=NIGHT_MINUTES)}
    rows = Bucket.objects.filter(supply_id__in=list(supplies), starts_at__in=moments) if supplies else ()
    known = {(row.supply_id, row.starts_at): (row.capacity, row.capacity - row.held - row.sold) for row in rows}
    found: dict[int, list[NightLeft]] = {}
    for key, supply in supplies.items():
        usual = (supply.capacity, supply.capacity)
        counts = [known.get((key, at), usual) for at in moments]
        found[supply.offer_id or 0] = [NightLeft(first + timedelta(days=turn), *count) for turn, count in enumerate(counts)]
    return found


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
