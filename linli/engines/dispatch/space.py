"""Straight distances, one or many at a time."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

import numpy as np
from numpy.typing import NDArray

from linli.kernel.geo import EARTH_M

Floats = NDArray[np.float64]


def straight(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle metres between two (latitude, longitude) places."""
    south, north = radians(a[0]), radians(b[0])
    h = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin(radians(b[1] - a[1]) / 2) ** 2
    return 2 * EARTH_M * asin(min(1.0, sqrt(h)))


def straight_from(places: Floats, to: tuple[float, float]) -> Floats:
    """Great-circle metres from each row (latitude, longitude) of `places` (n x 2) to `to`; shape (n,)."""
    lat, lng = np.radians(places[:, 0]), np.radians(places[:, 1])
    north, east = radians(to[0]), radians(to[1])
    h = np.sin((lat - north) / 2) ** 2 + np.cos(lat) * cos(north) * np.sin((lng - east) / 2) ** 2
    return np.asarray(2 * EARTH_M * np.arcsin(np.minimum(1.0, np.sqrt(h))))
