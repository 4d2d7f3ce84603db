"""Tables, their codes, and the floor plan with what goes on at each table."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from linli.apps.dining.models import Pick, Seating, Table, Waiting
from linli.apps.dining.operations.waiting import called_out
from linli.apps.dining.views import Spot, TableView
from linli.apps.orders import queries as orders
from linli.apps.payments import queries as paying
from linli.kernel.errors import N_, Gone, NotFound
from linli.platform import security

PURPOSE = "dining.table"
VALID_S = 10 * 365 * 24 * 3600  # a printed code lasts until the store renews it


def view(row: Table) -> TableView:
    """The table as others see it."""
    return TableView(row.id, row.store_id, row.name, row.seats, row.size, row.area, row.x, row.y, row.version, row.active)


def tables(*, store_id: int) -> list[TableView]:
    """The tables of a store that are in use, by place. One statement."""
    return [view(row) for row in Table.objects.filter(store_id=store_id, active=True).order_by("y", "x", "id")]


def table(*, table_id: int, store_id: int | None = None) -> TableView:
    """A table that is in use (of the store, if given). Raises NotFound."""
    rows = Table.objects.filter(pk=table_id, active=True)
    row = (rows if store_id is None else rows.filter(store_id=store_id)).first()
    if row is None:
        raise NotFound("table.unknown", N_("There is no such table."))
    return view(row)


def has_tables(*, store_id: int) -> bool:
    """Whether one can eat in here. One statement."""
    return Table.objects.filter(store_id=store_id, active=True).exists()


def stores_with_tables() -> list[int]:
    """The stores in which one can eat in, in the order of their ids. One statement."""
    return list(Table.objects.filter(active=True).order_by("store_id").values_list("store_id", flat=True).distinct())


def token(found: TableView, at: datetime) -> str:
    """The signed text in the QR code of a table."""
    return security.sign(PURPOSE, {"t": found.id, "v": found.version}, at=at, valid_for_s=VALID_S)


def qr_text(found: TableView, at: datetime, base: str) -> str:
    """The address in the QR code of a table."""
    return f"{base}/table/{token(found, at)}"


def scanned(*, token: str, at: datetime) -> TableView:
    """The table whose code was scanned. Raises Invalid for a code that is none of ours, Gone for one that was replaced, NotFound."""
    inside = security.read(PURPOSE, token, at=at)
    found = table(table_id=int(inside["t"]))
    if found.version != int(inside["v"]):
        raise Gone("table.code", N_("This code was replaced by a new one. Ask the staff of the restaurant."))
    return found


def floor(*, store_id: int) -> list[Spot]:
    """Every table of the store with what goes on there. A constant number of statements."""
    found = tables(store_id=store_id)
    seatings = {row.table_id: row for row in Seating.objects.select_related("visit").filter(visit__store_id=store_id, until=None)}
    called = {row.table_id: row for row in Waiting.objects.filter(store_id=store_id, state="called").exclude(table=None)}
    visits = {row.visit_id for row in seatings.values()}
    sent: dict[int, set[int]] = defaultdict(set)
    for visit_id, order_id in Pick.objects.filter(visit_id__in=visits).exclude(order_id=None).values_list("visit_id", "order_id"):
        sent[visit_id].add(order_id or 0)
    known = orders.orders(ids={key for keys in sent.values() for key in keys})
    left = paying.owed(refs=[f"or:{key}" for key in known])
    return [_spot(one, seatings.get(one.id), called.get(one.id), sent, known, left) for one in found]


def _spot(
    one: TableView, seating: Seating | None, kept: Waiting | None, sent: dict[int, set[int]], known: dict[int, orders.OrderView],
    left: dict[str, int],
) -> Spot:  # fmt: skip
    if seating is None:
        if kept is not None:
            return Spot(one, "kept", people=kept.people, since=kept.called_at, waiting_id=kept.id, number=called_out(kept))
        return Spot(one, "free")
    mine = [known[key] for key in sorted(sent[seating.visit_id]) if key in known]
    owed = sum(left.get(f"or:{view.id}", 0) for view in mine)
    total = sum(view.total - view.refunded for view in mine)
    if not mine:
        state = "seated"
    elif not owed:
        state = "paid"
    else:
        state = "bill" if seating.visit.bill_at else "ordered"
    return Spot(one, state, seating.visit_id, seating.visit.people, seating.visit.opened_at, total, owed)
