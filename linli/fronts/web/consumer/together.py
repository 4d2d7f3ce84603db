"""One page for all carts: what is in each, in which way it is wanted, one price, one payment; and afterwards all that was ordered so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from linli.apps.accounts import operations as accounts_operations
from linli.apps.accounts import queries as accounts
from linli.apps.accounts.queries import AddressView
from linli.apps.merchants import queries as merchants
from linli.apps.merchants.queries import StoreView
from linli.apps.orders import operations, queries
from linli.apps.orders.queries import CheckoutWant, Quote, TogetherQuote
from linli.apps.payments import queries as payments
from linli.fronts.web.consumer import forms
from linli.fronts.web.consumer.cashier import begin
from linli.fronts.web.consumer.pages import page, part, said, wants_part
from linli.fronts.web.consumer.words import STATES
from linli.fronts.web.identity import Request, signed_in
from linli.kernel.errors import Conflict, Gone, Invalid, Problem
from linli.platform import ids

BY_HAND = ("delivery", "pickup")  # the ways of food, between which one can choose


@dataclass(frozen=True, slots=True)
class Part:
    """What is in the cart of a store to be had in one way: `key` is its name in the form, `quote` None while it is left out."""

    key: str
    store: StoreView
    mode: str
    wanted: bool
    quote: Quote | None
    want: CheckoutWant | None

    @property
    def food(self) -> bool:
        """Whether it is brought or collected, as the person likes."""
        return self.mode in BY_HAND


def _parts(person_id: int, data: Any, book: Sequence[AddressView]) -> list[tuple[str, int, str, bool, CheckoutWant]]:
    """Everything in the carts: its key, store, mode, whether it is wanted now, and how; a link may name the parts that are (`part`).
    Raises Invalid for what cannot be read."""
    seen, chosen = set(data.getlist("seen")), set(data.getlist("part"))
    address = forms.sealed(data, "address", "ad") or next((entry.id for entry in book if entry.is_default), book[0].id if book else None)
    found = []
    for store_id, usual in queries.parts(person_id=person_id):
        key = f"{ids.seal('st', store_id)}:{usual}"
        mode = data.get(f"mode-{key}", usual)
        mode = mode if usual in BY_HAND and mode in BY_HAND else usual
        want = CheckoutWant(
            store_id=store_id, mode=mode, address_id=address if queries.MODES[mode].to_address else None,
            scheduled_for=forms.moment(data, f"when-{key}") if mode in BY_HAND else None,
            utensils=1 if mode in BY_HAND else 0, remark=str(data.get(f"remark-{key}", "")).strip(),
        )  # fmt: skip
        found.append((key, store_id, mode, key in chosen if chosen or key in seen else True, want))
    return found


def _context(request: Request, data: Any) -> dict[str, Any]:
    person_id = request.actor.person_id
    book = accounts.addresses(person_id=person_id)
    parts = _parts(person_id, data, book)
    wants = [want for _, _, _, wanted, want in parts if wanted]
    whole = queries.quote_all(person_id=person_id, wants=wants, at=request.at) if wants else None
    shown = [
        Part(key, merchants.store(store_id=store_id), mode, wanted, _of(whole, want) if wanted else None, want)
        for key, store_id, mode, wanted, want in parts
    ]
    methods = _methods(whole, shown[0].store.city_id if shown else 0, person_id)
    usable = [method.code for method in methods if method.enough]
    address_id = next((want.address_id for want in wants if want.address_id), None)
    return {
        "parts": shown, "whole": whole, "methods": methods, "book": book, "key": data.get("key") or uuid4().hex,
        "method": data.get("method") if data.get("method") in usable else next(iter(usable), ""),
        "address": next((entry for entry in book if entry.id == address_id), None), "address_id": address_id,
        "to_address": any(queries.MODES[want.mode].to_address for want in wants),
        "apart": _apart(whole, wants), "places": any(queries.MODES[want.mode].to_address for *_, want in parts), **said(None),
    }  # fmt: skip


def _of(whole: TogetherQuote | None, want: CheckoutWant) -> Quote | None:
    return dict(zip(whole.wants, whole.parts, strict=True)).get(want) if whole else None


def _apart(whole: TogetherQuote | None, wants: Sequence[CheckoutWant]) -> list[Problem]:
    """What stands against all of it together, rather than against one part."""
    of_parts = {(problem.code, str(problem)) for quote in whole.parts for problem in quote.problems} if whole else set()
    return [problem for problem in whole.problems if (problem.code, str(problem)) not in of_parts] if whole else []


def _methods(whole: TogetherQuote | None, city_id: int, person_id: int) -> list[Any]:
    """The ways to pay that every part allows that is due now."""
    if whole is None:
        return []
    mode = next((want.mode for want, quote in zip(whole.wants, whole.parts, strict=True) if quote.pay == "now"), "")
    known = payments.methods(city_id=city_id, amount=whole.due_now, mode=mode, person_id=person_id)
    return [method for method in known if method.code in whole.methods]


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def checkout(request: Request) -> HttpResponse:
    """All carts in one checkout; a POST orders what is chosen of it. What changed meanwhile is shown with the new price, and nothing is
    ordered."""
    if request.method == "POST" and not request.POST.get("again"):
        return _place(request)
    context = _context(request, request.POST if request.method == "POST" else request.GET)
    if wants_part(request):
        return part(request, "parts/together.html", context)
    return page(request, "together.html", context) if context["parts"] else HttpResponseRedirect("/cart")


def _place(request: Request) -> HttpResponse:
    person_id, posted = request.actor.person_id, request.POST
    try:
        parts = _parts(person_id, posted, accounts.addresses(person_id=person_id))
        wants = [want for _, _, _, wanted, want in parts if wanted]
        made = operations.place_all(
            person_id=person_id, wants=wants, quote_token=posted.get("quote", ""), method=posted.get("method", ""),
            idempotency_key=posted.get("key", ""), at=request.at,
        )  # fmt: skip
    except (Conflict, Gone, Invalid) as problem:
        return _again(request, problem)
    for address_id in {want.address_id for want in wants if want.address_id}:
        accounts_operations.touch_address(person_id=person_id, address_id=address_id, at=request.at)
    if made[0].state != "placed":
        return HttpResponseRedirect(f"/checkouts/{ids.seal('ck', made[0].checkout_id or 0)}")
    return HttpResponseRedirect(begin(request, payments.intent(ref=f"co:{made[0].checkout_id}").id, posted.get("method", "")))


def _again(request: Request, problem: Problem) -> HttpResponse:
    """The checkout as it is now, saying what happened. A used key starts anew."""
    data = request.POST.copy()
    data.pop("key", None)
    context = _context(request, data) | said(problem) | {"kept": gettext("Nothing has been ordered or charged.")}
    return page(request, "together.html", context, status=problem.status)


@signed_in
@never_cache
@require_GET
def placed(request: Request, name: str) -> HttpResponse:
    """All that was ordered together, each order as it is now."""
    checkout_id = ids.unseal("ck", name)
    orders = queries.together_of(checkout_id=checkout_id, person_id=request.actor.person_id)
    waiting = any(order.state == "placed" for order in orders)
    context = {
        "orders": [(order, gettext(STATES[order.state])) for order in orders], "total": sum(order.total for order in orders),
        "apart": sum(order.total for order in orders if order.method in queries.PAID_BY.values() and not order.closed),
        "refunded": sum(order.refunded for order in orders), "currency": orders[0].currency,
        "intent": payments.intent(ref=f"co:{checkout_id}") if waiting else None, "ck": name, "waiting": waiting,
    }  # fmt: skip
    if wants_part(request):
        return part(request, "parts/checked_out.html", context)
    return page(request, "checked_out.html", context, tab="orders")
