"""Rides on the street: estimated, hailed, matched, started by code, driven, and what happens when that goes wrong."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from linli.apps.fulfilment import operations, queries
from linli.apps.fulfilment.models import Job
from linli.apps.fulfilment.operations import Rider, Spot
from linli.kernel.actors import Actor
from linli.kernel.errors import Conflict, Gone, Invalid
from linli.kernel.geo import Point
from linli.platform import policies
from linli.platform.models import Event
from linli.policy import rides
from tests import world
from tests.apps.fulfilment.street import NOON, WANG, courier, minutes, wanted

pytestmark = pytest.mark.django_db
QIAN, SUN, ZHOU = 951, 952, 953  # drivers, from near to far
HOME, STATION = Point(39.9140, 116.4180), Point(39.8650, 116.3790)


@pytest.fixture
def place(db: None) -> int:
    return world.beijing()


def driver(person_id: int, city_id: int, *, point: Point = HOME, drives: str = "economy", seats: int = 4, on: bool = True) -> int:
    plate = f"京A{person_id}D"
    operations.add_courier(
        person_id=person_id, city_id=city_id, vehicle="car", capacity=seats, drives=drives, plate=plate, at=NOON - timedelta(days=30)
    )
    if on:
        operations.go_online(courier_id=person_id, point=point, at=NOON)
    return person_id


def hail(
    city_id: int, ref: str = "or:1", *, service: str = "economy", origin: Point = HOME, target: Point = STATION, **more: object
) -> int:
    values: dict[str, object] = {"fare": 3_000, "at": NOON, "seats": 1} | more
    rider = Rider(person_id=7, name="林女士", phone="13800001357", seats=values.pop("seats"))  # type: ignore[arg-type]
    return operations.hail(
        ref=ref, city_id=city_id, store_id=70, rider=rider, origin=Spot(name="灯市口", point=origin), service=service,
        target=Spot(name="北京南站", point=target), metres=8_800, seconds=1_300, code="4711", **values,  # type: ignore[arg-type]
    )  # fmt: skip


def told() -> list[str]:
    return [name.removeprefix("fulfilment.") for name in Event.objects.order_by("pk").values_list("name", flat=True)]


def accepted(place: int, job: int, driver_id: int = QIAN, at: float = 1) -> None:
    operations.match_rides(city_id=place, at=minutes(at))
    operations.answer(courier_id=driver_id, job_id=job, accept=True, at=minutes(at))


def test_the_whole_ride(place: int) -> None:
    driver(QIAN, place)
    job = hail(place, tip=200)
    accepted(place, job)
    operations.arrive(courier_id=QIAN, job_id=job, at=minutes(3))
    with pytest.raises(Invalid, match="rider's code"):
        operations.pick_up(courier_id=QIAN, job_id=job, code="1234", at=minutes(4))
    operations.pick_up(courier_id=QIAN, job_id=job, code=" 4711", at=minutes(9))
    earned = operations.finish_ride(courier_id=QIAN, job_id=job, at=minutes(30))
    assert operations.finish_ride(courier_id=QIAN, job_id=job, at=minutes(31)) == earned
    lines = {line.kind: line.amount for line in queries.earnings(courier_id=QIAN, start=NOON, end=minutes(60))}
    assert lines == {"fare": 2_370, "waiting": 100, "tip": 200}  # 79 % of the fare; two minutes beyond the free four
    assert sum(lines.values()) == earned
    assert told() == ["job_offered", "job_accepted", "courier_arrived", "job_picked_up", "job_delivered"]
    operations.rate_driver(ref="or:1", rider_id=7, stars=5)
    operations.rate_rider(courier_id=QIAN, job_id=job, stars=4)
    view = queries.ride(ref="or:1")
    assert (view.job.state, view.driver_stars, view.rider_stars, view.driver and view.driver.plate) == ("delivered", 5, 4, "京A951D")


def test_an_estimate_has_its_parts_for_every_class(place: int) -> None:
    driver(QIAN, place)
    found = queries.estimate(city_id=place, origin=HOME, target=STATION, at=NOON)
    assert [each.service for each in found.classes] == ["economy", "comfort", "six", "pool"]
    economy, comfort, six, pooled = found.classes
    assert pooled.fare.total < economy.fare.total < comfort.fare.total < six.fare.total
    assert {part.kind for part in economy.fare.parts} == {"base", "distance", "time"}
    assert (economy.idle, economy.eta_s is not None, six.idle, six.eta_s) == (1, True, 0, None)
    assert found.surge.factor == 1


def test_demand_shows_in_the_estimate_and_is_capped(place: int) -> None:
    for number in range(12):
        hail(place, f"or:{number}")
    found = queries.estimate(city_id=place, origin=HOME, target=STATION, at=minutes(1))
    assert (found.surge.people, found.surge.idle, found.surge.capped) == (12, 0, True)
    assert found.surge.factor == policies.value(rides.SURGE_CAP, place)
    assert queries.zones(city_id=place, at=minutes(1))[0].surge.factor == found.surge.factor
    assert queries.estimate(city_id=place, origin=HOME, target=STATION, at=minutes(30)).surge.factor == 1


@pytest.mark.parametrize(
    ("origin", "target", "code"),
    [(HOME, HOME, "ride.short"), (HOME, Point(31.2, 121.4), "ride.outside"), (Point(0, 0), HOME, "ride.outside")],
)
def test_a_way_that_is_none(place: int, origin: Point, target: Point, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        queries.estimate(city_id=place, origin=origin, target=target, at=NOON)
    assert refused.value.code == code


def test_the_nearest_is_asked_first_and_then_the_next(place: int) -> None:
    driver(QIAN, place, point=Point(39.9150, 116.4180))
    driver(SUN, place, point=Point(39.9190, 116.4180))
    job = hail(place)
    assert operations.match_rides(city_id=place, at=minutes(0.1)).offered == ((job, QIAN),)
    operations.answer(courier_id=QIAN, job_id=job, accept=False, reason="far", at=minutes(0.2))
    assert operations.match_rides(city_id=place, at=minutes(0.3)).offered == ((job, SUN),)


def test_who_goes_offline_while_being_asked_is_passed_over(place: int) -> None:
    driver(QIAN, place)
    driver(SUN, place, point=Point(39.9160, 116.4180))
    job = hail(place)
    operations.match_rides(city_id=place, at=minutes(0.1))
    operations.go_offline(courier_id=QIAN, at=minutes(0.2))
    assert operations.match_rides(city_id=place, at=minutes(0.3)).offered == ((job, SUN),)
    with pytest.raises(Gone):
        operations.answer(courier_id=QIAN, job_id=job, accept=True, at=minutes(0.4))


def test_farther_ones_are_asked_only_after_a_while(place: int) -> None:
    driver(QIAN, place, point=Point(39.9440, 116.4180))  # 3.3 km
    job = hail(place)
    assert operations.match_rides(city_id=place, at=minutes(0.1)).offered == ()
    assert operations.match_rides(city_id=place, at=minutes(1)).offered == ((job, QIAN),)


def test_no_answer_passes_it_on(place: int) -> None:
    driver(QIAN, place)
    driver(SUN, place, point=Point(39.9160, 116.4180))
    job = hail(place)
    operations.match_rides(city_id=place, at=minutes(0.1))
    operations.lapse_offers(city_id=place, at=minutes(1))
    assert operations.match_rides(city_id=place, at=minutes(1)).offered == ((job, SUN),)


def test_nobody_within_five_minutes_ends_the_search_with_a_word(place: int) -> None:
    job = hail(place)
    assert operations.match_rides(city_id=place, at=minutes(4.9)).ended == 0
    assert operations.match_rides(city_id=place, at=minutes(5)).ended == 1
    assert operations.match_rides(city_id=place, at=minutes(6)).ended == 0
    assert (queries.job(job_id=job).state, told()) == ("cancelled", ["ride_unmatched"])


def test_a_driver_has_one_ride_and_couriers_have_none(place: int) -> None:
    driver(QIAN, place)
    courier(WANG, place, point=HOME)
    first, second = hail(place), hail(place, "or:2")
    meal = wanted(place, "or:3")
    assert operations.match_rides(city_id=place, at=minutes(1)).offered == ((first, QIAN),)
    operations.answer(courier_id=QIAN, job_id=first, accept=True, at=minutes(1))
    assert operations.match_rides(city_id=place, at=minutes(2)).offered == ()
    assert operations.tick(city_id=place, at=minutes(2)).offered == ((meal, WANG),)
    with pytest.raises(Conflict):
        operations.assign(job_id=second, courier_id=QIAN, actor=Actor("operator"), at=minutes(2))
    with pytest.raises(Conflict):
        operations.assign(job_id=second, courier_id=WANG, actor=Actor("operator"), at=minutes(2))
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=second).update(state="accepted", courier_id=QIAN)


def test_classes_go_to_their_cars(place: int) -> None:
    driver(QIAN, place)
    driver(SUN, place, drives="six", seats=6)
    six = hail(place, service="six", seats=6)
    assert operations.match_rides(city_id=place, at=minutes(1)).offered == ((six, SUN),)
    with pytest.raises(Invalid):
        hail(place, "or:2", service="economy", seats=5)
    with pytest.raises(Invalid):
        hail(place, "or:2", service="rocket")


def test_a_pooled_ride_joins_a_car_on_the_way(place: int) -> None:
    driver(QIAN, place)
    first = hail(place, service="pool")
    accepted(place, first)
    operations.pick_up(courier_id=QIAN, job_id=first, code="4711", at=minutes(2))
    on_the_way, aside = Point(39.9050, 116.4108), Point(39.95, 116.47)
    second = hail(place, "or:2", service="pool", origin=on_the_way, at=minutes(2))
    third = hail(place, "or:3", service="pool", origin=aside, target=Point(39.97, 116.49), at=minutes(2))
    found = operations.match_rides(city_id=place, at=minutes(2.2))
    assert (found.offered, found.shared) == (((second, QIAN),), 1)
    operations.answer(courier_id=QIAN, job_id=second, accept=True, at=minutes(2.3))
    stops = [(stop.job.id, stop.kind) for stop in queries.plan(courier_id=QIAN, at=minutes(2.3))]
    assert stops[0] == (second, "pickup")
    assert set(stops[1:]) == {(first, "drop"), (second, "drop")}
    assert operations.match_rides(city_id=place, at=minutes(3)).offered == ()  # two are enough
    assert queries.job(job_id=third).state == "waiting"


def test_solo_riders_share_with_nobody(place: int) -> None:
    driver(QIAN, place)
    accepted(place, hail(place))
    hail(place, "or:2", service="pool", at=minutes(1))
    assert operations.match_rides(city_id=place, at=minutes(2)).offered == ()


def test_far_off_the_way_is_told_once(place: int) -> None:
    driver(QIAN, place)
    job = hail(place)
    accepted(place, job)
    operations.pick_up(courier_id=QIAN, job_id=job, code="4711", at=minutes(2))
    operations.report(courier_id=QIAN, points=[(Point(39.89, 116.40), minutes(5))], at=minutes(5))
    operations.match_rides(city_id=place, at=minutes(5))
    assert queries.ride(ref="or:1").deviated_at is None
    operations.report(courier_id=QIAN, points=[(Point(39.95, 116.46), minutes(9))], at=minutes(9))
    operations.match_rides(city_id=place, at=minutes(9))
    operations.match_rides(city_id=place, at=minutes(10))
    assert queries.ride(ref="or:1").deviated_at == minutes(9)
    assert told().count("ride_deviated") == 1


def test_nobody_comes_to_the_car(place: int) -> None:
    driver(QIAN, place)
    job = hail(place)
    accepted(place, job)
    operations.arrive(courier_id=QIAN, job_id=job, at=minutes(3))
    with pytest.raises(Conflict, match="wait"):
        operations.no_show(courier_id=QIAN, job_id=job, at=minutes(6))
    assert operations.no_show(courier_id=QIAN, job_id=job, at=minutes(8)) == 632 + 50
    assert (queries.job(job_id=job).state, told()[-1]) == ("cancelled", "rider_missing")


def test_what_calling_off_costs(place: int) -> None:
    driver(QIAN, place)
    job = hail(place)
    assert queries.cancel_terms(ref="or:1", at=minutes(1)).fee == 0
    accepted(place, job)
    fees = [(terms.fee, terms.why) for when in (2, 4, 12) for terms in [queries.cancel_terms(ref="or:1", at=minutes(when))]]
    assert fees == [(0, "early"), (400, "coming"), (0, "late")]
    operations.arrive(courier_id=QIAN, job_id=job, at=minutes(13))
    assert [queries.cancel_terms(ref="or:1", at=minutes(when)).fee for when in (14, 20)] == [800, 950]


def test_a_driver_who_gives_up_is_replaced_in_new_minutes(place: int) -> None:
    driver(QIAN, place)
    driver(SUN, place, point=Point(39.9160, 116.4180))
    job = hail(place)
    accepted(place, job)
    operations.give_up(courier_id=QIAN, job_id=job, reason="vehicle", at=minutes(6))
    assert operations.match_rides(city_id=place, at=minutes(6.1)).offered == ((job, SUN),)


def test_a_driver_needs_a_car_and_a_plate(place: int) -> None:
    for values in ({"vehicle": "bike", "plate": "京A12345"}, {"vehicle": "car", "plate": ""}):
        with pytest.raises(Invalid):
            operations.add_courier(person_id=1, city_id=place, capacity=4, drives="economy", at=NOON, **values)
    with pytest.raises(Invalid):
        operations.add_courier(person_id=1, city_id=place, capacity=4, vehicle="car", drives="rocket", plate="京A12345", at=NOON)
