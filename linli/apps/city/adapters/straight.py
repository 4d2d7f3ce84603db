"""Great-circle distance times the detour factor, over the speed of the hour."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from linli.apps.city.adapters.base import Ask, Floats
from linli.kernel.geo import EARTH_M, Point


class Straight:
    """What is always there."""

    name = "straight"
    local = True

    def seconds(self, ask: Ask) -> Floats:
        """As `Provider.seconds`."""
        return straight_metres(ask.origins, ask.destinations) * ask.detour / ask.metres_per_second


def straight_metres(origins: Sequence[Point], destinations: Sequence[Point]) -> Floats:
    """Great-circle metres from each origin (rows) to each destination."""
    a, b = np.radians(_degrees(origins)), np.radians(_degrees(destinations))
    lat1, lat2 = a[:, 0][:, None], b[:, 0][None, :]
    dlng = b[:, 1][None, :] - a[:, 1][:, None]
    h = np.sin((lat2 - lat1) / 2) ** 2 + np.cos(lat1) * np.cos(lat2) * np.sin(dlng / 2) ** 2
    distance: Floats = 2 * EARTH_M * np.arcsin(np.minimum(1.0, np.sqrt(h)))
    return distance


def _degrees(points: Sequence[Point]) -> Floats:
    return np.array([(point.lat, point.lng) for point in points], dtype=np.float64).reshape(-1, 2)
