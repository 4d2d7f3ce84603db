"""Where the reader is, or says to be: a cookie that works before sign-in, with the middle of the city when nothing is said."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, unquote

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from linli.apps.city import queries as city
from linli.apps.city.queries import CityView
from linli.kernel.geo import Point

COOKIE = "here"
YEAR_S = 31_536_000
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Here:
    """A place with its name; `chosen` says that the reader named it."""

    city: CityView
    point: Point
    name: str
    name_en: str
    chosen: bool


def here(request: HttpRequest) -> Here:
    """The reader's place. One statement (the city). A place outside of the city, or one that cannot be read, counts as none."""
    town = city.default_city()
    try:
        lat, lng, name, name_en = request.COOKIES.get(COOKIE, "").split(",", 3)
        point = Point(float(lat), float(lng))
    except ValueError:
        return Here(town, town.centre, town.name, town.name_en, False)
    if not town.box.holds(point):
        return Here(town, town.centre, town.name, town.name_en, False)
    return Here(town, point, unquote(name)[:LONGEST], unquote(name_en)[:LONGEST], True)


def keep(response: HttpResponse, point: Point, name: str, name_en: str) -> None:
    """Remember the place in the browser."""
    text = f"{point.lat:.5f},{point.lng:.5f},{quote(name[:LONGEST])},{quote(name_en[:LONGEST])}"
    response.set_cookie(COOKIE, text, max_age=YEAR_S, samesite="Lax", secure=settings.PRODUCTION)
