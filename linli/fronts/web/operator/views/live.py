"""The city as it is this moment: map, figures, what is late."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render

from linli.apps.accounts import queries as accounts
from linli.apps.city.queries import CityView
from linli.apps.fulfilment import queries as fulfilment
from linli.apps.fulfilment.queries import CourierView, JobView, Live
from linli.apps.orders import queries as orders
from linli.apps.orders.queries import OrderView
from linli.fronts.web.identity import Request
from linli.fronts.web.operator import words
from linli.fronts.web.operator.frame import city_of, show
from linli.platform import policies, push
from linli.platform.ids import seal
from linli.policy import dispatch as numbers
from linli.policy import promises

RECENT = 100  # deliveries that the share kept in time is taken of


def _marks(live: Live, names: dict[int, str], base: str, at: datetime) -> Iterator[dict[str, Any]]:
    busy = {job.courier_id for job in live.jobs}
    stores: dict[int, JobView] = {}
    for job in live.jobs:
        stores.setdefault(job.store_id, job)
    for store_id, job in stores.items():
        yield {"id": seal("st", store_id), "kind": "store", "lat": job.pickup.lat, "lng": job.pickup.lng, "label": job.pickup_name,
               "dotty": True}  # fmt: skip
    for job in live.jobs:
        yield _drop(job, base, at)
    for courier in live.couriers:
        if courier.point is not None:
            yield _courier(courier, names, busy, base)


def _drop(job: JobView, base: str, at: datetime) -> dict[str, Any]:
    label = f"{job.drop_address} · {words.say('job', job.state)}"
    order = seal("or", int(job.ref.partition(":")[2]))
    late = job.promise_at < at
    return {"id": seal("jb", job.id), "kind": "late" if late else "home", "lat": job.drop.lat, "lng": job.drop.lng, "label": label,
            "dotty": not late, "href": f"{base}/orders/{order}"}  # fmt: skip


def _courier(courier: CourierView, names: dict[int, str], busy: set[int | None], base: str) -> dict[str, Any]:
    assert courier.point is not None
    label = f"{names.get(courier.id, '')} · {words.say('vehicle', courier.vehicle)}"
    return {"id": seal("co", courier.id), "kind": "courier", "lat": courier.point.lat, "lng": courier.point.lng, "label": label,
            "idle": courier.id not in busy}  # fmt: skip


def points(city: CityView, live: Live, base: str, at: datetime) -> dict[str, Any]:
    """What the map shows: couriers, the stores they collect at, and the doors."""
    people = accounts.people(ids=[courier.id for courier in live.couriers])
    names = {key: person.name for key, person in people.items()}
    centre = [city.centre.lat, city.centre.lng]
    return {"marks": list(_marks(live, names, base, at)), "centre": centre, "zoom": 12, "fit": True}


def _state(request: Request, city: CityView, live: Live) -> dict[str, Any]:
    """The figures beside the map and the orders that need somebody."""
    board = orders.board(city_id=city.id, at=request.at)
    late = [order for order in board if order.late_s(request.at)]
    had = orders.for_city(city_id=city.id, states=("delivered", "collected", "completed"), limit=RECENT).items
    kept = round(100 * sum(1 for order in had if not order.late_s(request.at)) / len(had)) if had else None
    door = _minutes(had)
    on_road = {job.courier_id for job in live.jobs if job.courier_id}
    return {
        "waiting": len(board),
        "late": late[:12],
        "late_count": len(late),
        "unheard": [order for order in board if order.state == "paid"][:6],
        "couriers": len(live.couriers),
        "idle": len([courier for courier in live.couriers if courier.id not in on_road]),
        "seeking": [(job, _stuck(job, city, request.at)) for job in live.jobs if job.state in {"waiting", "offered"}],
        "kept": kept,
        "kept_tone": _tone(kept is None or kept >= 100 * policies.value(promises.ON_TIME, city.id)),
        "door": door,
        "door_tone": _tone(door is None or door <= policies.value(promises.DELIVER_MIN, city.id)),
        "door_target": policies.whole(promises.DELIVER_MIN, city.id),
        "had": len(had),
    }


def _tone(fine: bool) -> str:
    return "" if fine else "bad"


def _minutes(had: Sequence[OrderView]) -> int | None:
    """The median of minutes from payment to door, of the deliveries that nobody had ordered for later."""
    took = [
        (order.delivered_at - order.paid_at).total_seconds() / 60
        for order in had
        if order.rules.courier and order.delivered_at and order.paid_at and order.scheduled_for is None
    ]
    return round(median(took)) if took else None


def _stuck(job: JobView, city: CityView, at: datetime) -> bool:
    """Whether a delivery has been declined too often, or has waited too long, to be left to dispatch alone."""
    waited = timedelta(minutes=policies.whole(numbers.WAIT_MAX_MIN, city.id))
    return len(job.declines) >= policies.whole(numbers.DECLINES_MAX, city.id) or at - job.created_at > waited


def page(request: Request) -> HttpResponse:
    """The live map with the figures."""
    city = city_of(request)
    live = fulfilment.live(city_id=city.id, at=request.at)
    shown = points(city, live, "/operator", request.at)
    token = push.topic_token(f"city:{city.id}")
    return show(request, "operator/live.html", "live", city=city, points=shown, token=token, **_state(request, city, live))


def part(request: Request) -> HttpResponse:
    """The figures once more, for a page that is open."""
    city = city_of(request)
    live = fulfilment.live(city_id=city.id, at=request.at)
    context = {"base": "/operator", "city": city, "now": request.at, **_state(request, city, live)}
    return render(request, "operator/parts/figures.html", context)


def marks(request: Request) -> JsonResponse:
    """The marks of the map once more."""
    city = city_of(request)
    live = fulfilment.live(city_id=city.id, at=request.at)
    return JsonResponse(points(city, live, "/operator", request.at))
