"""The demo's runner: it starts the shared clock, stops when told, and leaves the clock standing for the next start."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from linli.apps.city import operations as cities
from linli.kernel.geo import Box, Point
from linli.platform import clock
from linli.simulator import live
from linli.simulator.live import LiveCity, Pace

pytestmark = pytest.mark.django_db
ZONE = "Asia/Shanghai"
NOBODY = "http://127.0.0.1:9"  # the discard port: no server ever answers there


def test_it_waits_for_the_server_and_ends_as_soon_as_it_is_told() -> None:
    at = datetime.now(UTC)
    cities.put_city(
        slug="beijing", name="北京", name_en="Beijing", currency="CNY", zone=ZONE, centre=Point(39.9, 116.4),
        box=Box(39.4, 115.4, 41.1, 117.5), at=at,
    )  # fmt: skip
    stop = threading.Event()
    threading.Timer(0.6, stop.set).start()
    LiveCity(Pace(speed=20, seed=1), stop, NOBODY).run()
    kept = clock.kept()
    assert stop.is_set()
    assert kept is not None
    assert kept.speed == live._STANDSTILL


def test_the_clock_starts_before_lunch_and_never_goes_back() -> None:
    live.start_clock(ZONE, 20)
    first = clock.kept()
    assert first is not None
    assert first.shown == live.next_lunch(first.real - timedelta(seconds=5), ZONE)
    live.start_clock(ZONE, 20)
    again = clock.kept()
    assert again is not None
    assert again.shown >= first.shown


def test_a_city_that_was_off_for_long_goes_on_where_it_stopped() -> None:
    shown = datetime(2030, 1, 1, 4, 0, tzinfo=UTC)
    clock.set_pace(shown, 20)
    long_ago = datetime.now(UTC) - timedelta(days=3)
    from linli.platform.models import ClockSetting

    ClockSetting.objects.update(real_at=long_ago)
    live.start_clock(ZONE, 20)
    kept = clock.kept()
    assert kept is not None
    assert kept.shown == shown
