"""Ticks by street, ends of shifts, and where couriers with nothing to do are told to wait."""

from __future__ import annotations

from typing import Any

import pytest

from linli.apps.city import operations as cities
from linli.apps.city.operations import Road
from linli.apps.fulfilment import operations, queries
from linli.apps.fulfilment.models import Courier, Job
from linli.kernel.actors import Actor
from linli.kernel.errors import Invalid
from linli.kernel.geo import Point, metres
from linli.platform import outbox, policies
from linli.policy import dispatch
from tests import world
from tests.apps.fulfilment.street import LI, NOODLES, WANG, courier, minutes, wanted

pytestmark = pytest.mark.django_db
BOSS = Actor("operator", 1)
NEAR = Point(NOODLES.lat - 0.002, NOODLES.lng)  # 220 m, over the river
FAR = Point(NOODLES.lat + 0.012, NOODLES.lng)
DOOR = Point(39.9100, 116.4200)


@pytest.fixture
def place(db: None) -> int:
    return world.beijing()


def river(place: int, *, bridge: bool = True) -> None:
    """From the near bank to the noodles one goes all the way to the east."""
    east = {3: Point(NEAR.lat, NEAR.lng + 0.03), 4: Point(NOODLES.lat, NOODLES.lng + 0.03)}
    nodes = {1: NEAR, 2: NOODLES, 5: FAR, 6: DOOR, **east}
    pairs = [(1, 3), (4, 2), (2, 5), (2, 6), *([(3, 4)] if bridge else [])]
    roads = [Road(*ends, "primary") for a, b in pairs for ends in ((a, b), (b, a))]
    cities.put_roads(city_id=place, nodes=nodes, roads=roads, source="test", at=minutes(0))


def test_the_tick_goes_by_street_and_can_be_made_again(place: int, settings: Any) -> None:
    settings.WAYS = "graph"
    courier(WANG, place, point=NEAR)
    courier(LI, place, point=FAR)
    wanted(place, ready_in=0, drop=DOOR)
    river(place)
    done = operations.tick(city_id=place, at=minutes(1))
    assert [who for _, who in done.offered] == [LI]
    replay = queries.replay(tick_id=done.id)
    assert replay.tick.problem.ways is not None
    assert replay.same
    assert replay.faults == ()
    assert {other.reason for other in queries.explain(tick_id=done.id, job_id=done.offered[0][0]).others} == {"dearer"}


@pytest.mark.parametrize("why", ["straight", "no graph", "too many places"])
def test_by_straight_lines_it_is_the_one_over_the_river(place: int, settings: Any, why: str) -> None:
    settings.WAYS = "straight" if why == "straight" else "graph"
    if why != "no graph":
        river(place)
    if why == "too many places":
        policies.change(number_name=dispatch.STREET_PLACES.name, city_id=place, value=2, actor=BOSS, at=minutes(0), reason="test")
    courier(WANG, place, point=NEAR)
    courier(LI, place, point=FAR)
    wanted(place, ready_in=0, drop=DOOR)
    done = operations.tick(city_id=place, at=minutes(1))
    assert [who for _, who in done.offered] == [WANG]
    assert queries.tick(tick_id=done.id).problem.ways is None


def test_who_is_cut_off_is_not_sent_and_the_plan_of_who_was_is_by_street(place: int, settings: Any) -> None:
    courier(WANG, place, point=NEAR)
    job = wanted(place, ready_in=0, drop=DOOR)
    operations.tick(city_id=place, at=minutes(1))
    operations.answer(courier_id=WANG, job_id=job, accept=True, at=minutes(1))
    before, window = queries.plan(courier_id=WANG, at=minutes(1)), queries.eta(ref="or:1", at=minutes(1))
    settings.WAYS = "graph"
    river(place)
    after = queries.plan(courier_id=WANG, at=minutes(1))
    assert after[0].arrive_at > before[0].arrive_at
    assert queries.routes(city_id=place, at=minutes(1))[WANG] == after
    assert queries.eta(ref="or:1", at=minutes(1)).to_at > window.to_at
    river(place, bridge=False)
    courier(LI, place, point=NEAR)
    second = wanted(place, "or:2", ready_in=0, drop=DOOR)
    done = operations.tick(city_id=place, at=minutes(2))
    assert done.offered == ()
    reasons = {other.courier: other.reason for other in queries.explain(tick_id=done.id, job_id=second).others}
    assert reasons[LI] == "cut_off"


# the end of a shift


def test_nothing_is_offered_that_would_keep_a_courier_after_the_end(place: int) -> None:
    courier(WANG, place, on=False)
    operations.go_online(courier_id=WANG, point=NOODLES, until=minutes(5), at=minutes(0))
    job = wanted(place, ready_in=30)
    courier(LI, place, point=FAR)
    Job.objects.filter(pk=job).update(ready=True, ready_at=minutes(0))
    policies.change(number_name=dispatch.SHIFT_OVER_MIN.name, city_id=place, value=0, actor=BOSS, at=minutes(0), reason="test")
    done = operations.tick(city_id=place, at=minutes(1))
    assert [who for _, who in done.offered] == [LI]
    assert [other.reason for other in queries.explain(tick_id=done.id, job_id=job).others] == ["home"]


