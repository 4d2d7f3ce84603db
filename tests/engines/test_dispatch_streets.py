"""Dispatch by street instead of straight lines, and with couriers who want to go home: everything feasible, nobody sent where no way is."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.engines.dispatch.explain import explain
from linli.engines.dispatch.params import Params
from linli.engines.dispatch.problem import Problem, places
from linli.engines.dispatch.result import check
from linli.engines.dispatch.route import stops_of
from linli.engines.dispatch.solve import solve
from linli.engines.dispatch.space import between
from linli.engines.dispatch.ways import CUT, Ways
from tests.engines.test_dispatch import PARAMS, courier, order, place, problems


def by_street(problem: Problem, change: dict[tuple[tuple[float, float], tuple[float, float]], float] | None = None) -> Problem:
    """The problem with a table of the straight ways, but for those in `change`."""
    there = sorted(places(problem.orders, problem.couriers))
    table = np.array(between(there)).reshape(len(there), len(there))
    for (a, b), metres in (change or {}).items():
        table[there.index(a), there.index(b)] = metres
    return replace(problem, ways=Ways.of(there, table))


@st.composite
def streets(draw: st.DrawFn) -> Problem:
    problem = draw(problems())
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    there = sorted(places(problem.orders, problem.couriers))
    table = np.array(between(there)).reshape(len(there), len(there)) * rng.uniform(1.0, 2.0, (len(there), len(there)))
    table[rng.random(table.shape) < draw(st.sampled_from([0.0, 0.3]))] = np.inf
    np.fill_diagonal(table, 0.0)
    home = [draw(st.none() | st.floats(-600, 4_000)) for _ in problem.couriers]
    fleet = tuple(replace(one, until=until) for one, until in zip(problem.couriers, home, strict=True))
    return Problem(problem.at, problem.orders, fleet, Ways.of(there, table))


@settings(max_examples=150, deadline=None)
@given(streets(), st.integers(0, 3), st.booleans())
def test_every_result_can_be_carried_out(problem: Problem, seed: int, nearest: bool) -> None:
    params = replace(PARAMS, nearest=nearest)
    result = solve(problem, params, seed=seed)
    assert check(problem, params, result) == []
    again = Problem.from_json(json.loads(json.dumps(problem.to_json())))
    assert again == problem
    assert solve(again, params, seed=seed) == result


@settings(max_examples=40, deadline=None)
@given(problems())
def test_a_table_of_straight_ways_gives_to_the_same_couriers(problem: Problem) -> None:
    """But for the rounding to whole metres, which may turn a tie."""
    ours, theirs = solve(by_street(problem), PARAMS), solve(problem, PARAMS)
    assert sum(len(a.orders) for a in ours.assignments) == pytest.approx(sum(len(a.orders) for a in theirs.assignments), abs=1)


def test_the_courier_behind_the_river_is_not_the_nearest() -> None:
    problem = Problem(0.0, (order(1, 0),), (courier(10, 200), courier(11, -900)))
    assert solve(problem, PARAMS).assignments[0].courier == 10
    river = by_street(problem, {(place(200), place(0)): 5_000.0})
    assert solve(river, PARAMS).assignments[0].courier == 11


def test_where_no_way_leads_nobody_is_sent() -> None:
    problem = Problem(0.0, (order(1, 0),), (courier(10, 200), courier(11, -900)))
    island = by_street(problem, {(place(0), place(1_000)): np.inf})
    result = solve(island, PARAMS)
    assert result.unassigned[0].refusals == (("cut_off", 2),)
    assert {other.reason for other in explain(island, PARAMS, result, 1).others} == {"cut_off"}
    pinned = replace(island, orders=(replace(island.orders[0], pinned=10),))
    assert not solve(pinned, PARAMS).assignments  # not even by hand


def test_a_busy_courier_is_not_led_over_a_way_that_is_not_there() -> None:
    held = (replace(order(9, 0, 500), id=9),)
    problem = Problem(0.0, (order(1, 0, 1_050),), (courier(10, 100, stops=stops_of(held)),))
    assert solve(problem, PARAMS).assignments
    cut = {(place(500), place(1_050)): np.inf, (place(1_050), place(500)): np.inf, (place(500), place(0)): np.inf}
    assert not solve(by_street(problem, cut), PARAMS).assignments


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: Ways((place(0), place(0)), b"\0" * 16), "twice"),
        (lambda: Ways((place(0),), b""), "a number for each"),
        (lambda: Ways.of([place(0)], np.array([[-1.0]])), "negative"),
        (lambda: replace(Problem(0.0, (order(1),), ()), ways=Ways((place(0),), b"\0" * 4)), "do not know"),
    ],
)
def test_senseless_ways_are_refused(build, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=message):
        build()


def test_what_is_no_number_is_no_way() -> None:
    ways = Ways.of([place(0), place(1)], np.array([[0.0, np.inf], [np.nan, 0.0]]))
    assert ways.metres().tolist() == [[0, CUT], [CUT, 0]]


# going home

LAST = 1_000 * 0.3 + PARAMS.pickup_s + PARAMS.drop_s  # from the store at the courier's feet to the door


def test_nobody_is_given_what_cannot_be_brought_before_going_home() -> None:
    one = courier(10, 0)
    early, late = (Problem(0.0, (order(1),), (replace(one, until=LAST + more),)) for more in (-1.0, 1.0))
    assert solve(early, PARAMS).unassigned[0].refusals == (("home", 1),)
    assert [a.courier for a in solve(late, PARAMS).assignments] == [10]
    again = solve(replace(early, couriers=(*early.couriers, courier(11, -3_000))), PARAMS)
    assert [a.courier for a in again.assignments] == [11]


def test_food_that_is_ready_after_the_shift_is_for_somebody_else() -> None:
    problem = Problem(0.0, (order(1, ready=2_000.0, promise=4_000.0),), (replace(courier(10, 0), until=1_900.0), courier(11, 900)))
    assert [p.courier for p in solve(problem, PARAMS).postponed] == [11]


def test_a_second_meal_on_the_way_does_not_keep_a_courier_from_home() -> None:
    held = stops_of((order(9, 0, 1_000),))
    second = order(1, 0, 1_050)
    free = Problem(0.0, (second,), (courier(10, 0, stops=held),))
    done = solve(free, PARAMS).assignments[0].visits[-1].leave
    early, late = (Problem(0.0, (second,), (replace(free.couriers[0], until=done + more),)) for more in (-1.0, 1.0))
    assert not solve(early, PARAMS).assignments
    assert solve(late, PARAMS).assignments


def test_an_operator_may_pin_beyond_the_end() -> None:
    problem = Problem(0.0, (order(1, pinned=10),), (replace(courier(10, 0), until=10.0),))
    assert [a.courier for a in solve(problem, PARAMS).assignments] == [10]
    assert check(problem, PARAMS, solve(problem, PARAMS)) == []


def test_the_check_notices_who_is_kept_from_home() -> None:
    problem = Problem(0.0, (order(1),), (courier(10, 0),))
    result = solve(problem, PARAMS)
    assert check(replace(problem, couriers=(replace(courier(10, 0), until=60.0),)), PARAMS, result)
    assert check(by_street(problem, {(place(0), place(1_000)): np.inf}), PARAMS, result)


@pytest.mark.parametrize("until", [float("nan"), float("inf")])
def test_an_end_that_is_no_time_is_refused(until: float) -> None:
    with pytest.raises(ValueError, match="until"):
        Problem(0.0, (), (replace(courier(10, 0), until=until),))


def test_ten_times_too_many_orders_all_have_an_answer() -> None:
    params = Params()
    orders = tuple(order(i, pickup=50.0 * (i % 40), drop=1_000.0 + 7 * i, promise=60.0) for i in range(200))
    fleet = tuple(courier(1_000 + i, 100.0 * i) for i in range(20))
    result = solve(Problem(5_000.0, orders, fleet), params)  # every window is past
    assert check(Problem(5_000.0, orders, fleet), params, result) == []
    assert len(result.assignments) == 20
    assert sum(len(part.orders) for part in (*result.assignments, *result.unassigned)) == 200


def test_no_distance_at_all_is_no_fault() -> None:
    problem = Problem(0.0, (order(1, 0, 0), order(2, 0, 0)), (courier(10, 0),))
    assert check(problem, PARAMS, solve(problem, PARAMS)) == []
    assert [a.orders for a in solve(problem, PARAMS).assignments] == [(1, 2)]
    assert check(by_street(problem), PARAMS, solve(by_street(problem), PARAMS)) == []


def test_a_store_that_is_never_ready_is_decided_later_each_time() -> None:
    for at in (0.0, 3_600.0, 36_000.0):
        never = order(1, 0, ready=at + 7_200.0, promise=1_800.0)
        assert solve(Problem(at, (never,), (courier(10, 0),)), PARAMS).postponed[0].orders == (1,)


def test_who_was_to_bring_it_and_has_disappeared_keeps_nothing_from_others() -> None:
    """Who is not in the problem any more bars, is pinned and banned in vain; what is pinned to nobody there waits."""
    gone = 77
    problem = Problem(
        0.0, (order(1, barred=frozenset({gone}), banned=frozenset({gone})), order(2, 500, 900, pinned=gone)), (courier(10, 0),)
    )
    result = solve(problem, PARAMS)
    assert [a.orders for a in result.assignments] == [(1,)]
    assert [part.orders for part in result.unassigned] == [(2,)]
