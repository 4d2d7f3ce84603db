"""How long a way takes: distance, detour, vehicle, hour and weather."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.apps.city import operations, queries
from linli.kernel.errors import Invalid, NotFound
from linli.kernel.geo import Box, Point, metres
from linli.platform import policies
from linli.policy import dispatch

pytestmark = pytest.mark.django_db
CALM = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)  # 15:00 in Beijing
LUNCH = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)  # 12:00 in Beijing
XIDAN, WANGFUJING = Point(39.9074, 116.3740), Point(39.9083, 116.4111)


@pytest.fixture
def beijing() -> int:
    return operations.put_city(
        slug="beijing", name="北京", name_en="Beijing", currency="CNY", zone="Asia/Shanghai", centre=XIDAN,
        box=Box(39.4, 115.4, 41.1, 117.5), at=CALM,
    )  # fmt: skip


def seconds(city_id: int, at: datetime, vehicle: str = "ebike") -> int:
    return queries.travel_seconds(city_id=city_id, origin=XIDAN, destination=WANGFUJING, vehicle=vehicle, at=at)


def test_a_way_is_the_straight_line_with_its_detour_at_the_vehicles_speed(beijing: int) -> None:
    speed = float(policies.value(dispatch.BIKE_KMH)) / 3.6
    expected = metres(XIDAN, WANGFUJING) * float(policies.value(dispatch.DETOUR)) / speed
    assert abs(seconds(beijing, CALM) - expected) <= 1
    assert 12 * 60 < seconds(beijing, CALM) < 20 * 60  # 3.2 km across the centre
    assert seconds(beijing, CALM, "walk") > seconds(beijing, CALM) > seconds(beijing, CALM, "car")


def test_lunch_and_rain_slow_the_streets(beijing: int) -> None:
    calm = seconds(beijing, CALM)
    lunch = seconds(beijing, LUNCH)
    operations.set_conditions(city_id=beijing, weather="storm", speed_factor=Decimal("0.50"), at=LUNCH)
    assert lunch == pytest.approx(calm / float(policies.value(dispatch.RUSH_FACTOR)), abs=2)
    assert seconds(beijing, LUNCH) == pytest.approx(lunch * 2, abs=2)
    assert queries.conditions(city_id=beijing, at=CALM).weather == "storm"
    assert seconds(beijing, datetime(2026, 3, 1, 7, 0, tzinfo=UTC)) == calm  # before the storm it was clear


def test_a_matrix_agrees_with_its_single_ways_and_costs_as_few_statements(beijing: int) -> None:
    points = [Point(39.90 + i / 100, 116.40 - i / 90) for i in range(12)]
    policies.value(dispatch.DETOUR, beijing)
    with CaptureQueriesContext(connection) as one:
        queries.travel_matrix(city_id=beijing, origins=points[:1], destinations=points[:1], vehicle="ebike", at=CALM)
    with CaptureQueriesContext(connection) as many:
        matrix = queries.travel_matrix(city_id=beijing, origins=points, destinations=points, vehicle="ebike", at=CALM)
    assert len(many) == len(one) <= 2
    assert matrix.shape == (12, 12)
    assert np.allclose(np.diag(matrix), 0)
    assert np.allclose(matrix, matrix.T)
    way = queries.travel_seconds(city_id=beijing, origin=points[2], destination=points[9], vehicle="ebike", at=CALM)
    assert matrix[2, 9] == pytest.approx(way, abs=1)


def test_no_couriers_or_no_jobs_make_an_empty_matrix(beijing: int) -> None:
    matrix = queries.travel_matrix(city_id=beijing, origins=[], destinations=[XIDAN], vehicle="ebike", at=CALM)
    assert matrix.shape == (0, 1)


def test_unknown_vehicles_and_cities_are_refused(beijing: int) -> None:
    with pytest.raises(Invalid):
        seconds(beijing, CALM, "dragon")
    with pytest.raises(NotFound):
        seconds(1, CALM)
