"""What the store has earned and is owed, line by line."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from linli.apps.orders import queries as orders
from linli.apps.payments import queries
from linli.fronts.web.merchant.frame import Room, page, room

KINDS = {
    "settle": _("Order settled"),
    "contribute": _("Paid towards an order"),
    "clawback": _("Refund to a guest"),
    "pay_out": _("Paid out"),
}
SPANS = (("7", _("7 days")), ("30", _("30 days")), ("all", _("Everything")))


@require_GET
@room
def money(request: Room) -> HttpResponse:
    """The statement of the store, newest first, over the span chosen."""
    span = request.GET.get("span", "7")
    store = request.store
    start = _start(request.at, store.zone, int(span)) if span in {"7", "30"} else None
    found = queries.statement(kind="store", owner=store.id, start=start, cursor=request.GET.get("cursor") or None, limit=50)
    known = orders.orders(ids=[int(entry.ref[3:]) for entry in found.items if entry.ref.startswith("or:")])
    lines = [(entry, KINDS.get(entry.kind, entry.kind), known.get(_order_id(entry.ref))) for entry in found.items]
    return page(
        request, "money", "money", lines=lines, next_cursor=found.next_cursor, span=span, spans=SPANS,
        payable=queries.payable(kind="store", owner=store.id),
    )  # fmt: skip


def _order_id(ref: str) -> int:
    return int(ref[3:]) if ref.startswith("or:") else 0


def _start(at: datetime, zone: str, days: int) -> datetime:
    return at.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=days - 1)
