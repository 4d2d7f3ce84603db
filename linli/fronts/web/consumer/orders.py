"""The person's orders: the list, the live page of one, and what can be done with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linli.apps.care import queries as care
from linli.apps.community import queries as community
from linli.apps.fulfilment import queries as fulfilment
from linli.apps.fulfilment.queries import EtaView
from linli.apps.merchants import queries as merchants
from linli.apps.orders import operations, queries
from linli.apps.orders.queries import OrderView
from linli.apps.payments import queries as payments
from linli.fronts.web import feeds
from linli.fronts.web.consumer import bookings, forms, passes
from linli.fronts.web.consumer.cashier import begin
from linli.fronts.web.consumer.pages import kept_words, page, part, said, wants_part
from linli.fronts.web.consumer.words import BOOKED, DONE, SENT, STATES, STEPS
from linli.fronts.web.identity import Request, signed_in
from linli.fronts.web.problems import toast
from linli.kernel.errors import Conflict, Invalid, NotFound, Problem
from linli.platform import ids, push

TIPS = (200, 500, 1000, 2000)
_UNPAID = {"tab": SENT, "desk": BOOKED, "later": BOOKED}  # methods with which nothing is paid yet: what their first step is called
LONGEST_KEY = 36
RIDING = ("accepted", "arrived", "picked_up")


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the timeline."""

    title: str
    at: datetime | None
    state: str
    note: str = ""


def _mine(request: Request, name: str) -> OrderView:
    """The order, if it is the person's. Raises NotFound."""
    return queries.order(order_id=ids.unseal("or", name), person_id=request.actor.person_id)


def timeline(order: OrderView) -> list[Step]:
    """What has happened to the order and what comes, for its mode."""
    happened = {event.state: event for event in reversed(order.events)}
    booked = order.mode == "ride" and any(line.details.get("booked") for line in order.items)
    path = STEPS["booked_ride" if booked else order.method if order.method in _UNPAID else order.mode]
    now = order.state if order.state in path else ""
    steps = []
    for state in path:
        event = happened.get(state)
        place = "now" if state == now and not order.closed else "done" if event else "next"
        if order.closed and place != "done":
            continue
        called = DONE.get(state, STATES[state]) if place == "done" else STATES[state]
        called = _UNPAID.get(order.method, {}).get(place, called) if state == "paid" else called
        steps.append(Step(gettext(called), event.at if event else None, "done" if state == path[-1] and event else place))
    if order.closed:
        steps.append(Step(gettext(STATES[order.state]), order.closed_at, "bad", _why(order)))
    return steps


def _kept(order: OrderView, at: datetime) -> str:
    """How often promises like the order's were kept, while it is still waited for."""
    return kept_words(store_id=order.store_id, city_id=order.city_id, mode=order.mode, at=at) if "wait" in order.permits else ""


def _words(order: OrderView) -> str:
    """What the order's state is called."""
    called = _UNPAID.get(order.method, {}).get("now") if order.state == "paid" else None
    return gettext(called or STATES[order.state])


def _why(order: OrderView) -> str:
    """Why it ended, in a sentence where the reason is one that we know; else in the words that were written."""
    return gettext(order.why) if order.why else ""


def due_ref(order: OrderView) -> str:
    """What the payment of an order that waits for it is called: that of all that was ordered together with it."""
    return f"co:{order.checkout_id}" if order.checkout_id is not None else order.ref


def _eta(order: OrderView, at: datetime) -> EtaView | None:
    if not order.rules.courier or "wait" not in order.permits:
        return None
    try:
        return fulfilment.eta(ref=order.ref, at=at)
    except NotFound:
        return None


def _map(order: OrderView) -> dict[str, Any]:
    """The marks of the order's map: store, door, and the courier once somebody has it."""
    store = merchants.store(store_id=order.store_id)
    marks: list[dict[str, Any]] = [_mark("store", store.point.lat, store.point.lng, order.store_name)]
    line = [[store.point.lat, store.point.lng]]
    if order.address:
        line.append([order.address.lat, order.address.lng])
        marks.append(_mark("home", order.address.lat, order.address.lng, order.address.place))
    if (point := _courier(order)) is not None:
        marks.append(_mark("courier", point.lat, point.lng, gettext("Courier")))
    return {"marks": marks, "lines": [line] if len(line) > 1 else [], "fit": True}


def _mark(kind: str, lat: float, lng: float, label: str) -> dict[str, Any]:
    return {"id": kind, "kind": kind, "lat": lat, "lng": lng, "label": label}


def _courier(order: OrderView) -> Any:
    """Where the courier is, once one is on the way and as long as the order is not had."""
    if order.courier_id is None or "wait" not in order.permits:
        return None
    job = fulfilment.jobs(refs=[order.ref]).get(order.ref)
    if job is None or job.courier_id is None or job.state not in RIDING:
        return None
    return fulfilment.courier(courier_id=job.courier_id).point


def context_of(request: Request, order: OrderView) -> dict[str, Any]:
    """What the page of an order knows of it, whatever its mode."""
    cases = care.cases_for_order(order_id=order.id) if "complain" in order.permits or order.disputed else []
    review = community.review_of(order_id=order.id) if "review" in order.permits else None
    can_cancel = "cancel" in order.actions("consumer")
    intent = payments.intent(ref=due_ref(order)) if "pay" in order.permits else None
    refunds = payments.refunds(ref=order.ref) if order.refunded else []
    return {
        "order": order,
        "steps": timeline(order),
        "cases": cases,
        "review": review,
        "eta": _eta(order, request.at),
        "intent": intent,
        "refunds": refunds,
        "at": request.at,
        "late_min": order.late_s(request.at) // 60,
        "words": _words(order),
        "why": _why(order),
        "kept": _kept(order, request.at),
        "bookings": bookings.of_order(order),
        "feed": feeds.address(request.at, person=order.person_id),
        "passes": passes.of_order(order, request.at),
        "can_cancel": can_cancel,
        "owed": payments.owed(refs=[order.ref], currency=order.currency).get(order.ref, 0) if order.method == "later" else 0,
        "at_desk": payments.owed(refs=[order.ref], currency=order.currency).get(order.ref, 0) if order.method == "desk" else None,
        "call_off": queries.call_off(order=order, at=request.at) if can_cancel else None,
        **_tipping(order),
    }


