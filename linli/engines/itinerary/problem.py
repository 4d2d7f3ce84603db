"""What is asked: days, a bed, what could be seen and where one could eat, and what may be spent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from linli.kernel.geo import Point

Hours = tuple[tuple[int, int], ...]  # minutes after midnight, opens to closes; past midnight is above 1440


@dataclass(frozen=True, slots=True)
class Spot:
    """A sight or a place to eat. `price` is minor units a person, `worth` how much it is wanted (above 0), `hours` one entry a weekday."""

    id: str
    kind: Literal["sight", "meal"]
    at: Point
    minutes: int
    price: int
    worth: float
    tag: str
    hours: tuple[Hours, ...]

    def __post_init__(self) -> None:
        if self.minutes <= 0 or self.price < 0 or self.worth < 0 or len(self.hours) != 7:
            raise ValueError(f"{self.id}: a visit above 0 minutes, no negative price or worth, hours for seven weekdays")


@dataclass(frozen=True, slots=True)
class Day:
    """One day out: the weekday (0 is Monday) and when one leaves the bed and is back, in minutes after midnight."""

    weekday: int
    begins: int
    ends: int

    def __post_init__(self) -> None:
        if not (0 <= self.weekday <= 6 and 0 <= self.begins < self.ends):
            raise ValueError("a weekday from 0 to 6, and an end after the beginning")


@dataclass(frozen=True, slots=True)
class Meal:
    """A meal of every day whose hours hold it: it begins between `begins` and `ends`, in minutes after midnight."""

    name: str
    begins: int
    ends: int


LUNCH, DINNER = Meal("lunch", 660, 810), Meal("dinner", 1020, 1200)


@dataclass(frozen=True)
class Problem:
    """A wish for a trip. `budget` is minor units for the whole party; `pins` are spots that must be in it, on a day or (None) on any.

    `kept` are spots of an earlier plan that are left alone where that costs little; `when` says of a spot between which minutes after
    midnight a visit is to begin.
    """

    days: tuple[Day, ...]
    home: Point
    spots: tuple[Spot, ...]
    party: int
    budget: int
    meals: tuple[Meal, ...] = (LUNCH, DINNER)
    pins: Mapping[str, int | None] = field(default_factory=dict)
    kept: Mapping[str, int] = field(default_factory=dict)
    when: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    fare: int = 400  # of a ride, minor units a person

    def __post_init__(self) -> None:
        names = [spot.id for spot in self.spots]
        if len(set(names)) != len(names):
            raise ValueError("two spots have the same id")
        if not self.days or self.party < 1 or self.budget < 0 or self.fare < 0:
            raise ValueError("at least a day and a person, no negative money")
        for pin, day in self.pins.items():
            if pin not in set(names) or (day is not None and not 0 <= day < len(self.days)):
                raise ValueError(f"the pin {pin} names no spot or no day of the trip")
        if not self.when.keys() <= set(names) or any(first > last for first, last in self.when.values()):
            raise ValueError("a time for no spot, or one that ends before it begins")

    def begins(self, spot: Spot, day: Day, meal: Meal | None = None) -> tuple[tuple[int, int], ...]:
        """When a visit may begin on a day (a place to eat: for that meal), sorted: by its hours and by what was wished."""
        found = [(opens, closes - spot.minutes) for opens, closes in spot.hours[day.weekday]]
        for first, last in [*([(meal.begins, meal.ends)] if meal else []), *([self.when[spot.id]] if spot.id in self.when else [])]:
            found = [(max(first, opens), min(last, closes)) for opens, closes in found]
        return tuple(sorted((opens, closes) for opens, closes in found if opens <= closes))

    def due(self, day: Day) -> tuple[Meal, ...]:
        """The meals of a day, in time order: those that one is out for."""
        return tuple(
            meal for meal in sorted(self.meals, key=lambda meal: meal.begins) if day.begins <= meal.ends and meal.begins + 60 <= day.ends
        )
