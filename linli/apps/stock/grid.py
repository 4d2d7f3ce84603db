"""Time as grains of five minutes, from an hour on: where moments lie in it, and when a clock on the wall shows what. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np

from linli.engines.slots.problem import Grains, Mask
from linli.kernel.time import DAY_MINUTES

GRAIN = 5
WEEK = 7 * DAY_MINUTES // GRAIN
_DAY = DAY_MINUTES // GRAIN
_STEP = timedelta(minutes=GRAIN)

Span = tuple[int, int, int]  # weekday, from, to: minutes of the wall clock


@dataclass(frozen=True)
class Grid:
    """`grains` grains from `start` (UTC, on the hour), seen from `zone`."""

    start: datetime
    grains: int
    zone: str

    def at(self, grain: int) -> datetime:
        """When a grain begins."""
        return self.start + int(grain) * _STEP

    def index(self, moment: datetime) -> int:
        """The grain that holds `moment` (it may lie outside)."""
        return (moment - self.start) // _STEP

    def up(self, moment: datetime) -> int:
        """The first grain that begins at `moment` or later."""
        return -((self.start - moment) // _STEP)

    def cut(self, start: datetime, end: datetime) -> slice:
        """The grains that share a moment with `start` up to `end`."""
        return slice(max(0, self.index(start)), max(0, self.up(end)))

    @cached_property
    def _wall(self) -> Grains:
        """Of each grain the minute of the week, in grains, that the wall clock shows."""
        zone = ZoneInfo(self.zone)

        def shift(grain: int) -> int:
            return int((self.at(grain).astimezone(zone).utcoffset() or timedelta()).total_seconds()) // 60

        shifts = np.empty(self.grains, dtype=np.int64)
        for first in range(0, self.grains, _DAY):
            end = min(first + _DAY, self.grains)
            now, then = shift(first), shift(end)
            shifts[first:end] = now if now == then else [shift(grain) for grain in range(first, end)]  # the clock changes on that day
        monday = datetime(2024, 1, 1, tzinfo=UTC)
        minutes = (self.start - monday) // timedelta(minutes=1) + GRAIN * np.arange(self.grains) + shifts
        week: Grains = minutes % (7 * DAY_MINUTES) // GRAIN
        return week

    def weekly(self, spans: Iterable[Span]) -> Mask:
        """Which grains lie wholly in one of the weekly spans, by the clock on the wall."""
        return week_of(spans)[self._wall]

    @property
    def phase(self) -> int:
        """The first grain at which the wall clock shows a midnight, so that steps count from round times."""
        return int((-self._wall[0]) % _DAY)


def week_of(spans: Iterable[Span]) -> Mask:
    """The grains of a week that lie wholly in one of the spans; what passes Sunday midnight goes on on Monday."""
    week = np.zeros(WEEK, dtype=np.bool_)
    for weekday, begins, ends in spans:
        first, last = weekday * _DAY - (-begins // GRAIN), weekday * _DAY + ends // GRAIN
        week[first : min(last, WEEK)] = True
        week[: max(0, last - WEEK)] = True
    return week


def grid_of(start: datetime, end: datetime, zone: str) -> Grid:
    """The grid that holds `start` up to `end`."""
    hour = start.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    return Grid(hour, max(1, -((hour - end) // _STEP)), zone)
