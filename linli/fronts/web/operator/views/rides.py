"""Rides as they are this moment: who waits and who drives, and where demand raises fares, with the cap."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext

from linli.apps.city.queries import CityView
from linli.apps.fulfilment import queries
from linli.apps.fulfilment.queries import Zone
from linli.fronts.web import rides as words
from linli.fronts.web.identity import Request
from linli.fronts.web.operator.frame import city_of, show
from linli.platform import policies, push
from linli.policy import rides

SHOWN = 80
_RAISED = 1


def page(request: Request) -> HttpResponse:
    """The map with the parts in which fares are raised, these parts in numbers, and the rides under way."""
    city = city_of(request)
    seen = queries.live(city_id=city.id, at=request.at)
    jobs = [job for job in seen.jobs if job.rides]
    found = queries.rides_of(job_ids=[job.id for job in jobs])
    zones = queries.zones(city_id=city.id, at=request.at)
    plates = {courier.id: courier.plate for courier in seen.couriers}
    rows = [
        {"job": job, "service": gettext(words.SERVICES[found[job.id].service]), "state": words.STATES[job.state][0],
         "plate": plates.get(job.courier_id or 0, ""), "deviated": found[job.id].deviated_at}
        for job in jobs[:SHOWN] if job.id in found
    ]  # fmt: skip
    drivers = [courier for courier in seen.couriers if courier.drives]
    busy = {job.courier_id for job in jobs}
    return show(
        request, "operator/rides.html", "rides", city=city, rows=rows, zones=[zone.surge for zone in zones], points=_map(city, zones, seen),
        cap=policies.value(rides.SURGE_CAP, city.id), window=policies.whole(rides.SURGE_WINDOW_MIN, city.id), drivers=len(drivers),
        idle=sum(courier.id not in busy for courier in drivers), waiting=sum(job.state in ("waiting", "offered") for job in jobs),
        token=push.topic_token(f"city:{city.id}"),
    )  # fmt: skip


def marks(request: Request) -> JsonResponse:
    """The map afresh."""
    city = city_of(request)
    zones = queries.zones(city_id=city.id, at=request.at)
    return JsonResponse(_map(city, zones, queries.live(city_id=city.id, at=request.at)))


def _map(city: CityView, zones: list[Zone], seen: queries.Live) -> dict[str, Any]:
    busy = {job.courier_id for job in seen.jobs if job.rides}
    found: list[dict[str, Any]] = [
        {"id": f"d{courier.id}", "kind": "car", "lat": courier.point.lat, "lng": courier.point.lng, "label": courier.plate,
         "idle": courier.id not in busy, "little": True}
        for courier in seen.couriers if courier.drives and courier.point
    ]  # fmt: skip
    found += [
        {"id": f"j{job.id}", "kind": "you", "lat": job.pickup.lat, "lng": job.pickup.lng, "label": job.pickup_name, "dotty": True}
        for job in seen.jobs
        if job.rides and job.state != "picked_up"
    ]
    raised = [zone for zone in zones if zone.surge.factor > _RAISED]
    lines = [[[corner.lat, corner.lng] for corner in (*zone.corners, zone.corners[0])] for zone in raised]
    return {"marks": found, "lines": lines, "centre": [city.centre.lat, city.centre.lng], "zoom": 11}
