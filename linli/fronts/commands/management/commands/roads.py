"""`linli roads …`: load a road graph from CSV files or an OpenStreetMap extract, or lay a made-up grid over the known places."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from django.core.management.base import BaseCommand, CommandError, CommandParser

from linli.apps.city import operations, queries
from linli.apps.city.operations import Road
from linli.kernel.errors import Problem
from linli.kernel.geo import Point
from linli.platform import clock

# What OpenStreetMap calls a road, as a class of ours; what is not here is left out.
_OSM = {
    "motorway": "motorway", "trunk": "trunk", "primary": "primary", "secondary": "secondary", "tertiary": "secondary",
    "residential": "residential", "unclassified": "residential", "living_street": "service", "service": "service",
    "cycleway": "path", "footway": "path", "path": "path", "pedestrian": "path",
}  # fmt: skip
Found = tuple[dict[int, Point], list[Road], dict[str, list[float]]]


class Command(BaseCommand):
    help = "Load the road graph that LINLI_WAYS=graph finds ways in."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        load = verbs.add_parser("load", help="a folder with nodes.csv, roads.csv and perhaps speeds.csv, or a file of OpenStreetMap XML")
        load.add_argument("source", type=Path)
        make = verbs.add_parser("make", help="a grid over the known places, to try things with; it is no map and says so")
        for verb in (load, make):
            verb.add_argument("--city", default="", help="the city's slug (default: the first one)")

    def handle(self, *args: Any, verb: str, city: str, **options: Any) -> None:
        try:
            place = queries.city(slug=city) if city else queries.default_city()
            if verb == "make":
                done = operations.make_roads(city_id=place.id, at=clock.now())
            else:
                nodes, roads, profile = read(options["source"])
                done = operations.put_roads(
                    city_id=place.id, nodes=nodes, roads=roads, profile=profile, source=options["source"].name, at=clock.now()
                )
        except Problem as problem:
            raise CommandError(str(problem)) from None
        except (OSError, ValueError, KeyError, ElementTree.ParseError) as error:
            raise CommandError(f"{options.get('source', city)} cannot be read: {error}") from None
        self.stdout.write(f"{done.nodes:,} nodes, {done.roads:,} roads" + (", made up" if verb == "make" else ""))


def read(source: Path) -> Found:
    """Nodes, roads and speeds of a folder or an extract. Raises OSError, ValueError, KeyError or ParseError for what cannot be read."""
    return _folder(source) if source.is_dir() else _extract(source)


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from enumerate(csv.DictReader(file), 2)


def _folder(source: Path) -> Found:
    nodes: dict[int, Point] = {}
    roads: list[Road] = []
    profile: dict[str, list[float]] = {}
    for name, take in (("nodes.csv", _node), ("roads.csv", _roads), ("speeds.csv", _speeds)):
        if name == "speeds.csv" and not (source / name).exists():
            continue
        for line, row in _rows(source / name):
            try:
                take(row, nodes, roads, profile)
            except (ValueError, KeyError, TypeError) as error:
                raise ValueError(f"{name}, line {line}: {error}") from None
    return nodes, roads, profile


def _node(row: dict[str, str], nodes: dict[int, Point], roads: list[Road], profile: dict[str, list[float]]) -> None:
    nodes[int(row["node"])] = Point(float(row["lat"]), float(row["lng"]))


def _roads(row: dict[str, str], nodes: dict[int, Point], roads: list[Road], profile: dict[str, list[float]]) -> None:
    length = float(row["metres"]) if row.get("metres") else None
    road = Road(int(row["from"]), int(row["to"]), row["class"], length)
    roads.append(road)
    if (row.get("oneway") or "").lower() not in {"1", "yes", "true"}:
        roads.append(Road(road.end, road.start, road.road_class, length))


def _speeds(row: dict[str, str], nodes: dict[int, Point], roads: list[Road], profile: dict[str, list[float]]) -> None:
    hours = profile.setdefault(row["class"], [1.0] * 24)
    hour = int(row["hour"])
    if not 0 <= hour < 24:
        raise ValueError(f"there is no hour {hour}")
    hours[hour] = float(row["share"])


def _extract(source: Path) -> Found:
    """Nodes and ways of OpenStreetMap XML; only nodes that a road uses are kept."""
    nodes: dict[int, Point] = {}
    roads: list[Road] = []
    for _, element in ElementTree.iterparse(source):  # the operator's own file
        if element.tag == "node":
            nodes[int(element.attrib["id"])] = Point(float(element.attrib["lat"]), float(element.attrib["lon"]))
        elif element.tag == "way":
            roads += _way(element)
        if element.tag in {"node", "way", "relation"}:
            element.clear()
    there = [road for road in roads if road.start in nodes and road.end in nodes]  # extracts end in the middle of ways
    used = {end for road in there for end in (road.start, road.end)}
    return {number: point for number, point in nodes.items() if number in used}, there, {}


def _way(element: ElementTree.Element) -> Iterator[Road]:
    tags = {tag.attrib["k"]: tag.attrib["v"] for tag in element.iter("tag")}
    road_class = _OSM.get(tags.get("highway", "").removesuffix("_link"))
    if road_class is None:
        return
    one, back = tags.get("oneway") in {"yes", "1", "true", "-1"} or road_class == "motorway", tags.get("oneway") == "-1"
    ends = [int(ref.attrib["ref"]) for ref in element.iter("nd")]
    for start, end in pairwise(ends[::-1] if back else ends):
        yield Road(start, end, road_class)
        if not one:
            yield Road(end, start, road_class)
