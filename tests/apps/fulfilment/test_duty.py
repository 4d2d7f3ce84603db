"""Shifts, positions, plans and promises."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test.utils import CaptureQueriesContext

from linli.apps.fulfilment import operations, queries
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import Conflict, Invalid, NotFound
from linli.kernel.geo import Point
from linli.platform import policies
from tests import world
from tests.apps.fulfilment.street import NOODLES, NOON, WANG, courier, minutes, wanted
from tests.world import DENGSHIKOU

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(db: None) -> int:
    return world.beijing()


def test_shifts_are_counted_and_not_doubled(place: int) -> None:
    courier(WANG, place)
    operations.go_online(courier_id=WANG, point=NOODLES, at=minutes(10))
    operations.go_offline(courier_id=WANG, at=minutes(30))
    operations.go_online(courier_id=WANG, point=NOODLES, at=minutes(60))
    assert queries.shift_seconds(courier_id=WANG, start=minutes(20), end=minutes(600), at=minutes(70)) == 20 * 60


def test_nobody_goes_home_with_work_undone_but_offers_are_no_chain(place: int) -> None:
    courier(WANG, place)
    job = wanted(place)
    operations.tick(city_id=place, at=minutes(1))
    operations.go_offline(courier_id=WANG, at=minutes(1))
    assert queries.job(job_id=job).state == "waiting"
    operations.go_online(courier_id=WANG, point=NOODLES, at=minutes(20))
    operations.tick(city_id=place, at=minutes(20))
    operations.answer(courier_id=WANG, job_id=job, accept=True, at=minutes(20))
    with pytest.raises(Conflict):
        operations.go_offline(courier_id=WANG, at=minutes(21))
    assert queries.courier(courier_id=WANG).on


def test_positions_are_taken_in_order_and_not_from_the_future(place: int) -> None:
    courier(WANG, place)
    here, there = Point(39.917, 116.418), Point(39.918, 116.418)
    points = [(there, minutes(2)), (here, minutes(1)), (NOODLES, minutes(30)), (NOODLES, minutes(-1))]
    assert operations.report(courier_id=WANG, points=points, at=minutes(2)) == 2
    assert queries.courier(courier_id=WANG).point == there
    assert operations.report(courier_id=WANG, points=points, at=minutes(2)) == 0
    with pytest.raises(Invalid):
        operations.report(courier_id=WANG, points=[(here, NOON)] * 501, at=minutes(3))
    operations.go_offline(courier_id=WANG, at=minutes(3))
    with pytest.raises(Conflict):
        operations.report(courier_id=WANG, points=[(here, minutes(4))], at=minutes(4))


def test_bad_couriers_are_refused(place: int) -> None:
    for values in ({"vehicle": "rocket"}, {"capacity": 0}, {"capacity": 41}):
        with pytest.raises(Invalid):
            operations.add_courier(person_id=5, city_id=place, at=NOON, **({"vehicle": "bike", "capacity": 6} | values))  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        operations.go_online(courier_id=5, point=NOODLES, at=NOON)
    with pytest.raises(NotFound):
        queries.plan(courier_id=5, at=NOON)


def test_the_plan_and_the_promise_follow_the_courier(place: int) -> None:
    courier(WANG, place)
    job = wanted(place, ready_in=2)
    guess = queries.eta(ref="or:1", at=NOON)
    assert guess.source == "estimate"
    operations.tick(city_id=place, at=minutes(0.1))
    operations.answer(courier_id=WANG, job_id=job, accept=True, at=minutes(0.2))
    stops = queries.plan(courier_id=WANG, at=minutes(1))
    assert [(stop.kind, stop.job.id, stop.late) for stop in stops] == [("pickup", job, False), ("drop", job, False)]
    assert minutes(1) < stops[0].arrive_at < stops[0].leave_at < stops[1].arrive_at
    eta = queries.eta(ref="or:1", at=minutes(1))
    assert eta.source == "route"
    assert eta.from_at <= stops[1].leave_at <= eta.to_at
    assert eta.to_at - eta.from_at <= timedelta(minutes=11)
    operations.report(courier_id=WANG, points=[(NOODLES, minutes(8))], at=minutes(8))
    later = queries.eta(ref="or:1", at=minutes(8))
    assert later.from_at >= minutes(8)
    assert later.to_at > eta.to_at
    assert [point.point for point in queries.track(ref="or:1")] == [NOODLES]


def test_reads_cost_the_same_whatever_the_size(place: int, django_assert_max_num_queries: object) -> None:
    from django.db import connection

    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            queries.live(city_id=place, at=NOON)
            queries.waiting(city_id=place)
        return len(captured)

    courier(WANG, place)
    wanted(place)
    few = statements()
    for number in range(20):
        courier(1000 + number, place)
        wanted(place, f"or:{100 + number}")
    assert statements() == few == 3
    assert len(queries.live(city_id=place, at=NOON).couriers) == 21


def test_an_open_page_is_a_sign_of_life(place: int) -> None:
    courier(WANG, place)
    for minute in (2, 4, 6):
        operations.seen(courier_id=WANG, at=minutes(minute))
        operations.tick(city_id=place, at=minutes(minute + 1))
    assert queries.courier(courier_id=WANG).on
    assert queries.courier(courier_id=WANG).position_at == NOON
    operations.tick(city_id=place, at=minutes(10))
    assert not queries.courier(courier_id=WANG).on
    operations.seen(courier_id=WANG, at=minutes(11))
    assert not queries.courier(courier_id=WANG).on


def test_in_a_fast_city_people_have_as_long_as_people_need(place: int) -> None:
    courier(WANG, place)
    job = wanted(place)
    assert operations.tick(city_id=place, at=minutes(1), pace=60).offered == ((job, WANG),)
    assert queries.job(job_id=job).answer_by == minutes(16)
    operations.tick(city_id=place, at=minutes(10), pace=60)
    assert queries.courier(courier_id=WANG).on


def test_the_window_narrows_as_the_meal_comes_near(place: int) -> None:
    courier(WANG, place)
    job = wanted(place, ready_in=10, cooking=operations.Cooking(NOON, 0.0, 0.25))

    def width(at: datetime) -> timedelta:
        window = queries.eta(ref="or:1", at=at)
        return window.to_at - window.from_at

    asked = width(NOON)
    operations.report(courier_id=WANG, points=[(DENGSHIKOU, minutes(9.5))], at=minutes(9.5))
    operations.tick(city_id=place, at=minutes(9.5))
    operations.answer(courier_id=WANG, job_id=job, accept=True, at=minutes(9.5))
    bound = width(minutes(9.5))
    operations.arrive(courier_id=WANG, job_id=job, at=minutes(10))
    operations.set_ready(ref="or:1", ready_at=minutes(10), ready=True, at=minutes(10))
    operations.pick_up(courier_id=WANG, job_id=job, code="A17", at=minutes(11))
    operations.report(courier_id=WANG, points=[(NOODLES, minutes(11))], at=minutes(11))
    assert asked > bound > width(minutes(11)) >= timedelta(minutes=4)


def test_a_slow_kitchen_is_not_taken_at_its_word(place: int) -> None:
    """It says 12:05 and always takes twice as long: nobody is bound for it at once, unless the operator wants it taken at its word."""
    courier(WANG, place, point=NOODLES)
    wanted(place, ready_in=5, cooking=operations.Cooking(NOON, 0.7, 0.05))
    assert operations.tick(city_id=place, at=minutes(3)).postponed == 1
    policies.change(number_name="dispatch.ready_share", city_id=place, value=0.0, actor=SYSTEM, at=minutes(3), reason="test")
    assert len(operations.tick(city_id=place, at=minutes(3)).offered) == 1
