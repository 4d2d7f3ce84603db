"""Draws `static/look/beijing.json` from the hand-drawn city and a GTFS `stops.txt` of its metro: `python -m linli.fronts.web.basemap.draw stops.txt`.

A station's code is two letters of its line and four of its place on it; so the stops alone give the lines.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import defaultdict
from pathlib import Path

from linli.fronts.web.basemap import schematic
from linli.fronts.web.basemap.schematic import Line

TARGET = Path(__file__).parents[1] / "static" / "look" / "beijing.json"
NOTICE = (
    "Stations and lines: BoyInTheSun/beijing-subway-gtfs (MPL-2.0), coordinates © OpenStreetMap contributors (ODbL 1.0). "
    "Roads, waters and parks: drawn by hand for Linli, schematic."
)
# The colours of the lines, as on the trains, so that people recognise theirs; the map shows them softly.
COLOURS = {
    "01": "#c23a30", "97": "#c23a30", "02": "#006098", "03": "#e4243d", "04": "#008e9c", "93": "#008e9c", "05": "#a6217f", "06": "#d29700", "07": "#f6c582", "08": "#009b6b",
    "09": "#8fc31f", "10": "#009bc0", "90": "#009bc0", "11": "#ed796b", "12": "#9c4f01", "13": "#f9e700", "14": "#d5a7a1", "15": "#5b2c68", "16": "#76a32e", "17": "#00a9a9", "19": "#d6abc1",
    "88": "#0049a5", "89": "#e50619", "91": "#b35a20", "92": "#e46022", "94": "#de82b2", "95": "#e46022", "96": "#e40077", "98": "#a29bbb",
}  # fmt: skip
CLOSED = {"02"}  # a ring by itself; 10 is one together with 90
Codes = dict[str, tuple[float, float, str]]


def _stops(source: Path) -> dict[str, Codes]:
    """For each line its stops by code: latitude, longitude, name (of the first of the two directions)."""
    lines: dict[str, Codes] = defaultdict(dict)
    with source.open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            code = row["stop_code"]
            if code and row["stop_lat"] and row["location_type"] in {"0", "1"}:
                name = row["stop_name"].split("(")[0]
                lines[code[:2]].setdefault(code, (round(float(row["stop_lat"]), 5), round(float(row["stop_lon"]), 5), name))
    return lines


def _ways(lines: dict[str, Codes]) -> list[dict[str, object]]:
    """The lines to draw; a ring is closed, and the two halves of line 10 are joined."""
    ways: list[dict[str, object]] = []
    for line, codes in sorted(lines.items()):
        if line not in COLOURS or line == "90":
            continue
        way = [codes[code][:2] for code in sorted(codes)]
        if line == "10":
            way += [lines["90"][code][:2] for code in sorted(lines["90"])]
        ways.append({"colour": COLOURS[line], "way": [*way, way[0]] if line in CLOSED or line == "10" else way})
    return ways


def _stations(lines: dict[str, Codes]) -> list[tuple[float, float, str, int]]:
    """Each station once, with the number of lines that stop there."""
    found: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for line, codes in lines.items():
        if line in COLOURS:
            for lat, lng, name in codes.values():
                found[name].append((lat, lng))
    mean = {name: (sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points)) for name, points in found.items()}
    return sorted((round(mean[name][0], 5), round(mean[name][1], 5), name, len(points)) for name, points in found.items())


def _areas(kind: str, areas: dict[str, Line]) -> list[dict[str, object]]:
    return [{"kind": kind, "name": name, "way": way} for name, way in areas.items()]


def drawn(source: Path) -> dict[str, object]:
    """The whole map as data: areas, roads, lines, stations, each in degrees."""
    lines = _stops(source)
    roads = [{"kind": "ring", "way": list(way)} for way in schematic.RINGS.values()]
    roads += [{"kind": "road", "way": list(way)} for way in schematic.ROADS.values()]
    return {
        "notice": NOTICE,
        "areas": _areas("park", schematic.PARKS) + _areas("water", schematic.WATERS) + _areas("palace", schematic.PALACES),
        "rivers": [list(way) for way in schematic.RIVERS.values()],
        "roads": [*roads, {"kind": "axis", "way": list(schematic.AXIS)}],
        "lines": _ways(lines),
        "stations": _stations(lines),
    }


if __name__ == "__main__":
    TARGET.write_text(json.dumps(drawn(Path(sys.argv[1])), ensure_ascii=False, separators=(",", ":")), "utf8")
