"""The cart: filling it, changing it in place."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.apps.catalog import queries as catalog
from linli.apps.merchants import queries as merchants
from linli.apps.orders import operations, queries
from linli.apps.orders.queries import CartView
from linli.fronts.web.consumer import forms
from linli.fronts.web.consumer.here import here
from linli.fronts.web.consumer.pages import page, part, wants_part
from linli.fronts.web.consumer.stores import dish, goes_with
from linli.fronts.web.identity import Request, signed_in
from linli.fronts.web.problems import toast
from linli.kernel.errors import N_, NotFound
from linli.platform import ids


def options_of(data: QueryDict) -> list[tuple[int, int]]:
    """What was chosen: `option` for choices of one, `many-<op>` with a count for options that may be had several times."""
    chosen = [(ids.unseal("op", str(name)), 1) for name in data.getlist("option") if name]
    for key in data:
        if key.startswith("many-") and (count := forms.whole(data, key)):
            chosen.append((ids.unseal("op", key.removeprefix("many-")), count))
    return chosen


def _context(request: Request, store_id: int) -> dict[str, Any]:
    person_id = request.identity.person_id if request.identity else 0
    empty = CartView(0, store_id, (), 0, 0, ())
    cart = queries.cart(person_id=person_id, store_id=store_id, at=request.at) if person_id else empty
    ways = list(dict.fromkeys(queries.FOR_KIND[line.kind] for line in cart.lines))
    return {"cart": cart, "store_id": store_id, "store": merchants.store(store_id=store_id), "ways": ways}


def _changed(request: Request, store_id: int, words: str = "") -> HttpResponse:
    """After a change: the cart anew for htmx, else back to where the cart is shown."""
    if not wants_part(request):
        inside = request.POST.get("back") == "store"
        address = f"/stores/{ids.seal('st', store_id)}" if inside else f"/cart/{ids.seal('st', store_id)}"
        return HttpResponseRedirect(address)
    response = part(request, "parts/cart.html", {**_context(request, store_id), "whole": request.POST.get("back") != "store"})
    response["HX-Trigger"] = "sheet:done"
    return toast(response, words) if words else response


@signed_in
@require_POST
def add(request: Request, name: str) -> HttpResponse:
    """Put a dish in."""
    store_id, offer_id = ids.unseal("st", name), forms.sealed(request.POST, "offer", "of")
    operations.add_line(
        person_id=request.actor.person_id, store_id=store_id, offer_id=offer_id or 0, options=options_of(request.POST),
        qty=forms.whole(request.POST, "qty", 1), note=request.POST.get("note", ""), at=request.at,
    )  # fmt: skip
    return _changed(request, store_id, gettext("Added to the cart"))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def line(request: Request, name: str, li: str) -> HttpResponse:
    """Change how many, or how a dish is to be; GET asks how."""
    store_id, line_id = ids.unseal("st", name), ids.unseal("cl", li)
    if request.method != "POST":
        return _line_page(request, store_id, line_id)
    options = options_of(request.POST) if request.POST.get("choices") else None
    qty = forms.whole(request.POST, "qty") if request.POST.get("qty") else None
    operations.set_line(person_id=request.actor.person_id, line_id=line_id, qty=qty, options=options, at=request.at)
    return _changed(request, store_id)


def _line_page(request: Request, store_id: int, line_id: int) -> HttpResponse:
    cart = queries.cart(person_id=request.actor.person_id, store_id=store_id, at=request.at)
    kept = next((line for line in cart.lines if line.id == line_id), None)
    if kept is None:
        raise NotFound("cart.line", N_("This is not in your cart any more."))
    picked = {option.id: option.qty for option in kept.options}
    offer = catalog.offer(offer_id=kept.offer_id)
    context = {"dish": dish(offer, None), "store_id": store_id, "line": kept, "picked": picked}
    if wants_part(request):
        return part(request, "parts/offer_sheet.html", context)
    return page(request, "offer.html", context)


@signed_in
@require_POST
def clear(request: Request, name: str) -> HttpResponse:
    """Take everything out."""
    store_id = ids.unseal("st", name)
    operations.clear_cart(person_id=request.actor.person_id, store_id=store_id, at=request.at)
    return _changed(request, store_id, gettext("The cart is empty"))


@require_GET
def cart(request: Request, name: str) -> HttpResponse:
    """The cart of one store: the whole page, or the part beside the menu."""
    store_id = ids.unseal("st", name)
    if wants_part(request):
        return part(request, "parts/cart.html", _context(request, store_id))
    if request.identity is None:
        return HttpResponseRedirect(f"/sign-in?next=/cart/{name}")
    context = _context(request, store_id)
    place = here(request)
    others = len(queries.parts(person_id=request.identity.person_id)) - len(context["ways"])
    goes = goes_with(place, store_id, [line.offer_id for line in context["cart"].lines], request)
    return page(request, "cart.html", {**context, "here": place, "whole": True, "goes": goes, "others": others}, tab="cart")


@signed_in
@require_GET
def carts(request: Request) -> HttpResponse:
    """All carts; with only one, that one."""
    briefs = queries.carts(person_id=request.actor.person_id)
    if len(briefs) == 1:
        return HttpResponseRedirect(f"/cart/{ids.seal('st', briefs[0].store_id)}")
    return page(request, "carts.html", {"carts": briefs, "together": len(briefs) > 1}, tab="cart")
