"""Orders as their person, their store and the operator see them. A constant number of statements, however many orders."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from linli.apps.orders import hot, modes, states
from linli.apps.orders.models import Order, OrderEvent, OrderLine, OrderRefund
from linli.apps.orders.views import DropAddress, OrderEventView, OrderLineView, OrderRefundView, OrderView, PickedOption
from linli.apps.payments import queries as paying
from linli.apps.payments.queries import IntentView
from linli.kernel.errors import N_, NotFound
from linli.platform.pages import Page, page
from linli.platform.reads import Read

_PLAIN = tuple(
    name for name in OrderView.__dataclass_fields__ if name not in {"address", "lines", "events", "refunds", "intent"}
)  # fmt: skip
OVER = ("completed", *sorted(states.CLOSED))
TABS = {
    "new": ("paid",),
    "preparing": ("accepted",),
    "ready": ("ready",),
    "away": ("picked_up",),
    "booked": ("confirmed",),
    "here": tuple(sorted(modes.BEGUN - {"riding"})),
    "done": (*sorted(modes.DONE), "completed"),
    "closed": tuple(sorted(states.CLOSED)),
}
WORKING = ("new", "preparing", "ready", "away", "booked", "here")


def order(*, order_id: int, person_id: int | None = None, store_id: int | None = None) -> OrderView:
    """The order with lines, events and refunds, in four statements. Raises NotFound, also when it is not of the person or store given."""
    mine = Q(id=order_id)
    if person_id is not None:
        mine &= Q(person_id=person_id)
    if store_id is not None:
        mine &= Q(store_id=store_id)
    found = _views(list(Order.objects.filter(mine)), events=True)
    if not found:
        raise unknown()
    return found[0]


@dataclass(frozen=True, slots=True)
class DueView:
    """What the cashier has to know of an order."""

    city_id: int
    total: int
    mode: str


def due(*, order_id: int, person_id: int) -> Read[DueView | None]:
    """What the cashier has to know of the person's order, to be read together with other things; None when it is not theirs."""
    return hot.due(order_id, person_id, lambda row: DueView(*row) if row else None)


def unknown() -> NotFound:
    """That there is no such order (of the person)."""
    return NotFound("order.unknown", N_("There is no such order."))


def orders(*, ids: Collection[int]) -> dict[int, OrderView]:
    """The orders among `ids` that exist, by id, with lines. Three statements."""
    return {view.id: view for view in _views(list(Order.objects.filter(id__in=list(ids))))}


def together_of(*, checkout_id: int, person_id: int | None = None) -> list[OrderView]:
    """The orders that were placed together, with lines and events, in the order of their ids. Four statements. Raises NotFound."""
    mine = Q(checkout_id=checkout_id) if person_id is None else Q(checkout_id=checkout_id, person_id=person_id)
    found = _views(list(Order.objects.filter(mine).order_by("id")), events=True)
    if not found:
        raise unknown()
    return found


def orders_of(*, person_id: int, cursor: str | None = None, limit: int = 20) -> Page[OrderView]:
    """A person's orders with lines, newest first. Three statements."""
    return page(Order.objects.filter(person_id=person_id), cursor=cursor, limit=limit, make=_views)


def open_of(*, person_id: int) -> list[OrderView]:
    """A person's orders that are still on their way (or wait to be paid), newest first."""
    rows = Order.objects.filter(person_id=person_id).exclude(state__in=(*OVER, *modes.DONE))
    return _views(list(rows.order_by("-id")[:20]))


def for_store(
    *, store_id: int, tab: str | None = None, states: Sequence[str] | None = None, cursor: str | None = None, limit: int = 50
) -> Page[OrderView]:
    """A store's orders with lines, newest first: those of a tab (see `TABS`), in `states`, or all that were ever paid. Three statements."""
    rows = Order.objects.filter(store_id=store_id)
    wanted = states if states is not None else TABS.get(tab) if tab else None
    rows = rows.filter(state__in=wanted) if wanted is not None else rows.exclude(paid_at=None)
    return page(rows.exclude(state="placed"), cursor=cursor, limit=limit, make=_views)


def told_with(*, order_ids: Collection[int], event: str) -> dict[int, Mapping[str, Any]]:
    """What was written down with the latest `event` of each of the orders, such as the room that was given. One statement."""
    rows = OrderEvent.objects.filter(order_id__in=list(order_ids), event=event).order_by("id")
    return dict(rows.values_list("order_id", "data"))


def counts_for_store(*, store_id: int) -> dict[str, int]:
    """How many orders each tab of the store has that still want work. One statement."""
    working = [state for tab in WORKING for state in TABS[tab]]
    rows = Order.objects.filter(store_id=store_id, state__in=working).values_list("state").annotate(count=Count("id"))
    found = dict(rows)
    return {tab: sum(found.get(state, 0) for state in TABS[tab]) for tab in WORKING}


def board(*, city_id: int, at: datetime, limit: int = 200) -> list[OrderView]:
    """The city's orders that somebody waits for, the latest against its promise first. Three statements."""
    waiting = Order.objects.filter(city_id=city_id).exclude(state__in=(*OVER, *modes.DONE, "placed"))
    return _views(list(waiting.order_by("promise_to", "id")[:limit]))


