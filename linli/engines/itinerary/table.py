"""The problem as tables of small numbers: index 0 is the bed, then the spots."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from linli.engines.itinerary.params import Params
from linli.engines.itinerary.problem import Problem
from linli.engines.itinerary.ways import Ways

Begins = tuple[tuple[int, int], ...]  # when a visit may begin: from, to
Stop = tuple[int, int]  # the spot's index, and which meal of the day it is (-1: none)
KEPT = 0.5  # points for leaving a spot on the day it was on; half of it on another day


class Table:
    """Everything that a search asks for often."""

    def __init__(self, problem: Problem, params: Params) -> None:
        ways = Ways([problem.home, *(spot.at for spot in problem.spots)], params)
        self.problem, self.params = problem, params
        self.minutes, self.rides = ways.minutes, ways.rides
        self.stay = [0, *(spot.minutes for spot in problem.spots)]
        self.price = [0, *(spot.price * problem.party for spot in problem.spots)]
        self.worth = [0.0, *(spot.worth for spot in problem.spots)]
        self.tag = ["", *(f"{spot.kind} {spot.tag}" for spot in problem.spots)]
        self.eats = [False, *(spot.kind == "meal" for spot in problem.spots)]
        self.index = {spot.id: number for number, spot in enumerate(problem.spots, 1)}
        self.fare = problem.fare * problem.party
        self.drag = params.travel_per_hour / 60
        self.due = [problem.due(day) for day in problem.days]
        self.pins = {self.index[name]: day for name, day in problem.pins.items()}
        self.kept = {self.index[name]: day for name, day in problem.kept.items() if name in self.index}
        self.begins = [[self._begins(index, day) for index in range(len(self.stay))] for day in range(len(problem.days))]

    def _begins(self, index: int, number: int) -> tuple[Begins, ...]:
        """By meal of the day, or the one entry of a sight."""
        if not index or self.pins.get(index, number) not in {None, number}:
            return ()
        spot, day = self.problem.spots[index - 1], self.problem.days[number]
        if spot.kind == "meal":
            return tuple(self.problem.begins(spot, day, meal) for meal in self.due[number])
        return (self.problem.begins(spot, day),)

    def may(self, day: int, stop: Stop) -> Begins:
        """When a stop may begin on a day; nothing where it cannot."""
        index, meal = stop
        found = self.begins[day][index]
        return found[max(meal, 0)] if len(found) > max(meal, 0) else ()

    def fond(self, index: int, day: int) -> float:
        """What it is worth to leave a spot of an earlier plan where it was."""
        was = self.kept.get(index)
        return 0.0 if was is None else KEPT if was == day else KEPT / 2

    def liking(self, indexes: Iterable[int]) -> float:
        """The worth of all that is seen and eaten; of each kind the best counts whole, the next ones less and less."""
        ordered = sorted(indexes, key=lambda index: (self.tag[index], -self.worth[index]))
        return sum(
            self.worth[index] * self.params.again**turn
            for _, same in groupby(ordered, key=self.tag.__getitem__)
            for turn, index in enumerate(same)
        )


def first_in(windows: Begins, at: int) -> int | None:
    """The first moment from `at` on that is in a window."""
    for first, last in windows:
        if at <= last:
            return max(at, first)
    return None


def last_in(windows: Begins, at: int) -> int | None:
    """The last moment up to `at` that is in a window."""
    for first, last in reversed(windows):
        if first <= at:
            return min(at, last)
    return None
