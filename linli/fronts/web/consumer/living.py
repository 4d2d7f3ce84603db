"""The living city: a public map on which nobody can be recognised."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from linli.apps.fulfilment import queries as fulfilment
from linli.apps.orders import queries as orders
from linli.fronts.web.consumer.here import Here, here
from linli.fronts.web.consumer.pages import page, part, wants_part
from linli.fronts.web.identity import Request
from linli.kernel.geo import Point
from linli.platform import ids, push

MOST = 160  # marks of a kind; a map with more says less
GRID = 500  # parts of a degree that a door is rounded to: about 200 m, so that it is nobody's


def _rough(point: Point) -> tuple[float, float]:
    return round(point.lat * GRID) / GRID, round(point.lng * GRID) / GRID


def _map(place: Here, request: Request) -> dict[str, Any]:
    """Couriers where they are, kitchens at work, and doors only roughly."""
    live = fulfilment.live(city_id=place.city.id, at=request.at)
    busy = {job.courier_id for job in live.jobs if job.courier_id}
    marks: list[dict[str, Any]] = []
    for courier in live.couriers[:MOST]:
        if courier.point is not None:
            lat, lng = round(courier.point.lat, 4), round(courier.point.lng, 4)
            marks.append(
                {
                    "id": ids.seal("co", courier.id),
                    "kind": "courier",
                    "lat": lat,
                    "lng": lng,
                    "idle": courier.id not in busy,
                    "little": True,
                }
            )
    for job in live.jobs[:MOST]:
        lat, lng = _rough(job.drop)
        marks.append(
            {
                "id": f"s{ids.seal('jb', job.id)}",
                "kind": "store",
                "lat": job.pickup.lat,
                "lng": job.pickup.lng,
                "dotty": True,
                "label": job.pickup_name,
            }
        )
        marks.append({"id": f"d{ids.seal('jb', job.id)}", "kind": "home", "lat": lat, "lng": lng, "dotty": True})
    return {"marks": marks, "centre": [place.city.centre.lat, place.city.centre.lng], "zoom": 12}


def _numbers(place: Here, request: Request) -> dict[str, int]:
    waiting = orders.board(city_id=place.city.id, at=request.at)
    live = fulfilment.live(city_id=place.city.id, at=request.at)
    return {
        "waiting": len(waiting),
        "cooking": sum(order.state in {"paid", "accepted", "ready"} for order in waiting),
        "riding": sum(order.state == "picked_up" for order in waiting),
        "couriers": len(live.couriers),
        "late": sum(order.late_s(request.at) > 0 for order in waiting),
    }


@require_GET
def city(request: Request) -> HttpResponse:
    """The city with what happens in it just now."""
    place = here(request)
    context = {"here": place, "numbers": _numbers(place, request)}
    if wants_part(request):
        return part(request, "parts/city_numbers.html", context)
    context |= {"points": _map(place, request), "live": push.topic_token(f"city:{place.city.id}")}
    return page(request, "city.html", context, tab="city")


@require_GET
def whereabouts(request: Request) -> HttpResponse:
    """The marks once more."""
    return JsonResponse(_map(here(request), request))
