"""Where things are: points, distances, boxes and hexagons."""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, cos, degrees, radians, sin, sqrt

import h3

EARTH_M = 6_371_008.8  # mean radius, IUGG


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the earth in degrees, WGS 84."""

    lat: float
    lng: float

    def __post_init__(self) -> None:
        if not (-90 <= self.lat <= 90 and -180 <= self.lng <= 180):
            raise ValueError(f"no such place: {self.lat}, {self.lng}")


def metres(a: Point, b: Point) -> float:
    """Great-circle distance in metres (haversine)."""
    dlat, dlng = radians(b.lat - a.lat), radians(b.lng - a.lng)
    h = sin(dlat / 2) ** 2 + cos(radians(a.lat)) * cos(radians(b.lat)) * sin(dlng / 2) ** 2
    return 2 * EARTH_M * asin(min(1.0, sqrt(h)))


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of latitudes and longitudes; it does not cross the date line."""

    south: float
    west: float
    north: float
    east: float

    def holds(self, point: Point) -> bool:
        """Whether `point` is inside or on the edge."""
        return self.south <= point.lat <= self.north and self.west <= point.lng <= self.east

    @staticmethod
    def around(point: Point, radius_m: float) -> Box:
        """The smallest box that holds the circle of `radius_m` metres around `point`."""
        dlat = degrees(radius_m / EARTH_M)
        dlng = degrees(radius_m / (EARTH_M * max(0.01, cos(radians(point.lat)))))
        return Box(point.lat - dlat, point.lng - dlng, point.lat + dlat, point.lng + dlng)


def cell(point: Point, resolution: int = 8) -> str:
    """The H3 hexagon that holds `point`; resolution 8 is about 0.7 km2, 9 about 0.1 km2."""
    return str(h3.latlng_to_cell(point.lat, point.lng, resolution))


def towards(a: Point, b: Point, share: float) -> Point:
    """The point `share` (0 to 1) of the way from `a` to `b`; straight, which is right for the size of a city."""
    return Point(a.lat + (b.lat - a.lat) * share, a.lng + (b.lng - a.lng) * share)
