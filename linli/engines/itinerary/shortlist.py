"""Which spots are looked at: the wanted ones, and places to eat near them."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from heapq import nsmallest
from itertools import islice

from linli.engines.itinerary.params import Params
from linli.engines.itinerary.problem import Problem, Spot
from linli.kernel.geo import Point, metres

CHEAP = 6  # cheapest places to eat that are always looked at, so that a small budget finds some


def shortlist(problem: Problem, params: Params) -> tuple[Spot, ...]:
    """The spots that could be worth it: what is pinned or kept, the sights most wanted for the way to them, and food around those."""
    if len(problem.spots) <= params.exact_most:
        return problem.spots
    named = {*problem.pins, *problem.kept}

    def drawn(spot: Spot) -> float:
        return spot.worth - params.travel_per_hour * (metres(problem.home, spot.at) * params.detour * 0.06 / params.ride_kmh) / 60

    affordable = [spot for spot in problem.spots if spot.price * problem.party <= problem.budget or spot.id in named]
    sights = sorted((spot for spot in affordable if spot.kind == "sight"), key=lambda spot: (spot.id not in named, -drawn(spot), spot.id))
    chosen = sights[: max(params.candidates, sum(spot.id in named for spot in sights))]
    food = [spot for spot in affordable if spot.kind == "meal"]
    kept = {spot.id: spot for spot in food if spot.id in named}
    kept |= {spot.id: spot for spot in sorted(food, key=lambda spot: (spot.price, spot.id))[:CHEAP]}
    plates = problem.party * sum(len(problem.due(day)) for day in problem.days)

    def appetising(spot: Spot, place: Point) -> float:
        """Less is better: the way, the worth, and the share of the money that such meals would take."""
        return metres(place, spot.at) / 800 - spot.worth + 2 * spot.price * plates / (problem.budget + 1)

    for place in (problem.home, *(spot.at for spot in chosen[: params.candidates // 2])):
        near = nsmallest(params.meals_each, food, key=partial(appetising, place=place))
        kept |= {spot.id: spot for spot in near}
    return (*chosen, *kept.values())


def frugal(problem: Problem, params: Params, needed: Collection[str]) -> tuple[Spot, ...]:
    """The spots with which little money may still do: what is pinned or `needed`, sights that cost nothing, and cheap food, above all
    within a walk of the bed and of the pins, where no fare comes on top."""
    pinned = [spot for spot in problem.spots if spot.id in problem.pins]
    food = sorted((spot for spot in problem.spots if spot.kind == "meal"), key=lambda spot: (spot.price, spot.id))
    chosen = {spot.id: spot for spot in (*pinned, *food[: 2 * CHEAP], *(spot for spot in food if spot.id in needed))}
    for place in (problem.home, *(spot.at for spot in pinned)):
        walked = (spot for spot in food if metres(place, spot.at) * params.detour <= params.walk_most_m)
        chosen |= {spot.id: spot for spot in islice(walked, 2 * CHEAP)}
    free = sorted(
        (spot for spot in problem.spots if spot.kind == "sight" and not spot.price), key=lambda spot: metres(problem.home, spot.at)
    )
    return (*chosen.values(), *(spot for spot in free[: params.candidates // 2] if spot.id not in chosen))
