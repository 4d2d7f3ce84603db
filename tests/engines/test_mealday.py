"""A day of meal delivery: whatever the day, what is done keeps every rule, and the same is done again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.engines.mealday import Courier, Day, Order, Params, Rules, Store, check, figures, simulate
from linli.engines.mealday.regroup import regroup
from linli.engines.mealday.space import Space, Trip

RULES = Rules(320.0)


def made(seed: int, orders: int, couriers: int, stores: int = 4) -> Day:
    rng = np.random.default_rng(seed)

    def at() -> tuple[float, float]:
        x, y = rng.integers(0, 4_000, 2)
        return float(x), float(y)

    places = tuple(Store(f"r{i}", *at()) for i in range(stores))
    placed = rng.integers(600, 760, orders)
    asked = tuple(
        Order(f"o{i}", *at(), int(when), f"r{rng.integers(stores)}", int(when + rng.integers(0, 40))) for i, when in enumerate(placed)
    )
    on = rng.integers(560, 700, couriers)
    crew = tuple(Courier(f"c{i}", *at(), int(when), int(when + rng.integers(0, 240))) for i, when in enumerate(on))
    return Day(f"made {seed}", RULES, places, asked, crew)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 40), st.integers(0, 8), st.booleans())
def test_what_is_done_keeps_every_rule(seed: int, orders: int, couriers: int, preparation: bool) -> None:
    day = made(seed, orders, couriers)
    assert check(day, simulate(day, preparation=preparation)) == []


def test_the_same_day_is_done_the_same_way() -> None:
    day = made(3, 60, 6)
    assert simulate(day) == simulate(day)
    assert simulate(day, preparation=False) == simulate(day, preparation=False)


def test_enough_couriers_bring_everything_soon() -> None:
    day = made(5, 40, 0)
    crew = tuple(Courier(f"c{i}", 100.0 * i, 100.0 * i, 560, 900) for i in range(30))
    day = Day(day.name, day.rules, day.stores, day.orders, crew)
    told = figures(day, simulate(day))
    assert told.undelivered_pct == 0
    assert told.ready_to_pickup_mean < 1
    assert told.orders_per_bundle < 1.1


def test_few_couriers_bring_more_at_once() -> None:
    crowd = Day("crowd", RULES, (Store("r", 0, 0),), tuple(Order(f"o{i}", 1_000, 10 * i, 600, "r", 610) for i in range(12)),
                (Courier("c", 0, 0, 600, 720), Courier("d", 0, 0, 600, 720)))  # fmt: skip
    told = figures(crowd, simulate(crowd))
    assert told.orders_per_bundle >= 2
    assert told.undelivered_pct == 0


def test_nobody_and_nothing_are_no_trouble() -> None:
    nobody, nothing = made(1, 10, 0), made(1, 0, 5)
    assert simulate(nobody).assignments == ()
    assert figures(nobody, simulate(nobody)).undelivered_pct == 100
    assert figures(nothing, simulate(nothing)).undelivered_pct == 0
    assert simulate(Day("empty", RULES, (), (), ())).departures == ()


def test_a_store_out_of_reach_leaves_the_order_and_takes_the_others() -> None:
    stores = (Store("far", 1e7, 0), Store("near", 0, 0))
    orders = (Order("lost", 0, 0, 600, "far", 610), Order("fine", 500, 0, 600, "near", 610))
    day = Day("far", RULES, stores, orders, (Courier("c", 0, 0, 590, 700),))
    assert [a.orders for a in simulate(day).assignments] == [("fine",)]


def test_the_time_that_food_is_ready_is_not_used_before_it_shows() -> None:
    day = made(8, 30, 5)
    last = max(day.orders, key=lambda order: order.ready)
    slower = tuple(Order(o.id, o.x, o.y, o.placed, o.store, o.ready + (30 if o is last else 0)) for o in day.orders)
    other = Day(day.name, day.rules, day.stores, slower, day.couriers)

    def before(found: Day) -> list[object]:
        result = simulate(found, preparation=False)
        return [x for x in (*result.assignments, *result.departures) if x.at < last.ready]

    assert before(day) == before(other)


def test_a_stopwatch_tells_how_long_each_decision_took() -> None:
    ticks = iter(range(100_000))
    result = simulate(made(2, 20, 4), stopwatch=lambda: float(next(ticks)))
    assert set(result.took_s) == {1.0}


SHOP, DOOR, CREW = Store("r", 0, 0), Order("o", 0, 0, 600, "r", 610), Courier("c", 0, 0, 600, 700)


@pytest.mark.parametrize(
    ("stores", "orders", "couriers", "words"),
    [
        ((SHOP, SHOP), (), (), "store r is given twice"),
        ((), (DOOR,), (), "no store r"),
        ((SHOP,), (Order("o", 0, 0, 600, "r", 599),), (), "ready before it is placed"),
        ((SHOP,), (), (Courier("c", 0, 0, 600, 599),), "ends before"),
        ((SHOP,), (), (Courier("c", float("nan"), 0, 600, 700),), "nowhere"),
    ],
)
def test_a_day_without_sense_is_refused(
    stores: tuple[Store, ...], orders: tuple[Order, ...], couriers: tuple[Courier, ...], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        Day("x", RULES, stores, orders, couriers)


def test_numbers_without_sense_are_refused() -> None:
    for wrong in ({"age": -1.0}, {"travel": float("nan")}, {"bundle": 0}, {"bundle": 9}):
        with pytest.raises(ValueError):
            Params(**wrong)  # type: ignore[arg-type]
    for rules in ((0.0,), (320.0, 3), (float("inf"),)):
        with pytest.raises(ValueError):
            Rules(*rules)  # type: ignore[arg-type]


def test_judging_bundles_by_the_matching_brings_meals_sooner_when_couriers_are_few() -> None:
    def minutes(**numbers: float) -> float:
        told = [figures(day, simulate(day, Params(**numbers))) for day in (made(seed, 60, 8) for seed in range(6))]
        assert max(day.undelivered_pct for day in told) < 40
        return float(np.mean([day.click_to_door_mean + 0.5 * day.undelivered_pct for day in told]))

    assert minutes() < minutes(regroups=0) - 0.2


def test_bundles_are_only_changed_for_a_cheaper_whole() -> None:
    space, ready = Space(made(4, 12, 2, stores=2)), np.full(12, 610)
    singles = [space.trip((order,)) for order in range(12)]

    @dataclass(frozen=True)
    class Plan:
        value: float

    tried: list[int] = []

    def planned(found: list[Trip]) -> Plan:
        assert sorted(order for trip in found for order in trip.sequence) == list(range(12))
        tried.append(len(found))
        return Plan(100.0 * abs(len(found) - 10))  # ten trips fit the couriers best

    best = regroup(space, Params(), 610, ready, 0.0, singles, planned(singles), planned)
    assert best.value == 0
    tried.clear()
    assert regroup(space, Params(regroups=3), 610, ready, 0.0, singles, Plan(-1e6), planned).value == -1e6
    assert len(tried) == 3
