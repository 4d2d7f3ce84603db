"""The road graph and its incidents, and how the provider of travel times is doing, read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from linli.apps.city.adapters import provider
from linli.apps.city.models import RoadEdge, RoadIncident, RoadNet, RoadNode
from linli.apps.city.queries.places import city
from linli.apps.city.queries.ways import travel_found
from linli.kernel.geo import Point


@dataclass(frozen=True, slots=True)
class IncidentView:
    """Roads around a place that are slow or closed (`speed_factor` 0) until a moment."""

    id: int
    point: Point
    radius_m: int
    speed_factor: Decimal
    note: str
    from_at: datetime
    until_at: datetime


@dataclass(frozen=True, slots=True)
class RoadsView:
    """What graph a city has; `made` says that nobody surveyed it."""

    source: str
    made: bool
    loaded_at: datetime
    nodes: int
    roads: int


@dataclass(frozen=True, slots=True)
class WaysView:
    """The provider that the settings name, who answers just now, and why not the one named (empty when it does)."""

    chosen: str
    answers: str
    missed: str


def roads(*, city_id: int) -> RoadsView | None:
    """The road graph of the city, None before one was loaded."""
    net = RoadNet.objects.filter(city_id=city_id).first()
    if net is None:
        return None
    counts = [model.objects.filter(city_id=city_id).count() for model in (RoadNode, RoadEdge)]
    return RoadsView(net.source, net.made, net.loaded_at, *counts)


def incidents(*, city_id: int, at: datetime) -> list[IncidentView]:
    """What slows or closes roads now, the latest first."""
    rows = RoadIncident.objects.filter(city_id=city_id, from_at__lte=at, until_at__gt=at).order_by("-from_at", "-pk")[:200]
    return [
        IncidentView(row.pk, Point(row.lat, row.lng), row.radius_m, row.speed_factor, row.note, row.from_at, row.until_at) for row in rows
    ]


def ways_now(*, city_id: int, at: datetime) -> WaysView:
    """Who says how long a way takes: asked for a short one in the middle of the city. Not within a transaction."""
    centre = city(city_id=city_id).centre
    there = Point(centre.lat + 0.01 if centre.lat < 89 else centre.lat - 0.01, centre.lng)
    found = travel_found(city_id=city_id, origins=[centre], destinations=[there], vehicle="bike", at=at)
    return WaysView(provider().name, found.source, found.missed)
