"""Ruin and rebuild for wishes that are too large to be solved exactly (Schrimpf et al. 2000), accepted like annealing."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from math import exp

from linli.engines.itinerary.route import Route, route
from linli.engines.itinerary.table import Stop, Table

MISSING = 100.0  # points that a missing meal or pin costs: more than any sight is worth
EAGER = 0.5  # points by which any sight is better than none: long visits are not shut out by short ones
BLINK = 0.12  # Christiaens and Vanden Berghe (2020), slack induction by string removals
MOOD = 1.0  # points by which a spot may seem better or worse than it is
Find = tuple[float, int, int, Stop]  # gain, day, place, stop


class Search:
    """A plan, from `start` on taken apart and put together again; with `thrift` a meal is chosen by what it costs alone, with its fares.

    `moody` is the share of rounds in which every spot seems a little better or worse than it is (noise of Ropke and Pisinger, 2006):
    what is never the next best choice, but part of the best plan, is tried, too.
    """

    def __init__(self, table: Table, seed: int, *, thrift: bool = False, moody: float = 0.0, start: Sequence[list[Stop]] = ()) -> None:
        self.table, self.random, self.thrift, self.moody = table, random.Random(seed), thrift, moody
        self.mood = [0.0] * len(table.stay)
        self.days: list[Route] = [self._route(day, stops) for day, stops in enumerate(start or [[] for _ in table.problem.days])]
        self.sights = [index for index in range(1, len(table.stay)) if not table.eats[index]]
        self.food = [index for index in range(1, len(table.stay)) if table.eats[index]]
        self.cheapest = min((table.price[index] for index in self.food), default=0)

    def _route(self, day: int, stops: list[Stop]) -> Route:
        found = route(self.table, day, stops)
        assert found is not None
        return found

    def run(self, rounds: int) -> tuple[float, list[list[Stop]], int]:
        """The best value, its days, and how many meals and pins are missing in it."""
        self.rebuild(0.0)
        best = now = self.value()
        held = kept = [list(day.stops) for day in self.days]
        for turn in range(rounds):
            heat = 0.6 * (1 - turn / rounds) + 0.01
            self.ruin()
            if self.moody:
                self.mood = self._mood()
            self.rebuild(BLINK)
            value = self.value()
            if value > now or self.random.random() < exp((value - now) / heat):
                now, held = value, [list(day.stops) for day in self.days]
            else:
                self.restore(held)
            if value > best + 1e-9:
                best, kept = value, held
        self.restore(kept)
        return self.value(), kept, self.missing()

    def restore(self, days: list[list[Stop]]) -> None:
        """Go back to these days."""
        self.days = [
            at if at.stops == stops else self._route(day, list(stops)) for day, (at, stops) in enumerate(zip(self.days, days, strict=True))
        ]

    def placed(self) -> set[int]:
        """The spots that are in the plan."""
        return {index for at in self.days for index, _ in at.stops}

    def missing(self) -> int:
        """Meals and pins that are not in the plan."""
        meals = sum(len(due) for due in self.table.due) - sum(meal >= 0 for at in self.days for _, meal in at.stops)
        return meals + len(set(self.table.pins) - self.placed())

    def value(self) -> float:
        """What the plan is worth, less the way, less a lot for what is missing."""
        fond = sum(self.table.fond(index, at.day) for at in self.days for index, _ in at.stops)
        travel = sum(at.travel for at in self.days)
        return self.table.liking(self.placed()) + fond - travel * self.table.drag - MISSING * self.missing()

    def ruin(self) -> None:
        """Take out a day's stops, all meals of a day, a row of stops, or a few from anywhere."""
        filled = [at for at in self.days if at.stops]
        if not filled:
            return
        at = self.random.choice(filled)
        way = self.random.random()
        if way < 0.15:
            self._keep(at, [])
        elif way < 0.35:
            self._keep(at, [stop for stop in at.stops if stop[1] < 0])
        elif way < 0.65:
            first = self.random.randrange(len(at.stops))
            last = first + self.random.randint(1, 3)
            self._keep(at, at.stops[:first] + at.stops[last:])
        else:
            share = self.random.uniform(0.15, 0.5)
            for some in filled:
                self._keep(some, [stop for stop in some.stops if self.random.random() > share])

    def _keep(self, at: Route, stops: list[Stop]) -> None:
        """Fewer stops can always be visited when more could, as ways obey the triangle inequality nearly; else the day is emptied."""
        self.days[at.day] = route(self.table, at.day, stops) or self._route(at.day, [])

    def rebuild(self, blink: float) -> None:
        """Put in pins, then meals, then what gains most for its time, until nothing fits; `blink` is how often a chance is overlooked."""
        stages = [self._pins, self._meals, self._sights]
        if not blink:
            stages.insert(1, self._kept)
        if blink and self.random.random() < 0.3:
            stages = [self._pins, self._sights, self._meals]
        for wanted in stages:
            while (found := self._best(wanted(), blink)) is not None:
                _, day, place, stop = found
                at = self.days[day]
                self.days[day] = self._route(day, [*at.stops[:place], stop, *at.stops[place:]])

    def _mood(self) -> list[float]:
        """By how many points each spot seems better in this round."""
        most = MOOD if self.random.random() < self.moody else 0.0
        return [self.random.uniform(-most, most) for _ in self.table.stay]

    def _pins(self) -> Iterable[tuple[int, Stop]]:
        for index in set(self.table.pins) - self.placed():
            for day in range(len(self.days)):
                if self.table.eats[index]:
                    yield from ((day, (index, meal)) for meal in self._unfed(day))
                else:
                    yield day, (index, -1)

    def _kept(self) -> Iterable[tuple[int, Stop]]:
        placed = self.placed()
        for index, day in self.table.kept.items():
            if index not in placed:
                yield from ((day, (index, meal)) for meal in (self._unfed(day) if self.table.eats[index] else [-1]))

    def _unfed(self, day: int) -> list[int]:
        eaten = {meal for _, meal in self.days[day].stops}
        return [meal for meal in range(len(self.table.due[day])) if meal not in eaten]

    def _meals(self) -> Iterable[tuple[int, Stop]]:
        placed = self.placed()
        free = [index for index in self.food if index not in placed]
        for day in range(len(self.days)):
            for meal in self._unfed(day):
                yield from ((day, (index, meal)) for index in free)

    def _sights(self) -> Iterable[tuple[int, Stop]]:
        placed = self.placed()
        for index in self.sights:
            if index not in placed:
                for day in range(len(self.days)):
                    yield day, (index, -1)

    def _best(self, wanted: Iterable[tuple[int, Stop]], blink: float) -> Find | None:
        """The stop that gains most for the minutes it takes, among those that the money allows."""
        room, table, chance = self._room(), self.table, self.random.random
        counts = Counter(table.tag[index] for index in self.placed())
        best: Find | None = None
        for day, stop in wanted:
            if blink and chance() < blink:
                continue
            index, sight = stop[0], stop[1] < 0
            spare = room if sight else room + self.cheapest
            worth = table.worth[index] * table.params.again ** counts[table.tag[index]] + table.fond(index, day) + self.mood[index]
            for place, more, cost in self.days[day].fits(table, stop):
                gain = worth - more * table.drag
                if cost > spare or (gain <= 0 and sight and index not in table.pins):
                    continue
                if sight:
                    score = (gain + EAGER) / (table.stay[index] + more)
                else:
                    score = float(-cost) if self.thrift else gain - cost / (1 + table.problem.budget)
                if best is None or score > best[0]:
                    best = score, day, place, stop
        return best

    def _room(self) -> int:
        """Money left once every meal that is missing costs what the cheapest costs."""
        unfed = sum(len(self._unfed(day)) for day in range(len(self.days)))
        return self.table.problem.budget - sum(at.cost for at in self.days) - unfed * self.cheapest
