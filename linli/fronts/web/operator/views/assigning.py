"""Giving a delivery to a courier by hand, with the reasons that dispatch had."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse

from linli.apps.accounts import queries as accounts
from linli.apps.city import queries as cities
from linli.apps.fulfilment import operations, queries
from linli.apps.fulfilment.queries import CourierView, JobView
from linli.apps.orders import queries as orders
from linli.engines.dispatch.explain import Explanation, Other
from linli.fronts.web.identity import Request
from linli.fronts.web.operator.frame import back, show
from linli.kernel.errors import NotFound, Problem
from linli.platform.ids import seal, unseal

SHOWN = 30


@dataclass(frozen=True, slots=True)
class Candidate:
    """A courier on duty: how far from the store, how much to do, and what dispatch thought when it last decided."""

    courier: CourierView
    sealed: str
    name: str
    seconds: int
    load: int
    other: Other | None
    chosen: bool
    has_it: bool
    pinned: bool
    banned: bool


def explained(job: JobView) -> Explanation | None:
    """The reasons of the last batch that looked at the job, if it is still kept."""
    if job.tick_id is None:
        return None
    try:
        return queries.explain(tick_id=job.tick_id, job_id=job.id)
    except NotFound:
        return None


def candidates(job: JobView, why: Explanation | None, at: datetime) -> list[Candidate]:
    """The couriers on duty, nearest to the store first."""
    live = queries.live(city_id=job.city_id, at=at)
    placed = [courier for courier in live.couriers if courier.point is not None]
    names = accounts.people(ids=[courier.id for courier in placed])
    others = {other.courier: other for other in why.others} if why else {}
    ways = _ways(job, placed, at)
    rows = [
        Candidate(
            courier, seal("co", courier.id), names[courier.id].name if courier.id in names else "", ways[courier.id],
            sum(1 for one in live.jobs if one.courier_id == courier.id), others.get(courier.id),
            why is not None and why.courier == courier.id, job.courier_id == courier.id and "on_route" in job.permits,
            job.pinned_id == courier.id, courier.id in job.banned,
        )
        for courier in placed
    ]  # fmt: skip
    return sorted(rows, key=lambda row: row.seconds)[:SHOWN]


def _ways(job: JobView, couriers: list[CourierView], at: datetime) -> dict[int, int]:
    """Seconds from each courier to the store, by its own vehicle."""
    found: dict[int, int] = {}
    for vehicle in {courier.vehicle for courier in couriers}:
        group = [courier for courier in couriers if courier.vehicle == vehicle]
        origins = [courier.point for courier in group if courier.point is not None]
        matrix = cities.travel_matrix(city_id=job.city_id, origins=origins, destinations=[job.pickup], vehicle=vehicle, at=at)
        found |= {courier.id: int(row[0]) for courier, row in zip(group, matrix, strict=True)}
    return found


def page(request: Request, order: str, problem: Problem | None = None) -> HttpResponse:
    """The couriers to choose from. Raises NotFound when nobody delivers this order."""
    found = orders.order(order_id=unseal("or", order))
    job = queries.job(ref=found.ref)
    why = explained(job)
    return show(
        request, "operator/assign.html", "orders", problem=problem, city=cities.city(city_id=job.city_id), order=found, job=job, why=why,
        couriers=candidates(job, why, request.at), may=("assign" in job.events(request.actor.role)), self=order,
        decides=job.state in {"waiting", "offered"}, pinned=_name(job.pinned_id),
    )  # fmt: skip


def assign(request: Request, order: str) -> HttpResponse:
    """Give it to the courier of the pressed button."""
    found = orders.order(order_id=unseal("or", order))
    try:
        courier_id = unseal("co", request.POST.get("courier", ""))
        job = queries.job(ref=found.ref)
        reason = request.POST.get("reason", "").strip()
        operations.assign(job_id=job.id, courier_id=courier_id, actor=request.actor, at=request.at, reason=reason)
    except Problem as problem:
        return page(request, order, problem)
    return back(f"/operator/orders/{order}", "assign")


def _name(person_id: int | None) -> str:
    people = accounts.people(ids=[person_id]) if person_id else {}
    return people[person_id].name if person_id in people else ""


def _by_hand(request: Request, order: str, act: Callable[[int, int], None], done: str) -> HttpResponse:
    """Do `act` with the delivery and the courier of the pressed button; back to where the queue is decided."""
    try:
        job = queries.job(ref=orders.order(order_id=unseal("or", order)).ref)
        act(job.id, unseal("co", request.POST.get("courier", "")))
    except Problem as problem:
        return page(request, order, problem)
    return back(f"/operator/orders/{order}/assign", done)


def pin(request: Request, order: str) -> HttpResponse:
    """Nobody but this courier."""
    reason = request.POST.get("reason", "").strip()[:200]

    def act(job_id: int, courier_id: int) -> None:
        operations.pin(job_id=job_id, courier_id=courier_id, actor=request.actor, at=request.at, reason=reason)

    return _by_hand(request, order, act, "pin")


def ban(request: Request, order: str) -> HttpResponse:
    """Not this courier."""
    reason = request.POST.get("reason", "").strip()[:200]

    def act(job_id: int, courier_id: int) -> None:
        operations.ban(job_id=job_id, courier_id=courier_id, actor=request.actor, at=request.at, reason=reason)

    return _by_hand(request, order, act, "ban")


def unpin(request: Request, order: str) -> HttpResponse:
    """Anybody again."""
    return _by_hand(request, order, lambda job_id, _: operations.unpin(job_id=job_id, actor=request.actor, at=request.at), "unpin")


def allow(request: Request, order: str) -> HttpResponse:
    """This courier again too."""

    def act(job_id: int, courier_id: int) -> None:
        operations.allow(job_id=job_id, courier_id=courier_id, actor=request.actor, at=request.at)

    return _by_hand(request, order, act, "allow")
