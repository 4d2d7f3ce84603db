"""A plan, and why it is as it is."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Visit:
    """A stop: when one arrives, begins and leaves (minutes after midnight), how one came, and which meal it is, if any."""

    spot: str
    arrives: int
    begins: int
    leaves: int
    travel: int
    by: str  # walk or ride
    meal: str = ""
    why: tuple[str, ...] = ()


WORDS = {
    "few_meals": "fewer places to eat than meals",
    "budget": "the budget is less than the cheapest meals and what is pinned",
    "no_meal": "nowhere to eat for {meal} on day {day}",
    "pin": "{spot} cannot be visited",
    "together": "no plan keeps to all of it",
    "not_found": "no plan was found",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why there is no plan: a key of WORDS, and which day (counted from 0), meal or spot it is about. `not_found` alone is no proof."""

    code: str
    day: int = 0
    meal: str = ""
    spot: str = ""

    def __str__(self) -> str:
        return WORDS[self.code].format(day=self.day + 1, meal=self.meal, spot=self.spot)


@dataclass(frozen=True)
class Result:
    """Visits of each day, when one is back each day, what it costs the party, and its value; or, without days, why it cannot be.

    `left_out` says for the best sights that are not in it why not. `exact` is whether the value is the highest there is.
    """

    days: tuple[tuple[Visit, ...], ...]
    back: tuple[int, ...]
    cost: int
    value: float
    exact: bool
    reasons: tuple[Reason, ...] = ()
    left_out: dict[str, str] = field(default_factory=dict)

    @property
    def feasible(self) -> bool:
        """Whether there is a plan."""
        return bool(self.days)
