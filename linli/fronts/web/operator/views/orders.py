"""Orders: by state with the late ones first, one in full, and what an operator or the support desk may do with it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext

from linli.apps.accounts import queries as accounts
from linli.apps.accounts.queries import PersonView
from linli.apps.city.queries import CityView
from linli.apps.fulfilment import queries as fulfilment
from linli.apps.fulfilment.queries import JobView
from linli.apps.orders import operations, queries
from linli.apps.orders.queries import OrderEventView, OrderView
from linli.apps.payments import queries as payments
from linli.fronts.web.identity import Request
from linli.fronts.web.operator import words
from linli.fronts.web.operator.frame import back, city_of, show
from linli.kernel.errors import N_, Forbidden, NotFound, Problem
from linli.kernel.money import parse
from linli.platform import audit, push
from linli.platform.ids import seal, unseal

_BAD = frozenset({"cancel", "refuse", "expire", "refund"})
_BY_COURIER = frozenset({"courier", "arrived", "pick_up", "deliver"})
TABS = (
    ("late", N_("Waiting"), ()),
    ("new", N_("Unanswered"), ("paid",)),
    ("making", N_("Being made"), ("accepted", "ready")),
    ("away", N_("On their way"), ("picked_up",)),
    ("booked", N_("Booked"), ("confirmed", "calling", "matched", "valid")),
    ("here", N_("Here"), queries.TABS["here"]),
    ("done", N_("Had"), queries.TABS["done"]),
    ("closed", N_("Closed"), queries.TABS["closed"]),
    ("placed", N_("To be paid"), ("placed",)),
)


def board(request: Request) -> HttpResponse:
    """A tab of orders, or those whose number begins with what was searched for."""
    city, text = city_of(request), request.GET.get("q", "").strip()
    tab = next((tab for tab in TABS if tab[0] == request.GET.get("tab")), TABS[0])
    following = None
    if text:
        found = queries.search(text=text, city_id=city.id)
    elif tab[0] == "late":
        found = queries.board(city_id=city.id, at=request.at)
    else:
        paged = queries.for_city(city_id=city.id, states=tab[2], cursor=request.GET.get("cursor"))
        found, following = list(paged.items), paged.next_cursor
    rows = _rows(found, request.at)
    return show(request, "operator/orders.html", "orders", city=city, rows=rows, tab=tab[0], tabs=TABS, text=text, following=following)


@dataclass(frozen=True, slots=True)
class Row:
    """An order in the list, with its courier's name."""

    order: OrderView
    late_s: int
    courier: str


def _rows(found: list[OrderView], at: datetime) -> list[Row]:
    people = accounts.people(ids=[order.courier_id for order in found if order.courier_id])
    return [Row(order, order.late_s(at), _name(people, order.courier_id)) for order in found]


