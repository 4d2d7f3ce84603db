"""Who has reserved and is still to be seated, and until when tables are taken: read from the calendar, the orders and the floor."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from linli.apps.catalog import queries as catalog
from linli.apps.catalog.queries import TableView as Terms
from linli.apps.dining import due, turns
from linli.apps.dining.models import Arrival, Seating, Table, Visit, Waiting
from linli.apps.dining.turns import SOON_S
from linli.apps.merchants import queries as merchants
from linli.apps.orders import queries as orders
from linli.apps.orders.queries import OrderView
from linli.apps.stock import queries as calendar
from linli.apps.stock.queries import BookingView
from linli.kernel.errors import N_, Conflict
from linli.platform import policies
from linli.policy import dining

_USUAL = {
    "small": dining.TURN_SMALL_MIN, "medium": dining.TURN_MEDIUM_MIN, "large": dining.TURN_LARGE_MIN, "room": dining.TURN_ROOM_MIN,
}  # fmt: skip
_COMES = frozenset({"paid", "confirmed", "arrived"})


@dataclass(frozen=True, slots=True)
class Expected:
    """A reservation whose party does not sit yet: its line of the calendar, its order, and what it needs of the floor."""

    booking: BookingView
    order: OrderView
    want: due.Want


def stay_s(store_id: int, size: str, city_id: int) -> tuple[int, int, int]:
    """For how long tables of a size are taken, seconds: lower and upper, and on how many parties of the store that rests."""
    last = policies.whole(dining.TURNS_LAST, city_id)
    rows = Visit.objects.filter(store_id=store_id, size=size, joined=None).exclude(closed_at=None).order_by("-closed_at")
    stayed = [int((end - start).total_seconds()) for start, end in rows.values_list("opened_at", "closed_at")[:last] if end is not None]
    if len(stayed) >= policies.whole(dining.TURNS_LEAST, city_id):
        return (*turns.quartiles(stayed), len(stayed))
    usual = policies.whole(_USUAL[size], city_id) * 60
    return usual * 4 // 5, usual * 5 // 4, 0


def reservations(*, store_id: int, until: datetime, at: datetime) -> list[Expected]:
    """Who is to come before `until`, by time: those who are late, too, for as long as the store keeps a table; and who has come and does
    not sit yet. One statement where nobody is."""
    rows = [row for row in calendar.bookings(store_id=store_id, first=at - timedelta(hours=6), last=until) if row.kind == "table"]
    if not rows:
        return []
    found = orders.orders(ids=[_order_id(row) for row in rows])
    seated = set(Arrival.objects.filter(order_id__in=list(found)).values_list("order_id", flat=True))
    terms = {one.id: one.own for one in catalog.timed_terms(store_id=store_id, kinds=("table",)) if isinstance(one.own, Terms)}
    classes = {one.id: one for one in calendar.resources(store_id=store_id)}
    expected = []
    for row in rows:
        order, own, lead = found.get(_order_id(row)), terms.get(row.offer_id), classes.get(row.lead_id)
        if order is None or order.state not in _COMES or order.id in seated or (at >= row.ends_at):
            continue
        kept = timedelta(minutes=own.kept_minutes if own else 0)
        if order.state != "arrived" and at > row.starts_at + kept:
            continue
        expected.append(Expected(row, order, due.Want(order.id, max(row.starts_at, at), row.ends_at, row.guests,
                                                      max(1, lead.joins) if lead else 1, bool(lead and lead.label))))  # fmt: skip
    return expected


def _order_id(row: BookingView) -> int:
    return int(row.ref.partition(":")[2])


def spots(*, store_id: int, city_id: int, at: datetime) -> list[due.Spot]:
    """The tables of the store with when each is expected to be free: now, or when whoever sits there has stayed as long as people do."""
    tables = list(Table.objects.filter(store_id=store_id, active=True).order_by("id"))
    rows = Seating.objects.filter(table__in=tables, until=None).values_list("table_id", "visit_id", "visit__opened_at")
    seated = {table_id: (visit_id, opened_at) for table_id, visit_id, opened_at in rows}
    booked = _booked_until({visit_id for visit_id, _ in seated.values()})
    called = set(Waiting.objects.filter(store_id=store_id, state="called").exclude(table=None).values_list("table_id", flat=True))
    stays = {size: timedelta(seconds=stay_s(store_id, size, city_id)[1]) for size in {table.size for table in tables}}

    def free_at(table: Table) -> datetime:
        if table.id in seated:
            visit_id, since = seated[table.id]
            return max(booked.get(visit_id, since + stays[table.size]), at + timedelta(seconds=SOON_S))
        return at + stays[table.size] if table.id in called else at

    return [due.Spot(table.id, table.seats, table.size == "room", free_at(table)) for table in tables]


def _booked_until(visit_ids: Collection[int]) -> dict[int, datetime]:
    """Until when the visits that came for a reservation have their tables. One statement where there are none."""
    rows = list(Arrival.objects.filter(visit_id__in=visit_ids).values_list("order_id", "visit_id"))
    found = orders.orders(ids=[order_id for order_id, _ in rows]) if rows else {}
    return {visit_id: found[order_id].promise_to for order_id, visit_id in rows if order_id in found}


def planned(*, store_id: int, expected: Sequence[Expected], at: datetime) -> dict[int, tuple[int, ...]]:
    """The tables that those who are expected will have, by order; whoever finds none is not in it."""
    if not expected:
        return {}
    city_id = merchants.store(store_id=store_id).city_id
    return due.plan(spots(store_id=store_id, city_id=city_id, at=at), [one.want for one in expected])


def ensure_spare(table: Table, at: datetime, *, mine: Expected | None = None) -> None:
    """Raise Conflict "table.due" when somebody who has reserved would go without a table if others sat down at this one (of a floor that is
    locked) now and stayed as long as people do, or until the end of `mine`, the reservation that it is for."""
    store = merchants.store(store_id=table.store_id)
    until = mine.want.ends_at if mine else at + timedelta(seconds=stay_s(store.id, table.size, store.city_id)[1])
    coming = [one for one in reservations(store_id=store.id, until=until, at=at) if mine is None or one.order.id != mine.order.id]
    if not coming:
        return
    wants, now = [one.want for one in coming], spots(store_id=store.id, city_id=store.city_id, at=at)
    before = due.plan(now, wants)
    after = due.plan([spot if spot.id != table.id else due.Spot(spot.id, spot.seats, spot.room, until) for spot in now], wants)
    for one in coming:
        if one.order.id in before and one.order.id not in after:
            when = one.booking.starts_at.astimezone(ZoneInfo(store.zone))
            raise Conflict(
                "table.due", N_("Table %(table)s is needed for %(guests)s people who have reserved for %(time)s. Choose another one."),
                table=table.name, guests=one.booking.guests, time=f"{when:%H:%M}", due_at=one.booking.starts_at.isoformat(),
            )  # fmt: skip


def planned_now(*, store_id: int, mine: Expected, coming: Sequence[Expected], at: datetime) -> tuple[int, ...]:
    """The tables that a reservation has among all who are `coming`, with those only that are free now; empty when there are none."""
    city_id = merchants.store(store_id=store_id).city_id
    now = [spot for spot in spots(store_id=store_id, city_id=city_id, at=at) if spot.free_at <= at]
    return due.plan(now, [one.want for one in coming]).get(mine.order.id, ())
