"""How to get somewhere, in words: how far, in which direction, and what is near it."""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, cos, degrees, radians

from django.utils.translation import get_language, gettext

from linli.apps.city import queries as city
from linli.fronts.web.courier.words import TOWARDS
from linli.kernel.geo import Point, metres

_NEAR_M = 600


@dataclass(frozen=True, slots=True)
class Way:
    """`metres` as the crow flies; `towards` one of eight directions, translated; `near` a landmark that people know, or empty."""

    metres: float
    towards: str
    near: str
    geo: str


def way(city_id: int, start: Point | None, end: Point) -> Way:
    """The way from `start` to `end`; without a start only what is near the end. One statement."""
    there = city.landmarks(city_id=city_id, near=end, limit=1)
    near = _named(there[0]) if there and (there[0].metres or 0) <= _NEAR_M else ""
    link = f"geo:{end.lat:.6f},{end.lng:.6f}?q={end.lat:.6f},{end.lng:.6f}"
    if start is None:
        return Way(0.0, "", near, link)
    return Way(metres(start, end), gettext(TOWARDS[_eighth(start, end)]), near, link)


def _named(landmark: city.LandmarkView) -> str:
    english = (get_language() or "").startswith("en")
    return (english and landmark.name_en) or landmark.name


def _eighth(start: Point, end: Point) -> int:
    east = (end.lng - start.lng) * cos(radians(start.lat))
    return round(degrees(atan2(east, end.lat - start.lat)) / 45) % 8