def test_some_minutes_over_are_borne(place: int) -> None:
    courier(WANG, place, on=False)
    operations.go_online(courier_id=WANG, point=NOODLES, until=minutes(5), at=minutes(0))
    wanted(place, ready_in=0)
    policies.change(number_name=dispatch.SHIFT_OVER_MIN.name, city_id=place, value=30, actor=BOSS, at=minutes(0), reason="test")
    assert [who for _, who in operations.tick(city_id=place, at=minutes(1)).offered] == [WANG]


@pytest.mark.parametrize("until", [0, -5, 24 * 60 + 1])
def test_an_end_that_makes_no_sense_is_refused_and_the_shift_does_not_begin(place: int, until: float) -> None:
    courier(WANG, place, on=False)
    with pytest.raises(Invalid):
        operations.go_online(courier_id=WANG, point=NOODLES, until=minutes(until), at=minutes(0))
    assert not queries.courier(courier_id=WANG).on


def test_an_end_is_kept_until_it_is_over(place: int) -> None:
    courier(WANG, place, on=False)
    operations.go_online(courier_id=WANG, point=NOODLES, until=minutes(60), at=minutes(0))
    operations.go_online(courier_id=WANG, point=FAR, at=minutes(1))
    assert queries.courier(courier_id=WANG).until_at == minutes(60)
    operations.go_offline(courier_id=WANG, at=minutes(2))
    assert queries.courier(courier_id=WANG).until_at is None


# where to wait

AWAY = Point(NOODLES.lat + 0.03, NOODLES.lng)  # 3.3 km


def busy(place: int, *, on: bool = True) -> None:
    """The noodles have sold a lot; the only courier is elsewhere."""
    policies.change(number_name=dispatch.REPOSITION.name, city_id=place, value=on, actor=BOSS, at=minutes(0), reason="test")
    policies.change(number_name=dispatch.REPOSITION_MAX_MIN.name, city_id=place, value=30, actor=BOSS, at=minutes(0), reason="test")
    for number in range(6):
        wanted(place, f"or:{number}", at=minutes(number))
        operations.cancel(ref=f"or:{number}", at=minutes(number))


def test_who_has_nothing_to_do_is_told_to_wait_where_much_is_asked(place: int) -> None:
    courier(WANG, place, point=AWAY)
    busy(place)
    before = outbox.latest_id()
    assert operations.advise_waiting(city_id=place, at=minutes(10)) == 1
    view = queries.courier(courier_id=WANG)
    assert view.wait_at is not None
    assert metres(view.wait_at, NOODLES) < 100
    assert [row.name for row in outbox.after(before)] == ["fulfilment.wait_advised"]
    assert operations.advise_waiting(city_id=place, at=minutes(13)) == 0  # is on its way there
    operations.go_offline(courier_id=WANG, at=minutes(14))
    assert queries.courier(courier_id=WANG).wait_at is None


def test_nobody_is_told_who_is_busy_there_already_or_too_far_or_when_policy_says_no(place: int) -> None:
    courier(WANG, place, point=AWAY)
    busy(place, on=False)
    assert operations.advise_waiting(city_id=place, at=minutes(10)) == 0
    policies.change(number_name=dispatch.REPOSITION.name, city_id=place, value=True, actor=BOSS, at=minutes(9), reason="test")
    policies.change(number_name=dispatch.REPOSITION_MAX_MIN.name, city_id=place, value=2, actor=BOSS, at=minutes(9), reason="test")
    assert operations.advise_waiting(city_id=place, at=minutes(10)) == 0
    policies.change(number_name=dispatch.REPOSITION_MAX_MIN.name, city_id=place, value=30, actor=BOSS, at=minutes(9), reason="test")
    job = wanted(place, "or:77", at=minutes(9))
    operations.assign(job_id=job, courier_id=WANG, actor=BOSS, at=minutes(9))
    assert operations.advise_waiting(city_id=place, at=minutes(10)) == 0
    assert Courier.objects.get(pk=WANG).wait_until is None


def test_nobody_is_sent_away_shortly_before_going_home(place: int) -> None:
    courier(WANG, place, on=False)
    operations.go_online(courier_id=WANG, point=AWAY, until=minutes(25), at=minutes(0))
    busy(place)
    assert operations.advise_waiting(city_id=place, at=minutes(10)) == 0


def test_where_nothing_is_asked_or_nobody_is_there_nothing_is_advised(place: int) -> None:
    busy(place)
    assert operations.advise_waiting(city_id=place, at=minutes(10)) == 0
    courier(WANG, place, point=AWAY, at=minutes(100))
    assert operations.advise_waiting(city_id=place, at=minutes(101)) == 0
