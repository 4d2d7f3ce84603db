"""How much demand raises fares in each part of a city: a rule that can be said in a sentence, with a cap."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

import h3

from linli.engines.rides.problem import Place
from linli.kernel.geo import Point, cell

ZONE = 7  # H3 resolution of a part of the city: about 5 km2; its six neighbours count with it, as far as drivers come in minutes
_STEP = Decimal("0.05")


@dataclass(frozen=True, slots=True)
class Rule:
    """`slope` is added for each person per idle driver beyond `calm`, never past `cap`; with fewer than `least` people, nothing.

    Raises ValueError for a cap below 1 or negative numbers.
    """

    cap: Decimal
    slope: Decimal
    calm: Decimal
    least: int

    def __post_init__(self) -> None:
        if self.cap < 1 or self.slope < 0 or self.calm <= 0 or self.least < 1:
            raise ValueError("a cap is at least 1, a slope not negative, calm and least positive")


@dataclass(frozen=True, slots=True)
class Surge:
    """The factor of a part of the city, and why: people who asked lately and drivers who are idle, here and next to here."""

    cell: str
    factor: Decimal
    people: int
    idle: int
    capped: bool = False


def surge(at: str, people: int, idle: int, rule: Rule) -> Surge:
    """The factor for `people` and `idle` drivers, in steps of 0.05, rounded down."""
    if people < rule.least:
        return Surge(at, Decimal(1), people, idle)
    raised = 1 + rule.slope * max(Decimal(0), Decimal(people) / max(1, idle) - rule.calm)
    stepped = (raised / _STEP).to_integral_value(ROUND_DOWN) * _STEP
    return Surge(at, min(rule.cap, stepped), people, idle, stepped > rule.cap)


def around(place: Place, asked: Mapping[str, int], idle: Mapping[str, int], rule: Rule) -> Surge:
    """What counts at `place`."""
    return _at(cell(Point(*place), ZONE), asked, idle, rule)


def _at(zone: str, asked: Mapping[str, int], idle: Mapping[str, int], rule: Rule) -> Surge:
    ring = [str(each) for each in h3.grid_disk(zone, 1)]
    return surge(zone, sum(asked.get(each, 0) for each in ring), sum(idle.get(each, 0) for each in ring), rule)


def counted(places: Iterable[Place]) -> dict[str, int]:
    """How many of `places` lie in each part of the city."""
    return dict(Counter(cell(Point(*place), ZONE) for place in places))


def everywhere(asked: Mapping[str, int], idle: Mapping[str, int], rule: Rule) -> list[Surge]:
    """Every part of the city in which somebody asked or a driver is idle, the highest factor first."""
    found = (_at(zone, asked, idle, rule) for zone in asked.keys() | idle.keys())
    return sorted(found, key=lambda each: (-each.factor, -each.people, each.cell))


def outline(zone: str) -> list[Place]:
    """The corners of a part of the city."""
    return [(float(lat), float(lng)) for lat, lng in h3.cell_to_boundary(zone)]
