"""Seating those who have reserved: at the tables that were planned for them, or at others that do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from linli.apps.dining import expected, live
from linli.apps.dining.models import Guest, Table
from linli.apps.dining.operations import visits
from linli.kernel.actors import Actor
from linli.kernel.errors import N_, Conflict, NotFound


@transaction.atomic
def seat_reservation(*, store_id: int, order_id: int, table_ids: Sequence[int] = (), actor: Actor, at: datetime) -> int:
    """Lead a party that has reserved to its table, or tables put together; returns its visit, of which whoever booked is a guest already.
    Without `table_ids` they have those that were planned for them.

    Raises Conflict "reservation.full" when none is free that does, "reservation.small" when the tables have too few seats,
    "reservation.room" when another kind of table was booked, "table.taken", "table.kept", "table.due", "reservation.seated"; and as the
    order's table says; NotFound for one that is not expected (any more, or before its day).
    """
    coming = expected.reservations(store_id=store_id, until=at + visits.ABOUT_NOW, at=at)
    mine = next((one for one in coming if one.order.id == order_id), None)
    if mine is None:
        raise NotFound("reservation.unknown", N_("Nobody is expected with this reservation about now."))
    chosen = list(dict.fromkeys(table_ids)) or list(expected.planned_now(store_id=store_id, mine=mine, coming=coming, at=at))
    if not chosen:
        raise Conflict("reservation.full", N_("No table that does for them is free just now. Free one, or choose some to put together."))
    tables = [visits.table_of(store_id, table_id) for table_id in sorted(chosen)]
    _ensure_fits(mine, tables)
    visit = visits.open_at(tables[0], mine.booking.guests, at, reserved=mine)
    for table in tables[1:]:
        expected.ensure_spare(table, at, mine=mine)
        visits.take(visit, table, at)
    Guest.objects.create(visit=visit, person_id=mine.order.person_id, at=at)
    visits.arrive(visit, order_id, actor, at)
    live.tell(visit.id, store_id, at)
    return visit.id


def _ensure_fits(mine: expected.Expected, tables: Sequence[Table]) -> None:
    seats = sum(table.seats for table in tables)
    if seats < mine.booking.guests:
        raise Conflict(
            "reservation.small", N_("There are %(seats)s seats, and they are %(guests)s. Choose a larger table, or put some together."),
            seats=seats, guests=mine.booking.guests, field="table",
        )  # fmt: skip
    if mine.want.room and any(table.size != "room" for table in tables):
        raise Conflict("reservation.room", N_("They have booked a private room."), field="table")
