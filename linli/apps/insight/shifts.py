"""How many couriers a day will need, by half hour: from what the city has had, drawn to its usual day while little is known."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil
from zoneinfo import ZoneInfo

import h3
import numpy as np

from linli.apps.city import queries as cities
from linli.apps.fulfilment import queries as street
from linli.apps.insight.where import RESOLUTION, Floats
from linli.kernel.errors import N_, Invalid
from linli.kernel.geo import Point
from linli.platform import policies
from linli.policy import dispatch

STEP_MIN, STEPS = 30, 48
PARENT = RESOLUTION - 2  # H3: neighbourhoods that cells are drawn to
PRIOR_DAYS = 2.0  # days of the mean of all days that a weekday's own mean is drawn to
MOST_CELLS = 200


@dataclass(frozen=True, slots=True)
class HalfHour:
    """What is expected from `at` on: deliveries (mean, and bounds that hold 80 % of the time), couriers for the mean and for the upper
    bound, and the cells with most of it (place, mean)."""

    at: datetime
    mean: float
    low: int
    high: int
    couriers: int
    couriers_busy: int
    cells: tuple[tuple[Point, float], ...]


def plan_shifts(*, city_id: int, day: date, days: int, at: datetime) -> list[HalfHour]:
    """The half hours of the city's own `day`, from the whole days before `at` (at most `days`). Empty without a whole day of history.

    Raises Invalid for a senseless number of days.
    """
    if not 1 <= days <= 365:
        raise Invalid("shifts.days", N_("Between 1 and 365 days can be looked back on."), field="days")
    zone = ZoneInfo(cities.city(city_id=city_id).zone)
    midnight = at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    drops = street.drops(city_id=city_id, start=midnight - timedelta(days=days), end=midnight)
    if not drops:
        return []
    first = min(when for when, _ in drops).astimezone(zone).date()
    span = max(1, (midnight.date() - first).days)
    counts, everywhere, names = _counts(drops, first, span, zone)
    return _half_hours(city_id, counts, everywhere, names, first, day, zone)


def _counts(drops: list[tuple[datetime, Point]], first: date, span: int, zone: ZoneInfo) -> tuple[Floats, Floats, list[str]]:
    """Deliveries by cell (the busiest ones) and in the whole city, by half hour since `first`; and the names of the cells."""
    cells = [h3.latlng_to_cell(point.lat, point.lng, RESOLUTION) for _, point in drops]
    names = [cell for cell, _ in Counter(cells).most_common(MOST_CELLS)]
    row = {cell: number for number, cell in enumerate(names)}
    counts, everywhere = np.zeros((len(names), span * STEPS)), np.zeros(span * STEPS)
    for cell, (when, _) in zip(cells, drops, strict=True):
        local = when.astimezone(zone)
        step = (local.date() - first).days * STEPS + (local.hour * 60 + local.minute) // STEP_MIN
        if 0 <= step < len(everywhere):
            everywhere[step] += 1
            if cell in row:
                counts[row[cell], step] += 1
    return counts, everywhere, names


def _half_hours(
    city_id: int, counts: Floats, everywhere: Floats, names: list[str], first: date, day: date, zone: ZoneInfo
) -> list[HalfHour]:
    from linli.engines.forecast.cells import History, expect, fit  # statistics take a second to load; no page but this one needs them

    slots = np.arange(counts.shape[1]) % STEPS
    parents = {parent: number for number, parent in enumerate(dict.fromkeys(h3.cell_to_parent(name, PARENT) for name in names))}
    parent = np.array([parents[h3.cell_to_parent(name, PARENT)] for name in names])
    spread = fit(History(counts, parent, slots))
    total = _totals(everywhere, first, day)
    mean, _, _ = expect(spread, np.arange(STEPS), total)
    whole = fit(History(everywhere[None, :], np.zeros(1, np.int64), slots))
    _, low, high = expect(whole, np.arange(STEPS), total)
    per = _per_courier(city_id)
    centres = [Point(*h3.cell_to_latlng(name)) for name in names]
    start = datetime(day.year, day.month, day.day, tzinfo=zone)
    return [
        HalfHour(
            start + timedelta(minutes=STEP_MIN * step), float(total[step]), int(low[0, step]), int(high[0, step]),
            ceil(total[step] / per), ceil(high[0, step] / per),
            tuple((centres[c], float(mean[c, step])) for c in np.argsort(-mean[:, step], kind="stable")[:3]),
        )
        for step in range(STEPS)
    ]  # fmt: skip


def _totals(everywhere: Floats, first: date, day: date) -> Floats:
    """The city's expected deliveries a half hour: the mean of the same weekdays, drawn to that of all days by `PRIOR_DAYS`."""
    days = everywhere.reshape(-1, STEPS)
    same = np.array([(first + timedelta(days=number)).weekday() == day.weekday() for number in range(len(days))])
    return np.asarray((days[same].sum(axis=0) + PRIOR_DAYS * days.mean(axis=0)) / (same.sum() + PRIOR_DAYS))


def _per_courier(city_id: int) -> float:
    """Deliveries that one courier makes in half an hour when as busy as a courier should be."""
    hourly = float(policies.value(dispatch.PER_HOUR, city_id))
    return hourly * STEP_MIN / 60
