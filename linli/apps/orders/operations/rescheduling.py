"""Moving what is booked to another time, or to somebody else: the new time is held before the old one is let go, or nothing changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from linli.apps.catalog import queries as catalog
from linli.apps.catalog.queries import LineWant
from linli.apps.orders.events import OrderMoved, OrderReassigned
from linli.apps.orders.models import Order, OrderLine
from linli.apps.orders.operations import steps
from linli.apps.stock import operations as stock
from linli.apps.stock import queries as calendar
from linli.kernel.actors import Actor
from linli.kernel.errors import N_, Conflict, NotFound
from linli.platform import outbox


@transaction.atomic
def reschedule(*, order_id: int, booking_id: int, starts_at: datetime, staff: int | None = None, actor: Actor, at: datetime) -> None:
    """Move one booking of an order to `starts_at`, with `staff` or (None) whoever is free; what was paid for it stays what it is.

    A person may do so as long as calling off would cost nothing by the notice of the line, the store at any time.
    Raises what the offer's kind says against the time, Conflict "slot.taken" …, "move.late", "state.conflict"; NotFound, Forbidden.
    """
    order = steps.of(order_id, actor)
    row = next((one for one in calendar.bookings_of(refs=[steps.ref(order)]).get(steps.ref(order), []) if one.id == booking_id), None)
    lines = OrderLine.objects.filter(order=order, kind="item", offer_id=row.offer_id, starts_at=row.starts_at) if row else []
    line = next(iter(lines), None)
    if row is None or line is None:
        raise NotFound("booking.unknown", N_("There is no such booking."))
    if actor.role == "consumer":
        _in_time(line, at)
    priced = catalog.price(store_id=order.store_id, lines=[_want(line, starts_at, staff)], at=at)[0]
    stock.move(booking_id=row.id, line=priced, at=at)
    OrderLine.objects.filter(pk=line.pk).update(starts_at=priced.starts_at, ends_at=priced.ends_at, details=dict(priced.details))
    begins, ends = _span(order)
    was = order.promise_from
    data = {"from": was.isoformat(), "to": begins.isoformat()}
    steps.step(order, "reschedule", actor, at, data=data, scheduled_for=begins, promise_from=begins, promise_to=ends)
    outbox.tell(OrderMoved(**steps.ids(order), mode=order.mode, event="reschedule", state=order.state), at=at)


@transaction.atomic
def remove_staff(*, store_id: int, resource_id: int, reassign: bool, titles: dict[int, str], actor: Actor, at: datetime) -> None:
    """Somebody or something of a store is not there any more. What was booked with them goes to others (`reassign`), and the lines of
    those orders say with whom it is now, as the guests are told. Raises as `stock.remove_resource`; then nothing is changed."""
    refs = stock.remove_resource(store_id=store_id, resource_id=resource_id, reassign=reassign, titles=titles, actor=actor, at=at)
    rows = {(row.ref, row.offer_id, row.starts_at): row.lead_id for some in calendar.bookings_of(refs=refs).values() for row in some}
    orders = [int(ref.partition(":")[2]) for ref in refs]
    names = {one.id: one.name for one in calendar.resources(store_id=store_id)}
    booked = OrderLine.objects.select_for_update(of=("self",)).select_related("order")
    for line in booked.filter(order_id__in=orders, details__staff=resource_id).order_by("id"):
        lead = rows.get((f"or:{line.order_id}", line.offer_id or 0, line.starts_at or at))
        rest = {name: value for name, value in line.details.items() if name != "staff"}
        OrderLine.objects.filter(pk=line.pk).update(details=rest | ({"staff": lead} if lead else {}))
        told = OrderReassigned(**steps.ids(line.order), staff=names.get(lead or 0, ""), starts_at=line.starts_at or at)
        outbox.tell(told, at=at)


def _want(line: OrderLine, starts_at: datetime, staff: int | None) -> LineWant:
    kept: Mapping[str, Any] = line.details
    details = {name: kept[name] for name in ("place", "room") if kept.get(name)} | ({"staff": staff} if staff else {})
    return LineWant(line.offer_id or 0, line.qty, (), starts_at, None, line.guests, details)


def _in_time(line: OrderLine, at: datetime) -> None:
    """Raise Conflict when it is too late to move it without paying."""
    notice = max((minutes for minutes, share in line.details.get("cancel", ()) if share), default=0)
    left = (line.starts_at - at).total_seconds() / 60 if line.starts_at else 0
    if left < notice:
        raise Conflict("move.late", N_("It is too late to move this; please call the store."), notice=notice)


def _span(order: Order) -> tuple[datetime, datetime]:
    times = list(OrderLine.objects.filter(order=order, kind="item").values_list("starts_at", "ends_at"))
    begins = [start for start, _ in times if start]
    ends = [end or start for start, end in times if start]
    return min(begins), max(end for end in ends if end)
