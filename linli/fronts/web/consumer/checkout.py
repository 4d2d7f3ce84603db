"""One page from the cart to the order: where, when, what it costs line by line, how it is paid."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.apps.accounts import operations as accounts_operations
from linli.apps.accounts import queries as accounts
from linli.apps.accounts.queries import AddressView
from linli.apps.merchants import queries as merchants
from linli.apps.orders import operations, queries
from linli.apps.orders.queries import CheckoutWant, OrderView
from linli.apps.payments import queries as payments
from linli.apps.promotions import queries as promotions
from linli.fronts.web.consumer import forms
from linli.fronts.web.consumer.cashier import begin
from linli.fronts.web.consumer.pages import kept_words, page, part, said, source, wants_part
from linli.fronts.web.identity import Request, signed_in
from linli.kernel.errors import Conflict, Gone, Invalid, Problem
from linli.platform import ids

TIPS = (0, 200, 500, 1000)
UTENSILS = tuple(range(11))
BY_HAND = tuple(code for code, mode in queries.MODES.items() if mode.packaging)  # what this page offers a choice between


def _mode(data: Mapping[str, str]) -> str:
    wanted = data.get("mode", "")
    return wanted if wanted in queries.MODES else "delivery"


def _address(data: Mapping[str, str], book: list[AddressView]) -> int | None:
    """The address chosen, else the one that would be: the default, or the one used last."""
    if chosen := forms.sealed(data, "address", "ad"):
        return chosen
    return next((entry.id for entry in book if entry.is_default), book[0].id if book else None)


def _want(data: Mapping[str, str], store_id: int, book: list[AddressView]) -> CheckoutWant:
    mode, coupon = _mode(data), str(data.get("coupon", "best"))
    return CheckoutWant(
        store_id=store_id,
        mode=mode,
        address_id=_address(data, book) if queries.MODES[mode].to_address else None,
        coupon_id="best" if coupon == "best" else None if coupon == "none" else ids.unseal("cp", coupon),
        tip=forms.whole(data, "tip") if queries.MODES[mode].tips else 0,
        scheduled_for=forms.moment(data, "when"),
        utensils=forms.whole(data, "utensils", 1),
        remark=str(data.get("remark", "")).strip(),
    )


def _context(request: Request, data: Mapping[str, str], store_id: int) -> dict[str, Any]:
    person_id = request.actor.person_id
    book = accounts.addresses(person_id=person_id)
    want = _want(data, store_id, book)
    store = merchants.store(store_id=store_id)
    quote = queries.quote(person_id=person_id, want=want, at=request.at)
    methods = (
        [payments.method(code=queries.PAID_BY[quote.pay])]
        if quote.pay in queries.PAID_BY
        else payments.methods(city_id=store.city_id, amount=quote.total, mode=want.mode, person_id=person_id)
    )
    usable = [method.code for method in methods if method.enough]
    coupons = [coupon for coupon in promotions.coupons(person_id=person_id, at=request.at) if coupon.store_id in (None, store_id)]
    return {
        "store": store, "store_id": store_id, "want": want, "quote": quote, "methods": methods, "coupons": coupons, "book": book,
        "method": data.get("method") if data.get("method") in usable else next(iter(usable), ""), "tips": TIPS, "by_hand": BY_HAND,
        "utensils": UTENSILS, "key": data.get("key") or uuid4().hex, "source": source(), "address": _of(book, want.address_id),
        "person_id": person_id, "others": len(queries.parts(person_id=person_id)) - 1,
        "kept": kept_words(store_id=store_id, city_id=store.city_id, mode=want.mode, at=request.at),
        "coupon_text": data.get("coupon", "best"),
    }  # fmt: skip


def _of(book: list[AddressView], address_id: int | None) -> AddressView | None:
    return next((entry for entry in book if entry.id == address_id), None)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def checkout(request: Request, name: str) -> HttpResponse:
    """The checkout; a POST places the order. What changed meanwhile is shown with the new price, and nothing is placed."""
    store_id = ids.unseal("st", name)
    if request.method == "POST" and not request.POST.get("again"):
        return _place(request, store_id)
    data = request.POST if request.method == "POST" else request.GET
    context = _context(request, data, store_id)
    if wants_part(request):
        return part(request, "parts/checkout.html", context)
    if not queries.cart(person_id=request.actor.person_id, store_id=store_id, at=request.at).lines:
        return HttpResponseRedirect(f"/cart/{name}")
    return page(request, "checkout.html", context)


def _place(request: Request, store_id: int) -> HttpResponse:
    person_id, posted = request.actor.person_id, request.POST
    want = _want(posted, store_id, accounts.addresses(person_id=person_id))
    try:
        order = operations.place(
            person_id=person_id, want=want, quote_token=posted.get("quote", ""), method=posted.get("method", ""),
            idempotency_key=posted.get("key", ""), at=request.at,
        )  # fmt: skip
    except (Conflict, Gone, Invalid) as problem:
        return _again(request, store_id, problem)
    if want.address_id:
        accounts_operations.touch_address(person_id=person_id, address_id=want.address_id, at=request.at)
    return HttpResponseRedirect(onward(request, order))


def _again(request: Request, store_id: int, problem: Problem) -> HttpResponse:
    """The checkout as it is now, saying what happened. A used key starts anew."""
    data = {key: str(value) for key, value in request.POST.items() if key != "key"}
    context = _context(request, data, store_id) | said(problem) | {"kept": gettext("Nothing has been ordered or charged.")}
    return page(request, "checkout.html", context, status=problem.status)


def onward(request: Request, order: OrderView) -> str:
    """Where the person goes with a placed order: to pay, or to watch it."""
    if order.state != "placed":
        return f"/orders/{ids.seal('or', order.id)}"
    return begin(request, payments.intent(ref=order.ref).id, order.method)
