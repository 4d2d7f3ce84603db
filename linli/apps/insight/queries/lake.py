"""What the lake holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from linli.apps.insight.models import DayReport, Forgetting, Noted

SHOWN = 14


@dataclass(frozen=True, slots=True)
class DayView:
    """A day of the lake: rows by kind, and what of them cannot be."""

    day: date
    rows: int
    kinds: Mapping[str, int]
    faults: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class WaitingView:
    """Rows on their way into the lake, and people whose forgetting is not done everywhere yet."""

    rows: int
    leaving: int


def days() -> list[DayView]:
    """The latest days that were looked at, the newest first. One statement."""
    return [DayView(row.day, row.rows, row.kinds, row.faults) for row in DayReport.objects.order_by("-day")[:SHOWN]]


def waiting() -> WaitingView:
    """What is not in the lake yet. Two statements."""
    return WaitingView(Noted.objects.count(), Forgetting.objects.filter(models_done_at=None).count())
