"""A city of hotels for `bench stays`: rooms with plans, a share of their nights sold, and searches over all of them.

python -m bench.made.hotels 1133 0.0 0.7        (with LINLI_DATABASE_URL and LINLI_HOME; the tables must be there)
"""

from __future__ import annotations

import json
import os
import random
import statistics
import sys
import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")
    import django

    django.setup()

from django.db import connection, reset_queries
from django.test.utils import CaptureQueriesContext

from linli.apps.catalog import operations as catalog
from linli.apps.catalog.operations import PlanRow, RoomRow
from linli.apps.city import operations as cities
from linli.apps.discovery import operations as discovery
from linli.apps.discovery.queries import stays
from linli.apps.merchants import operations as merchants
from linli.apps.merchants.operations import StoreRow
from linli.apps.stock import operations as stock
from linli.apps.stock import queries as left_of
from linli.apps.stock.models import Bucket
from linli.apps.stock.operations import SupplyRow
from linli.kernel.geo import Box, Point

MONDAY, TODAY, ZONE = datetime(2026, 6, 1, 2, tzinfo=UTC), date(2026, 6, 1), "Asia/Shanghai"
KINDS, DAYS, CAPACITY, NIGHTS, ROUNDS = 3, 30, 5, 5, 30
CENTRE = Point(39.9, 116.4)


def city_of(count: int, dice: random.Random) -> tuple[int, list[int]]:
    """The city with so many hotels, each with three kinds of rooms and three plans for each; the supplies of the rooms."""
    city = cities.put_city(slug="beijing", name="北京", name_en="Beijing", currency="CNY", zone=ZONE, centre=CENTRE,
                           box=Box(39.4, 115.7, 41.1, 117.5), at=MONDAY)  # fmt: skip
    rows = [
        StoreRow(external_ref=f"h{n}", kind="hotel", name=f"第{n}号酒店", rating=dice.randint(35, 50), facilities=("酒店各处提供wifi",),
                 point=Point(39.9 + dice.gauss(0, 0.1), 116.4 + dice.gauss(0, 0.12)), facts={"hotel_type": "舒适型"})
        for n in range(count)
    ]  # fmt: skip
    stores = [key for first in range(0, count, 200) for key in merchants.bulk_put(city_id=city, at=MONDAY, rows=rows[first : first + 200])]
    rooms = []
    for first in range(0, count, 200):
        rooms += catalog.bulk_put_rooms(at=MONDAY, rows=[
            RoomRow(store_id=store, external_ref=f"r{kind}", name=f"房型{kind}", name_en=f"Room {kind}", sleeps=2 + kind % 2,
                    plans=_plans(dice))
            for store in stores[first : first + 200] for kind in range(KINDS)
        ])  # fmt: skip
    offset = left_of.night_offset(ZONE, TODAY)
    supplies = stock.bulk_put_supplies(at=MONDAY, rows=[
        SupplyRow(stores[n // KINDS], room, "房", 1440, CAPACITY, offset) for n, room in enumerate(rooms)
    ])  # fmt: skip
    discovery.rebuild(city_id=city, at=MONDAY)
    return city, supplies


def _plans(dice: random.Random) -> tuple[PlanRow, ...]:
    price = dice.randrange(15_000, 90_000, 100)
    return (
        PlanRow(external_ref="flex", name="灵活", price=price, weekend_price=price + 4_000, free_cancel_h=20, breakfasts=2),
        PlanRow(external_ref="plain", name="无早", price=price - 3_000, free_cancel_h=6),
        PlanRow(external_ref="saver", name="特惠", price=price - 5_000, least_nights=2),
    )


def fill(supplies: list[int], share: float, dice: random.Random) -> None:
    """Sell out `share` of all nights, and something of the others."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM stock_bucket")
    rows = [
        Bucket(supply_id=key, starts_at=_night(day), capacity=CAPACITY,
               sold=CAPACITY if dice.random() < share else dice.randrange(CAPACITY))
        for key in supplies for day in range(DAYS)
    ]  # fmt: skip
    Bucket.objects.bulk_create([row for row in rows if row.sold], batch_size=2_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as the server does by itself, some while after so many rows


def _night(day: int) -> datetime:
    return datetime(2026, 6, 1, 4, tzinfo=UTC) + timedelta(days=day)


def measure(city: int, share: float) -> dict[str, Any]:
    """CPU and time of one search over all hotels, in the middle of `ROUNDS`, and of its worst; a page of 20 is made of it each time."""
    cpu, wall, found = [], [], 0
    for turn in range(ROUNDS + 1):
        want = stays.StayWant(first=TODAY + timedelta(days=1 + turn % 20), nights=NIGHTS, near=CENTRE, sort=("smart", "price")[turn % 2])
        reset_queries()
        began, at = time.process_time(), time.perf_counter()
        found = stays.hotels(city_id=city, want=want, at=MONDAY).total
        cpu.append(1000 * (time.process_time() - began))
        wall.append(1000 * (time.perf_counter() - at))
    with CaptureQueriesContext(connection) as seen:
        stays.hotels(city_id=city, want=want, at=MONDAY)
    return {"booked": share, "found": found, "cpu_ms": statistics.median(cpu[1:]), "wall_ms": statistics.median(wall[1:]),
            "first_ms": wall[0], "statements": len(seen)}  # fmt: skip


def main() -> None:
    """Measure each share given on the command line."""
    dice = random.Random(1)
    city, supplies = city_of(int(sys.argv[1]), dice)
    rows = []
    for share in map(float, sys.argv[2:]):
        fill(supplies, share, dice)
        rows.append(measure(city, share))
    sys.stdout.write(json.dumps(rows))


if __name__ == "__main__":
    main()
