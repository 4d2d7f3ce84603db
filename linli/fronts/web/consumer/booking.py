"""Booking a room: who comes, what is wished for, what each night costs, how it is paid. One page, one button."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.apps.catalog import queries as catalog
from linli.apps.catalog.queries import RoomView
from linli.apps.merchants import queries as merchants
from linli.apps.merchants.queries import StoreView
from linli.apps.orders import operations, queries
from linli.apps.orders.queries import OrderView
from linli.apps.payments import queries as payments
from linli.fronts.web.consumer import forms
from linli.fronts.web.consumer.checkout import onward
from linli.fronts.web.consumer.pages import page, said
from linli.fronts.web.consumer.stays import asked, free_until, not_later
from linli.fronts.web.identity import Request, signed_in
from linli.kernel.errors import Problem
from linli.platform import ids

MODE = "stay"


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: Request) -> HttpResponse:
    """The booking; a POST places it. What changed meanwhile is shown with the new price, and nothing is booked."""
    data = request.POST if request.method == "POST" else request.GET
    room = catalog.room(offer_id=forms.sealed(data, "room", "of") or 0)
    store = merchants.store(store_id=room.store_id)
    problem: Problem | None = None
    if request.method == "POST":
        try:
            if request.POST.get("then") == "cart":
                _put(request, room, store)
                return HttpResponseRedirect("/checkout")
            return HttpResponseRedirect(onward(request, _place(request, room, store)))
        except Problem as refused:
            problem = refused
    return _form(request, data, room, store, problem)


def _form(request: Request, data: Any, room: RoomView, store: StoreView, problem: Problem | None) -> HttpResponse:
    price, nights = None, None
    plan_id = forms.sealed(data, "plan", "rp") or 0
    try:
        nights = asked(data, store.zone, request)
        catalog.ensure_nights(
            zone=store.zone, first=nights.first, count=nights.nights, guests=nights.guests, rooms=nights.rooms, at=request.at
        )
        price = catalog.stay_price(
            room=room, plan_id=plan_id, first=nights.first, count=nights.nights, rooms=nights.rooms, guests=nights.guests
        )
    except Problem as refused:
        problem = problem or refused
    plan = room.plan(plan_id)
    if problem is None and price and plan and plan.pay == "later":
        problem = not_later(request, store)(price.total)
    methods = (
        [payments.method(code=queries.PAID_BY[plan.pay])]
        if plan and plan.pay in queries.PAID_BY
        else payments.methods(city_id=store.city_id, amount=price.total if price else 0, mode=MODE, person_id=request.actor.person_id)
    )
    usable = [method.code for method in methods if method.enough]
    chosen = data.get("method")
    picked = set(data.getlist("wish"))
    wishes = [(code, gettext(words), code in picked) for code, words in catalog.WISHES.items() if code != "child_bed" or room.child_bed]
    context = {
        "store": store, "room": room, "asked": nights, "price": price, "methods": methods, "wishes": wishes, "typed": data,
        "method": chosen if chosen in usable else next(iter(usable), ""), "key": uuid4().hex, "plan": plan,
        "until": free_until(plan, store.zone, nights.first) if plan and nights else None,
        "refused": problem is not None and problem.code.startswith("later."),
        "due": queries.due_at(city_id=store.city_id, since=catalog.check_out(zone=store.zone, last=nights.last)) if nights else None,
        "at": request.at, "back": f"/stores/{ids.seal('st', store.id)}?{nights.query if nights else ''}", **said(problem),
    }  # fmt: skip
    return page(request, "booking.html", context, status=problem.status if problem else 200)


def _put(request: Request, room: RoomView, store: StoreView) -> None:
    """Put the nights into the cart, in place of others in this hotel. Raises what stands against it."""
    person_id = request.actor.person_id
    operations.clear_mode(person_id=person_id, store_id=store.id, mode=MODE, at=request.at)
    operations.add_line(person_id=person_id, store_id=store.id, **_line(request, room, store), at=request.at)


def _line(request: Request, room: RoomView, store: StoreView) -> dict[str, Any]:
    nights = asked(request.POST, store.zone, request)
    return {
        "offer_id": room.offer_id, "qty": nights.rooms, "guests": nights.guests,
        "starts_at": catalog.check_in(zone=store.zone, first=nights.first),
        "ends_at": catalog.check_out(zone=store.zone, last=nights.last), "details": _details(request.POST),
    }  # fmt: skip


def _place(request: Request, room: RoomView, store: StoreView) -> OrderView:
    """Order the room as it was shown; pressed twice it is one booking. Raises what stands against it; then nothing is held."""
    posted = request.POST
    return operations.place_alone(
        person_id=request.actor.person_id, store_id=store.id, mode=MODE, line=_line(request, room, store),
        shown=forms.whole(posted, "total"), method=posted.get("method", ""), idempotency_key=posted.get("key", ""), at=request.at,
    )  # fmt: skip


def _details(posted: Any) -> Mapping[str, Any]:
    found: dict[str, Any] = {"plan": forms.sealed(posted, "plan", "rp") or 0, "name": str(posted.get("name", "")).strip()}
    wishes, note = [str(code) for code in posted.getlist("wish")], str(posted.get("note", "")).strip()
    if wishes or note:
        found |= {"wishes": wishes, "note": note, "consent": posted.get("consent") == "1"}
    return found
