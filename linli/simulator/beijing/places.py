"""Where things are: the metro exits, and the places that say which exit they are near."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import cos, pi, radians, sin, sqrt
from pathlib import Path

from linli.kernel.geo import EARTH_M, Point

# How the source calls stations that the map calls otherwise.
ALIASES = {"T2航站楼": "2号航站楼", "T3航站楼": "3号航站楼", "景泰站": "景泰", "丰台": "丰台站", "北宫门": "北宫门站"}
_FIELD = re.compile(r"(?P<station>.+?)地铁站(?:\d+号线)?(?P<exit>[A-Z]\d?)?口?")
_SPREAD_M = {"exit": 300, "station": 420}


@dataclass(frozen=True, slots=True)
class Stop:
    """A metro station or one of its exits."""

    kind: str
    name: str
    point: Point


@dataclass(frozen=True, slots=True)
class Metro:
    """Stations and exits by name; an exit's name is `station X`."""

    stations: dict[str, Stop]
    exits: dict[str, Stop]

    def place(self, field: str | None, name: str) -> tuple[Point, str] | None:
        """An approximate point for the place called `name` whose metro field is `field`, and what it hangs on; None when unknown.

        Places of one exit are spread within a few hundred metres by a hash of their names, so the same place stays where it is.
        """
        match = _FIELD.fullmatch(field or "")
        if match is None:
            return None
        station = ALIASES.get(match["station"], match["station"])
        stop = self.exits.get(f"{station} {match['exit']}口") or self.stations.get(station)
        return (_spread(stop, name), f"{stop.kind}: {stop.name}") if stop else None

    def all(self) -> Iterator[Stop]:
        """Stations, then exits."""
        yield from self.stations.values()
        yield from self.exits.values()


def read_metro(path: Path) -> Metro:
    """The stations and exits of a GTFS `stops.txt`."""
    stations: dict[str, Stop] = {}
    exits: dict[str, Stop] = {}
    with path.open(encoding="utf8", newline="") as file:
        for row in csv.DictReader(file):
            if not row["stop_lat"]:
                continue
            point = Point(round(float(row["stop_lat"]), 6), round(float(row["stop_lon"]), 6))
            if row["location_type"] == "1":
                stations.setdefault(row["stop_name"], Stop("metro", row["stop_name"], point))
            elif row["location_type"] == "2" and (match := re.fullmatch(r"(.+?) ([A-Z]?\d?)(?:西|东|南|北)*出口", row["stop_name"])):
                name = f"{match[1]} {match[2]}口"
                exits.setdefault(name, Stop("exit", name, point))
    return Metro(stations, exits)


def _spread(stop: Stop, name: str) -> Point:
    digest = hashlib.blake2s(name.encode(), digest_size=8).digest()
    angle = 2 * pi * int.from_bytes(digest[:4]) / (1 << 32)
    away = _SPREAD_M[stop.kind if stop.kind == "exit" else "station"] * sqrt(int.from_bytes(digest[4:]) / (1 << 32))
    north, east = away * cos(angle), away * sin(angle)
    lat = stop.point.lat + north / EARTH_M * 180 / pi
    return Point(round(lat, 6), round(stop.point.lng + east / (EARTH_M * cos(radians(lat))) * 180 / pi, 6))
