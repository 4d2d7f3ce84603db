"""The menu as a whole: headings, dishes, what is sold out, and the choices that dishes ask for."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from linli.apps.catalog import operations, queries
from linli.apps.stock import queries as stock
from linli.fronts.web.merchant.frame import Room, by_htmx, done, frame, number, page, room, said
from linli.kernel.errors import Problem
from linli.platform import ids

ELSEWHERE = ("service", "table", "voucher", "ticket")  # kinds that have pages of their own


@require_GET
@room
def menu(request: Room) -> HttpResponse:
    """Everything the store sells."""
    return _menu(request)


def _menu(request: Room, problem: Problem | None = None) -> HttpResponse:
    found = queries.menu(store_id=request.store.id)
    left = stock.left(offer_ids=[offer.id for offer in found.offers if offer.kind not in ELSEWHERE], at=request.at)
    sections = [
        (section, [(offer, left.get(offer.id)) for offer in section.offers if offer.kind not in ELSEWHERE])
        for section in found.sections
        if not section.offers or any(offer.kind not in ELSEWHERE for offer in section.offers)
    ]
    return page(
        request, "menu", "menu", sections=sections, groups=queries.groups(store_id=request.store.id), problem=problem,
        status=problem.status if problem else 200,
    )  # fmt: skip


@require_POST
@room
def sale(request: Room, offer: str) -> HttpResponse:
    """The sold-out switch of a dish."""
    offer_id, on = ids.unseal("of", offer), request.POST.get("on") == "1"
    operations.set_on_sale(offer_id=offer_id, on=on, actor=request.actor, at=request.at)
    what = "on" if on else "off"
    if not by_htmx(request):
        return done(request, what, "menu")
    left = stock.left(offer_ids=[offer_id], at=request.at)
    context = {**frame(request), "offer": queries.offer(offer_id=offer_id), "left": left.get(offer_id)}
    return said(render(request, "merchant/dish.html", context), what)


@require_POST
@room
def option_sale(request: Room, option: str) -> HttpResponse:
    """The sold-out switch of an option."""
    on = request.POST.get("on") == "1"
    operations.set_option_on_sale(option_id=ids.unseal("op", option), on=on, actor=request.actor, at=request.at)
    return done(request, "on" if on else "off", "menu")


@require_POST
@room
def section(request: Room, section: str = "") -> HttpResponse:
    """Add a heading, or rename and move it."""
    try:
        operations.save_section(
            store_id=request.store.id, section_id=ids.unseal("se", section) if section else None, name=request.POST.get("name", ""),
            name_en=request.POST.get("name_en", ""), sort=min(number(request.POST.get("sort", ""), 99) or 0, 9999),
            actor=request.actor, at=request.at,
        )  # fmt: skip
    except Problem as problem:
        return _menu(request, problem)
    return done(request, "saved", "menu")


@require_POST
@room
def remove_section(request: Room, section: str) -> HttpResponse:
    """Take an empty heading away."""
    try:
        operations.remove_section(store_id=request.store.id, section_id=ids.unseal("se", section), actor=request.actor, at=request.at)
    except Problem as problem:
        return _menu(request, problem)
    return done(request, "removed", "menu")
