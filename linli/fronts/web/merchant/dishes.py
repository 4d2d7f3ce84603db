"""Writing one dish: name, price, allergens, choices, and how many there are a day."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.http.request import QueryDict
from django.views.decorators.http import require_http_methods, require_POST

from linli.apps.catalog import operations, queries
from linli.apps.catalog.queries import OfferView
from linli.apps.stock import operations as stocking
from linli.apps.stock import queries as stock
from linli.fronts.web.merchant.frame import Room, done, number, page, room, wrong
from linli.kernel.errors import N_, Invalid, NotFound, Problem
from linli.kernel.money import Money, parse
from linli.platform import ids


@require_http_methods(["GET", "HEAD", "POST"])
@room
def dish(request: Room, offer: str = "") -> HttpResponse:
    """The form of a dish (a new one without `offer`), and what it saves."""
    view = _own(request, ids.unseal("of", offer)) if offer else None
    if request.method != "POST":
        return _form(request, view, _typed(view, request))
    try:
        _save(request, view)
    except Problem as problem:
        return _form(request, view, _kept(request.POST), problem)
    return done(request, "saved", "menu")


@require_POST
@room
def remove(request: Room, offer: str) -> HttpResponse:
    """Take a dish off the menu for good."""
    operations.remove_offer(offer_id=ids.unseal("of", offer), actor=request.actor, at=request.at)
    return done(request, "removed", "menu")


def _own(request: Room, offer_id: int) -> OfferView:
    view = queries.offer(offer_id=offer_id)
    if view.store_id != request.store.id or view.kind != "dish":
        raise NotFound("offer.unknown", N_("There is no such offer."))
    return view


def _form(request: Room, view: OfferView | None, typed: dict[str, Any], problem: Problem | None = None) -> HttpResponse:
    sections = [(ids.seal("se", section.id), section.name) for section in queries.menu(store_id=request.store.id).sections]
    groups = [(ids.seal("gr", group.id), group) for group in queries.groups(store_id=request.store.id)]
    return page(
        request, "offer", "menu", offer=view, typed=typed, sections=sections, groups=groups, allergens=queries.ALLERGENS.items(),
        status=problem.status if problem else 200, **(wrong(problem) if problem else {}),
    )  # fmt: skip


def _typed(view: OfferView | None, request: Room) -> dict[str, Any]:
    """What the fields hold at first."""
    if view is None:
        return {"section": request.GET.get("section", ""), "allergens": [], "groups": []}
    left = stock.left(offer_ids=[view.id], at=request.at)[view.id]
    return {
        "name": view.name, "name_en": view.name_en, "description": view.description, "section": ids.seal("se", view.section_id),
        "price": _amount(view.price), "was_price": _amount(view.was_price), "prep_minutes": view.prep_minutes,
        "daily_limit": view.daily_limit, "left": left, "left_shown": left, "allergens": view.allergens,
        "groups": [ids.seal("gr", group.id) for group in view.groups],
    }  # fmt: skip


def _kept(post: QueryDict) -> dict[str, Any]:
    """What was typed, to be shown again."""
    return {**post.dict(), "allergens": post.getlist("allergens"), "groups": post.getlist("groups")}


def _amount(amount: int | None) -> str:
    return "" if amount is None else Money(amount).number


@transaction.atomic
def _save(request: Room, view: OfferView | None) -> None:
    post, text = request.POST, request.POST.get
    daily = _field("daily_limit", text("daily_limit", ""))
    if daily is not None and daily < 0:
        raise Invalid("stock.count", N_("A number of pieces cannot be below zero."), field="daily_limit")
    offer_id = operations.save_offer(
        store_id=request.store.id, offer_id=view.id if view else None, section_id=ids.unseal("se", text("section", "")),
        name=text("name", ""), name_en=text("name_en", ""), description=text("description", "")[:2000],
        price=_money("price", text("price", "")),
        was_price=_money("was_price", text("was_price", "")) if text("was_price", "").strip() else None,
        allergens=post.getlist("allergens"), tags=view.tags if view else (), diet=view.diet if view else (),
        prep_minutes=_field("prep_minutes", text("prep_minutes", "")), daily_limit=daily,
        group_ids=[ids.unseal("gr", group) for group in post.getlist("groups")], actor=request.actor, at=request.at,
    )  # fmt: skip
    _count(request, view, offer_id, daily, _field("left", text("left", "")))


def _count(request: Room, view: OfferView | None, offer_id: int, daily: int | None, left: int | None) -> None:
    """Keep the stock of the dish: so many a day, and so many left now; uncounted without a daily number."""
    store, name = request.store, request.POST.get("name", "").strip()
    if daily != (view.daily_limit if view else None):
        stocking.set_daily_limit(
            store_id=store.id,
            offer_id=offer_id,
            name=name,
            limit=daily,
            at=request.at,
            offset_minutes=stock.day_offset(store.zone, request.at),
        )
    shown = stock.left(offer_ids=[offer_id], at=request.at)[offer_id]
    if left is not None and shown is not None and left != shown and request.POST.get("left") != request.POST.get("left_shown"):
        stocking.set_count(offer_id=offer_id, count=left, actor=request.actor, at=request.at)


def _money(field: str, text: str) -> int:
    try:
        return parse(text)
    except Invalid as problem:
        raise Invalid(problem.code, problem.message, **problem.params, field=field) from None


def _field(field: str, text: str) -> int | None:
    try:
        return number(text)
    except Invalid as problem:
        raise Invalid(problem.code, problem.message, **problem.params, field=field) from None