def _name(people: dict[int, PersonView], person_id: int | None) -> str:
    return people[person_id].name if person_id in people else ""


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the timeline."""

    title: str
    at: datetime | None
    state: str
    note: str


def _steps(order: OrderView, people: dict[int, PersonView]) -> list[Step]:
    """What happened, with who did it and why; what went wrong is marked."""
    return [
        Step(words.say("event", event.event), event.at, "bad" if event.event in _BAD else "done", _note(event, order, people))
        for event in order.events
    ]


def _reason(event: OrderEventView) -> str:
    """Why it happened, in words; empty when nobody said."""
    sentence = queries.reason_words(str(event.data.get("reason") or ""))
    return gettext(sentence) if sentence else ""


def _note(event: OrderEventView, order: OrderView, people: dict[int, PersonView]) -> str:
    by_courier = event.event in _BY_COURIER
    role = "courier" if by_courier else event.role
    person_id = event.data.get("courier_id") or order.courier_id if by_courier else event.person_id
    who = f"{words.say('role', role)} {_name(people, person_id)}".strip()
    return " · ".join(filter(None, (who, _reason(event))))


def _job(order: OrderView) -> JobView | None:
    return fulfilment.jobs(refs=[order.ref]).get(order.ref)


def _points(order: OrderView, job: JobView | None) -> dict[str, Any] | None:
    if job is None:
        return None
    marks = [
        {"id": "store", "kind": "store", "lat": job.pickup.lat, "lng": job.pickup.lng, "label": order.store_name},
        {"id": "home", "kind": "home", "lat": job.drop.lat, "lng": job.drop.lng, "label": job.drop_address},
    ]
    track = fulfilment.track(ref=order.ref)
    if track:
        last = track[-1].point
        marks.append({"id": "courier", "kind": "courier", "lat": last.lat, "lng": last.lng, "label": ""})
    return {"marks": marks, "lines": [[[spot.point.lat, spot.point.lng] for spot in track]] if track else [], "fit": True}


def _people(order: OrderView, job: JobView | None) -> dict[int, PersonView]:
    couriers = (event.data.get("courier_id") for event in order.events)
    wanted = {order.person_id, order.courier_id, job.courier_id if job else None, *(event.person_id for event in order.events), *couriers}
    return accounts.people(ids=[key for key in wanted if key])


def detail(request: Request, order: str, problem: Problem | None = None) -> HttpResponse:
    """One order with its story, its money and its delivery."""
    found = queries.order(order_id=unseal("or", order))
    city, job = _city(request, found), _job(found)
    people = _people(found, job)
    return show(
        request, "operator/order.html", "orders", problem=problem, city=city, order=found, job=job, steps=_steps(found, people),
        points=_points(found, job), consumer=people.get(found.person_id), courier=_name(people, job.courier_id if job else None),
        late_s=found.late_s(request.at), actions=found.actions(request.actor.role), intent=_intent(found),
        transfers=payments.transfers(ref=found.ref), trail=audit.entries(subject=found.ref, limit=20).items,
        may_assign=bool(job and "assign" in job.events(request.actor.role)), left=found.total - found.refunded, key=uuid.uuid4().hex,
        token=push.topic_token(f"order:{found.id}"), self=seal("or", found.id),
    )  # fmt: skip


def _city(request: Request, order: OrderView) -> CityView:
    from linli.apps.city import queries as cities

    return cities.city(city_id=order.city_id)


def _intent(order: OrderView) -> payments.IntentView | None:
    try:
        return payments.intent(ref=order.ref)
    except NotFound:
        return None


def _do(request: Request, order: str, done: str, do: Callable[[int], object]) -> HttpResponse:
    """Carry out one act and show the order again, with what was done or what was wrong."""
    try:
        do(unseal("or", order))
    except Problem as problem:
        return detail(request, order, problem)
    return back(f"/{request.actor.role}/orders/{order}", done)


def cancel(request: Request, order: str) -> HttpResponse:
    """Call the order off; the money goes back."""
    reason = request.POST.get("reason", "")
    return _do(request, order, "cancel", lambda key: _cancel(request, key, reason))


def _cancel(request: Request, order_id: int, reason: str) -> None:
    before = queries.order(order_id=order_id).state
    operations.cancel(order_id=order_id, actor=request.actor, reason=reason, at=request.at)
    _record(request, order_id, "order.cancel", before, reason)


def _record(request: Request, order_id: int, action: str, before: Any, reason: str) -> None:
    audit.record(actor=request.actor, action=action, subject=f"or:{order_id}", at=request.at, before=before, reason=reason)


def refund(request: Request, order: str) -> HttpResponse:
    """Give a part back."""
    form = request.POST

    def do(order_id: int) -> None:
        found = queries.order(order_id=order_id)
        amount, key = parse(form.get("amount", ""), found.currency), form.get("key", "")[:64] or uuid.uuid4().hex
        operations.refund_part(
            order_id=order_id, amount=amount, reason=form.get("reason", ""), by=request.actor, key=key, at=request.at,
            merchant_bears=form.get("bears") != "platform",
        )  # fmt: skip
        _record(request, order_id, "order.refund", {"refunded": found.refunded, "added": amount}, form.get("reason", ""))

    return _do(request, order, "refund", do)


def act(request: Request, order: str) -> HttpResponse:
    """Do for the store what it does not do itself: accept, refuse, ready."""
    what, reason = request.POST.get("act", ""), request.POST.get("reason", "")
    acts: dict[str, Callable[[int], object]] = {
        "accept": lambda key: operations.accept(order_id=key, actor=request.actor, at=request.at),
        "refuse": lambda key: operations.refuse(order_id=key, actor=request.actor, reason=reason, at=request.at),
        "ready": lambda key: operations.mark_ready(order_id=key, actor=request.actor, at=request.at),
    }

    def do(order_id: int) -> None:
        if what not in acts:
            raise Forbidden("state.forbidden", N_("This is for somebody else to do."))
        before = queries.order(order_id=order_id).state
        acts[what](order_id)
        _record(request, order_id, f"order.{what}", before, reason)

    return _do(request, order, what if what in acts else "", do)
