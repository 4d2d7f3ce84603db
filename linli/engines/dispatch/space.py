"""Distances, one or many at a time: straight ones, or those of a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from math import asin, cos, dist, radians, sin, sqrt

import numpy as np
from numpy.typing import NDArray

from linli.engines.dispatch.ways import Place, Ways
from linli.kernel.geo import EARTH_M

Floats = NDArray[np.float64]


def straight(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle metres between two (latitude, longitude) places."""
    south, north = radians(a[0]), radians(b[0])
    h = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin(radians(b[1] - a[1]) / 2) ** 2
    return 2 * EARTH_M * asin(min(1.0, sqrt(h)))


def between(places: Sequence[tuple[float, float]]) -> list[list[float]]:
    """Great-circle metres between all (latitude, longitude) places, by the chords between them."""
    points = []
    for lat, lng in places:
        north, east = radians(lat), radians(lng)
        points.append((cos(north) * cos(east), cos(north) * sin(east), sin(north)))
    table = [[0.0] * len(points) for _ in points]
    for i, a in enumerate(points):
        for j in range(i):
            table[i][j] = table[j][i] = 2 * EARTH_M * asin(min(1.0, dist(a, points[j]) / 2))
    return table


def straight_from(places: Floats, to: tuple[float, float]) -> Floats:
    """Great-circle metres from each row (latitude, longitude) of `places` (n x 2) to `to`; shape (n,)."""
    lat, lng = np.radians(places[:, 0]), np.radians(places[:, 1])
    north, east = radians(to[0]), radians(to[1])
    h = np.sin((lat - north) / 2) ** 2 + np.cos(lat) * cos(north) * np.sin((lng - east) / 2) ** 2
    return np.asarray(2 * EARTH_M * np.arcsin(np.minimum(1.0, np.sqrt(h))))


class Straight:
    """The plane as the crow flies; metres from the first to the second, everywhere."""

    def one(self, a: Place, b: Place) -> float:
        """Metres from `a` to `b`."""
        return straight(a, b)

    def between(self, places: Sequence[Place]) -> list[list[float]]:
        """Metres from each (rows) to each."""
        return between(places)

    def toward(self, places: Sequence[Place]) -> Callable[[Place], Floats]:
        """A function that says the metres from each of `places` to one."""
        return partial(straight_from, np.array(places, float).reshape(-1, 2))

    def grids(self, rows: Sequence[Sequence[Place]]) -> Floats:
        """Metres between all places of each row (n rows of k), shape (n, k, k)."""
        places = np.array(rows)
        lat, lng = np.radians(places[:, :, 0]), np.radians(places[:, :, 1])
        south, north = lat[:, :, None], lat[:, None, :]
        h = np.sin((north - south) / 2) ** 2 + np.cos(south) * np.cos(north) * np.sin((lng[:, None, :] - lng[:, :, None]) / 2) ** 2
        return np.asarray(2 * EARTH_M * np.arcsin(np.minimum(1.0, np.sqrt(h))))


class Streets(Straight):
    """The same from a table of ways. Raises KeyError for a place that the table does not have."""

    def __init__(self, ways: Ways) -> None:
        self._row = {place: row for row, place in enumerate(ways.places)}
        self._metres = ways.metres().astype(np.float64)

    def one(self, a: Place, b: Place) -> float:
        """Metres from `a` to `b`."""
        return float(self._metres[self._row[a], self._row[b]])

    def between(self, places: Sequence[Place]) -> list[list[float]]:
        """Metres from each (rows) to each."""
        rows = [self._row[place] for place in places]
        found: list[list[float]] = self._metres[np.ix_(rows, rows)].tolist()
        return found

    def toward(self, places: Sequence[Place]) -> Callable[[Place], Floats]:
        """A function that says the metres from each of `places` to one."""
        rows = np.array([self._row[place] for place in places], np.intp)
        return lambda to: np.asarray(self._metres[rows, self._row[to]])

    def grids(self, rows: Sequence[Sequence[Place]]) -> Floats:
        """Metres between all places of each row (n rows of k), shape (n, k, k)."""
        numbers = np.array([[self._row[place] for place in places] for places in rows], np.intp)
        return np.asarray(self._metres[numbers[:, :, None], numbers[:, None, :]])


STRAIGHT = Straight()


def space(ways: Ways | None) -> Straight:
    """Where distances come from."""
    return STRAIGHT if ways is None else Streets(ways)
