"""Cities and landmarks, read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from linli.apps.city.models import City, Landmark
from linli.kernel.errors import N_, NotFound
from linli.kernel.geo import Box, Point, metres


@dataclass(frozen=True, slots=True)
class CityView:
    """A city as others see it."""

    id: int
    slug: str
    name: str
    name_en: str
    currency: str
    zone: str
    centre: Point
    box: Box


@dataclass(frozen=True, slots=True)
class LandmarkView:
    """A landmark; `metres` is its distance from the point that was asked about, or None."""

    id: int
    kind: str
    name: str
    name_en: str
    pinyin: str
    point: Point
    metres: int | None


def _city_view(row: City) -> CityView:
    box = Box(row.south, row.west, row.north, row.east)
    return CityView(row.id, row.slug, row.name, row.name_en, row.currency, row.zone, Point(row.lat, row.lng), box)


def cities() -> list[CityView]:
    """Every city, the oldest first."""
    return [_city_view(row) for row in City.objects.order_by("id")]


def city(*, city_id: int | None = None, slug: str | None = None) -> CityView:
    """The city with this id or slug. Raises NotFound."""
    row = City.objects.filter(**({"id": city_id} if city_id is not None else {"slug": slug})).first()
    if row is None:
        raise NotFound("city.unknown", N_("There is no such city."))
    return _city_view(row)


def default_city() -> CityView:
    """The oldest city: where a visitor is who has not said otherwise. Raises NotFound when there is none yet."""
    row = City.objects.order_by("id").first()
    if row is None:
        raise NotFound("city.none", N_("No city has been loaded yet. Run: linli city load --demo"))
    return _city_view(row)


def inside(*, city_id: int, point: Point) -> bool:
    """Whether `point` lies within the city's bounds."""
    return city(city_id=city_id).box.holds(point)


def landmarks(
    *, city_id: int, text: str = "", near: Point | None = None, reach_m: int = 3_000, limit: int = 20, kinds: Collection[str] = ()
) -> list[LandmarkView]:
    """Landmarks whose name, English name or pinyin holds `text`, nearest to `near` first when it is given (one statement).

    Names that begin with the text come before names that only hold it. Without a text, those within about `reach_m` of `near`.
    With `kinds`, only those.
    """
    rows = _matching(city_id, text.strip().lower(), near, reach_m, limit, kinds)
    views = [_landmark_view(row, near) for row in rows]
    begins = {view.id: not view.name.lower().startswith(text.strip().lower()) for view in views}
    return sorted(views, key=lambda view: (begins[view.id], view.metres or 0, len(view.name), view.name))[:limit]


def _matching(city_id: int, text: str, near: Point | None, reach_m: int, limit: int, kinds: Collection[str]) -> QuerySet[Landmark]:
    rows = Landmark.objects.filter(city_id=city_id)
    if kinds:
        rows = rows.filter(kind__in=list(kinds))
    if text:
        tight = text.replace(" ", "")
        return rows.filter(Q(name__icontains=text) | Q(name_en__icontains=text) | Q(pinyin__icontains=tight))[:500]
    if near is not None:
        box = Box.around(near, reach_m)
        return rows.filter(lat__range=(box.south, box.north), lng__range=(box.west, box.east))
    return rows.order_by("name")[:limit]


def _landmark_view(row: Landmark, near: Point | None) -> LandmarkView:
    point = Point(row.lat, row.lng)
    away = round(metres(near, point)) if near else None
    return LandmarkView(row.id, row.kind, row.name, row.name_en, row.pinyin, point, away)
