"""Whether a place is open, quickly: the arithmetic of one week, checked against the calendar only when a clock change is near."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from linli.kernel.time import DAY_MINUTES, Opening, WeeklyHours

WEEK = 7 * DAY_MINUTES
_NEVER_CLOSES = timedelta(days=6)

Spans = tuple[tuple[int, int], ...]


@lru_cache(maxsize=8192)
def spans(openings: tuple[Opening, ...]) -> Spans:
    """The openings as minutes of a week, merged where they touch, sorted; a span that passes Sunday midnight ends after `WEEK`."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted((o.weekday * DAY_MINUTES + o.opens, o.weekday * DAY_MINUTES + o.closes) for o in openings):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    while len(merged) > 1 and merged[-1][1] >= merged[0][0] + WEEK:
        first = merged.pop(0)
        merged[-1] = (merged[-1][0], max(merged[-1][1], first[1] + WEEK))
    if len(merged) == 1 and merged[0][1] - merged[0][0] >= WEEK:
        return ((0, 3 * WEEK),)  # round the clock: no end within any week
    return tuple(merged)


@lru_cache(maxsize=1024)
def _steady(zone: str, hour: datetime) -> bool:
    info = ZoneInfo(zone)
    return len({(hour + timedelta(days=days)).astimezone(info).utcoffset() for days in (-3, 0, 9)}) == 1


def minute_of_week(at: datetime, zone: str) -> float:
    """The local minute of the week at `at`, from Monday midnight, with seconds as a fraction."""
    local = at.astimezone(ZoneInfo(zone))
    return local.weekday() * DAY_MINUTES + local.hour * 60 + local.minute + local.second / 60 + local.microsecond / 60e6


def span_at(week: Spans, minute: float) -> tuple[float | None, float | None]:
    """Minutes until it closes (None: closed) and minutes until the next opening (None: never opens)."""
    if not week:
        return None, None
    index = bisect_right(week, (minute, float("inf")))
    upcoming = week[index][0] - minute if index < len(week) else week[0][0] + WEEK - minute
    for end in ([week[index - 1][1]] if index else []) + [week[-1][1] - WEEK]:
        if minute < end:
            return end - minute, upcoming
    return None, upcoming


def open_window(hours: WeeklyHours, at: datetime) -> tuple[bool, datetime | None, datetime | None]:
    """(open, closes at, opens next), the same as the calendar would say.

    "Closes at" is None when it is closed or stays open for the next six days; "opens next" is None when it is open or never opens.
    """
    if not _steady(hours.zone, at.replace(minute=0, second=0, microsecond=0)):
        until = hours.open_until(at)
        return until is not None, until if until and until - at < _NEVER_CLOSES else None, None if until else hours.opens_next(at)
    left, upcoming = span_at(spans(hours.openings), minute_of_week(at, hours.zone))
    if left is not None:
        return True, None if left > 6 * DAY_MINUTES else _after(at, left), None
    return False, None, None if upcoming is None else _after(at, upcoming)


def _after(at: datetime, minutes: float) -> datetime:
    return (at + timedelta(minutes=minutes, seconds=0.5)).replace(microsecond=0)


def every_day(ranges: Sequence[tuple[int, int]]) -> tuple[Opening, ...]:
    """The same ranges of minutes on all seven days."""
    return tuple(Opening(day, opens, closes) for day in range(7) for opens, closes in ranges)
