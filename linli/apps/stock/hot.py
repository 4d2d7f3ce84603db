"""The statements that every order runs, written by hand once for both databases: lock buckets, move amounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

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


@dataclass(frozen=True, slots=True)
class Locked:
    """A bucket that nobody else changes until the transaction ends."""

    bucket_id: int
    offer_id: int
    name: str
    left: int


def _marks(count: int, shape: str = "%s") -> str:
    return ", ".join([shape] * count)


def _moment(at: datetime) -> Any:
    """`at` as the database's driver wants it."""
    return connection.ops.adapt_datetimefield_value(at)


def lock(bucket_ids: Sequence[int]) -> list[Locked]:
    """The buckets, locked in the order of their ids (so that two holds never wait for each other in a ring). One statement."""
    if not bucket_ids:
        return []
    # SQLite has one writer, who holds the lock since the transaction began.
    rows_locked = "FOR UPDATE OF b" if connection.features.has_select_for_update else ""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK.format(marks=_marks(len(bucket_ids)), lock=rows_locked), sorted(bucket_ids))
        return [Locked(*row) for row in cursor.fetchall()]


def add(changes: Sequence[tuple[int, int, int]]) -> None:
    """Add (bucket id, to held, to sold) to each bucket. One statement; the database refuses to go below what there is."""
    if changes:
        with connection.cursor() as cursor:
            cursor.execute(_ADD.format(rows=_marks(len(changes), "(%s, %s, %s)")), [value for row in changes for value in row])


def note(kind: str, moved: Sequence[tuple[int, int]], ref: str, at: datetime) -> None:
    """Write (bucket id, qty) into the book. One statement."""
    if moved:
        moment = _moment(at)
        values: list[Any] = [value for bucket_id, qty in moved for value in (bucket_id, kind, qty, ref, moment)]
        with connection.cursor() as cursor:
            cursor.execute(_NOTE.format(rows=_marks(len(moved), "(%s, %s, %s, %s, %s)")), values)
