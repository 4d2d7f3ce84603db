"""The road graph of a city, and what slows or closes roads for a while."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from linli.apps.city.adapters.graph import CLASSES
from linli.apps.city.models import City, Landmark, RoadEdge, RoadIncident, RoadNet, RoadNode
from linli.kernel.actors import Actor
from linli.kernel.errors import N_, Forbidden, Invalid, NotFound
from linli.kernel.geo import EARTH_M, Point, metres
from linli.kernel.ids import new_id
from linli.platform import audit

_LONGEST = timedelta(days=30)
_GRID_M, _AROUND_M, _MOST_NODES = 600.0, 900.0, 20_000


@dataclass(frozen=True, slots=True)
class Road:
    """A way from node to node in one direction; as long as the straight line between them unless `metres` says otherwise."""

    start: int
    end: int
    road_class: str
    metres: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """How many nodes and roads were put."""

    nodes: int
    roads: int


@transaction.atomic
def put_roads(
    *, city_id: int, nodes: Mapping[int, Point], roads: Sequence[Road], source: str, at: datetime, made: bool = False,
    profile: Mapping[str, Sequence[float]] | None = None,
) -> Loaded:  # fmt: skip
    """Put a road graph in the place of the city's present one. `profile` has for a class 24 shares (over 0, to 2) of its usual speed.

    Raises Invalid for an unknown class, an end that is no node, a length that is none, or a profile that is none; NotFound.
    """
    if not City.objects.filter(pk=city_id).exists():
        raise NotFound("city.unknown", N_("There is no such city."))
    found = {(road.start, road.end): _checked(road, nodes) for road in roads if road.start != road.end}
    if not found:
        raise Invalid("roads.empty", N_("There is no road in it."), field="roads")
    _check_profile(profile or {})
    for model in (RoadEdge, RoadNode):
        model.objects.filter(city_id=city_id).delete()
    used = sorted({end for pair in found for end in pair})
    RoadNode.objects.bulk_create(
        (RoadNode(city_id=city_id, number=number, lat=nodes[number].lat, lng=nodes[number].lng) for number in used), batch_size=2_000
    )
    RoadEdge.objects.bulk_create(
        (
            RoadEdge(city_id=city_id, start=start, end=end, metres=length, road_class=road.road_class)
            for (start, end), (road, length) in sorted(found.items(), key=lambda pair: pair[0])
        ),
        batch_size=2_000,
    )
    values = {"version": new_id(at), "source": source[:120], "made": made, "profile": dict(profile or {}), "loaded_at": at}
    RoadNet.objects.update_or_create(city_id=city_id, defaults=values)
    return Loaded(nodes=len(used), roads=len(found))


def _checked(road: Road, nodes: Mapping[int, Point]) -> tuple[Road, float]:
    if road.road_class not in CLASSES:
        raise Invalid("roads.class", N_("“%(name)s” is not a class of road that is known here."), name=road.road_class[:20], field="class")
    if missing := [end for end in (road.start, road.end) if end not in nodes]:
        raise Invalid("roads.node", N_("A road leads to node %(number)s, which is not there."), number=missing[0], field="roads")
    length = metres(nodes[road.start], nodes[road.end]) if road.metres is None else road.metres
    if not (math.isfinite(length) and length >= 0):
        raise Invalid("roads.metres", N_("A road from node %(number)s has no length."), number=road.start, field="metres")
    return road, max(length, 0.1)


def _check_profile(profile: Mapping[str, Sequence[float]]) -> None:
    for name, shares in profile.items():
        if name not in CLASSES or len(shares) != 24 or not all(0 < share <= 2 for share in shares):
            raise Invalid("roads.profile", N_("A class of road needs 24 shares of its speed, over 0 and up to 2."), field="profile")


def make_roads(*, city_id: int, at: datetime) -> Loaded:
    """Put a made-up road graph: a grid of 600 m wherever a known place is near, every other line a wider road, every fourth a main road.

    It tries the machinery, it is no map, and it is marked so. The same places give the same grid. Raises Invalid without places, NotFound.
    """
    spots = sorted(set(Landmark.objects.filter(city_id=city_id).values_list("lat", "lng")))
    if not spots:
        raise Invalid("roads.places", N_("This city has no known places to lay roads between."), field="city")
    nodes = _crossings([Point(*spot) for spot in spots])
    numbers = {place: number for number, place in enumerate(sorted(nodes), 1)}
    roads = []
    for (row, column), number in numbers.items():
        for neighbour, line in (((row + 1, column), column), ((row, column + 1), row)):
            if neighbour in numbers:
                name = "primary" if line % 4 == 0 else "secondary" if line % 2 == 0 else "residential"
                roads += [Road(number, numbers[neighbour], name), Road(numbers[neighbour], number, name)]
    points = {number: nodes[place] for place, number in numbers.items()}
    return put_roads(city_id=city_id, nodes=points, roads=roads, source="a made-up grid over known places", made=True, at=at)


def _crossings(spots: Iterable[Point]) -> dict[tuple[int, int], Point]:
    spots = list(spots)
    tall = math.degrees(_GRID_M / EARTH_M)
    wide = tall / math.cos(math.radians(sorted(spot.lat for spot in spots)[len(spots) // 2]))
    reach = math.ceil(_AROUND_M / _GRID_M)
    found: dict[tuple[int, int], Point] = {}
    for spot in spots:
        row, column = round(spot.lat / tall), round(spot.lng / wide)
        for y in range(row - reach, row + reach + 1):
            for x in range(column - reach, column + reach + 1):
                crossing = Point(y * tall, x * wide)
                if (y, x) not in found and metres(spot, crossing) <= _AROUND_M and len(found) < _MOST_NODES:
                    found[y, x] = crossing
    return found


@transaction.atomic
def report_incident(
    *, city_id: int, point: Point, radius_m: int, speed_factor: Decimal, note: str, until_at: datetime, actor: Actor, at: datetime
) -> int:
    """The id of an incident: from now until `until_at` the roads around `point` allow `speed_factor` (0: closed) of their speed. Audited.

    The same noted again while it lasts (pressed twice, sent anew by a feed) stays one, and lasts until `until_at` from then on.

    Raises Forbidden, Invalid for a share that slows nothing, a radius outside 10 m to 20 km, or an end past or a month away; NotFound.
    """
    if actor.role != "operator":
        raise Forbidden("incident.by_hand", N_("Only an operator closes roads."))
    if not 0 <= speed_factor < 1:
        raise Invalid("incident.share", N_("A share of the speed lies between 0 (closed) and less than 1."), field="speed_factor")
    if not 10 <= radius_m <= 20_000:
        raise Invalid("incident.radius", N_("A radius lies between 10 and 20,000 m."), field="radius_m")
    if not at < until_at <= at + _LONGEST:
        raise Invalid("incident.until", N_("It must end within thirty days, and not before now."), field="until")
    # Two who note the same at once wait here for each other; orders, which only refer to the city, do not.
    if City.objects.select_for_update(no_key=True).filter(pk=city_id).first() is None:
        raise NotFound("city.unknown", N_("There is no such city."))
    same = {"city_id": city_id, "lat": point.lat, "lng": point.lng, "radius_m": radius_m, "speed_factor": speed_factor}
    row = RoadIncident.objects.filter(**same, note=note.strip()[:120], until_at__gt=at).first()
    if row is None:
        row = RoadIncident.objects.create(**same, id=new_id(at), note=note.strip()[:120], from_at=at, until_at=until_at)
    else:
        row.until_at = max(until_at, row.from_at + timedelta(seconds=1))
        row.save(update_fields=["until_at"])
    audit.record(actor=actor, action="road.incident", subject=f"ri:{row.pk}", at=at, before=None, after=str(speed_factor), reason=row.note)
    return row.pk


@transaction.atomic
def end_incident(*, incident_id: int, actor: Actor, at: datetime) -> None:
    """The roads are free again from now on; ending it twice is no error. Audited. Raises Forbidden, NotFound."""
    if actor.role != "operator":
        raise Forbidden("incident.by_hand", N_("Only an operator closes roads."))
    row = RoadIncident.objects.select_for_update().filter(pk=incident_id).first()
    if row is None:
        raise NotFound("incident.unknown", N_("There is no such incident."))
    if row.until_at <= at:
        return
    row.until_at = max(at, row.from_at + timedelta(seconds=1))
    row.save(update_fields=["until_at"])
    audit.record(actor=actor, action="road.free", subject=f"ri:{row.pk}", at=at, before=None, after="")
