"""How long it takes from place to place, and by what."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

import numpy as np
from numpy.typing import NDArray

from linli.engines.itinerary.params import Params
from linli.kernel.geo import EARTH_M, Point


def streets(points: Sequence[Point], params: Params) -> NDArray[np.float64]:
    """Metres by street between any two of the points."""
    lat, lng = (np.radians([getattr(point, name) for point in points]) for name in ("lat", "lng"))
    half = np.sin((lat[:, None] - lat) / 2) ** 2 + np.cos(lat[:, None]) * np.cos(lat) * np.sin((lng[:, None] - lng) / 2) ** 2
    return np.asarray(2 * EARTH_M * np.arcsin(np.sqrt(np.minimum(1, half))) * params.detour)


def walked(street: NDArray[np.float64], params: Params) -> NDArray[np.int64]:
    """Minutes on foot, whole and rounded up, however far it is."""
    return np.asarray(np.ceil(street * 0.06 / params.walk_kmh - 1e-9), np.int64)


def matrices(street: NDArray[np.float64], params: Params) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Minutes, whole and rounded up, and whether one rides."""
    rides = street > params.walk_most_m
    rode = np.ceil(params.ride_wait_min + street * 0.06 / params.ride_kmh - 1e-9).astype(np.int64)
    return np.where(rides, rode, walked(street, params)), rides


class Ways:
    """Minutes between any two of the points, whole and rounded up, and whether one rides."""

    def __init__(self, points: Sequence[Point], params: Params) -> None:
        minutes, rides = matrices(streets(points, params), params)
        self.minutes: list[list[int]] = minutes.tolist()
        self.rides: list[list[bool]] = rides.tolist()


def between(a: Point, b: Point, params: Params) -> tuple[int, bool]:
    """Minutes and whether one rides, for one pair; worked out by itself, so that it can check `Ways`."""
    from linli.kernel.geo import metres

    street = metres(a, b) * params.detour
    if street > params.walk_most_m:
        return ceil(params.ride_wait_min + street * 0.06 / params.ride_kmh - 1e-9), True
    return ceil(street * 0.06 / params.walk_kmh - 1e-9), False
