"""The board of orders and what is done with each: accept, refuse, ready, hand over, print."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from linli.apps.orders import operations, queries
from linli.apps.orders.queries import OrderView
from linli.fronts.web.merchant.frame import Room, by_htmx, done, frame, number, page, room, said
from linli.platform import ids, push

MINUTES = (10, 15, 20, 30, 45, 60)
REASONS = (
    ("sold_out", _("A dish is sold out")),
    ("busy", _("The kitchen is too busy")),
    ("closing", _("We are closing")),
    ("other", _("Another reason")),
)
COLUMNS = (("new", _("New")), ("preparing", _("Preparing")), ("ready", _("Ready")))
TABS = (("board", _("Board")), ("away", _("On the way")), ("done", _("Finished")), ("closed", _("Ended")))


@require_GET
@room
def board(request: Room) -> HttpResponse:
    """The orders that want work, in columns; by htmx only the columns."""
    if by_htmx(request):
        return _columns(request)
    live = push.topic_token(f"store:{request.store.id}")
    return page(request, "orders", "orders", tabs=TABS, tab="board", live=live, **_board(request))


def _columns(request: Room) -> HttpResponse:
    return render(request, "merchant/board.html", {**frame(request), **_board(request)})


def _board(request: Room) -> dict[str, Any]:
    states = [state for name, _label in COLUMNS for state in queries.TABS[name]]
    found = queries.for_store(store_id=request.store.id, states=states, limit=100).items
    columns = [(name, label, _sorted([view for view in found if view.state in queries.TABS[name]])) for name, label in COLUMNS]
    return {"columns": columns, "reasons": REASONS, **_minutes(request)}


def _sorted(found: list[OrderView]) -> list[OrderView]:
    """What must be out first stands first."""
    return sorted(found, key=lambda view: (view.accept_by if view.state == "paid" else None) or view.promise_to)


def _minutes(request: Room) -> dict[str, Any]:
    """The minutes to choose from, the store's usual ones among them."""
    usual = request.store.prep_minutes
    return {"minutes": sorted({*MINUTES, usual}), "usual": usual}


@require_GET
@room
def listed(request: Room, tab: str) -> HttpResponse:
    """Orders of a tab, newest first, in pages."""
    found = queries.for_store(store_id=request.store.id, tab=tab, cursor=request.GET.get("cursor") or None, limit=30)
    return page(request, "listed", "orders", tabs=TABS, tab=tab, found=found)


@require_GET
@room
def one(request: Room, order: str) -> HttpResponse:
    """One order with everything that happened to it."""
    return page(request, "order", "orders", order=_order(request, order), reasons=REASONS, **_minutes(request))


@require_GET
@room
def ticket(request: Room, order: str) -> HttpResponse:
    """The slip that goes to the kitchen and into the bag, for an 80 mm printer or a sheet of paper."""
    return render(request, "merchant/ticket.html", {**frame(request), "order": _order(request, order)})


def _order(request: Room, sealed: str) -> OrderView:
    return queries.order(order_id=ids.unseal("or", sealed), store_id=request.store.id)


def _action(what: str) -> Callable[[Callable[[Room, int], None]], Callable[..., HttpResponseBase]]:
    """A view that does something to one order of the store, and answers with the board (htmx) or leads back to it."""

    def decorate(act: Callable[[Room, int], None]) -> Callable[..., HttpResponseBase]:
        def view(request: Room, order: str) -> HttpResponse:
            act(request, _order(request, order).id)
            return said(_columns(request), what) if by_htmx(request) else done(request, what, "orders")

        return require_POST(room(view))

    return decorate


@_action("accepted")
def accept(request: Room, order_id: int) -> None:
    """Take it on, with the minutes it will need."""
    minutes = number(request.POST.get("minutes", ""))
    operations.accept(order_id=order_id, actor=request.actor, minutes=minutes, at=request.at)


@_action("refused")
def refuse(request: Room, order_id: int) -> None:
    """Refuse it with a reason: one of the list, or one's own words."""
    chosen, own = request.POST.get("reason", ""), request.POST.get("words", "").strip()
    reason = own or (chosen if chosen != "other" and chosen in dict(REASONS) else "")
    operations.refuse(order_id=order_id, actor=request.actor, reason=reason, at=request.at)


@_action("ready")
def ready(request: Room, order_id: int) -> None:
    """It is packed."""
    operations.mark_ready(order_id=order_id, actor=request.actor, at=request.at)


@_action("served")
def served(request: Room, order_id: int) -> None:
    """It is at the table."""
    operations.advance(order_id=order_id, event="serve", actor=request.actor, at=request.at)


@_action("handed")
def hand_over(request: Room, order_id: int) -> None:
    """The guest has said the code and has it."""
    operations.hand_over(order_id=order_id, code=request.POST.get("code", ""), actor=request.actor, at=request.at)
