"""Dispatch: feasible always, optimal where brute force can say so, explained, replayed to the bit, and strict about its input."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.engines.dispatch.bundle import bundles
from linli.engines.dispatch.explain import explain, explain_many
from linli.engines.dispatch.params import Params
from linli.engines.dispatch.problem import Courier, Order, Problem, Stop
from linli.engines.dispatch.result import Result, check
from linli.engines.dispatch.route import best_route, stops_of, timed
from linli.engines.dispatch.solve import price, solve

WHERE = (39.90, 116.40)
PARAMS = Params()
SINGLE = Params(bundle=1, slack_s=1e6, candidates=0)


def place(east: float, north: float = 0.0) -> tuple[float, float]:
    """A place so many metres east and north of the middle of town."""
    return WHERE[0] + north / 111_195, WHERE[1] + east / (111_195 * math.cos(math.radians(WHERE[0])))


def order(number: int, pickup: float = 0.0, drop: float = 1_000.0, ready: float = 0.0, promise: float = 1_800.0, **more: object) -> Order:
    values: dict[str, object] = {"store": int(pickup), "load": 1, "barred": frozenset()} | more
    return Order(number, pickup=place(pickup), drop=place(drop), ready_at=ready, promise_at=promise, **values)  # type: ignore[arg-type]


def courier(number: int, at: float, capacity: int = 4, stops: tuple[Stop, ...] = ()) -> Courier:
    return Courier(number, place(at), 0.3, capacity, stops)


places = st.tuples(st.floats(39.86, 39.94), st.floats(116.35, 116.45))
stores = st.sampled_from([(1, place(0)), (2, place(500, 800)), (3, place(-1_500, 300))])


@st.composite
def problems(draw: st.DrawFn, most_orders: int = 6, most_couriers: int = 5) -> Problem:
    orders = []
    for number in range(draw(st.integers(0, most_orders))):
        store, pickup = draw(stores)
        ready = draw(st.floats(-600, 1_200))
        barred = draw(st.frozensets(st.integers(100, 104), max_size=1))
        orders.append(Order(number, store, pickup, draw(places), ready, ready + draw(st.floats(0, 2_400)), draw(st.integers(1, 3)), barred))
    return Problem(0.0, tuple(orders), tuple(draw(couriers(100 + i)) for i in range(draw(st.integers(0, most_couriers)))))


@st.composite
def couriers(draw: st.DrawFn, number: int) -> Courier:
    stops: list[Stop] = []
    for i in range(draw(st.integers(0, 2))):
        held, (_, pickup) = number * 10 + i, draw(stores)
        if draw(st.booleans()):
            stops.append(Stop(held, "pickup", pickup, draw(st.floats(-600, 900))))
        stops.append(Stop(held, "drop", draw(places), draw(st.floats(0, 2_400))))
    return Courier(number, draw(places), draw(st.floats(0.15, 0.6)), draw(st.integers(0, 6)), tuple(stops))


@settings(max_examples=150, deadline=None)
@given(problems(), st.integers(0, 5))
def test_every_result_can_be_carried_out(problem: Problem, seed: int) -> None:
    assert check(problem, PARAMS, solve(problem, PARAMS, seed=seed)) == []


@settings(max_examples=40, deadline=None)
@given(problems(), st.integers(0, 5))
def test_a_tick_read_back_from_json_decides_the_same(problem: Problem, seed: int) -> None:
    result = solve(problem, PARAMS, seed=seed)
    again = Problem.from_json(json.loads(json.dumps(problem.to_json())))
    params = Params.from_json(json.loads(json.dumps(PARAMS.to_json())))
    assert again == problem
    assert solve(again, params, seed=seed) == result == Result.from_json(json.loads(json.dumps(result.to_json())))


@settings(max_examples=80, deadline=None)
@given(couriers(100), st.lists(st.tuples(stores, places, st.floats(-300, 900), st.floats(0, 2_400)), max_size=1))
def test_the_sequence_is_the_best_of_all(
    one: Courier, wants: list[tuple[tuple[int, tuple[float, float]], tuple[float, float], float, float]]
) -> None:
    extra = stops_of(Order(i, s[0], s[1], drop, ready, promise) for i, (s, drop, ready, promise) in enumerate(wants))
    route = best_route(one, extra, 0.0, PARAMS)
    costs = [timed(one, way, 0.0, PARAMS).cost.total for way in permutations(one.stops + extra) if _allowed(one, way)]
    if route is None:
        assert costs == []
    else:
        assert route.cost.total == pytest.approx(min(costs))


def _allowed(one: Courier, way: tuple[Stop, ...]) -> bool:
    collected = {stop.order for stop in way if stop.kind == "pickup"}
    on_board = {stop.order for stop in way} - collected
    load = sum(stop.load for stop in way if stop.order in on_board)
    for stop in way:
        if stop.kind == "drop" and stop.order not in on_board:
            return False
        on_board.add(stop.order)
        load += stop.load if stop.kind == "pickup" else -stop.load
        if stop.kind == "pickup" and load > one.capacity:
            return False
    return True


@settings(max_examples=60, deadline=None)
@given(problems(most_orders=4, most_couriers=4))
def test_the_matching_is_the_best_of_all(problem: Problem) -> None:
    table = price(problem, SINGLE)
    result = solve(problem, SINGLE)
    feasible = [
        (len(pairs), -sum(table.cost[g, c] for g, c in pairs))
        for pairs in _matchings(len(table.groups), len(problem.couriers))
        if all(table.reason[g, c] == 0 for g, c in pairs)
    ]
    row = {group[0].id: g for g, group in enumerate(table.groups)}
    column = {one.id: c for c, one in enumerate(problem.couriers)}
    priced = [table.cost[row[a.orders[0]], column[a.courier]] for a in result.assignments]
    most, best = max(feasible)
    assert len(result.assignments) == most
    assert sum(priced) == pytest.approx(-best, abs=0.01)
    # The table puts new stops behind the present ones; the exact sequence is never dearer than that.
    assert all(a.cost.total <= price + 0.01 for a, price in zip(result.assignments, priced, strict=True))


def _matchings(rows: int, columns: int) -> list[list[tuple[int, int]]]:
    if rows == 0:
        return [[]]
    rest = _matchings(rows - 1, columns)
    return rest + [[*pairs, (rows - 1, c)] for pairs in rest for c in range(columns) if all(c != other for _, other in pairs)]


def test_the_batch_beats_first_come_first_served() -> None:
    """Both orders prefer courier 10; greedily given to the first, the second would go to one far away."""
    problem = Problem(0.0, (order(1, 0), order(2, 2_000, 3_000)), (courier(10, 500), courier(11, -600)))
    chosen = {a.courier: a.orders for a in solve(problem, PARAMS).assignments}
    assert chosen == {11: (1,), 10: (2,)}


def test_drops_alike_are_bundled_and_drops_apart_are_not() -> None:
    alike = Problem(0.0, (order(1, 0, 1_000), order(2, 0, 1_050)), (courier(10, 0),))
    assert [a.orders for a in solve(alike, PARAMS).assignments] == [(1, 2)]
    apart = Problem(0.0, (order(1, 0, 1_500), order(2, 0, -1_500)), (courier(10, 0), courier(11, 0)))
    assert sorted(a.orders for a in solve(apart, PARAMS).assignments) == [(1,), (2,)]


def test_a_bundle_keeps_to_capacity_and_to_its_ready_window() -> None:
    many = tuple(order(i, 0, 1_000 + i, load=2) for i in range(5))
    assert max(sum(o.load for o in g) for g in bundles(Problem(0.0, many, (courier(10, 0),)), PARAMS)) <= 4
    spread = (order(1, 0, ready=0.0), order(2, 0, ready=PARAMS.bundle_ready_s + 1))
    assert len(bundles(Problem(0.0, spread, (courier(10, 0),)), PARAMS)) == 2


def test_food_that_is_ready_much_later_is_decided_later() -> None:
    late = Problem(0.0, (order(1, 0, ready=1_200.0, promise=3_000.0),), (courier(10, 100),))
    result = solve(late, PARAMS)
    assert not result.assignments
    assert result.postponed[0].courier == 10
    assert result.postponed[0].slack_s == pytest.approx(1_200 - 30, abs=1)
    soon = solve(Problem(1_100.0, late.orders, late.couriers), PARAMS)
    assert [a.orders for a in soon.assignments] == [(1,)]


def test_a_postponed_order_does_not_keep_its_courier_from_another() -> None:
    problem = Problem(0.0, (order(1, 0, ready=1_200.0, promise=3_000.0), order(2, 3_000)), (courier(10, 100),))
    result = solve(problem, PARAMS)
    assert [a.orders for a in result.assignments] == [(2,)]
    assert [p.orders for p in result.postponed] == [(1,)]


def test_a_courier_on_the_way_to_the_store_takes_the_second_order_along() -> None:
    held = (Stop(9, "pickup", place(0), 300.0), Stop(9, "drop", place(1_000), 1_800.0))
    problem = Problem(0.0, (order(1, 0, 1_050, ready=300.0),), (courier(10, 600, stops=held), courier(11, 2_500)))
    assignment = solve(problem, PARAMS).assignments[0]
    assert assignment.courier == 10
    assert [visit.stop.kind for visit in assignment.visits] == ["pickup", "pickup", "drop", "drop"]


def test_of_two_equal_couriers_the_one_who_has_waited_longer_is_asked() -> None:
    fair = replace(PARAMS, fair=0.01)
    waited = (courier(10, 0), replace(courier(11, 30), idle_s=3_600.0))
    assert [a.courier for a in solve(Problem(0.0, (order(1),), waited), fair).assignments] == [11]
    assert [a.courier for a in solve(Problem(0.0, (order(1),), waited), PARAMS).assignments] == [10]


def test_who_declined_is_not_asked_again() -> None:
    problem = Problem(0.0, (order(1, barred=frozenset({10})),), (courier(10, 0), courier(11, 2_000)))
    assert [a.courier for a in solve(problem, PARAMS).assignments] == [11]
    alone = solve(Problem(0.0, problem.orders, (courier(10, 0),)), PARAMS)
    assert alone.unassigned[0].refusals == (("barred", 1),)


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (courier(10, 0, capacity=0), "small"),
        (courier(10, PARAMS.reach_m + 100), "far"),
        (courier(10, 0, capacity=9, stops=tuple(Stop(i, "drop", place(100), 900.0) for i in range(50, 54))), "full"),
        (replace(courier(10, 0, stops=(Stop(50, "drop", place(9_000), 900.0),)), pace=1.0), "far"),
        (replace(courier(10, 0, stops=(Stop(50, "drop", place(3_000), 900.0),)), pace=2.0), "busy"),
    ],
)
def test_why_nobody_could_be_asked(one: Courier, reason: str) -> None:
    problem = Problem(0.0, (order(1),), (one,))
    assert solve(problem, replace(PARAMS, candidates=0)).unassigned[0].refusals == ((reason, 1),)


def test_a_courier_who_was_given_too_much_by_hand_gets_nothing_new() -> None:
    stops = (Stop(50, "pickup", place(0), 0.0, load=9), Stop(50, "drop", place(100), 900.0, load=9))
    result = solve(Problem(0.0, (order(1),), (courier(10, 0, capacity=3, stops=stops),)), PARAMS)
    assert result.unassigned[0].refusals == (("full", 1),)


def test_nobody_and_nothing() -> None:
    assert solve(Problem(0.0, (), (courier(10, 0),)), PARAMS) == Result()
    assert solve(Problem(0.0, (order(1),), ()), PARAMS).unassigned[0].orders == (1,)
    assert solve(Problem(0.0, (), ()), PARAMS) == Result()


def test_the_explanation_names_the_rival_and_what_a_swap_would_cost() -> None:
    problem = Problem(0.0, (order(1, 0), order(2, 2_000, 3_000)), (courier(10, 500), courier(11, -600), courier(12, -5_000)))
    result = solve(problem, PARAMS)
    reasons = explain(problem, PARAMS, result, 1)
    assert (reasons.outcome, reasons.courier) == ("assigned", 11)
    rival, far = reasons.others
    assert (rival.courier, rival.reason, rival.instead) == (10, "taken", (2,))
    assert rival.more is not None
    assert rival.more < 0 < (rival.swap or 0)
    assert (far.courier, far.reason) == (12, "dearer")
    assert far.more is not None
    assert far.more > 0
    with pytest.raises(KeyError):
        explain(problem, PARAMS, result, 99)


def test_for_an_order_that_is_decided_later_nobody_is_called_taken() -> None:
    waits = order(1, 0, ready=1_200.0, promise=3_000.0)
    problem = Problem(0.0, (waits, order(2, 500), order(3, -500)), (courier(10, 0), courier(11, 300)))
    reasons = explain(problem, PARAMS, solve(problem, PARAMS), 1)
    assert reasons.outcome == "postponed"
    assert [(other.reason, other.swap) for other in reasons.others] == [("later", None)]


@settings(max_examples=30, deadline=None)
@given(problems())
def test_explaining_many_at_once_says_the_same(problem: Problem) -> None:
    result = solve(problem, PARAMS)
    many = explain_many(problem, PARAMS, result, [one.id for one in problem.orders])
    assert many == {one.id: explain(problem, PARAMS, result, one.id) for one in problem.orders}
    few = explain_many(problem, PARAMS, result, many, most=2)
    for number, reasons in few.items():
        assert len(reasons.others) <= 3
        assert reasons.others[:1] == many[number].others[:1] or reasons.others[0].cost is None


@settings(max_examples=40, deadline=None)
@given(problems())
def test_no_swap_of_two_couriers_would_be_cheaper(problem: Problem) -> None:
    result = solve(problem, SINGLE)
    for assignment in result.assignments:
        for other in explain(problem, SINGLE, result, assignment.orders[0]).others:
            assert other.swap is None or other.swap > -0.01
            assert other.reason != "dearer" or (other.more or 0) > -0.01


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda p: replace(p, orders=(order(1), order(1))), "order 1 is given twice"),
        (lambda p: replace(p, couriers=(courier(10, 0), courier(10, 0))), "courier 10 is given twice"),
        (lambda p: replace(p, at=math.nan), "at is not a finite number"),
        (lambda p: replace(p, orders=(order(1, ready=math.nan),)), "order 1: time"),
        (lambda p: replace(p, orders=(replace(order(1), drop=(math.nan, 0.0)),)), "order 1: drop"),
        (lambda p: replace(p, orders=(replace(order(1), pickup=(91.0, 0.0)),)), "no place on the earth"),
        (lambda p: replace(p, orders=(order(1, load=0),)), "load"),
        (lambda p: replace(p, couriers=(replace(courier(10, 0), pace=0.0),)), "pace"),
        (lambda p: replace(p, couriers=(courier(10, 0, stops=(Stop(5, "pickup", place(0), 0.0),)),)), "without its drop"),
        (lambda p: replace(p, couriers=(courier(10, 0, stops=(Stop(1, "drop", place(0), 0.0),)),)), "order on a route 1"),
        (
            lambda p: replace(p, couriers=(courier(10, 0, stops=tuple(Stop(i, "drop", place(0), 0.0) for i in range(50, 59))),)),
            "more than 8",
        ),
    ],
)
def test_senseless_problems_are_refused_with_a_reason(change, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=message):
        change(Problem(0.0, (order(1),), (courier(10, 0),)))


@pytest.mark.parametrize("change", [{"late": math.inf}, {"ride": -1.0}, {"bundle": 4}, {"orders": 0}])
def test_senseless_parameters_are_refused(change: dict[str, float]) -> None:
    with pytest.raises(ValueError):
        Params.from_json(Params().to_json() | change)


def test_the_check_notices_what_is_wrong() -> None:
    """A check that never complains proves nothing: each kind of damage is found."""
    problem = Problem(0.0, (order(1), order(2, 2_000)), (courier(10, 0), courier(11, 2_000)))
    result = solve(problem, PARAMS)
    first, second = result.assignments
    damaged = [
        replace(result, assignments=(first,)),
        replace(result, assignments=(first, first, second)),
        replace(result, assignments=(replace(first, courier=second.courier), second)),
        replace(result, assignments=(replace(first, visits=first.visits[::-1]), second)),
        replace(result, assignments=(replace(first, visits=first.visits[:1]), second)),
        replace(result, assignments=(replace(first, courier=99), second)),
    ]
    assert check(problem, PARAMS, result) == []
    assert all(check(problem, PARAMS, bad) for bad in damaged)
    barred = replace(problem, orders=tuple(replace(o, barred=frozenset({10, 11})) for o in problem.orders))
    assert check(barred, PARAMS, result)
    small = replace(problem, couriers=tuple(replace(c, capacity=0) for c in problem.couriers))
    assert check(small, PARAMS, result)
