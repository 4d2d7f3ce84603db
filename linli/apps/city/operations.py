"""Putting cities, landmarks and street conditions on record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction

from linli.apps.city.models import City, Conditions, Landmark
from linli.apps.city.roads import Loaded, Road, end_incident, make_roads, put_roads, report_incident
from linli.apps.city.siting import SITE_KINDS, Proposal, SitingFigures, decide_site, propose, put_site
from linli.kernel.errors import N_, Invalid, NotFound
from linli.kernel.geo import Box, Point
from linli.kernel.ids import new_id
from linli.kernel.money import EXPONENTS

__all__ = [
    "LANDMARK_KINDS", "SITE_KINDS", "WEATHERS", "LandmarkRow", "Loaded", "Proposal", "Road", "SitingFigures", "decide_site", "end_incident",
    "make_roads", "propose", "put_city", "put_landmarks", "put_roads", "put_site", "report_incident", "set_conditions",
]  # fmt: skip

LANDMARK_KINDS = ("metro", "exit", "sight", "hotel", "station", "airport", "place")
WEATHERS = ("clear", "rain", "storm", "snow", "fog", "heat")


@dataclass(frozen=True, slots=True, kw_only=True)
class LandmarkRow:
    """One landmark as a loader read it."""

    kind: str
    name: str
    point: Point
    name_en: str = ""
    pinyin: str = ""


@transaction.atomic
def put_city(*, slug: str, name: str, name_en: str, currency: str, zone: str, centre: Point, box: Box, at: datetime) -> int:
    """The id of the city called `slug`, made or brought up to date.

    Raises Invalid for a zone or currency that nobody knows, or a centre outside of the box.
    """
    _check(currency, zone, centre, box)
    fields = {
        "name": name, "name_en": name_en, "currency": currency, "zone": zone, "lat": centre.lat, "lng": centre.lng,
        "south": box.south, "west": box.west, "north": box.north, "east": box.east,
    }  # fmt: skip
    city, _ = City.objects.update_or_create(slug=slug, defaults=fields, create_defaults={**fields, "id": new_id(at)})
    return city.id


def _check(currency: str, zone: str, centre: Point, box: Box) -> None:
    if currency not in EXPONENTS:
        raise Invalid("city.currency", N_("“%(currency)s” is not a currency in use."), currency=currency, field="currency")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid("city.zone", N_("“%(zone)s” is not a time zone."), zone=zone, field="zone") from None
    if not (box.south < box.north and box.west < box.east and box.holds(centre)):
        raise Invalid("city.box", N_("The centre must lie within the city's bounds."), field="centre")


@transaction.atomic
def put_landmarks(*, city_id: int, rows: Sequence[LandmarkRow], at: datetime) -> int:
    """How many landmarks were put; one of the same kind and name is brought up to date. Raises Invalid for an unknown kind."""
    if unknown := {row.kind for row in rows} - set(LANDMARK_KINDS):
        raise Invalid("city.landmark", N_("“%(kind)s” is not a kind of landmark."), kind=min(unknown), field="kind")
    last = {(row.kind, row.name): row for row in rows}
    Landmark.objects.bulk_create(
        [
            Landmark(
                city_id=city_id, kind=row.kind, name=row.name, name_en=row.name_en, pinyin=row.pinyin,
                lat=row.point.lat, lng=row.point.lng,
            )
            for row in last.values()
        ],
        update_conflicts=True,
        unique_fields=["city", "kind", "name"],
        update_fields=["name_en", "pinyin", "lat", "lng"],
        batch_size=500,
    )  # fmt: skip
    return len(last)


@transaction.atomic
def set_conditions(*, city_id: int, weather: str, speed_factor: Decimal, at: datetime) -> None:
    """From `at` on, the streets of the city allow `speed_factor` (0.10 to 2.00) of the usual speed."""
    if weather not in WEATHERS:
        raise Invalid("city.weather", N_("“%(weather)s” is not a kind of weather."), weather=weather, field="weather")
    if not Decimal("0.10") <= speed_factor <= 2:
        raise Invalid("city.speed", N_("A speed factor lies between 0.10 and 2.00."), field="speed_factor")
    if not City.objects.filter(pk=city_id).exists():
        raise NotFound("city.unknown", N_("There is no such city."))
    Conditions.objects.update_or_create(city_id=city_id, at=at, defaults={"weather": weather, "speed_factor": speed_factor})
