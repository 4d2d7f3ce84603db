"""Matching rides: feasible always, better than one by one, patient where that helps, and strict about its input."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.engines.rides import Driver, Match, Params, Problem, Result, Ride, check, solve

PARAMS = Params()


def place(east: float, north: float = 0.0) -> tuple[float, float]:
    return 39.9 + north / 111_195, 116.4 + east / (111_195 * math.cos(math.radians(39.9)))


def ride(number: int, east: float, asked: float = -60.0, **more: object) -> Ride:
    return replace(Ride(number, place(east), asked), **more)  # type: ignore[arg-type]


def driver(number: int, east: float, free: float = 0.0, **more: object) -> Driver:
    return replace(Driver(number, place(east), free), **more)  # type: ignore[arg-type]


metres = st.floats(-9_000, 9_000)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(metres, st.floats(-700, 0), st.integers(1, 6), st.frozensets(st.integers(0, 6), max_size=3)), max_size=6),
    st.lists(st.tuples(metres, st.floats(-100, 400), st.integers(1, 6)), max_size=6),
    st.integers(0, 5),
)
def test_every_round_can_be_carried_out(
    asked: list[tuple[float, float, int, frozenset[int]]], free: list[tuple[float, float, int]], seed: int
) -> None:
    rides = tuple(ride(i, east, since, seats=seats, barred=barred) for i, (east, since, seats, barred) in enumerate(asked))
    drivers = tuple(driver(i, east, moment, seats=seats) for i, (east, moment, seats) in enumerate(free))
    problem = Problem(0.0, rides, drivers)
    result = solve(problem, PARAMS, seed=seed)
    assert check(problem, PARAMS, result) == []
    assert result == solve(problem, PARAMS, seed=seed)


def test_the_batch_beats_first_come_first_served() -> None:
    """Both are nearest to driver 10; the first taking him would send the other far away."""
    problem = Problem(0.0, (ride(1, 0), ride(2, 1_000)), (driver(10, 600), driver(11, -800)))
    assert {match.ride: match.driver for match in solve(problem, PARAMS).matches} == {1: 11, 2: 10}


def test_who_has_just_asked_waits_for_somebody_nearer_and_who_has_waited_does_not() -> None:
    far = (driver(10, 3_000),)
    new = solve(Problem(0.0, (ride(1, 0, asked=0.0),), far), PARAMS)
    assert [(item.why, round(item.metres or 0)) for item in new.waiting] == [("soon", 3_000)]
    assert len(solve(Problem(0.0, (ride(1, 0, asked=-120.0),), far), PARAMS).matches) == 1


def test_of_two_who_want_the_only_driver_the_one_who_has_waited_long_goes_first() -> None:
    problem = Problem(0.0, (ride(1, 500), ride(2, 2_000, asked=-PARAMS.patience_s)), (driver(10, 400),))
    result = solve(problem, PARAMS)
    assert [match.ride for match in result.matches] == [2]
    assert [(item.ride, item.why) for item in result.waiting] == [(1, "taken")]


def test_a_driver_who_is_about_to_be_free_next_door_is_asked() -> None:
    problem = Problem(0.0, (ride(1, 0, asked=-120.0),), (driver(10, 2_500), driver(11, 0, free=60.0)))
    match = solve(problem, PARAMS).matches[0]
    assert (match.driver, match.seconds) == (11, pytest.approx(60.0))


@pytest.mark.parametrize("one", [driver(10, 20_000), driver(10, 0, free=PARAMS.soon_s + 1), driver(10, 0, seats=1), driver(9, 0)])
def test_who_is_far_busy_small_or_has_declined_is_not_asked(one: Driver) -> None:
    result = solve(Problem(0.0, (ride(1, 0, seats=2, barred=frozenset({9})),), (one,)), PARAMS)
    assert [item.why for item in result.waiting] == ["nobody"]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Problem(0.0, (ride(1, 0), ride(1, 5)), ()), "ride 1 is given twice"),
        (lambda: Problem(0.0, (), (driver(1, 0), driver(1, 5))), "driver 1 is given twice"),
        (lambda: Problem(math.nan, (), ()), "at is not"),
        (lambda: Problem(0.0, (Ride(1, (99.0, 0.0), 0.0),), ()), "ride 1: no place"),
        (lambda: Problem(0.0, (Ride(1, (math.nan, 0.0), 0.0),), ()), "ride 1: no place"),
        (lambda: Problem(0.0, (ride(1, 0, asked=math.inf),), ()), "ride 1: its time"),
        (lambda: Problem(0.0, (ride(1, 0, seats=0),), ()), "at least one seat"),
        (lambda: Params(pace=0.0), "pace must be positive"),
        (lambda: Params(near_m=-1.0), "near_m must be"),
    ],
)
def test_senseless_input_is_refused(make: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        make()  # type: ignore[operator]


def test_the_check_finds_what_is_wrong() -> None:
    problem = Problem(0.0, (ride(1, 0), ride(2, 100)), (driver(10, 0), driver(11, 0, seats=0 + 1)))
    good = solve(problem, PARAMS)
    assert check(problem, PARAMS, good) == []
    first = good.matches[0]
    assert "not every ride is answered once" in check(problem, PARAMS, Result((first,)))
    assert "a driver is asked twice" in check(problem, PARAMS, Result((first, replace(good.matches[1], driver=first.driver))))
    assert any("metres, not" in fault for fault in check(problem, PARAMS, Result((replace(first, metres=9.0), good.matches[1]))))
    assert any("is not there" in fault for fault in check(problem, PARAMS, Result((Match(7, 10, 0.0, 0.0),))))
    barred = replace(problem, rides=tuple(replace(one, barred=frozenset({10, 11})) for one in problem.rides))
    assert any("may not be asked" in fault for fault in check(barred, PARAMS, good))
