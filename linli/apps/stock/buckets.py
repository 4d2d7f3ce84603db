"""Which buckets an interval covers. Pure arithmetic on time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

ALWAYS = datetime(2000, 1, 1, tzinfo=UTC)  # the one bucket of what is counted in units
DAY_MINUTES = 24 * 60
DAY_BEGINS = 20 * 60  # in UTC: four in the morning in China, when no kitchen is open
UNLIMITED = 1_000_000  # the capacity of what was limited once and is not any more
NEW_DAY_H = 4  # in the morning, local time: no kitchen is open
_ORIGIN = datetime(2000, 1, 1, tzinfo=UTC)  # a midnight that all grains are counted from


def day_offset(zone: str, at: datetime) -> int:
    """Minutes after midnight UTC at which a day of kitchens in `zone` begins (by the clock that they go by at `at`)."""
    return offset_of(zone, NEW_DAY_H * 60, at)


def offset_of(zone: str, minutes: int, at: datetime) -> int:
    """Minutes after midnight UTC at which it is `minutes` after midnight in `zone` (by the clock that they go by at `at`)."""
    shift = at.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()
    return (minutes - int(shift.total_seconds() // 60)) % DAY_MINUTES


def start_of(at: datetime, grain_minutes: int, offset_minutes: int = 0) -> datetime:
    """The start of the grain that holds `at`; `ALWAYS` for units (grain 0). `offset_minutes` moves the grains (a day from four on)."""
    if not grain_minutes:
        return ALWAYS
    grain, origin = timedelta(minutes=grain_minutes), _ORIGIN + timedelta(minutes=offset_minutes)
    return origin + (at - origin) // grain * grain


def covering(start: datetime, end: datetime | None, grain_minutes: int, offset_minutes: int = 0) -> Iterator[datetime]:
    """The starts of all grains that share a moment with `start` up to `end`; without an end the one that holds `start`."""
    bucket = start_of(start, grain_minutes, offset_minutes)
    yield bucket
    while grain_minutes and end is not None and (bucket := bucket + timedelta(minutes=grain_minutes)) < end:
        yield bucket
