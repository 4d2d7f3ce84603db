"""Two hundred people want a ride and eight drivers are there: nobody ever drives two, unless the guard is off."""

from __future__ import annotations

import multiprocessing
from collections import Counter

import pytest
from django.db import transaction

from linli.apps.fulfilment import operations
from linli.apps.fulfilment.models import Courier, Job
from linli.apps.fulfilment.operations import matching
from linli.kernel.geo import Point
from tests import parallel, world
from tests.apps.fulfilment.street import NOON, minutes
from tests.apps.fulfilment.test_rides import HOME, driver, hail

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
CALLERS, DRIVERS, ROUNDS = 200, 8, 8
_thought = multiprocessing.get_context("fork").Barrier(ROUNDS)


@pytest.fixture
def crowd() -> int:
    """A city with drivers in one street."""
    place = world.beijing()
    for number in range(DRIVERS):
        driver(950 + number, place, point=Point(39.90 + number * 0.002, 116.42))
    return place


def _call_and_match(place: int, turn: int) -> list[tuple[int, int]]:
    """Some of the people call, a round runs, and whoever was asked says yes."""
    for number in range(turn, CALLERS, ROUNDS):
        hail(place, f"or:{number}", origin=Point(39.90 + (number % 20) * 0.001, 116.42))
    offered = operations.match_rides(city_id=place, at=minutes(1)).offered
    for job, who in offered:
        operations.answer(courier_id=who, job_id=job, accept=True, at=minutes(1))
    return list(offered)


def _naive(place: int, turn: int) -> int:
    """A round as it would be without compare-and-set: all have read and thought before anybody writes."""
    waiting = [ride for ride in matching._open(place) if ride.job_id % ROUNDS == turn]
    free = list(Courier.objects.filter(city_id=place, state="on").order_by("pk"))
    found = matching._alone(place, waiting, free, minutes(1)).matches
    _thought.wait(60)
    for match in found:
        values = {"state": "offered", "courier_id": match.driver, "offered_at": NOON, "answer_by": NOON}
        with transaction.atomic():
            Job.objects.filter(pk=match.ride).update(**values)
    return len(found)


def held() -> Counter[int]:
    return Counter(Job.objects.filter(state__in=["offered", "accepted"]).values_list("courier_id", flat=True))


def test_two_hundred_callers_and_eight_drivers(crowd: int) -> None:
    came = parallel.together(_call_and_match, [(crowd, turn) for turn in range(ROUNDS)])
    assert {how for how, _ in came} == {"done"}, came
    operations.match_rides(city_id=crowd, at=minutes(1.1))
    assert Job.objects.count() == CALLERS
    assert set(held().values()) == {1}
    assert len(held()) == DRIVERS


def test_a_driver_is_offered_once_by_rounds_at_the_same_moment(crowd: int) -> None:
    for number in range(40):
        hail(crowd, f"or:{number}", service="pool", origin=Point(HOME.lat + number * 0.0005, HOME.lng))
    came = parallel.together(_match, [(crowd,)] * ROUNDS)
    offered = [pair for how, pairs in came if how == "done" for pair in pairs]
    assert Counter(who for _, who in offered) == held()
    assert set(held().values()) == {1}


def test_without_the_guard_a_driver_is_offered_again_and_again(crowd: int) -> None:
    for number in range(64):
        hail(crowd, f"or:{number}", service="pool", origin=Point(HOME.lat + number * 0.0003, HOME.lng))
    came = parallel.together(_naive, [(crowd, turn) for turn in range(ROUNDS)])
    assert {how for how, _ in came} == {"done"}, came
    assert max(held().values()) > 1


def _match(place: int) -> list[tuple[int, int]]:
    return list(operations.match_rides(city_id=place, at=minutes(1)).offered)
