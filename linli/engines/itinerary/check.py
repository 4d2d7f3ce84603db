"""Whether a plan can be lived, judged without the code that made it."""

from __future__ import annotations

from linli.engines.itinerary.params import Params
from linli.engines.itinerary.problem import Day, Problem, Spot
from linli.engines.itinerary.result import Result, Visit
from linli.engines.itinerary.ways import between


def check(problem: Problem, result: Result, params: Params | None = None) -> list[str]:
    """Every rule that the plan breaks, in words; empty when it can be lived. A result without a plan must give its reasons."""
    params = params or Params()
    if not result.feasible:
        return [] if result.reasons else ["no plan and no reason"]
    spots = {spot.id: spot for spot in problem.spots}
    faults = [] if len(result.days) == len(problem.days) else ["another number of days"]
    seen: list[str] = []
    cost = 0
    for number, (day, visits) in enumerate(zip(problem.days, result.days, strict=False)):
        spent, found = _day(problem, day, visits, spots, params)
        cost, seen = cost + spent, seen + [visit.spot for visit in visits]
        faults += [f"day {number + 1}: {fault}" for fault in found]
        wanted = {pin for pin, on in problem.pins.items() if on == number}
        faults += [f"{pin} is pinned to day {number + 1}" for pin in wanted - {visit.spot for visit in visits}]
    faults += [f"{pin} is pinned and left out" for pin in set(problem.pins) - set(seen)]
    faults += ["a spot twice"] * (len(set(seen)) != len(seen))
    faults += [f"costs {cost}, the budget is {problem.budget}"] * (cost > problem.budget)
    return faults + ["the cost is misstated"] * (cost != result.cost)


def _day(problem: Problem, day: Day, visits: tuple[Visit, ...], spots: dict[str, Spot], params: Params) -> tuple[int, list[str]]:
    faults: list[str] = []
    here, now, cost = problem.home, day.begins, 0
    for visit in visits:
        spot = spots[visit.spot]
        minutes, rides = between(here, spot.at, params)
        cost += problem.party * (spot.price + (problem.fare if rides else 0))
        if visit.arrives < now + minutes:
            faults.append(f"{spot.id} is reached before one can be there")
        if visit.begins < visit.arrives or visit.leaves - visit.begins < spot.minutes:
            faults.append(f"{spot.id} has too little time")
        if not any(opens <= visit.begins and visit.leaves <= closes for opens, closes in spot.hours[day.weekday]):
            faults.append(f"{spot.id} is closed then")
        first, last = problem.when.get(spot.id, (visit.begins, visit.begins))
        if not first <= visit.begins <= last:
            faults.append(f"{spot.id} is at another time than wished")
        if (spot.kind == "meal") != bool(visit.meal):
            faults.append(f"{spot.id} is no meal" if visit.meal else f"{spot.id} is a meal of no name")
        here, now = spot.at, visit.leaves
    minutes, rides = between(here, problem.home, params)
    cost += problem.party * (problem.fare if rides and visits else 0)
    faults += ["back too late"] * (bool(visits) and now + minutes > day.ends)
    eaten = [(visit.meal, visit.begins) for visit in visits if visit.meal]
    faults += ["the meals are not those of the day"] * ([name for name, _ in eaten] != [meal.name for meal in problem.due(day)])
    at = dict(eaten)
    faults += [f"{meal.name} at the wrong time" for meal in problem.due(day) if not meal.begins <= at.get(meal.name, -1) <= meal.ends]
    return cost, faults
