"""The statements that every order runs, written by hand once for both databases: lock buckets, move amounts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db import connection

from linli.apps.stock.buckets import ALWAYS
from linli.platform.reads import Read, marks, moment
from linli.platform.writes import Write, later

T = TypeVar("T")

# `VALUES` names its columns column1, column2 … on SQLite and PostgreSQL alike.
_ADD = """
UPDATE stock_bucket SET held = held + v.column2, sold = sold + v.column3
FROM (VALUES {rows}) AS v WHERE stock_bucket.id = v.column1
"""
_NOTE = "INSERT INTO stock_movement (bucket_id, kind, qty, ref, at) VALUES {rows}"
_LOCK = """
SELECT b.id, s.offer_id, s.name, b.capacity - b.held - b.sold
FROM stock_bucket b JOIN stock_supply s ON s.id = b.supply_id WHERE b.id IN ({marks}) ORDER BY b.id {lock}
"""

_LOCK_AT = """
SELECT b.id, s.offer_id, s.name, b.capacity - b.held - b.sold, b.supply_id
FROM stock_bucket b JOIN stock_supply s ON s.id = b.supply_id
WHERE b.supply_id IN ({marks}) AND b.starts_at = %s ORDER BY b.id {lock}
"""
_SUPPLIES = "SELECT id, offer_id, grain_minutes, offset_minutes FROM stock_supply WHERE offer_id IN ({own}) OR id IN ({others})"
_LEFT = """
SELECT s.offer_id, s.grain_minutes, COALESCE(b.capacity - b.held - b.sold, s.capacity)
FROM stock_supply s LEFT JOIN stock_bucket b ON b.supply_id = s.id AND b.starts_at = %s
WHERE s.offer_id IN ({marks})
"""
_SHELF = """
SELECT {all}({list}(s.id, s.offer_id, s.name, s.grain_minutes, s.offset_minutes, s.capacity, b.id, b.starts_at,
  b.capacity - b.held - b.sold))
FROM stock_supply s LEFT JOIN stock_bucket b ON b.supply_id = s.id AND b.starts_at IN (%s, %s) WHERE s.offer_id IN (MARKS)
"""
_TAKE = "UPDATE stock_bucket SET held = held + %s WHERE id = %s AND capacity - held - sold >= %s"
_SELL = "UPDATE stock_bucket SET held = held - %s, sold = sold + %s WHERE id = %s"
_KEEP = "INSERT INTO stock_hold (id, ref, state, expires_at) VALUES (%s, %s, 'held', %s)"
_COMMIT = "UPDATE stock_hold SET state = 'committed' WHERE id = %s AND state = 'held'"
_HELD = """
SELECT {list}(h.id, h.state, (SELECT {all}({list}(l.bucket_id, l.qty)) FROM stock_holdline l WHERE l.hold_id = h.id))
FROM stock_hold h WHERE h.ref = %s
"""
_HOLD = "INSERT INTO stock_hold (id, ref, state, expires_at) VALUES (%s, %s, 'held', %s) ON CONFLICT (ref) DO NOTHING RETURNING id"
_HOLD_LINES = "INSERT INTO stock_holdline (hold_id, bucket_id, qty, returned) VALUES {rows}"


@dataclass(frozen=True, slots=True)
class Locked:
    """A bucket that nobody else changes until the transaction ends."""

    bucket_id: int
    offer_id: int | None
    name: str
    left: int


def _marks(count: int, shape: str = "%s") -> str:
    return ", ".join([shape] * count)


def _rows_locked() -> str:
    """SQLite has one writer, who holds the lock since the transaction began."""
    return "FOR UPDATE OF b" if connection.features.has_select_for_update else ""


def supplies(offer_ids: Collection[int], supply_ids: Collection[int] = ()) -> dict[tuple[str, int | None], tuple[int, int, int]]:
    """("offer", id) and ("supply", id) -> (supply id, grain, offset) of those that are limited. One statement."""
    text = _SUPPLIES.format(own=marks(len(offer_ids)), others=marks(len(supply_ids)))
    with connection.cursor() as cursor:
        cursor.execute(text, [*sorted(offer_ids), *sorted(supply_ids)])
        rows = cursor.fetchall()
    found = {("supply", row[0]): (row[0], row[2], row[3]) for row in rows}
    return found | {("offer", row[1]): (row[0], row[2], row[3]) for row in rows if row[1] is not None}


def left(offer_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Offer id -> (grain, left of the bucket of units) of those that are limited. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_LEFT.format(marks=_marks(len(offer_ids))), [moment(ALWAYS), *sorted(offer_ids)])
        return {offer_id: (grain, count) for offer_id, grain, count in cursor.fetchall()}


def lock_at(supply_ids: Collection[int], start: datetime) -> dict[int, Locked]:
    """The buckets of the supplies that start then, locked as `lock` does, by supply id. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_AT.format(marks=_marks(len(supply_ids)), lock=_rows_locked()), [*sorted(supply_ids), moment(start)])
        return {row[4]: Locked(*row[:4]) for row in cursor.fetchall()}


