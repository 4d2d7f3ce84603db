"""From a wish to a plan that explains itself."""

from __future__ import annotations

from dataclasses import replace

from linli.engines.itinerary import exact
from linli.engines.itinerary.cheapest import cheapest
from linli.engines.itinerary.params import Params
from linli.engines.itinerary.problem import Problem, Spot
from linli.engines.itinerary.result import Reason, Result, Visit
from linli.engines.itinerary.route import route
from linli.engines.itinerary.search import Search
from linli.engines.itinerary.shortlist import frugal, shortlist
from linli.engines.itinerary.table import Stop, Table, first_in
from linli.engines.itinerary.why import impossible, left_out, why

FEW = 20  # spots over which a search gets stuck more easily than it takes long
MOODY, MOODY_FEW = 0.3, 0.8  # shares of rounds in which spots seem better or worse than they are


def solve(problem: Problem, params: Params | None = None, *, seed: int = 0) -> Result:
    """The best plan found: exact for few spots, by ruin and rebuild for many. The same wish and seed give the same plan.

    Vansteenwegen, Souffriau and Van Oudheusden (2011), the orienteering problem: a survey; here with meals, money and several days.
    """
    params = params or Params()
    table = Table(_of(problem, shortlist(problem, params)), params)
    looked_at = table.problem.spots
    if len(looked_at) <= params.exact_most:
        whole = len(looked_at) == len(problem.spots)
        if found := exact.best(table):
            return _told(problem, table, found[0], found[1], exact=whole)
        if whole:
            return _nothing(impossible(problem, params) or [Reason("together")])
    else:
        again, moody = (params.restarts, MOODY_FEW) if len(looked_at) <= FEW else (1, MOODY)
        moody = 0.0 if problem.kept else moody  # what stays where it was should not have to be found again
        rounds = params.rounds * min(3, max(1, 60 // len(looked_at)))  # a round over few spots is quick
        tries = [Search(table, seed + turn, moody=moody).run(rounds) for turn in range(again)]
        value, days, missing = max(tries, key=lambda one: one[0])
        if not missing:
            return _told(problem, table, value, days, exact=False)
    return _with_little(problem, params, seed)


def _with_little(problem: Problem, params: Params, seed: int) -> Result:
    """A plan from the cheapest days on, where a first search found none; or why there is none."""
    if proven := impossible(problem, params):
        return _nothing(proven)
    bare = cheapest(problem, params)
    if bare.proven:
        return _nothing([Reason("budget" if bare.money else "together")])
    named = [[(problem.spots[at].id, meal) for at, meal in day] for day in bare.days]
    table = Table(_of(problem, frugal(problem, params, {spot for day in named for spot, _ in day})), params)
    start = [[(table.index[spot], meal) for spot, meal in day] for day in named]
    value, days, missing = Search(table, seed, thrift=True, start=start).run(params.rounds)
    if missing:
        return _nothing([Reason("not_found")])
    return _told(problem, table, value, days, exact=False)


def _of(problem: Problem, spots: tuple[Spot, ...]) -> Problem:
    """The wish over some of its spots."""
    there = {spot.id for spot in spots}
    return replace(problem, spots=spots, when={name: times for name, times in problem.when.items() if name in there})


def _nothing(reasons: list[Reason]) -> Result:
    return Result((), (), 0, 0.0, False, tuple(reasons))


def _told(problem: Problem, table: Table, value: float, days: list[list[Stop]], *, exact: bool) -> Result:
    plan = tuple(_visits(table, day, stops) for day, stops in enumerate(days))
    routes = [route(table, day, stops) for day, stops in enumerate(days)]
    spent = sum(at.cost for at in routes if at is not None)
    back = tuple(at.leave[-1] + (table.minutes[at.stops[-1][0]][0] if at.stops else 0) for at in routes if at is not None)
    seen = {visit.spot for visits in plan for visit in visits}
    return Result(plan, back, spent, value, exact, left_out=left_out(problem, table, routes, seen, problem.budget - spent))


def _visits(table: Table, day: int, stops: list[Stop]) -> tuple[Visit, ...]:
    here, now, found = 0, table.problem.days[day].begins, []
    for index, meal in stops:
        minutes = table.minutes[here][index]
        start = first_in(table.may(day, (index, meal)), now + minutes)
        assert start is not None
        spot: Spot = table.problem.spots[index - 1]
        found.append(
            Visit(
                spot.id, now + minutes, start, start + spot.minutes, minutes, "ride" if table.rides[here][index] else "walk",
                table.due[day][meal].name if meal >= 0 else "", why(table, day, index, here),
            )
        )  # fmt: skip
        here, now = index, start + spot.minutes
    return tuple(found)
