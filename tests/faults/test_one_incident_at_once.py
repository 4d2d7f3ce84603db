"""The same road closed by many at the same moment is closed once. With a control, where nobody waits for anybody."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from linli.apps.city import operations, queries
from linli.kernel.actors import Actor
from linli.kernel.geo import Point
from tests.crowd import crowd, no_locks, outcomes
from tests.world import MONDAY_NOON, beijing

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
MANY = 12


def close(city_id: int, at: datetime) -> int:
    return operations.report_incident(
        city_id=city_id, point=Point(39.91, 116.4), radius_m=300, speed_factor=Decimal(0), note="flood", until_at=at + timedelta(hours=1),
        actor=Actor("operator", 1), at=at,
    )  # fmt: skip


def test_a_road_that_many_close_at_once_is_closed_once() -> None:
    city_id = beijing()
    found = crowd(close, [(city_id, MONDAY_NOON)] * MANY)
    assert outcomes(found) == {"done": MANY}
    assert len({key for _, key in found}) == len(queries.incidents(city_id=city_id, at=MONDAY_NOON)) == 1


def test_control_without_waiting_it_is_closed_more_than_once() -> None:
    city_id = beijing()
    for minutes in range(20):  # it is chance who looks when; most goes show it
        at = MONDAY_NOON + timedelta(hours=2 * minutes)
        crowd(close, [(city_id, at)] * MANY, amid=no_locks)
        if len(queries.incidents(city_id=city_id, at=at)) > 1:
            return
    pytest.fail("twenty times over the road was closed once, though nobody waited")
