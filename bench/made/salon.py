"""One place with 20 people for `bench slots`; each share given is booked in turn, and the search is timed.

python -m bench.made.salon 0.0 0.7        (with LINLI_DATABASE_URL and LINLI_HOME; the tables must be there)
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")
    import django

    django.setup()

from django.db import connection, reset_queries
from django.test.utils import CaptureQueriesContext

from linli.apps.catalog import operations as catalog
from linli.apps.catalog.operations import OfferRow
from linli.apps.city import operations as cities
from linli.apps.merchants import operations as merchants
from linli.apps.merchants.operations import StoreRow
from linli.apps.stock import operations as stock
from linli.apps.stock import queries as calendar
from linli.apps.stock.models import Bucket
from linli.kernel.actors import SYSTEM
from linli.kernel.geo import Box, Point
from linli.kernel.week import every_day

MONDAY = datetime(2026, 6, 1, 0, 0, tzinfo=UTC)
STAFF, DAYS, ROUNDS, GRAIN = 20, 30, 30, 15
BEGINS, ENDS = 9 * 60, 18 * 60


def place() -> tuple[int, list[int]]:
    """The offer, and its staff."""
    say: dict[str, Any] = {"actor": SYSTEM, "at": MONDAY}
    city = cities.put_city(slug="beijing", name="北京", name_en="Beijing", currency="CNY", zone="Asia/Shanghai",
                           centre=Point(39.9, 116.4), box=Box(39.4, 115.7, 41.1, 117.5), at=MONDAY)  # fmt: skip
    row = StoreRow(external_ref="salon", kind="service", name="大店", point=Point(39.9, 116.4), openings=every_day([(540, 1260)]))
    store = merchants.bulk_put(city_id=city, rows=[row], at=MONDAY)[0]
    offer = OfferRow(store_id=store, external_ref="cut", section="预约", name="剪发", price=8800, kind="service")
    key = catalog.bulk_put_menu(rows=[offer], at=MONDAY)[0]
    catalog.save_service(offer_id=key, minutes=45, after=15, skills=["cut"], room="chair", ahead_days=60, **say)
    team = [stock.save_resource(store_id=store, kind="staff", name=f"员工{n}", skills=["cut"], **say) for n in range(STAFF)]
    for who in team:
        stock.set_shifts(store_id=store, resource_id=who, work=[(day, BEGINS, ENDS) for day in range(7)], **say)
    stock.save_resource(store_id=store, kind="room", name="椅", label="chair", capacity=12, **say)
    return key, team


def fill(team: list[int], share: float) -> int:
    """Have `share` of everybody's working time booked; how many buckets that are."""
    Bucket.objects.all().delete()
    rows = []
    for number, who in enumerate(team):
        for day in range(DAYS):
            for slot in range((ENDS - BEGINS) // GRAIN):
                if (slot * 7 + number * 3 + day) % 100 < share * 100:
                    starts_at = MONDAY + timedelta(days=day, minutes=BEGINS - 480 + slot * GRAIN)
                    rows.append(Bucket(supply_id=who, starts_at=starts_at, capacity=1, sold=1))
    Bucket.objects.bulk_create(rows, batch_size=5_000)
    return len(rows)


def search(offer_id: int) -> int:
    """How many times are free in 30 days."""
    return len(calendar.free_slots(offer_id=offer_id, first=MONDAY, last=MONDAY + timedelta(days=DAYS), at=MONDAY))


def measure(offer_id: int, buckets: int, share: float) -> dict[str, Any]:
    """The search's CPU and time in the middle of `ROUNDS`, and its statements."""
    search(offer_id)
    cpu, wall, found = [], [], 0
    for _ in range(ROUNDS):
        reset_queries()
        began, at = time.process_time(), time.perf_counter()
        found = search(offer_id)
        cpu.append(1000 * (time.process_time() - began))
        wall.append(1000 * (time.perf_counter() - at))
    with CaptureQueriesContext(connection) as seen:
        search(offer_id)
    return {"booked": share, "buckets": buckets, "found": found, "cpu_ms": statistics.median(cpu), "wall_ms": statistics.median(wall),
            "statements": len(seen)}  # fmt: skip


def main() -> None:
    """Measure each share given on the command line."""
    offer_id, team = place()
    rows = [measure(offer_id, fill(team, share), share) for share in map(float, sys.argv[1:])]
    sys.stdout.write(json.dumps(rows))


if __name__ == "__main__":
    main()
