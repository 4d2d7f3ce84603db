"""A day of rides over a city's metro exits with the shape of a taxi day: matching in small batches, against the nearest driver.

Both have the same people, the same drivers at the same places, and the same drivers decline the same rides.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linli.engines import reposition
from linli.engines.dispatch.space import straight, straight_from
from linli.engines.rides import Driver, Match, Params, Problem, Ride, check, solve

Floats = NDArray[np.float64]
RIDES, DAYS = 10_000, 2
STEP_S, WINDOW_S = 5.0, 10.0
ANSWER_S = 10.0  # until a driver has said yes or no
DECLINE = 0.08  # of the offers
GIVE_UP_S, IN_TIME_S = 600.0, 300.0
BOARD_S = 60.0  # getting in and out
SEND_S, LATELY_S, AHEAD_S = 300.0, 3_600.0, 900.0  # drivers are sent this often, by what was asked lately, for what comes
ZONE, SENDING = 7, reposition.Params()
LOAD = 0.65  # of the drivers' time, in the busiest half hour


@dataclass(frozen=True)
class Day:
    """Who asks when and where for which way, and where the drivers are in the morning."""

    asked: Floats
    origin: Floats
    target: Floats
    drivers: Floats
    seed: int

    def declines(self, ride: int, driver: int) -> bool:
        """Whether this driver does not want this ride: the same for everybody who asks."""
        return ((ride * 2_654_435_761 + driver * 40_503 + self.seed * 97) % 1_000_003) / 1_000_003 < DECLINE


def file_in(data: Path, name: str) -> Path:
    """The file `name` in the folder or in one below it. Raises FileNotFoundError."""
    found = sorted(data.rglob(name))
    if not found:
        raise FileNotFoundError(f"there is no {name} in {data}")
    return found[0]


def exits(path: Path) -> Floats:
    """Latitude and longitude of the exits of all stations (GTFS stops of type 2, or all where there are none)."""
    with path.open(encoding="utf-8") as lines:
        placed = [row for row in csv.DictReader(lines) if row["stop_lat"]]
    rows = [(row["location_type"], float(row["stop_lat"]), float(row["stop_lon"])) for row in placed]
    doors = [row[1:] for row in rows if row[0] == "2"]
    return np.array(doors or [row[1:] for row in rows])


def shape(path: Path) -> Floats:
    """Share of a mean day's passengers in each of its half hours, from `timestamp,value` lines."""
    sums = np.zeros(48)
    with path.open() as lines:
        for row in csv.DictReader(lines):
            hour, minute = row["timestamp"].split(" ")[1].split(":")[:2]
            sums[2 * int(hour) + int(minute) // 30] += float(row["value"])
    return np.asarray(sums / sums.sum())


def made(places: Floats, share: Floats, seed: int, rides: int = RIDES) -> Day:
    """A day: people ask near exits, some exits far more than others, and go mostly some kilometres."""
    rng = np.random.default_rng(seed)
    counts = rng.poisson(share * rides)
    asked = np.sort(np.concatenate([1_800 * (half + rng.random(n)) for half, n in enumerate(counts)]))
    weight = rng.lognormal(0, 0.8, len(places))
    starts = rng.choice(len(places), len(asked), p=weight / weight.sum())
    ends = np.empty(len(asked), dtype=np.int64)
    for exit_ in np.unique(starts):
        away = straight_from(places, (float(places[exit_, 0]), float(places[exit_, 1])))
        pull = weight * np.exp(-(((np.log(np.maximum(away, 1.0)) - np.log(5_000)) / 0.6) ** 2) / 2)
        mine = np.flatnonzero(starts == exit_)
        ends[mine] = rng.choice(len(places), len(mine), p=pull / pull.sum())
    spread = [rng.normal(0, 1, (len(asked), 2)) * (0.0027, 0.0035) for _ in range(2)]
    origin, target = places[starts] + spread[0], places[ends] + spread[1]
    ways = np.array([straight((a[0], a[1]), (b[0], b[1])) for a, b in zip(origin.tolist(), target.tolist(), strict=True)])
    cycle = float(ways.mean() + 1_000) * Params().pace + BOARD_S + ANSWER_S
    fleet = int(share.max() * len(asked) / 1_800 * cycle / LOAD) + 1
    return Day(asked, origin, target, places[rng.choice(len(places), fleet, p=weight / weight.sum())], seed)


def nearest(problem: Problem, params: Params) -> list[Match]:
    """First come, first served by the nearest driver who is free now."""
    places = np.array([driver.place for driver in problem.drivers])
    there, found = np.array([driver.free_at <= problem.at for driver in problem.drivers]), []
    for ride in sorted(problem.rides, key=lambda ride: ride.asked_at):
        away = np.where(there, straight_from(places, ride.place), np.inf)
        away[[j for j, driver in enumerate(problem.drivers) if driver.id in ride.barred]] = np.inf
        j = int(away.argmin())
        if away[j] <= params.reach_m:
            there[j] = False
            found.append(Match(ride.id, problem.drivers[j].id, float(away[j]), float(away[j]) * params.pace))
    return found


def batch(problem: Problem, params: Params) -> list[Match]:
    """The engine's offers, checked; none between two windows."""
    if problem.at % WINDOW_S:
        return []
    result = solve(problem, params)
    assert not check(problem, params, result)
    return list(result.matches)


class Street:
    """A day under way: drivers, who waits, and what has happened so far."""

    def __init__(self, day: Day, params: Params) -> None:
        self.day, self.params = day, params
        self.places: list[list[float]] = day.drivers.tolist()
        self.free = [0.0] * len(self.places)
        self.waiting: dict[int, Ride] = {}
        self.metres: list[float] = []
        self.waits: list[float] = []
        self.gone, self.coming, self.sent_m = 0, 0, 0.0

    def hear(self, now: float) -> None:
        """Take in who has asked until `now`, and let go who has waited too long."""
        while self.coming < len(self.day.asked) and self.day.asked[self.coming] <= now:
            i = self.coming
            self.waiting[i] = Ride(i, (self.day.origin[i, 0], self.day.origin[i, 1]), float(self.day.asked[i]))
            self.coming += 1
        for ride in [ride for ride in self.waiting.values() if now - ride.asked_at > GIVE_UP_S]:
            self.gone += 1
            del self.waiting[ride.id]

    def drivers(self, within: float) -> tuple[Driver, ...]:
        """Drivers who are free before `within`."""
        there = enumerate(zip(self.places, self.free, strict=True))
        return tuple(Driver(j, (place[0], place[1]), moment) for j, (place, moment) in there if moment <= within)

    def send(self, now: float) -> None:
        """Have idle drivers wait where rides are likely, judged by what was asked lately."""
        begin = int(np.searchsorted(self.day.asked, now - LATELY_S))
        lately = [(float(lat), float(lng)) for lat, lng in self.day.origin[begin : self.coming]]
        there = tuple(reposition.Worker(one.id, one.place, max(0.0, one.free_at - now)) for one in self.drivers(np.inf))
        problem = reposition.Problem(reposition.zones(lately, AHEAD_S / LATELY_S, ZONE), there, ZONE)
        result = reposition.solve(problem, SENDING)
        assert not (faults := reposition.check(problem, SENDING, result)), faults
        for move in result.moves:
            self.places[move.worker], self.free[move.worker] = list(move.place), now + move.seconds
            self.sent_m += move.seconds / SENDING.pace

    def offer(self, match: Match, now: float) -> None:
        """The driver says no, and is barred; or yes, and is busy until the ride is over."""
        ride, j = self.waiting.pop(match.ride), match.driver
        if self.day.declines(ride.id, j):
            self.waiting[ride.id] = Ride(ride.id, ride.place, ride.asked_at, barred=ride.barred | {j})
            self.free[j] = max(self.free[j], now + ANSWER_S)
            return
        self.metres.append(match.metres)
        self.waits.append(now + ANSWER_S - ride.asked_at)
        target = self.day.target[ride.id].tolist()
        way = straight(ride.place, (target[0], target[1]))
        self.free[j] = max(now + ANSWER_S, self.free[j]) + (match.metres + way) * self.params.pace + BOARD_S
        self.places[j] = target

    def figures(self) -> dict[str, float]:
        """Share matched in time, mean kilometres to the pickup, seconds until a driver has said yes."""
        asked = len(self.day.asked)
        return {
            "matched_5min_pct": 100 * sum(wait <= IN_TIME_S for wait in self.waits) / asked,
            "pickup_km": sum(self.metres) / len(self.metres) / 1_000, "wait_s": sum(self.waits) / len(self.waits),
            "gave_up": self.gone, "sent_km": self.sent_m / 1_000 / asked, "rides": asked, "drivers": len(self.places),
        }  # fmt: skip


def played(day: Day, decide: Callable[[Problem, Params], list[Match]], params: Params, ahead: bool = False) -> dict[str, float]:
    """The figures of `day` under one way of deciding, with drivers sent ahead of demand or not."""
    street, now = Street(day, params), 0.0
    while street.coming < len(day.asked) or street.waiting:
        now += STEP_S
        street.hear(now)
        if ahead and now % SEND_S == 0:
            street.send(now)
        drivers = street.drivers(now + params.soon_s) if street.waiting else ()
        for match in decide(Problem(now, tuple(street.waiting.values()), drivers), params) if drivers else []:
            street.offer(match, now)
    return street.figures()


def run(data: Path, *, seed: int, limit: float | None) -> dict[str, Any]:
    """Figures over two days; `limit` is not used.

    A pickup kilometre is a straight one; `sent_km` are those an asked ride that idle drivers are sent ahead.
    """
    places, share, rows = exits(file_in(data, "metro_stops.txt")), shape(file_in(data, "nyc_taxi.csv")), []
    for number in range(DAYS):
        day, began = made(places, share, 10 * seed + number), time.process_time()
        ours, greedy = played(day, batch, Params(), ahead=True), played(day, nearest, Params())
        beside = {f"greedy_{name}": greedy[name] for name in ("matched_5min_pct", "pickup_km", "wait_s", "gave_up")}
        rows.append({"instance": f"day {number}", **ours, **beside, "cpu_s": time.process_time() - began})
    names = ("matched_5min_pct", "pickup_km", "greedy_pickup_km", "greedy_matched_5min_pct", "sent_km", "wait_s", "greedy_wait_s")
    figures = {name: sum(row[name] for row in rows) / len(rows) for name in names}
    return {"figures": figures, "rows": rows, "reference": {"matched_5min_pct": 98.0, "pickup_km": figures["greedy_pickup_km"]}}
