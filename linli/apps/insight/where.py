"""Where things are brought: deliveries by cell, and how far each cell is from what stands there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import h3
import numpy as np
from numpy.typing import NDArray

from linli.apps.city import queries as cities
from linli.apps.fulfilment import queries as street
from linli.kernel.errors import N_, Invalid
from linli.kernel.geo import Point

RESOLUTION = 8  # H3: cells of about 0.7 square kilometres
MOST_CELLS = 400  # the busiest; what lies outside of them is left out of a proposal, and its share is said
LEAST_ORDERS = 20
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Demand:
    """Deliveries of some days by cell, the busiest first: the middle of each cell and how many went there."""

    cells: tuple[Point, ...]
    counts: tuple[int, ...]
    days: int
    left_out: int

    @property
    def total(self) -> int:
        """Deliveries in the cells."""
        return sum(self.counts)


def demand(*, city_id: int, days: int, at: datetime) -> Demand:
    """What was brought where in the `days` before `at`. Raises Invalid for a senseless number of days."""
    if not 1 <= days <= 365:
        raise Invalid("siting.days", N_("Between 1 and 365 days can be looked back on."), field="days")
    drops = street.drops(city_id=city_id, start=at - timedelta(days=days), end=at)
    ranked = Counter(h3.latlng_to_cell(point.lat, point.lng, RESOLUTION) for _, point in drops)
    first = sorted(ranked.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_CELLS]
    cells = tuple(Point(*h3.cell_to_latlng(cell)) for cell, _ in first)
    counts = tuple(count for _, count in first)
    return Demand(cells, counts, days, len(drops) - sum(counts))


def seconds(city_id: int, places: Sequence[Point], wants: Demand, at: datetime) -> Floats:
    """Seconds by bicycle from each of `places` (columns) to each cell (rows), by the city's own travel times."""
    ways = cities.travel_matrix(city_id=city_id, origins=list(places), destinations=list(wants.cells), vehicle="bike", at=at)
    return np.asarray(ways.T, np.float64)


def mean_s(wants: Demand, ways: Floats) -> float | None:
    """Mean seconds from the nearest place to a door; None without a place or a delivery."""
    if not ways.shape[1] or not wants.total:
        return None
    return float((ways.min(axis=1) * np.array(wants.counts)).sum() / wants.total)
