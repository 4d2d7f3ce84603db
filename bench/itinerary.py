"""Itineraries over the places of a folder: feasible share and time of made wishes, and the gap to the exact plan on small ones."""

from __future__ import annotations

import json
import random
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from linli.apps.discovery.queries.trips import DAYTIME, KINDS, kind_of, visit_minutes
from linli.engines.itinerary import Day, Params, Problem, Spot, check, solve
from linli.engines.itinerary.problem import Hours
from linli.fronts.commands.loading.hours import read_hours
from linli.kernel.errors import Invalid
from linli.simulator.beijing.places import read_metro

SIGHT_HOURS: tuple[Hours, ...] = (DAYTIME,) * 7  # not in the data; museums are closed on Mondays
WISHES, SMALL, SMALL_SPOTS = 500, 60, 9


def _hours(text: str) -> tuple[Hours, ...]:
    try:
        openings = read_hours(text).openings
    except Invalid:
        return (((600, 1260),),) * 7
    return tuple(tuple(sorted((one.opens, one.closes) for one in openings if one.weekday == day)) for day in range(7))


def read(folder: Path) -> tuple[list[Spot], list[Any]]:
    """Sights and restaurants that can be put on the map, and the points of hotels."""
    metro = read_metro(folder / "metro_stops.txt")
    spots: list[Spot] = []
    beds: list[Any] = []
    for file in ("attraction", "restaurant", "hotel"):
        for name, facts in json.loads((folder / f"{file}_db.json").read_text(encoding="utf8")):
            place = metro.place(facts["地铁"], name)
            if place is None:
                continue
            worth = max(0.1, (facts["评分"] or 4.0) - 3.0)
            if file == "attraction":
                hours, fee = ((), *SIGHT_HOURS[1:]) if "馆" in name else SIGHT_HOURS, 100 * int(facts["门票"] or 0)
                spots.append(
                    Spot(
                        f"s{name}",
                        "sight",
                        place[0],
                        visit_minutes(facts["游玩时间"]),
                        fee,
                        worth,
                        kind_of(name),
                        hours,
                    )
                )
            elif file == "restaurant":
                price = 100 * int(facts["人均消费"] or 60)
                spots.append(Spot(f"r{name}", "meal", place[0], 60, price, worth / 3, name[:2], _hours(facts["营业时间"])))
            else:
                beds.append(place[0])
    return spots, beds


def wish(spots: list[Spot], beds: list[Any], dice: random.Random) -> Problem:
    """One to four days from a hotel, for one to five people with an interest, some with a pin, some with little money."""
    days = tuple(
        Day((dice.randrange(7) + turn) % 7, dice.choice((480, 540, 600)), dice.choice((1230, 1290, 1350)))
        for turn in range(dice.randint(1, 4))
    )
    liked, party = dice.choice(list(KINDS)), dice.randint(1, 5)
    worth = [replace(spot, worth=spot.worth * (1.8 if spot.tag == liked else 1.0)) for spot in spots]
    pins = {dice.choice([spot.id for spot in spots if spot.kind == "sight"]): None} if dice.random() < 0.3 else {}
    budget = party * len(days) * dice.choice((6_000, 12_000, 25_000, 60_000))
    return Problem(days, dice.choice(beds), tuple(worth), party, budget, pins=pins)


def small(spots: list[Spot], beds: list[Any], dice: random.Random) -> Problem:
    """A wish over so few spots that every plan can be looked at."""
    bed, number = dice.choice(beds), dice.randint(1, 2)
    sights = dice.sample([spot for spot in spots if spot.kind == "sight"], SMALL_SPOTS - 2 * number)
    food = dice.sample([spot for spot in spots if spot.kind == "meal"], 2 * number)
    return Problem(tuple(Day(2 + turn, 480, 1350) for turn in range(number)), bed, (*sights, *food), 2, 200_000)


def _row(problem: Problem, seed: int) -> dict[str, Any]:
    began, cpu = time.perf_counter(), time.process_time()
    result = solve(problem, seed=seed)
    row = {"seconds": time.perf_counter() - began, "cpu_s": time.process_time() - cpu, "days": len(problem.days)}
    return row | {
        "feasible": result.feasible,
        "reasons": [str(reason) for reason in result.reasons],
        "faults": check(problem, result),
        "value": result.value,
    }


def _gap(problem: Problem, seed: int) -> float | None:
    """How far the search is from the exact plan, in percent of what that plan's stops are worth; None where there is no plan.

    (Not of its value: worth less the way may be about nothing.)
    """
    best, found = solve(problem, Params(exact_most=99), seed=seed), solve(problem, Params(exact_most=0), seed=seed)
    faults = check(problem, best) + check(problem, found)
    if faults:
        raise AssertionError(f"a plan that cannot be lived: {faults}")
    if not best.feasible:
        return None
    liked = {spot.id: spot.worth for spot in problem.spots}
    worth = sum(liked[visit.spot] for visits in best.days for visit in visits)
    return 100 * (best.value - found.value) / worth if found.feasible else 100.0


def run(data: Path, *, seed: int, limit: float | None) -> dict[str, Any]:
    """Figures over `limit` made wishes (500); a wish counts as impossible only where that is proven."""
    spots, beds = read(data)
    dice = random.Random(seed)
    rows = [_row(wish(spots, beds, dice), seed) for _ in range(int(limit or WISHES))]
    gaps = [gap for gap in (_gap(small(spots, beds, dice), seed) for _ in range(SMALL)) if gap is not None]
    possible = [row for row in rows if row["feasible"] or row["reasons"] == ["no plan was found"]]
    figures = {
        "feasible_pct": 100 * sum(row["feasible"] and not row["faults"] for row in possible) / max(1, len(possible)),
        "possible": len(possible), "broken": sum(bool(row["faults"]) for row in rows),
        "gap_mean_pct": float(np.mean(gaps)), "gap_max_pct": max(gaps),
        "p95_s": float(np.quantile([row["seconds"] for row in rows], 0.95)),
        "cpu_p95_s": float(np.quantile([row["cpu_s"] for row in rows], 0.95)),
    }  # fmt: skip
    reference = {"feasible_pct": 100.0, "broken": 0, "gap_mean_pct": 2.0, "p95_s": 1.0}
    return {"figures": figures, "rows": rows, "reference": reference}
