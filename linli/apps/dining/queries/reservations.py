"""Who has reserved, and which tables are planned for them."""

from __future__ import annotations

from datetime import datetime, timedelta

from linli.apps.accounts import queries as accounts
from linli.apps.dining import expected
from linli.apps.dining.models import Table
from linli.apps.dining.queries.floor import floor, view
from linli.apps.dining.views import ReservationView, TableView
from linli.apps.merchants import queries as merchants

AHEAD = timedelta(hours=12)


def coming(*, store_id: int, at: datetime, ahead: timedelta = AHEAD) -> list[ReservationView]:
    """Who has reserved for the hours to come (or is late, or here) and does not sit yet, by time. One statement where nobody has."""
    rows = expected.reservations(store_id=store_id, until=at + ahead, at=at)
    if not rows:
        return []
    planned = expected.planned(store_id=store_id, expected=rows, at=at)
    tables = {row.id: row for row in Table.objects.filter(store_id=store_id, active=True)}
    city_id = merchants.store(store_id=store_id).city_id
    stays = {size: timedelta(seconds=expected.stay_s(store_id, size, city_id)[1]) for size in {row.size for row in tables.values()}}
    people = accounts.people(ids={row.order.person_id for row in rows})
    found = []
    for row in rows:
        its = [tables[key] for key in planned.get(row.order.id, ()) if key in tables]
        who = people.get(row.order.person_id)
        due = any(row.booking.starts_at < at + stays[table.size] for table in its)
        found.append(ReservationView(
            row.order.id, row.booking.id, who.name if who else "", row.booking.guests, row.booking.starts_at, row.booking.ends_at,
            row.order.state == "arrived", row.order.state != "paid", tuple(view(table) for table in its), due,
        ))  # fmt: skip
    return found


def spare_tables(*, store_id: int, at: datetime) -> list[TableView]:
    """The tables that are free now and not kept for anybody who has reserved, by place."""
    due = {table.id for one in coming(store_id=store_id, at=at) if one.due for table in one.tables}
    return [spot.table for spot in floor(store_id=store_id) if spot.state == "free" and spot.table.id not in due]
