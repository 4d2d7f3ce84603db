"""Which stores deliver to a door, written by hand once for both databases: every page of the home list runs this."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from functools import cache
from math import cos, radians
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db import connection

from linli.kernel.geo import EARTH_M, Box, Point
from linli.kernel.time import DAY_MINUTES
from linli.platform.reads import Read, Sql, marks, number

COLUMNS = (
    "id", "merchant_id", "city_id", "external_ref", "kind", "name", "name_en", "pinyin", "initials", "lat", "lng", "cell", "zone",
    "address", "phone", "per_head", "rating", "rating_count", "cuisine", "tags", "facilities", "facts", "prep_minutes", "paused_until",
    "accepts", "approximate", "origin", "active",
)  # fmt: skip
# Rows of JSON: the function that gathers, and the one that makes a row.
_JSON = {"sqlite": ("json_group_array", "json_array"), "postgresql": ("json_agg", "json_build_array")}
_ROW = """
  (SELECT CAST({all}({list}(h.weekday, h.opens, h.closes)) AS text) FROM merchants_storehours h WHERE h.store_id = s.id),
  (SELECT CAST({all}({list}(r.radius_m, r.fee, r.minimum)) AS text) FROM merchants_storering r WHERE r.store_id = s.id),
  {columns},
  (SELECT k.drift FROM merchants_storekitchen k WHERE k.store_id = s.id)
"""
_SEEN = f"SELECT {_ROW} FROM merchants_store s WHERE s.id IN (IDS)"
# The same great-circle distance as `kernel.geo.metres`; a score in which the last kilometre counts most, and each one some.
_REACHED = """
WITH around AS MATERIALIZED (
  SELECT s.id, s.rating, s.cuisine, s.paused_until, 2 * {earth} * ASIN(SQRT(
    POWER(SIN(RADIANS(s.lat - %s) / 2), 2) + COS(RADIANS(s.lat)) * %s * POWER(SIN(RADIANS(s.lng - %s) / 2), 2))) AS away
  FROM merchants_store s
  WHERE s.city_id = %s AND s.kind = 'restaurant' AND s.active AND s.lat BETWEEN %s AND %s AND s.lng BETWEEN %s AND %s
), reached AS MATERIALIZED (
  SELECT a.id, a.cuisine, a.away, 2 * EXP(-a.away / 2000) - a.away / 4000 + a.rating * 0.03 AS score,
    (a.paused_until IS NULL OR a.paused_until <= %s) AND (
      EXISTS (SELECT 1 FROM merchants_storehours h WHERE h.store_id = a.id AND h.weekday = %s AND h.opens <= %s AND h.closes > %s)
      OR EXISTS (SELECT 1 FROM merchants_storehours h WHERE h.store_id = a.id AND h.weekday = %s AND h.closes > %s)) AS open
  FROM around a
  WHERE a.away <= %s AND a.away <= (SELECT MAX(r.radius_m) FROM merchants_storering r WHERE r.store_id = a.id)
), page AS (
  SELECT id, away, open, score FROM reached ORDER BY open DESC, score DESC, away, id LIMIT %s OFFSET %s
)
SELECT
  (SELECT CAST({all}({list}(c.cuisine, c.stores)) AS text) FROM (SELECT cuisine, COUNT(*) AS stores FROM reached GROUP BY cuisine) c),
  p.away,ROW
FROM page p JOIN merchants_store s ON s.id = p.id ORDER BY p.open DESC, p.score DESC, p.away, p.id
""".replace("ROW", _ROW)


@cache
def statement() -> str:
    """The text that `reached` runs on this database."""
    return _filled(_REACHED)


def _filled(text: str) -> str:
    gather, row = _JSON[connection.vendor]
    return text.format(earth=EARTH_M, all=gather, list=row, columns=", ".join(f"s.{name}" for name in COLUMNS))


@cache
def _seen() -> str:
    return _filled(_SEEN)


def seen(ids: Collection[int]) -> list[tuple[Any, ...]]:
    """(hours, rings, then `COLUMNS`, the kitchen's drift) of the stores of `ids` that exist, in any order."""
    with connection.cursor() as cursor:
        cursor.execute(_seen().replace("IDS", marks(len(ids))), list(ids))
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def values(city_id: int, point: Point, radius_m: float, zone: str, at: datetime, limit: int, skip: int) -> list[Any]:
    """What `reached` fills in."""
    box, local = Box.around(point, radius_m), at.astimezone(ZoneInfo(zone))
    minute, yesterday = local.hour * 60 + local.minute, (local - timedelta(days=1)).weekday()
    return [
        point.lat, cos(radians(point.lat)), point.lng, city_id, box.south, box.north, box.west, box.east,
        connection.ops.adapt_datetimefield_value(at), local.weekday(), minute, minute, yesterday, minute + DAY_MINUTES,
        float(radius_m), limit, skip,
    ]  # fmt: skip


def reached(*given: Any) -> list[tuple[Any, ...]]:
    """(cuisines with counts of all that reach, metres, hours, rings, then `COLUMNS`, the kitchen's drift) of a page of stores; `given` as
    for `values`."""
    with connection.cursor() as cursor:
        cursor.execute(statement(), values(*given))
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


T = TypeVar("T")

# `|| ''`: a text within the row of JSON, which stores of the same hours share (SQLite would put in the JSON itself).
_TERMS = """
SELECT {list}(s.id, s.city_id, s.name, s.name_en, s.address, s.lat, s.lng, s.zone, s.prep_minutes, s.paused_until, s.accepts, s.active,
  (SELECT CAST({all}({list}(h.weekday, h.opens, h.closes)) AS text) || '' FROM merchants_storehours h WHERE h.store_id = s.id),
  (SELECT CAST({all}({list}(r.radius_m, r.fee, r.minimum)) AS text) || '' FROM merchants_storering r WHERE r.store_id = s.id),
  k.drift, k.variance, k.weight)
FROM merchants_store s LEFT JOIN merchants_storekitchen k ON k.store_id = s.id WHERE s.id = """
_NAMES = "SELECT id, city_id, name, name_en FROM merchants_store WHERE id IN (IDS) ORDER BY name, id"
ZONE_OF = "SELECT z.zone FROM merchants_store z WHERE z.id = o.store_id"  # of the store of an offer `o`
CITY_OF = "(SELECT city_id FROM merchants_store WHERE id = %s)"


def terms(store_id: int | Sql, make: Callable[[Any], T]) -> Read[T]:
    """The store's row with its hours and rings."""
    store = number(store_id)
    return Read(_TERMS + store.text, store.params, make)


def names(store_ids: Collection[int]) -> list[tuple[int, int, str, str]]:
    """Id, city, name and English name of the stores, by name. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_NAMES.replace("IDS", marks(len(store_ids))), list(store_ids))
        return list(cursor.fetchall())
