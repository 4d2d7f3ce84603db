"""How much of what is taken when, written by hand once for both databases: thousands of buckets travel as one text a supply."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import numpy as np
from django.db import connection

from linli.apps.stock.grid import GRAIN, Grid
from linli.engines.slots.problem import Left
from linli.platform.reads import VENDOR, marks, moment

_TEXT = {
    "sqlite": "group_concat((CAST(strftime('%%s', starts_at) AS INTEGER) / 60) || ' ' || (held + sold), ' ')",
    "postgresql": "string_agg((extract(epoch FROM starts_at)::bigint / 60)::text || ' ' || (held + sold), ' ')",
}[VENDOR]
_BUSY = f"""
SELECT supply_id, {_TEXT} FROM stock_bucket
WHERE supply_id IN (MARKS) AND starts_at >= %s AND starts_at < %s AND held + sold > 0 GROUP BY supply_id
"""


def left(supplies: dict[int, tuple[int, int]], grid: Grid, first: datetime, last: datetime) -> dict[int, Left]:
    """What is left of each supply (id -> (capacity, grain in minutes)) in every grain of the grid. One statement."""
    found = {key: np.full(grid.grains, capacity, dtype=np.int16) for key, (capacity, _) in supplies.items()}
    for key, text in _rows(supplies, first, last):
        starts, taken = np.fromstring(text, dtype=np.int64, sep=" ").reshape(-1, 2).T
        begins = (starts - int(grid.start.timestamp()) // 60) // GRAIN
        for step in range(max(1, supplies[key][1] // GRAIN)):
            at = begins + step
            inside = (at >= 0) & (at < grid.grains)
            found[key][at[inside]] -= taken[inside].astype(np.int16)
    return found


def _rows(supplies: Collection[int], first: datetime, last: datetime) -> list[tuple[int, str]]:
    if not supplies:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_BUSY.replace("MARKS", marks(len(supplies))), [*sorted(supplies), moment(first), moment(last)])
        rows: list[tuple[int, str]] = cursor.fetchall()
        return rows