def rides_ahead(*, city_id: int, until: datetime, limit: int = 30) -> list[OrderView]:
    """The city's rides that are booked for up to `until` and for which no driver is looked for yet, the next first. Three statements."""
    rows = Order.objects.filter(city_id=city_id, mode="ride", state="confirmed", promise_from__lte=until)
    return _views(list(rows.order_by("promise_from", "id")[:limit]))


def late_count(*, city_id: int, at: datetime) -> int:
    """How many of the city's orders that somebody waits for are past their promise. One statement."""
    waiting = Order.objects.filter(city_id=city_id, promise_to__lt=at).exclude(state__in=(*OVER, *modes.DONE, "placed"))
    return waiting.count()


def for_city(*, city_id: int, states: Sequence[str], cursor: str | None = None, limit: int = 50) -> Page[OrderView]:
    """The city's orders in `states`, newest first. Three statements."""
    return page(Order.objects.filter(city_id=city_id, state__in=states), cursor=cursor, limit=limit, make=_views)


def counts(*, city_id: int, since: datetime) -> dict[str, int]:
    """How many of the city's orders placed from `since` on are in which state. One statement."""
    rows = Order.objects.filter(city_id=city_id, placed_at__gte=since).values_list("state").annotate(count=Count("id"))
    return dict(rows.order_by())


def completed_count(*, person_id: int) -> int:
    """How many orders the person has completed. One statement."""
    return Order.objects.filter(person_id=person_id, state="completed").count()


def search(*, text: str = "", city_id: int | None = None, limit: int = 50) -> list[OrderView]:
    """Orders whose number begins with `text` (all when empty), newest first. Three statements."""
    rows: QuerySet[Order] = Order.objects.filter(number__startswith=text.strip()) if text.strip() else Order.objects.all()
    if city_id is not None:
        rows = rows.filter(city_id=city_id)
    return _views(list(rows.order_by("-id")[:limit]))


def options(rows: Sequence[Any]) -> tuple[PickedOption, ...]:
    """Options as they are kept, `[[id, name, name_en, qty, price], …]`."""
    return tuple(PickedOption(*row) for row in rows)


def _views(rows: list[Order], *, events: bool = False) -> list[OrderView]:
    ids = [row.id for row in rows]
    lines, refunds = (_lines(ids), _refunds(ids)) if ids else ({}, {})
    steps = _events(ids) if events and ids else {}
    return [_view(row, lines.get(row.id, []), steps.get(row.id, []), refunds.get(row.id, [])) for row in rows]


def _view(
    row: Order, lines: Sequence[OrderLineView], steps: Sequence[OrderEventView], refunds: Sequence[OrderRefundView],
    intent: IntentView | None = None,
) -> OrderView:  # fmt: skip
    kept = row.__dict__
    plain = {name: kept[name] for name in _PLAIN}
    address = DropAddress(**row.address) if row.address else None
    return OrderView(**plain, address=address, lines=tuple(lines), events=tuple(steps), refunds=tuple(refunds), intent=intent)


def fresh(row: Order, lines: Sequence[OrderLineView], intent: IntentView) -> OrderView:
    """The view of an order that has just been placed, with what is to be paid for it, without reading it back."""
    placed = OrderEventView("place", row.state, "consumer", row.person_id, row.placed_at, {"total": row.total})
    return _view(row, lines, [placed], [], intent)


def placed(*, order_id: int) -> OrderView:
    """The order as `order` gives it, with what is to be paid for it. Five statements. Raises NotFound."""
    found = order(order_id=order_id)
    return replace(found, intent=paying.intents(refs=[found.ref]).get(found.ref))


def _line(row: OrderLine) -> OrderLineView:
    return OrderLineView(
        row.pk, row.kind, row.offer_id, row.title, row.title_en, options(row.options), row.note, row.qty, row.unit, row.amount,
        row.by_merchant, row.by_platform, row.refunded_qty, row.starts_at, row.ends_at, row.guests, row.details,
    )  # fmt: skip


def _lines(ids: Sequence[int]) -> dict[int, list[OrderLineView]]:
    found: dict[int, list[OrderLineView]] = defaultdict(list)
    for row in OrderLine.objects.filter(order_id__in=ids).order_by("id"):
        found[row.order_id].append(_line(row))
    return found


def _events(ids: Sequence[int]) -> dict[int, list[OrderEventView]]:
    found: dict[int, list[OrderEventView]] = defaultdict(list)
    for row in OrderEvent.objects.filter(order_id__in=ids).order_by("id"):
        found[row.order_id].append(OrderEventView(row.event, row.state, row.role, row.person_id, row.at, row.data))
    return found


def _refunds(ids: Sequence[int]) -> dict[int, list[OrderRefundView]]:
    found: dict[int, list[OrderRefundView]] = defaultdict(list)
    for row in OrderRefund.objects.filter(order_id__in=ids).order_by("id"):
        found[row.order_id].append(OrderRefundView(row.amount, row.by_merchant, row.reason, row.at))
    return found
