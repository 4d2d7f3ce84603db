"""Fares to the fen, demand with a cap, and two people in one car."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.engines.rides import Rule, Tariff, Trip, fare, pool
from linli.engines.rides import surge as demand
from linli.engines.rides.fare import Part, check

CALM = Tariff(base=800, per_km=180, per_min=40, minimum=1_200, night_bp=2_000, station=300, airport=1_000, pool_off_bp=2_500)
RULE = Rule(cap=Decimal("1.5"), slope=Decimal("0.25"), calm=Decimal(1), least=4)
PACE = 0.2
BOUND = pool.Bound(share=0.35, seconds=480, wait_s=360, board_s=60)


def amounts(trip: Trip, tariff: Tariff = CALM) -> dict[str, int]:
    return {part.kind: part.amount for part in fare(trip, tariff).parts}


def test_way_and_time_by_day() -> None:
    found = fare(Trip(metres=8_350, seconds=1_201), CALM)
    assert found.parts == (Part("base", 800), Part("distance", 1_503), Part("time", 801))
    assert found.total == 3_104


def test_a_short_ride_costs_the_minimum() -> None:
    assert amounts(Trip(metres=500, seconds=120)) == {"base": 800, "distance": 90, "time": 80, "minimum": 230}


def test_night_and_demand_raise_the_ride_and_not_the_toll() -> None:
    found = amounts(Trip(10_000, 1_200, night=True, place="airport", surge=Decimal("1.25")))
    assert found == {"base": 800, "distance": 1_800, "time": 800, "night": 680, "airport": 1_000, "surge": 1_020}


def test_a_pooled_ride_takes_its_share_off_everything() -> None:
    alone, pooled = (sum(amounts(Trip(6_000, 900, place="station", pooled=shared)).values()) for shared in (False, True))
    assert pooled == alone - alone // 4


@given(
    st.integers(0, 100_000), st.integers(0, 10_000), st.booleans(), st.sampled_from(["", "station", "airport"]), st.integers(20, 50),
    st.booleans(), st.integers(10_000, 20_000),
)  # fmt: skip
def test_every_fare_passes_the_independent_check(
    way: int, seconds: int, night: bool, place: str, factor: int, pooled: bool, class_bp: int
) -> None:
    trip = Trip(way, seconds, night, place, Decimal(factor) / 20, pooled)  # type: ignore[arg-type]
    tariff = Tariff(800, 180, 40, 1_200, 2_000, 300, 1_000, 2_500, class_bp)
    found = fare(trip, tariff)
    assert check(trip, tariff, found) == []
    assert found.total == sum(part.amount for part in found.parts) >= 0


def test_the_check_sees_a_wrong_fare() -> None:
    trip = Trip(6_000, 900)
    assert check(trip, CALM, fare(Trip(6_000, 900, night=True), CALM))


def test_nonsense_is_no_fare() -> None:
    with pytest.raises(ValueError, match="only ever raises"):
        Trip(1, 1, surge=Decimal("0.9"))
    with pytest.raises(ValueError, match="negative"):
        Tariff(-1, 0, 0, 0, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("people", "idle", "factor", "capped"),
    [(3, 0, "1", False), (4, 4, "1.00", False), (8, 4, "1.25", False), (9, 4, "1.30", False), (60, 2, "1.5", True)],
)
def test_demand_raises_in_steps_up_to_the_cap(people: int, idle: int, factor: str, capped: bool) -> None:
    found = demand.surge("cell", people, idle, RULE)
    assert (found.factor, found.capped) == (Decimal(factor), capped)


def test_neighbours_count_and_far_parts_do_not() -> None:
    here, next_door, far = (39.90, 116.40), (39.915, 116.40), (40.05, 116.60)
    asked = demand.counted([here] * 6)
    assert demand.around(here, asked, demand.counted([next_door] * 6), RULE).factor == 1
    assert demand.around(here, asked, demand.counted([far] * 6), RULE).factor == RULE.cap


def rider(number: int, pickup: tuple[float, float], drop: tuple[float, float], **more: float) -> pool.Rider:
    return pool.Rider(number, pickup, drop, pool.straight(pickup, drop) * PACE, **more)  # type: ignore[arg-type]


def test_somebody_on_the_way_joins() -> None:
    first = rider(1, (39.90, 116.40), (39.90, 116.50), rode_s=60)
    second = rider(2, (39.90, 116.43), (39.90, 116.49))
    way = pool.join((39.90, 116.41), (first,), second, seats=4, pace=PACE, bound=BOUND)
    assert way is not None
    assert way.stops == ((2, "pickup"), (2, "drop"), (1, "drop"))
    assert way.ride_s[1] <= first.direct_s * 1.35
    assert way.ride_s[2] <= second.direct_s * 1.35


def test_nobody_joins_who_is_too_far_round_for_either() -> None:
    first = rider(1, (39.90, 116.40), (39.90, 116.50), rode_s=60)
    assert pool.join((39.90, 116.41), (first,), rider(2, (39.93, 116.43), (39.93, 116.49)), seats=4, pace=PACE, bound=BOUND) is None
    assert pool.join((39.90, 116.41), (first,), rider(2, (39.90, 116.43), (39.90, 116.35)), seats=4, pace=PACE, bound=BOUND) is None


def test_a_full_car_takes_nobody() -> None:
    first = rider(1, (39.90, 116.40), (39.90, 116.50), rode_s=60, seats=3)
    assert (
        pool.join((39.90, 116.41), (first,), rider(2, (39.90, 116.43), (39.90, 116.49), seats=2), seats=4, pace=PACE, bound=BOUND) is None
    )


@given(st.lists(st.tuples(st.floats(39.88, 39.92), st.floats(116.38, 116.46)), min_size=4, max_size=4), st.floats(0, 300))
def test_whoever_joins_keeps_both_within_the_bound(places: list[tuple[float, float]], rode: float) -> None:
    car, drop, pickup, other = places
    first, second = rider(1, (39.90, 116.40), drop, rode_s=rode), rider(2, pickup, other)
    way = pool.join(car, (first,), second, seats=4, pace=PACE, bound=BOUND)
    if way is not None:
        for each in (first, second):
            assert way.ride_s[each.id] - each.direct_s <= min(0.35 * each.direct_s, 480) + 1e-6
        assert way.wait_s[2] <= 360
