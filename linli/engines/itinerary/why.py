"""Why a stop is in a plan, why another is not, and why there is none; in codes that a page puts into words."""

from __future__ import annotations

from collections.abc import Sequence

from linli.engines.itinerary.params import Params
from linli.engines.itinerary.problem import Day, Problem, Spot
from linli.engines.itinerary.result import Reason
from linli.engines.itinerary.route import Route
from linli.engines.itinerary.table import Table, first_in
from linli.engines.itinerary.ways import between
from linli.kernel.geo import metres

NEAR_MIN = 20
TOLD = 12  # left-out sights that are explained


def why(table: Table, day: int, index: int, here: int) -> tuple[str, ...]:
    """`pinned`, `kept`, `near`, `wanted` (among the best tenth), `only_then` (open on no other day of the trip), `cheap` (a meal among the
    cheapest third); at least one of them: where nothing else is true, `fits`, the most that could be had in that time."""
    worths = sorted(table.worth[1:], reverse=True)
    others = [number for number in range(len(table.due)) if number != day and any(table.begins[number][index])]
    meals = sorted(price for price, eats in zip(table.price, table.eats, strict=True) if eats)
    found = {
        "pinned": index in table.pins,
        "kept": index in table.kept,
        "wanted": table.worth[index] >= worths[len(worths) // 10],
        "near": table.minutes[here][index] <= NEAR_MIN,
        "only_then": len(table.due) > 1 and not others,
        "cheap": table.eats[index] and table.price[index] <= meals[len(meals) // 3],
    }
    told = tuple(code for code, true in found.items() if true)
    return told if set(told) - {"kept"} else (*told, "fits")


def left_out(problem: Problem, table: Table, routes: Sequence[Route | None], seen: set[str], money: int) -> dict[str, str]:
    """For the most wanted sights that are not in the plan: `closed`, `too_dear`, `no_time`, or `others_gain_more`."""
    absent = sorted((spot for spot in problem.spots if spot.kind == "sight" and spot.id not in seen), key=lambda spot: -spot.worth)
    return {spot.id: _reason(problem, table, routes, spot.id, money) for spot in absent[:TOLD]}


def _reason(problem: Problem, table: Table, routes: Sequence[Route | None], name: str, money: int) -> str:
    spot = next(spot for spot in problem.spots if spot.id == name)
    if not any(problem.begins(spot, day) for day in problem.days):
        return "closed"
    if spot.price * problem.party > money:
        return "too_dear"
    index = table.index.get(name)
    if index is None:
        return "others_gain_more"
    fits = any(cost <= money for at in routes if at for _, _, cost in at.fits(table, (index, -1)))
    return "others_gain_more" if fits else "no_time"


def impossible(problem: Problem, params: Params) -> list[Reason]:
    """What makes every plan impossible, as far as that can be proven simply; empty when nothing does."""
    found = []
    due = sum(len(problem.due(day)) for day in problem.days)
    food = sorted(spot.price for spot in problem.spots if spot.kind == "meal")
    if len(food) < due:
        return [Reason("few_meals")]
    if least_cost(problem, params) > problem.budget:
        found.append(Reason("budget"))
    for number, day in enumerate(problem.days):
        found += [
            Reason("no_meal", day=number, meal=meal.name)
            for meal in problem.due(day)
            if not any(spot.kind == "meal" and problem.begins(spot, day, meal) for spot in problem.spots)
        ]
    return found + [Reason("pin", spot=spot.id) for spot in problem.spots if spot.id in problem.pins and not _alone(problem, params, spot)]


def least_cost(problem: Problem, params: Params) -> int:
    """What any plan costs at least, in minor units for the party: what is pinned, the cheapest food for the other meals, and the fares
    of the pin that is hardest to reach on foot."""
    pinned = [spot for spot in problem.spots if spot.id in problem.pins]
    eaten = sum(spot.kind == "meal" for spot in pinned)
    due = sum(len(problem.due(day)) for day in problem.days)
    food = sorted(spot.price for spot in problem.spots if spot.kind == "meal" and spot.id not in problem.pins)
    rides = max((_rides(problem, params, spot) for spot in pinned), default=0)
    return problem.party * (sum(food[: max(0, due - eaten)]) + sum(spot.price for spot in pinned) + rides * problem.fare)


def _rides(problem: Problem, params: Params, spot: Spot) -> int:
    """How many rides the day of a pin takes at least: with none it is walked to and back, however many stops are between; with one,
    walked one way. Either has to leave time for the visit and the meals."""
    street = metres(problem.home, spot.at) * params.detour * 0.06
    walk, ride = street / params.walk_kmh, street / params.ride_kmh
    quickest = min((food.minutes for food in problem.spots if food.kind == "meal"), default=0)
    longest = max(
        day.ends - day.begins - spot.minutes - quickest * (len(problem.due(day)) - (spot.kind == "meal"))
        for number, day in enumerate(problem.days) if problem.pins[spot.id] in {None, number}
    )  # fmt: skip
    return 0 if 2 * walk <= longest else 1 if walk + ride <= longest else 2


def _alone(problem: Problem, params: Params, spot: Spot) -> bool:
    """Whether a pin could be visited if there were nothing else but the day's meals, each right beside it."""
    minutes, _ = between(problem.home, spot.at, params)
    quickest = min((food.minutes for food in problem.spots if food.kind == "meal"), default=0)
    on = problem.pins[spot.id]
    days = [day for number, day in enumerate(problem.days) if on in {None, number}]
    if spot.kind == "meal":
        return any(
            max(opens, day.begins + minutes) <= min(closes, day.ends - minutes - spot.minutes)
            for day in days for meal in problem.due(day) for opens, closes in problem.begins(spot, day, meal)
        )  # fmt: skip
    return any(_fits(problem, day, spot, minutes, quickest, eaten) for day in days for eaten in range(len(problem.due(day)) + 1))


def _fits(problem: Problem, day: Day, spot: Spot, minutes: int, quickest: int, eaten: int) -> bool:
    """Whether a sight fits into a day after the first `eaten` of its meals and before the others."""
    due, now = problem.due(day), day.begins
    for meal in due[:eaten]:
        now = max(now, meal.begins) + quickest
        if now - quickest > meal.ends:
            return False
    start = first_in(problem.begins(spot, day), max(now, day.begins + minutes))
    if start is None or start + spot.minutes + minutes > day.ends:
        return False
    now = start + spot.minutes
    for meal in due[eaten:]:
        now = max(now, meal.begins) + quickest
        if now - quickest > meal.ends:
            return False
    return now <= day.ends
