"""Sitting down and leaving: one party at a table at a time, everybody with a phone of their own is a guest of the same visit."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from linli.apps.dining import expected, live
from linli.apps.dining.events import VisitClosed
from linli.apps.dining.models import Arrival, Guest, Pick, Seating, Share, Table, Visit, Waiting
from linli.apps.orders import operations as orders
from linli.apps.orders import queries as ordered
from linli.apps.payments import queries as paying
from linli.kernel.actors import SYSTEM, Actor
from linli.kernel.errors import N_, Conflict, Gone, Invalid, NotFound
from linli.kernel.ids import new_id
from linli.platform import outbox

MOST_PEOPLE = 60
ABOUT_NOW = timedelta(minutes=45)  # so long before its time a party that has reserved may sit down


def locked(visit_id: int, *, store_id: int | None = None, person_id: int | None = None) -> Visit:
    """The open visit, which nobody else changes until the transaction ends; of the store, or with the person as its guest, if given.

    Raises NotFound, Gone "visit.closed".
    """
    row = Visit.objects.select_for_update().filter(pk=visit_id).first()
    if row is None or store_id not in {None, row.store_id}:
        raise unknown()
    if person_id is not None and not Guest.objects.filter(visit=row, person_id=person_id).exists():
        raise unknown()
    if row.closed_at is not None:
        raise Gone("visit.closed", N_("This table is paid and closed. Scan the code again to order more."))
    return row


def unknown() -> NotFound:
    """That there is no such visit (for whoever asks)."""
    return NotFound("visit.unknown", N_("There is no such table of yours."))


def mine(visit_id: int, actor: Actor) -> Visit:
    """`locked` for a guest of it or the staff of its store."""
    if actor.role == "merchant":
        return locked(visit_id, store_id=actor.scope_id)
    return locked(visit_id, person_id=actor.person_id if actor.role != "system" else None)


def table_of(store_id: int, table_id: int) -> Table:
    """A table of the store that is in use. All tables of the store are locked: whoever gives one away looks at the others, too, for those
    who have reserved. Raises NotFound."""
    rows = Table.objects.select_for_update().filter(store_id=store_id, active=True).order_by("id")
    row = next((one for one in rows if one.pk == table_id), None)
    if row is None:
        raise NotFound("table.unknown", N_("There is no such table."))
    return row


def take(visit: Visit, table: Table, at: datetime) -> None:
    """Give the table to the visit. Raises Conflict "table.taken" when somebody sits there."""
    try:
        with transaction.atomic():
            Seating.objects.create(visit=visit, table=table, since=at)
    except IntegrityError:
        raise Conflict("table.taken", N_("Somebody sits at table %(table)s already."), table=table.name) from None


def open_at(table: Table, people: int, at: datetime, *, waiting_id: int = 0, reserved: expected.Expected | None = None) -> Visit:
    """A new visit at the table, which is locked; `waiting_id` is the party that it may be kept for, `reserved` the
    reservation.

    Raises Conflict "table.taken", "table.kept" while it is kept for another party that was called, and "table.due" when it is needed for
    one that has reserved.
    """
    if not 0 <= people <= MOST_PEOPLE:
        raise Invalid("people.range", N_("Between 1 and %(most)s people."), most=MOST_PEOPLE, field="people")
    if Waiting.objects.filter(table=table, state="called").exclude(pk=waiting_id).exists():
        raise Conflict("table.kept", N_("Table %(table)s is kept for a party that was called."), table=table.name)
    if not Seating.objects.filter(table=table, until=None).exists():
        expected.ensure_spare(table, at, mine=reserved)
    with transaction.atomic():
        visit = Visit.objects.create(id=new_id(at), store_id=table.store_id, people=people, size=table.size, opened_at=at)
        take(visit, table, at)
    return visit


@transaction.atomic
def seat(*, store_id: int, table_id: int, people: int = 0, at: datetime) -> int:
    """Somebody without a phone, or led there by the staff, sits down at a free table; returns the visit's id.

    Raises Conflict "table.taken", NotFound, Invalid.
    """
    visit = open_at(table_of(store_id, table_id), people, at)
    live.tell(visit.id, store_id, at)
    return visit.id


@transaction.atomic
def sit_down(*, table_id: int, person_id: int, people: int = 0, at: datetime) -> int:
    """Somebody has scanned the code of a table: they open its visit, or join the one that is open. Returns the visit's id. Whoever has
    reserved for about now has arrived with that.

    Raises NotFound, Conflict "table.kept" while it is kept for a party that was called, "table.due" when one that has reserved needs it.
    """
    table = Table.objects.filter(pk=table_id, active=True).first()
    if table is None:
        raise NotFound("table.unknown", N_("There is no such table."))
    visit = _at(table)
    if visit is None:
        table = table_of(table.store_id, table.id)
        visit = _at(table)  # somebody else may just have scanned it, too
    if visit is None:
        mine = _reserved(table.store_id, person_id, at)
        visit = open_at(table, people, at, waiting_id=_called(table, person_id), reserved=mine)
        if mine:
            arrive(visit, mine.order.id, SYSTEM, at)
    Guest.objects.get_or_create(visit=visit, person_id=person_id, defaults={"at": at})
    Waiting.objects.filter(store_id=visit.store_id, person_id=person_id, state="called", table=table).update(
        state="seated", visit=visit, over_at=at
    )
    live.tell(visit.id, visit.store_id, at)
    return visit.id


def _reserved(store_id: int, person_id: int, at: datetime) -> expected.Expected | None:
    """The reservation of the person for about now."""
    coming = expected.reservations(store_id=store_id, until=at + ABOUT_NOW, at=at)
    return next((one for one in coming if one.order.person_id == person_id and one.order.state != "paid"), None)


def arrive(visit: Visit, order_id: int, actor: Actor, at: datetime) -> None:
    """The party of the visit, which is locked or new, is the one that has reserved: its order goes on with it.

    Raises Conflict "reservation.seated" when it sits already.
    """
    try:
        with transaction.atomic():
            Arrival.objects.create(order_id=order_id, visit=visit, at=at)
    except IntegrityError:
        raise Conflict("reservation.seated", N_("This party sits at its table already.")) from None
    if ordered.order(order_id=order_id).state != "arrived":
        orders.advance(order_id=order_id, event="arrive", actor=actor, at=at)


def _called(table: Table, person_id: int) -> int:
    """The party of the person that the table is kept for; it has come."""
    row = Waiting.objects.filter(table=table, state="called", person_id=person_id).first()
    return row.id if row else 0


def _at(table: Table) -> Visit | None:
    seating = Seating.objects.select_related("visit").filter(table=table, until=None).first()
    return seating.visit if seating else None


def orders_of(visit: Visit) -> list[int]:
    """The ids of all orders of a visit, in their order."""
    found = Pick.objects.filter(visit=visit).exclude(order_id=None).values_list("order_id", flat=True)
    return sorted({key for key in found if key is not None})


def owed(order_ids: Collection[int]) -> dict[int, int]:
    """What is still owed for each of the orders that something is owed for. One statement."""
    left = paying.owed(refs=[f"or:{key}" for key in order_ids])
    return {int(ref.partition(":")[2]): amount for ref, amount in left.items()}


@transaction.atomic
def close(*, visit_id: int, actor: Actor, at: datetime) -> None:
    """The party has gone: what still stands on the way is served, what was picked and not sent is dropped, and the tables are free.

    Raises Conflict "visit.owed" while something is owed, "visit.unanswered" while the kitchen has not answered; Gone, NotFound.
    """
    visit = mine(visit_id, actor)
    order_ids = orders_of(visit)
    if left := owed(order_ids):
        raise Conflict("visit.owed", N_("The bill of this table is not paid yet."), amount=sum(left.values()))
    states = {key: view.state for key, view in ordered.orders(ids=order_ids).items()}
    if "paid" in states.values():
        raise Conflict("visit.unanswered", N_("The kitchen has not taken on everything yet. Accept or refuse it first."))
    for key, state in sorted(states.items()):
        if state in {"accepted", "ready"}:
            orders.advance(order_id=key, event="serve", actor=SYSTEM, at=at)
    end(visit, at)


def end(visit: Visit, at: datetime) -> None:
    """Close the visit, which is locked and owes nothing."""
    Pick.objects.filter(visit=visit, order_id=None).delete()
    Share.objects.filter(visit=visit, state="open").update(state="over", over_at=at)
    Seating.objects.filter(visit=visit, until=None).update(until=at)
    visit.closed_at = at
    visit.save(update_fields=["closed_at"])
    reserved = list(Arrival.objects.filter(visit=visit).values_list("order_id", flat=True))
    for key, view in sorted(ordered.orders(ids=reserved).items()):
        if view.state == "arrived":
            orders.advance(order_id=key, event="leave", actor=SYSTEM, at=at)
    outbox.tell(VisitClosed(visit_id=visit.id, store_id=visit.store_id, minutes=int((at - visit.opened_at).total_seconds() // 60)), at=at)
    live.tell(visit.id, visit.store_id, at)


def close_if_done(visit: Visit, at: datetime) -> None:
    """Close the visit, which is locked, if everything was served and is paid and nothing more was picked."""
    order_ids = orders_of(visit)
    if not order_ids or owed(order_ids) or Pick.objects.filter(visit=visit, order_id=None).exists():
        return
    views = ordered.orders(ids=order_ids).values()
    if any(view.had for view in views) and all(view.had or view.closed for view in views):
        end(visit, at)


@transaction.atomic
def heard(*, order_id: int, at: datetime) -> None:
    """The kitchen has done something with an order of a table: those who sit there see it, and the table is closed if that was all."""
    pick = Pick.objects.filter(order_id=order_id).first()
    if pick is None:
        return
    visit = Visit.objects.select_for_update().get(pk=pick.visit_id)
    live.tell(visit.id, visit.store_id, at)
    if visit.closed_at is None:
        close_if_done(visit, at)
