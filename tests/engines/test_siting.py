"""Sites that are proven best: against every choice where that can be tried, and checked by other means where not."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.engines.siting import Params, Problem, check, solve, without_site


def made(seed: int, clients: int, sites: int, count: int, *, fixed: bool = False) -> Problem:
    rng = np.random.default_rng(seed)
    away = np.abs(rng.random((clients, 1, 2)) - rng.random((1, sites, 2))).sum(axis=2)
    cost = np.round(away * rng.integers(1, 20, (clients, 1)) * 100)
    return Problem(cost, count, np.round(rng.random(sites) * 500) if fixed else None, whole=True)


def best_of_all(problem: Problem) -> float:
    fixed = problem.fixed if problem.fixed is not None else np.zeros(problem.cost.shape[1])
    choices = combinations(range(problem.cost.shape[1]), problem.count)
    return min(float(problem.cost[:, list(c)].min(axis=1).sum() + fixed[list(c)].sum()) for c in choices)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 25), st.integers(1, 9), st.data(), st.booleans())
def test_small_cases_are_solved_exactly(seed: int, clients: int, sites: int, data: st.DataObject, fixed: bool) -> None:
    problem = made(seed, clients, sites, data.draw(st.integers(1, sites)), fixed=fixed)
    result = solve(problem, seed=seed)
    assert check(problem, result) == []
    assert result.value == best_of_all(problem)
    assert result.gap == 0


def test_a_larger_case_is_proven_and_repeats_itself() -> None:
    problem = made(7, 300, 120, 12)
    result = solve(problem, seed=3)
    assert check(problem, result) == []
    assert result.gap == 0
    assert solve(problem, seed=3).sites == result.sites


def test_a_search_that_is_stopped_at_once_still_has_a_choice_and_an_honest_bound() -> None:
    problem = made(11, 200, 80, 8)
    hasty = solve(problem, Params(nodes=0, ascents=3), seed=1, stop=lambda: True)
    assert check(problem, hasty) == []
    assert hasty.bound <= solve(problem, seed=1).value <= hasty.value


def test_a_warm_start_is_never_made_worse() -> None:
    problem = made(5, 150, 60, 6)
    best = solve(problem, seed=1)
    again = solve(problem, Params(starts=1), seed=2, warm=best.sites)
    assert again.value == best.value


def test_losing_a_site_costs_something_and_keeps_the_rest_possible() -> None:
    problem = made(9, 120, 40, 5)
    best = solve(problem, seed=1)
    without = without_site(problem, best, best.sites[0], seed=1)
    assert best.sites[0] not in without.sites
    assert without.value >= best.value
    assert check(problem, without) == []


def test_a_site_that_cannot_serve_is_left_out() -> None:
    cost = np.array([[1.0, np.inf], [np.inf, 1.0], [5.0, 1.0]])
    assert solve(Problem(cost, 2)).sites == (0, 1)
    with pytest.raises(ValueError, match="cannot be served"):
        Problem(np.array([[np.inf, np.inf]]), 1)


TWO = np.ones((2, 2))


@pytest.mark.parametrize(("cost", "count"), [(TWO, 0), (TWO, 3), (TWO * np.nan, 1), (-TWO, 1), (np.ones((0, 2)), 1)])
def test_what_is_no_problem_is_refused(cost: np.ndarray, count: int) -> None:
    with pytest.raises(ValueError):
        Problem(cost, count)


def test_the_check_finds_what_is_wrong() -> None:
    problem = made(3, 20, 8, 3)
    result = solve(problem)
    assert check(problem, replace(result, value=result.value + 1))
    assert check(problem, replace(result, sites=result.sites[:-1]))
    assert check(problem, replace(result, bound=result.value + 1))
