"""What could be in a plan in place of one of its stops, the rest left as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from linli.engines.itinerary.params import Params
from linli.engines.itinerary.problem import Problem, Spot
from linli.engines.itinerary.result import Result, Visit
from linli.engines.itinerary.route import route
from linli.engines.itinerary.table import Stop, Table
from linli.kernel.geo import metres

LOOKED_AT = 80  # spots that are tried: the nearest for their worth


@dataclass(frozen=True, slots=True)
class Option:
    """A spot that can take the place, `minutes` more on the way that day and `cost` more for the party (minor units)."""

    spot: str
    minutes: int
    cost: int


def instead(problem: Problem, result: Result, name: str, params: Params | None = None, *, most: int = 6) -> tuple[Option, ...]:
    """Up to `most` spots of the same kind with which the plan can still be lived, the best first; empty when `name` is not in it."""
    params = params or Params()
    day = next((number for number, visits in enumerate(result.days) if name in {visit.spot for visit in visits}), None)
    if day is None:
        return ()
    table = Table(_small(problem, result, name, params), params)
    meals = [meal.name for meal in table.due[day]]
    stops = [_stop(table, visit, meals) for visit in result.days[day]]
    place = next(number for number, visit in enumerate(result.days[day]) if visit.spot == name)
    now = route(table, day, stops)
    if now is None:
        return ()
    room, seen = problem.budget - result.cost, {visit.spot for visits in result.days for visit in visits}
    found = []
    for other, index in table.index.items():
        changed = None if other in seen else route(table, day, [*stops[:place], (index, stops[place][1]), *stops[place + 1 :]])
        if changed is not None and changed.cost - now.cost <= room:
            more = changed.travel - now.travel
            found.append((table.worth[index] - more * table.drag, Option(other, more, changed.cost - now.cost)))
    found.sort(key=lambda pair: (-pair[0], pair[1].spot))
    return tuple(option for _, option in found[:most])


def _stop(table: Table, visit: Visit, meals: Sequence[str]) -> Stop:
    return table.index[visit.spot], meals.index(visit.meal) if visit.meal else -1


def _small(problem: Problem, result: Result, name: str, params: Params) -> Problem:
    """The plan's own spots and the candidates; what is pinned elsewhere is no candidate."""
    seen = {visit.spot for visits in result.days for visit in visits}
    own = next(spot for spot in problem.spots if spot.id == name)

    def better(spot: Spot) -> float:
        return spot.worth - params.travel_per_hour * metres(own.at, spot.at) * params.detour * 0.06 / params.ride_kmh / 30

    others = [spot for spot in problem.spots if spot.kind == own.kind and spot.id not in seen and spot.id not in problem.pins]
    chosen = sorted(others, key=lambda spot: (-better(spot), spot.id))[:LOOKED_AT]
    spots = (*(spot for spot in problem.spots if spot.id in seen), *chosen)
    known = {spot.id for spot in spots}
    return replace(
        problem, spots=spots, kept={},
        pins={pin: on for pin, on in problem.pins.items() if pin in known and pin != name},
        when={spot: times for spot, times in problem.when.items() if spot in known},
    )  # fmt: skip
