"""Time: half-open windows, clocks that are passed in, and the weekly opening hours of a place in its own zone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """From `start` up to, not including, `end`; both aware."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError("a window ends before it starts")

    def holds(self, at: datetime) -> bool:
        """Whether `at` falls into the window."""
        return self.start <= at < self.end

    def meets(self, other: Window) -> bool:
        """Whether the two share a moment."""
        return self.start < other.end and other.start < self.end


class Clock(Protocol):
    """Something that knows what time it is. Only doors, job runners and the simulator read one; all else is told `at`."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class ManualClock:
    """A clock that stands still until it is moved; it never goes back."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at

    def move_to(self, at: datetime) -> None:
        """Go forward to `at`; an earlier `at` is ignored."""
        self._at = max(self._at, at)


@dataclass(frozen=True, slots=True)
class ScaledClock:
    """A clock that showed `shown` when the machine's showed `real` and has run at `speed` times its pace since."""

    real: datetime
    shown: datetime
    speed: float

    def now(self) -> datetime:
        return self.shown + (datetime.now(UTC) - self.real) * self.speed


@dataclass(frozen=True, slots=True, order=True)
class Opening:
    """One opening on one weekday (0 is Monday), in local wall-clock minutes; `closes` may pass midnight (up to 2,880)."""

    weekday: int
    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not (0 <= self.weekday <= 6 and 0 <= self.opens < DAY_MINUTES and self.opens < self.closes <= 2 * DAY_MINUTES):
            raise ValueError(f"not an opening: {self.weekday} {self.opens}-{self.closes}")


@lru_cache(maxsize=8192)
def moment(wall: datetime, zone: str) -> datetime:
    """When a clock on the wall (naive) in `zone` shows `wall`: the first time, where it does twice; when it jumps past it, where never."""
    info = ZoneInfo(zone)
    early, late = sorted(wall.replace(tzinfo=info, fold=fold).astimezone(UTC) for fold in (0, 1))
    if early.astimezone(info).replace(tzinfo=None) == wall:
        return early
    while (late - early).total_seconds() > 1:  # in the hour that summer time skips: look for the jump between the two readings
        middle = early + (late - early) / 2
        early, late = (middle, late) if middle.astimezone(info).replace(tzinfo=None) < wall else (early, middle)
    return late.replace(microsecond=0)


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """When a place is open, week after week, in its own zone. Wall-clock times, so summer time moves the moments, not the hours."""

    openings: tuple[Opening, ...]
    zone: str

    def _moment(self, day: date, minute: int) -> datetime:
        days, minute = divmod(minute, DAY_MINUTES)
        day += timedelta(days=days)
        return moment(datetime.combine(day, time(minute // 60, minute % 60)), self.zone)

    def windows(self, start: date, days: int) -> Iterator[Window]:
        """The openings that begin on the `days` local days from `start`, in order."""
        openings = sorted(self.openings)
        for offset in range(days):
            day = start + timedelta(days=offset)
            for opening in openings:
                if opening.weekday == day.weekday():
                    window = (self._moment(day, opening.opens), self._moment(day, opening.closes))
                    if window[0] < window[1]:  # an opening may vanish in the hour that summer time skips
                        yield Window(*window)

    def _around(self, at: datetime) -> Sequence[Window]:
        local = at.astimezone(ZoneInfo(self.zone)).date()
        return list(self.windows(local - timedelta(days=2), 10))

    def open_until(self, at: datetime) -> datetime | None:
        """When the place that is open at `at` closes (openings that touch count as one), or None when it is closed."""
        until: datetime | None = None
        for window in self._around(at):
            if window.holds(at) or (until is not None and window.start <= until < window.end):
                until = max(until, window.end) if until else window.end
        return until

    def opens_next(self, at: datetime) -> datetime | None:
        """The first moment after `at` at which it opens within the week, or None if it never does."""
        return min((window.start for window in self._around(at) if window.start > at), default=None)
