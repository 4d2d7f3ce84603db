"""What a store says about itself, how it takes orders, and how far it delivers."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.http.request import QueryDict
from django.views.decorators.http import require_http_methods, require_POST

from linli.apps.merchants import operations
from linli.apps.merchants.operations import Ring
from linli.fronts.web.merchant.frame import Room, done, number, page, room, wrong
from linli.kernel.errors import N_, Invalid, Problem
from linli.kernel.money import Money, parse

SPARE = 2


@require_http_methods(["GET", "HEAD", "POST"])
@room
def settings(request: Room) -> HttpResponse:
    """The form of the store, and what it saves."""
    store = request.store
    if request.method != "POST":
        typed = {name: getattr(store, name) for name in operations.EDITABLE}
        return _form(request, typed, _rings(request))
    try:
        operations.edit_store(store_id=store.id, changes=_changes(request.POST), actor=request.actor, at=request.at)
    except Problem as problem:
        return _form(request, {**request.POST.dict(), "accepts": "accepts" in request.POST}, _rings(request), problem)
    return done(request, "saved", "settings")


@require_POST
@room
def rings(request: Room) -> HttpResponse:
    """Save the delivery rings."""
    lines = _lines(request.POST)
    try:
        operations.set_rings(store_id=request.store.id, rings=[_ring(line) for line in lines], actor=request.actor, at=request.at)
    except Problem as problem:
        typed = {name: getattr(request.store, name) for name in operations.EDITABLE}
        return _form(request, typed, lines, problem)
    return done(request, "saved", "settings")


def _form(request: Room, typed: dict[str, Any], lines: list[dict[str, str]], problem: Problem | None = None) -> HttpResponse:
    shown = [*lines, *({} for _ in range(SPARE))]
    status, more = (problem.status, wrong(problem)) if problem else (200, {})
    return page(request, "settings", "settings", typed=typed, rings=shown, status=status, **more)


def _changes(post: QueryDict) -> dict[str, Any]:
    changes: dict[str, Any] = {name: post.get(name, "").strip() for name in ("name", "name_en", "address", "phone")}
    return {**changes, "prep_minutes": number(post.get("prep_minutes", ""), 0), "accepts": "accepts" in post}


def _rings(request: Room) -> list[dict[str, str]]:
    return [
        {"km": f"{ring.radius_m / 1000:g}", "fee": Money(ring.fee).number, "minimum": Money(ring.minimum).number}
        for ring in request.store.rings
    ]  # fmt: skip


def _lines(post: QueryDict) -> list[dict[str, str]]:
    columns = [post.getlist(name)[:12] for name in ("km", "fee", "minimum")]
    lines = [dict(zip(("km", "fee", "minimum"), values, strict=True)) for values in zip(*columns, strict=False)]
    return [line for line in lines if line["km"].strip()]


def _ring(line: dict[str, str]) -> Ring:
    try:
        radius_m = round(float(line["km"]) * 1000)
    except (ValueError, OverflowError):
        raise Invalid("rings.km", N_("“%(text)s” is not a distance in kilometres."), text=line["km"][:20], field="rings") from None
    return Ring(radius_m, _amount(line["fee"]), _amount(line["minimum"]))


def _amount(text: str) -> int:
    try:
        return parse(text) if text.strip() else 0
    except Invalid as problem:
        raise Invalid(problem.code, problem.message, **problem.params, field="rings") from None
