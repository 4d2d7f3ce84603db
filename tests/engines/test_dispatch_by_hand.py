"""Pins and bans of an operator are part of the problem; other numbers can be tried on the same one."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.engines.dispatch.compare import changed, compare
from linli.engines.dispatch.explain import explain
from linli.engines.dispatch.params import Params
from linli.engines.dispatch.problem import Problem
from linli.engines.dispatch.result import check
from linli.engines.dispatch.solve import solve
from tests.engines.test_dispatch import PARAMS, courier, order, problems

NEAR, AFAR = courier(1, 0), courier(2, 3_000)


def one(**more: object) -> Problem:
    return Problem(0.0, (order(10, **more),), (NEAR, AFAR))  # type: ignore[arg-type]


def who(problem: Problem, params: Params = PARAMS) -> list[tuple[int, tuple[int, ...]]]:
    result = solve(problem, params)
    assert check(problem, params, result) == []
    return [(a.courier, a.orders) for a in result.assignments]


def test_what_is_pinned_goes_to_its_courier_however_far() -> None:
    assert who(one()) == [(1, (10,))]
    assert who(one(pinned=2)) == [(2, (10,))]
    assert who(one(pinned=2), replace(PARAMS, reach_m=500.0, delay_s=1.0)) == [(2, (10,))]


def test_what_is_pinned_waits_for_a_courier_who_is_not_there() -> None:
    result = solve(one(pinned=77), PARAMS)
    assert [(part.orders, part.refusals) for part in result.unassigned] == [((10,), (("pinned", 2),))]


def test_a_pin_comes_before_what_the_courier_might_do_instead() -> None:
    orders = (order(10, pickup=9_000, drop=9_500, pinned=1), order(11, pickup=0, drop=100))
    assert who(Problem(0.0, orders, (NEAR,))) == [(1, (10,))]


def test_a_banned_courier_is_not_asked_and_the_reason_is_said() -> None:
    problem = one(banned=frozenset({1}))
    assert who(problem) == [(2, (10,))]
    assert [(other.courier, other.reason) for other in explain(problem, PARAMS, solve(problem, PARAMS), 10).others] == [(1, "banned")]
    assert who(one(banned=frozenset({1, 2}))) == []


def test_the_check_notices_when_a_pin_or_a_ban_is_not_kept() -> None:
    free = solve(one(), PARAMS)
    for problem in (one(pinned=2), one(banned=frozenset({1}))):
        assert any("operator" in fault for fault in check(problem, PARAMS, free))
    two = Problem(0.0, (order(10, pickup=9_000, drop=9_500, pinned=1), order(11)), (NEAR,))
    careless = solve(replace(two, orders=(replace(two.orders[0], pinned=None), two.orders[1])), PARAMS)
    assert any("pinned" in fault for fault in check(two, PARAMS, careless))


def test_a_courier_cannot_be_both_pinned_and_banned() -> None:
    with pytest.raises(ValueError, match="pinned and banned"):
        one(pinned=1, banned=frozenset({1}))


@settings(max_examples=80, deadline=None)
@given(problems(), st.data())
def test_every_result_with_pins_and_bans_can_be_carried_out(problem: Problem, data: st.DataObject) -> None:
    among = st.none() | st.integers(100, 105)
    orders = []
    for one in problem.orders:
        pinned = data.draw(among)
        orders.append(replace(one, pinned=pinned, banned=data.draw(st.frozensets(st.integers(100, 105), max_size=2)) - {pinned}))
    by_hand = replace(problem, orders=tuple(orders))
    assert check(by_hand, PARAMS, solve(by_hand, PARAMS)) == []
    assert Problem.from_json(json.loads(json.dumps(by_hand.to_json()))) == by_hand


@settings(max_examples=50, deadline=None)
@given(problems())
def test_the_baseline_can_be_carried_out_and_never_bundles_or_waits(problem: Problem) -> None:
    params = replace(PARAMS, nearest=True)
    result = solve(problem, params)
    assert check(problem, params, result) == []
    assert all(len(a.orders) == 1 for a in result.assignments)
    assert not result.postponed


def test_the_baseline_lets_the_first_order_take_what_the_second_needs() -> None:
    orders = (order(10, pickup=1_000, drop=1_100), order(11, pickup=900, drop=0))
    problem = Problem(0.0, orders, (courier(1, 950), courier(2, 3_000)))
    assert who(problem, replace(PARAMS, nearest=True))[0] == (1, (10,))


def test_other_numbers_on_the_same_problem_side_by_side() -> None:
    problem = Problem(0.0, (order(10, ready=900.0, promise=3_000.0),), (NEAR, AFAR))
    before = solve(problem, PARAMS)
    after = solve(problem, changed(PARAMS, {"slack_s": "2000"}))
    told = compare(problem, before, after)
    assert (told.before.assigned, told.before.postponed, told.after.assigned, told.after.late) == (0, 1, 1, 0)
    assert [(move.order, move.before, move.after) for move in told.moves] == [(10, None, 1)]
    assert compare(problem, after, after).moves == ()


@pytest.mark.parametrize("wrong", [{"slack": "1"}, {"late": "x"}, {"late": "-1"}, {"late": "nan"}, {"bundle": "1.5"}, {"nearest": "maybe"}])
def test_what_is_no_parameter_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError):
        changed(PARAMS, wrong)
