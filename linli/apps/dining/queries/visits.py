"""A visit with everything that belongs to it, in a constant number of statements."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext

from linli.apps.accounts import queries as accounts
from linli.apps.dining.models import Guest, Pick, Seating, Share, Visit
from linli.apps.dining.operations import visits as opened
from linli.apps.dining.queries.floor import view as table_view
from linli.apps.dining.views import GuestView, PickView, ShareView, TableView, VisitView
from linli.apps.orders import queries as orders
from linli.apps.orders.queries import OrderView, TabLine


def visit(*, visit_id: int, person_id: int | None = None, store_id: int | None = None, at: datetime) -> VisitView:
    """The visit, open or over. Raises NotFound, also when the person is no guest of it or it is not of the store given."""
    row = Visit.objects.filter(pk=visit_id).first()
    guests = list(Guest.objects.filter(visit_id=visit_id).order_by("id"))
    if row is None or store_id not in {None, row.store_id}:
        raise opened.unknown()
    if person_id is not None and person_id not in {guest.person_id for guest in guests}:
        raise opened.unknown()
    picks = list(Pick.objects.filter(visit=row).order_by("course", "id"))
    owner = {pick.order_id: pick.person_id for pick in picks if pick.order_id is not None}
    sent = sorted(orders.orders(ids=set(owner)).values(), key=lambda view: view.id)
    owed = opened.owed([view.id for view in sent])
    shares = list(Share.objects.filter(visit=row).exclude(state="over").order_by("id"))
    free = dict(owed)
    for share_row in shares:
        if share_row.state == "open":
            for key, amount in share_row.parts:
                free[key] = free.get(key, 0) - amount
    free = {key: amount for key, amount in free.items() if amount > 0}
    tables = Seating.objects.select_related("table").filter(visit=row).order_by("id")
    now = [one.table for one in tables if one.until is None] or [one.table for one in tables][-1:]
    return VisitView(
        row.id, row.store_id, row.people, row.opened_at, row.bill_at, row.closed_at, tuple(table_view(one) for one in now),
        _guests(guests, sent, owner, free), _picks(row, picks, at), tuple(sent), tuple(_share(one) for one in shares),
        sum(_cost(view) for view in sent), sum(owed.values()), sum(free.values()), row.joined_id,
    )  # fmt: skip


def _cost(order: OrderView) -> int:
    return 0 if order.closed else order.total - order.refunded


def _guests(rows: list[Guest], sent: list[OrderView], owner: dict[int, int], free: dict[int, int]) -> tuple[GuestView, ...]:
    people = accounts.people(ids=[row.person_id for row in rows])
    found = []
    for number, row in enumerate(rows, 1):
        person = people.get(row.person_id)
        mine = [view for view in sent if owner.get(view.id) == row.person_id]
        name = (person.name if person else "") or gettext("Guest %(number)s") % {"number": number}
        found.append(GuestView(row.person_id, name, sum(free.get(view.id, 0) for view in mine), sum(_cost(view) for view in mine)))
    return tuple(found)


def _picks(row: Visit, picks: list[Pick], at: datetime) -> tuple[PickView, ...]:
    waiting = {pick.id: pick for pick in picks if pick.order_id is None}
    if not waiting:
        return ()
    lines = [TabLine(one.id, one.offer_id, [(key, qty) for key, qty in one.options], one.qty, one.note) for one in waiting.values()]
    cart = orders.tab_cart(store_id=row.store_id, lines=lines, at=at)
    return tuple(PickView(line.id, waiting[line.id].person_id, waiting[line.id].course, line) for line in cart.lines)


def _share(row: Share) -> ShareView:
    return ShareView(row.id, row.visit_id, row.person_id, row.way, row.amount, row.state)


def share(*, share_id: int, person_id: int) -> ShareView:
    """A share of the person's. Raises NotFound."""
    row = Share.objects.filter(pk=share_id, person_id=person_id).first()
    if row is None:
        raise opened.unknown()
    return _share(row)


def visit_at(*, table_id: int) -> int | None:
    """The visit that has the table now; None when it is free. One statement."""
    return Seating.objects.filter(table_id=table_id, until=None).values_list("visit_id", flat=True).first()


def open_visit_of(*, table_id: int, person_id: int) -> int | None:
    """The visit at the table that the person is a guest of already. One statement."""
    rows = Guest.objects.filter(person_id=person_id, visit__closed_at=None, visit_id__in=_having(table_id))
    return rows.values_list("visit_id", flat=True).first()


def sits_at(*, store_id: int, person_id: int) -> TableView | None:
    """The table of the store at which the person is a guest now; the last one, if there are several. One statement."""
    mine = Guest.objects.filter(person_id=person_id, visit__store_id=store_id, visit__closed_at=None).values_list("visit_id", flat=True)
    row = Seating.objects.select_related("table").filter(visit_id__in=mine, until=None).order_by("id").last()
    return table_view(row.table) if row else None


def _having(table_id: int) -> list[int]:
    found = visit_at(table_id=table_id)
    return [found] if found else []
