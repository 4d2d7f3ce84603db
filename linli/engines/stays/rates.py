"""What each night of a stay costs. Whole minor units, so the nights add up to the total, whoever does the sum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

WEEKEND = (4, 5)  # the nights to Saturday and to Sunday


@dataclass(frozen=True, slots=True)
class Rate:
    """What a plan asks for a night, and of whom it is taken.

    `long_percent` is taken off every night of a stay of at least `long_nights` nights (None: never).
    """

    price: int
    weekend_price: int
    least_nights: int = 1
    most_nights: int = 28
    long_nights: int | None = None
    long_percent: int = 0


@dataclass(frozen=True, slots=True)
class Season:
    """From the night of `first` to that of `last` a hotel asks `percent` of its usual prices."""

    first: date
    last: date
    percent: int


@dataclass(frozen=True, slots=True)
class Day:
    """What a plan asks for one night (None: as usual), or that it is not sold then. It stands above every season."""

    price: int | None
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Night:
    """The night that begins on `day`: what it would cost, and what it does cost with the length of the stay; None when it is not sold."""

    day: date
    usual: int | None
    price: int | None


def percent_of(amount: int, percent: int) -> int:
    """So many hundredths of an amount, half a unit rounded up."""
    return (amount * percent + 50) // 100


def nights(rate: Rate, first: date, count: int, *, days: Mapping[date, Day] | None = None, seasons: Sequence[Season] = ()) -> list[Night]:
    """The `count` nights from `first` on with their prices; of seasons that overlap the first counts."""
    off = rate.long_percent if rate.long_nights is not None and count >= rate.long_nights else 0
    found = []
    for day in (first + timedelta(days=turn) for turn in range(count)):
        usual = _usual(rate, day, (days or {}).get(day), seasons)
        found.append(Night(day, usual, None if usual is None else percent_of(usual, 100 - off)))
    return found


def _usual(rate: Rate, day: date, told: Day | None, seasons: Sequence[Season]) -> int | None:
    if told is not None and told.closed:
        return None
    if told is not None and told.price is not None:
        return told.price
    percent = next((season.percent for season in seasons if season.first <= day <= season.last), 100)
    return percent_of(rate.weekend_price if day.weekday() in WEEKEND else rate.price, percent)


def last_free_moment(check_in: datetime, free_cancel_h: int | None) -> datetime | None:
    """Until when the stay can be called off for nothing; None: never."""
    return None if free_cancel_h is None else check_in - timedelta(hours=free_cancel_h)