def keep(hold_id: int, ref: str, expires_at: datetime, taken: Sequence[tuple[int, int]]) -> bool:
    """Write a hold of (bucket id, qty); False, and nothing written, when `ref` has one. Two statements."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [hold_id, ref, moment(expires_at)])
        if cursor.fetchone() is None:
            return False
        _hold_lines(hold_id, taken)
        return True


def _hold_lines(hold_id: int, taken: Sequence[tuple[int, int]]) -> None:
    values = [value for bucket_id, qty in taken for value in (hold_id, bucket_id, qty, 0)]
    later(Write(_HOLD_LINES.format(rows=_marks(len(taken), "(%s, %s, %s, %s)")), values))


def shelf(offer_ids: Collection[int], day: datetime, make: Callable[[Any], T]) -> Read[T]:
    """The supplies of the offers, each with its bucket of units and the one that starts at `day`, where there are such."""
    params = (moment(ALWAYS), moment(day), *sorted(offer_ids))
    return Read(_SHELF.replace("MARKS", marks(len(offer_ids))), params, make)


def take(hold_id: int, ref: str, expires_at: datetime, taken: Sequence[tuple[int, int]]) -> None:
    """Hold (bucket id, qty), in the order of the ids, unless there is less left; with the other writes of the unit."""
    for bucket_id, qty in sorted(taken):
        later(Write(_TAKE, (qty, bucket_id, qty), rows=1))
    later(Write(_KEEP, (hold_id, ref, moment(expires_at))))
    _hold_lines(hold_id, taken)


def held(ref: str, make: Callable[[Any], T]) -> Read[T]:
    """The hold of `ref` and its lines."""
    return Read(_HELD, (ref,), make)


def sell(hold_id: int, lines: Sequence[tuple[int, int]]) -> None:
    """What is held of (bucket id, qty) is sold, in the order of the ids; with the other writes of the unit."""
    later(Write(_COMMIT, (hold_id,), rows=1))
    for bucket_id, qty in sorted(lines):
        later(Write(_SELL, (qty, qty, bucket_id), rows=1))


def lock(bucket_ids: Sequence[int]) -> list[Locked]:
    """The buckets, locked in the order of their ids (so that two holds never wait for each other in a ring). One statement."""
    if not bucket_ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_LOCK.format(marks=_marks(len(bucket_ids)), lock=_rows_locked()), sorted(bucket_ids))
        return [Locked(*row) for row in cursor.fetchall()]


def add(changes: Sequence[tuple[int, int, int]]) -> None:
    """Add (bucket id, to held, to sold) to each bucket. One statement; the database refuses to go below what there is."""
    if changes:
        with connection.cursor() as cursor:
            cursor.execute(_ADD.format(rows=_marks(len(changes), "(%s, %s, %s)")), [value for row in changes for value in row])


def note(kind: str, moved: Sequence[tuple[int, int]], ref: str, at: datetime) -> None:
    """Write (bucket id, qty) into the book. One statement."""
    if moved:
        now = moment(at)
        values: list[Any] = [value for bucket_id, qty in moved for value in (bucket_id, kind, qty, ref, now)]
        later(Write(_NOTE.format(rows=_marks(len(moved), "(%s, %s, %s, %s, %s)")), values))


# Rooms by the night: taken ones have a bucket; of the others as many are sold as the supply says, unless every night has a bucket.
_ROOMS_FULL = """
SELECT {all}(f.offer_id) FROM (
SELECT s.offer_id FROM stock_bucket b JOIN stock_supply s ON s.id = b.supply_id
WHERE b.starts_at IN (MOMENTS) AND s.grain_minutes = %s AND b.capacity - b.held - b.sold < %s
UNION
SELECT s.offer_id FROM stock_supply s WHERE s.grain_minutes = %s AND s.offset_minutes = %s AND s.capacity < %s AND
  (SELECT COUNT(*) FROM stock_bucket b WHERE b.supply_id = s.id AND b.starts_at IN (MOMENTS)
   AND b.capacity - b.held - b.sold >= %s) < %s) f
"""
_ROOMS_LEFT = """
SELECT {all}({list}(s.offer_id, s.capacity, {json}((SELECT {all}({list}(b.starts_at, b.capacity, b.capacity - b.held - b.sold))
  FROM stock_bucket b WHERE b.supply_id = s.id AND b.starts_at IN (MOMENTS)))))
FROM stock_supply s WHERE s.grain_minutes = %s AND s.offer_id IN (IDS)
"""


def rooms_full(starts: Sequence[datetime], grain: int, offset: int, rooms: int, make: Callable[[Any], T]) -> Read[T]:
    """The offers of which fewer than `rooms` are left in a bucket of `grain` minutes that begins at one of `starts`."""
    moments = [moment(at) for at in starts]
    params = (*moments, grain, rooms, grain, offset, rooms, *moments, rooms, len(moments))
    return Read(_ROOMS_FULL.replace("MOMENTS", marks(len(moments))), params, make)


def rooms_left(offer_ids: Collection[int], starts: Sequence[datetime], grain: int, make: Callable[[Any], T]) -> Read[T]:
    """What is left of the offers: `[offer, usual capacity, [[begins, capacity, left], …]]`, those buckets alone that there are."""
    text = _ROOMS_LEFT.replace("MOMENTS", marks(len(starts))).replace("IDS", marks(len(offer_ids)))
    return Read(text, (*(moment(at) for at in starts), grain, *sorted(offer_ids)), make)