def _tipping(order: OrderView) -> dict[str, Any]:
    """What the card for tips shows: what the courier was given, and what can be given now. A tip counts from its payment on,
    even before the order has heard of it."""
    if "tip" not in order.permits:
        return {"tips": ()}
    given = queries.tips(order_id=order.id)
    waiting = payments.intents(refs=[tip.ref for tip in given if tip.paid_at is None])
    paid = [tip.amount for tip in given if tip.paid_at or (tip.ref in waiting and waiting[tip.ref].state == "captured")]
    balance = payments.balance(person_id=order.person_id, currency=order.currency)
    return {"tips": TIPS, "tipped": order.tip + sum(paid), "tip_key": uuid4().hex, "balance": balance, "from_balance": balance >= TIPS[0]}


@signed_in
@require_GET
def listing(request: Request) -> HttpResponse:
    """All orders, newest first."""
    found = queries.orders_of(person_id=request.actor.person_id, cursor=request.GET.get("cursor") or None, limit=12)
    context = {"orders": [(order, _words(order)) for order in found.items], "next_cursor": found.next_cursor}
    if request.GET.get("cursor") and wants_part(request):
        return part(request, "parts/orders.html", context)
    return page(request, "orders.html", context, tab="orders")


@signed_in
@never_cache
@require_GET
def order(request: Request, name: str) -> HttpResponse:
    """The live page of an order; for htmx only the part that changes."""
    found = _mine(request, name)
    if found.mode == "ride":
        return HttpResponseRedirect(f"/rides/{name}")
    if wants_part(request):
        return part(request, "parts/order.html", context_of(request, found))
    return _shown(request, found)


def _shown(request: Request, found: OrderView, problem: Problem | None = None) -> HttpResponse:
    live = push.topic_token(f"order:{found.id}", f"person:{found.person_id}") if "wait" in found.permits or "pay" in found.permits else ""
    points = _map(found) if "wait" in found.permits else None
    context = {**context_of(request, found), "live": live, "points": points, **said(problem)}
    return page(request, "order.html", context, tab="orders", status=problem.status if problem else 200)


@signed_in
@never_cache
@require_GET
def whereabouts(request: Request, name: str) -> JsonResponse:
    """The map's marks once more, for the map that moves."""
    return JsonResponse(_map(_mine(request, name)))


def _back(request: Request, name: str, words: str = "") -> HttpResponse:
    if wants_part(request):
        response = part(request, "parts/order.html", context_of(request, _mine(request, name)))
        response["HX-Trigger"] = "sheet:done"
        return toast(response, words) if words else response
    return HttpResponseRedirect(f"/orders/{name}")


@signed_in
@require_POST
def cancel(request: Request, name: str) -> HttpResponse:
    """Call it off."""
    found = _mine(request, name)
    reason = request.POST.get("reason", "").strip() or request.POST.get("other", "").strip()
    operations.cancel(order_id=found.id, actor=request.actor, reason=reason, at=request.at)
    return _back(request, name, gettext("The order is cancelled"))


@signed_in
@require_POST
def owed(request: Request, name: str) -> HttpResponse:
    """Go to the cashier with what is owed for a stay."""
    try:
        intent_id = operations.begin_to_pay(order_id=_mine(request, name).id, actor=request.actor, at=request.at)
    except Conflict as problem:
        return _shown(request, _mine(request, name), problem)
    return HttpResponseRedirect(f"/pay/{ids.seal('in', intent_id)}")


@signed_in
@require_POST
def reorder(request: Request, name: str) -> HttpResponse:
    """Fill the cart with the same again and go to check out; what is no longer to be had is said in the cart."""
    done = operations.reorder(person_id=request.actor.person_id, order_id=ids.unseal("or", name), at=request.at)
    store = ids.seal("st", done.store_id)
    cart = queries.cart(person_id=request.actor.person_id, store_id=done.store_id, at=request.at)
    if done.missing or cart.problems or not cart.lines:
        missing = "?" + urlencode({"missing": "、".join(done.missing)}) if done.missing else ""
        return HttpResponseRedirect(f"/cart/{store}{missing}")
    mode = queries.FOR_KIND[cart.lines[0].kind]
    return HttpResponseRedirect(f"/checkout/{store}" if mode == "delivery" else f"/checkout/{store}?mode={mode}")


@signed_in
@require_POST
def tip(request: Request, name: str) -> HttpResponse:
    """Tip the courier who brought it: from the balance at once, or at the cashier."""
    found, posted = _mine(request, name), request.POST
    try:
        amount = forms.whole(posted, "amount")
        key = posted.get("key", "")[:LONGEST_KEY]
        intent_id = operations.add_tip(order_id=found.id, person_id=found.person_id, amount=amount, key=key, at=request.at)
    except (Conflict, Invalid) as problem:
        return _shown(request, found, problem)
    if posted.get("method") == "balance":
        return HttpResponseRedirect(begin(request, intent_id, "balance"))
    return HttpResponseRedirect(f"/pay/{ids.seal('in', intent_id)}")
