"""Who should wait elsewhere: never too far, never for nothing, the best that any assignment gains, and strict about its input."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.engines.dispatch.space import straight
from linli.engines.reposition import Params, Problem, Result, Worker, Zone, check, solve, zones
from linli.engines.reposition.problem import _served
from linli.kernel.geo import Point, cell

PARAMS = Params()
LEVEL = 7


def place(east: float) -> tuple[float, float]:
    return 39.9, 116.4 + east / (111_195 * math.cos(math.radians(39.9)))


def zone(east: float, expected: float) -> Zone:
    return Zone(cell(Point(*place(east)), LEVEL), place(east), expected)


A, B, C = zone(0, 0.2), zone(6_000, 2.0), zone(40_000, 9.0)


def problem(*workers: Worker, there: tuple[Zone, ...] = (A, B, C)) -> Problem:
    return Problem(there, workers, LEVEL)


def test_who_is_spare_goes_where_somebody_is_lacking_and_no_farther_than_the_bound() -> None:
    made = problem(*(Worker(number, place(number)) for number in range(4)))
    result = solve(made, PARAMS)
    assert {move.zone for move in result.moves} == {B.id}
    assert all(move.needed > move.otherwise and move.seconds <= PARAMS.most_s for move in result.moves)
    assert check(made, PARAMS, result) == []


def test_who_will_be_free_there_soon_counts_and_who_is_busy_is_not_sent() -> None:
    there = [Worker(number, place(6_000 + number), 60.0) for number in range(10, 15)]
    assert solve(problem(Worker(1, place(0)), *there), PARAMS).moves == ()
    assert solve(problem(Worker(1, place(0), 5.0)), PARAMS).moves == ()
    later = [replace(worker, free_s=PARAMS.soon_s + 1) for worker in there]
    assert [move.worker for move in solve(problem(Worker(1, place(0)), *later), PARAMS).moves] == [1]


def test_nobody_leaves_where_it_is_needed_as_much() -> None:
    even = (replace(A, expected=2.0), B)
    assert solve(problem(Worker(1, place(0)), Worker(2, place(6_000)), there=even), PARAMS).moves == ()


def test_without_zones_or_workers_nobody_is_sent() -> None:
    assert solve(problem(there=()), PARAMS).moves == ()
    assert solve(problem(Worker(1, place(0)), there=()), PARAMS).moves == ()
    assert solve(problem(), PARAMS).moves == ()


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.floats(-2_000, 16_000), st.sampled_from([0.0, 0.0, 0.0, 120.0, 700.0])), max_size=5),
    st.lists(st.floats(0, 4), min_size=3, max_size=3),
)
def test_it_is_the_best_of_all_ways_to_send_them(spots: list[tuple[float, float]], expected: list[float]) -> None:
    there = tuple(zone(east, number) for east, number in zip((0, 6_000, 12_000), expected, strict=True))
    made = problem(*(Worker(i, place(east), free) for i, (east, free) in enumerate(spots)), there=there)
    result = solve(made, PARAMS)
    assert check(made, PARAMS, result) == []
    assert result == solve(made, PARAMS)
    assert worth(made, {move.worker: move.zone for move in result.moves}) == pytest.approx(best(made), abs=0.01)


def worth(made: Problem, to: dict[int, str]) -> float:
    at = {one.id: one.place for one in made.zones}
    count = Counter(to.get(one.id) or made.zone_of(one.place) for one in made.workers if one.free_s <= PARAMS.soon_s)
    way = sum(straight(one.place, at[to[one.id]]) * PARAMS.pace for one in made.workers if to.get(one.id))
    return _served(made, count) * PARAMS.worth_s - way


def best(made: Problem) -> float:
    """By trying everything."""
    idle = [one for one in made.workers if not one.free_s]
    near = [["", *(z.id for z in made.zones if straight(one.place, z.place) * PARAMS.pace <= PARAMS.most_s)] for one in idle]
    return max(worth(made, dict(zip((one.id for one in idle), chosen, strict=True))) for chosen in product(*near))


def test_zones_are_where_it_was_asked() -> None:
    found = zones([place(0), place(10), place(6_000)], 0.5, LEVEL)
    assert {(one.id, one.expected) for one in found} == {(A.id, 1.0), (B.id, 0.5)}
    assert next(one for one in found if one.id == A.id).place == pytest.approx(place(5))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: problem(there=(A, A)), "is given twice"),
        (lambda: problem(Worker(1, place(0)), Worker(1, place(0))), "worker 1 is given twice"),
        (lambda: problem(there=(replace(A, place=place(9_000)),)), "lies in another"),
        (lambda: problem(there=(replace(A, expected=math.nan),)), "no number"),
        (lambda: problem(Worker(1, (99.0, 0.0))), "no place"),
        (lambda: problem(Worker(1, place(0), -1.0)), "no number"),
        (lambda: Params(pace=0.0), "pace must be positive"),
        (lambda: Params(most_s=math.inf), "most_s must be"),
    ],
)
def test_senseless_input_is_refused(make: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        make()  # type: ignore[operator]


def test_the_check_finds_what_is_wrong() -> None:
    made = problem(Worker(1, place(0)), Worker(2, place(5)), Worker(3, place(20), 60.0))
    good = solve(made, PARAMS)
    first = good.moves[0]

    def faults(*moves: object) -> str:
        return " ".join(check(made, PARAMS, Result(moves)))  # type: ignore[arg-type]

    assert faults(*good.moves) == ""
    assert "twice" in faults(first, first)
    assert "not of this problem" in faults(replace(first, zone="elsewhere"))
    assert "is busy" in faults(replace(first, worker=3))
    assert "misstated" in faults(replace(first, seconds=1.0))
    assert "too far" in faults(replace(first, zone=C.id, place=C.place, seconds=straight(made.workers[0].place, C.place) * PARAMS.pace))
    poor = problem(Worker(1, place(6_000)), there=(A, B))
    back = replace(first, zone=A.id, place=A.place, seconds=straight(place(6_000), A.place) * PARAMS.pace)
    assert check(poor, PARAMS, Result((back,))) == ["it is not worth the ways"]
