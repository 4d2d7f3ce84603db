"""The first page of a store: what is going on, in figures, and whether it takes orders."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from linli.apps.accounts import queries as accounts
from linli.apps.catalog import queries as catalog
from linli.apps.merchants import operations
from linli.apps.merchants import queries as merchants
from linli.apps.orders import queries as orders
from linli.fronts.web.identity import Request, signed_in
from linli.fronts.web.merchant.frame import Room, done, number, page, room
from linli.kernel.errors import N_, Forbidden
from linli.platform import ids

PAUSES = (15, 30, 60, 120)  # minutes


@require_GET
@signed_in
def door(request: Request) -> HttpResponseBase:
    """The stores that somebody works for; straight in when there is one. Raises Forbidden when there is none."""
    assert request.identity is not None
    roles = accounts.roles(person_id=request.identity.person_id)
    stores = merchants.staff_stores(store_ids=[role.scope_id for role in roles if role.kind == "merchant"])
    if not stores:
        raise Forbidden("store.none", N_("You do not work for a store here."))
    if len(stores) == 1:
        return HttpResponseRedirect(f"/merchant/{ids.seal('st', stores[0].id)}/today")
    return render(request, "merchant/door.html", {"stores": stores})


@require_GET
@room
def today(request: Room) -> HttpResponse:
    """Today in figures."""
    start, end = day_of(request.at, request.store.zone)
    day = orders.store_day(store_id=request.store.id, start=start, end=end, zone=request.store.zone)
    offers = catalog.menu(store_id=request.store.id).offers
    return page(
        request, "today", "today", day=day, pauses=PAUSES, sold_out=[offer for offer in offers if not offer.on_sale][:12],
        labels=[str(hour) if hour % 3 == 0 else "" for hour in range(24)],
    )  # fmt: skip


@require_POST
@room
def pause(request: Room) -> HttpResponse:
    """Take no orders for the minutes chosen."""
    minutes = number(request.POST.get("minutes", ""), 30) or 0
    until = request.at + timedelta(minutes=minutes)
    operations.pause(store_id=request.store.id, until=until, actor=request.actor, at=request.at)
    return done(request, "paused", "today")


@require_POST
@room
def resume(request: Room) -> HttpResponse:
    """Take orders again."""
    operations.resume(store_id=request.store.id, actor=request.actor, at=request.at)
    return done(request, "resumed", "today")


def day_of(at: datetime, zone: str) -> tuple[datetime, datetime]:
    """The calendar day of the store that holds `at`."""
    local = at.astimezone(ZoneInfo(zone))
    start = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return start, (start + timedelta(days=1)).replace(hour=0)
