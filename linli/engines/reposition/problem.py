"""What is expected where, who is there, and who is to wait elsewhere."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean

from linli.engines.dispatch.space import straight
from linli.engines.reposition.params import Params
from linli.kernel.geo import Point, cell

Place = tuple[float, float]  # latitude, longitude


@dataclass(frozen=True, slots=True)
class Zone:
    """A part of the city (an H3 cell): where in it one waits, and how many are `expected` to ask in the time looked at."""

    id: str
    place: Place
    expected: float


@dataclass(frozen=True, slots=True)
class Worker:
    """A driver or courier at `place`, with nothing to do from `free_s` seconds on; only who is free now (0) can be sent."""

    id: int
    place: Place
    free_s: float = 0.0


@dataclass(frozen=True)
class Problem:
    """Zones of one H3 `resolution` and the workers. Raises ValueError for doubles, places off the earth, and numbers below zero."""

    zones: tuple[Zone, ...]
    workers: tuple[Worker, ...]
    resolution: int

    def __post_init__(self) -> None:
        for name, ids in (("zone", [zone.id for zone in self.zones]), ("worker", [worker.id for worker in self.workers])):
            if twice := [each for each, times in Counter(ids).items() if times > 1]:
                raise ValueError(f"{name} {twice[0]} is given twice")
        for zone in self.zones:
            _sound(f"zone {zone.id}", zone.place, zone.expected)
            if self.zone_of(zone.place) != zone.id:
                raise ValueError(f"zone {zone.id}: its place lies in another")
        for worker in self.workers:
            _sound(f"worker {worker.id}", worker.place, worker.free_s)

    def zone_of(self, place: Place) -> str:
        """The cell that `place` lies in."""
        return cell(Point(*place), self.resolution)


def _sound(name: str, place: Place, number: float) -> None:
    if not (-90 <= place[0] <= 90 and -180 <= place[1] <= 180):
        raise ValueError(f"{name}: no place on the earth")
    if not (math.isfinite(number) and number >= 0):
        raise ValueError(f"{name}: {number} is no number from zero upward")


def zones(asked: Iterable[Place], share: float, resolution: int) -> tuple[Zone, ...]:
    """Zones by where it was asked lately, with `share` expected for each of these; one waits in the middle of what was asked."""
    where: dict[str, list[Place]] = {}
    for place in asked:
        where.setdefault(cell(Point(*place), resolution), []).append(place)
    return tuple(_zone(name, there, share, resolution) for name, there in sorted(where.items()))


def _zone(name: str, there: list[Place], share: float, resolution: int) -> Zone:
    middle = (fmean(lat for lat, _ in there), fmean(lng for _, lng in there))
    inside = cell(Point(*middle), resolution) == name  # cells are convex, but for what a sphere does to their edges
    return Zone(name, middle if inside else there[0], share * len(there))


@dataclass(frozen=True, slots=True)
class Move:
    """Go `seconds` and wait at `place` in `zone`: there one is needed with the chance `needed`, where one is with `otherwise`."""

    worker: int
    zone: str
    place: Place
    seconds: float
    needed: float
    otherwise: float


@dataclass(frozen=True)
class Result:
    """Who is to wait elsewhere; who is not named stays."""

    moves: tuple[Move, ...]


def check(problem: Problem, params: Params, result: Result) -> list[str]:
    """What is wrong with `result`, worked out without `solve`; an empty list when nothing is."""
    workers, there = {worker.id: worker for worker in problem.workers}, {zone.id: zone for zone in problem.zones}
    faults = ["somebody is sent twice"] * (len({move.worker for move in result.moves}) != len(result.moves))
    count = Counter(problem.zone_of(worker.place) for worker in problem.workers if worker.free_s <= params.soon_s)
    before = _served(problem, count)
    for move in result.moves:
        worker, zone = workers.get(move.worker), there.get(move.zone)
        if worker is None or zone is None or zone.place != move.place:
            faults.append(f"{move.worker} to {move.zone}: not of this problem")
            continue
        if worker.free_s > 0:
            faults.append(f"{move.worker} is busy")
        if not math.isclose(move.seconds, straight(worker.place, zone.place) * params.pace, rel_tol=1e-6, abs_tol=1e-3):
            faults.append(f"{move.worker}: the way is misstated")
        if move.seconds > params.most_s:
            faults.append(f"{move.worker} is sent too far")
        count[problem.zone_of(worker.place)] -= 1
        count[zone.id] += 1
    gain = (_served(problem, count) - before) * params.worth_s - sum(move.seconds for move in result.moves)
    return faults + ["it is not worth the ways"] * (not faults and gain < -1e-3)


def _served(problem: Problem, count: Counter[str]) -> float:
    """How many who ask will find somebody in their zone, on average: E min(asking, workers), asking being Poisson."""
    return sum(_fewer(zone.expected, count[zone.id]) for zone in problem.zones)


def _fewer(expected: float, workers: int) -> float:
    left = 1.0
    total, chance = 0.0, math.exp(-expected)
    for number in range(workers):
        left -= chance  # that more than `number` ask
        total += max(0.0, left)
        chance *= expected / (number + 1)
    return total
