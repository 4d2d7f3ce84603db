"""The floor of a store: tables, who sits there, their bills, and those who wait."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from ninja import Router
from pydantic import Field

from linli.apps.dining import operations, queries
from linli.fronts.api.consumer.dining import SendIn, SplitIn, TableOut, VisitOut, visit_out
from linli.fronts.api.door import MERCHANT, Request, endpoint
from linli.fronts.api.forms import BookingId, Done, In, Key, Minor, OrderId, Out, PersonId, ShareId, StoreId, TableId, VisitId, WaitingId

router = Router(tags=["merchant: eating in"])


class TableIn(In):
    """A table: `x` and `y` are column and row of the floor plan."""

    name: str = Field(min_length=1, max_length=20)
    seats: int = Field(ge=1, le=60)
    size: Literal["small", "medium", "large", "room"]
    area: str = Field("", max_length=30)
    x: int = Field(0, ge=0, le=23)
    y: int = Field(0, ge=0, le=23)


class FloorSpotOut(Out):
    """A table on the floor plan: `state` is free, kept, seated, ordered, bill or paid."""

    table: TableOut
    state: str
    visit_id: VisitId | None
    waiting_id: WaitingId | None
    people: int
    since: datetime | None
    total: Minor
    owed: Minor


class SeatIn(In):
    """How many sit down; 0 when nobody says."""

    people: int = Field(0, ge=0, le=60)


class ToTableIn(In):
    """Which table."""

    table_id: TableId


class JoinIn(In):
    """Which party they are put together with."""

    into: VisitId


class PartIn(In):
    """Who goes to which free table."""

    table_id: TableId
    person_ids: list[PersonId] = Field(min_length=1, max_length=60)


class TillIn(In):
    """One of the equal shares; null for all that nobody else has paid or is paying."""

    share_id: ShareId | None = None


class WaiveIn(In):
    """Why."""

    reason: str = Field(min_length=1, max_length=200)


class PartyIn(In):
    """A party at the door."""

    people: int = Field(ge=1, le=60)
    name: str = Field("", max_length=40)


class CallPartyIn(In):
    """The table that is kept for them; null for none."""

    table_id: TableId | None = None


class PartyOut(Out):
    """A party in the line."""

    id: WaitingId
    number: str
    size: str
    people: int
    name: str
    state: str
    taken_at: datetime
    called_at: datetime | None
    there_by: datetime | None
    table: str
    ahead: int


class ReservationOut(Out):
    """Who has reserved and does not sit yet, with the tables that are planned for them as things stand (none: all are taken then). `here`:
    they have come. `due`: nobody else is seated at these tables any more."""

    order_id: OrderId
    booking_id: BookingId
    name: str
    guests: int
    starts_at: datetime
    ends_at: datetime
    confirmed: bool
    here: bool
    tables: list[TableOut]
    due: bool


class SeatReservationIn(In):
    """At which tables, put together; none: at those that are planned for them."""

    table_ids: list[TableId] = Field([], max_length=10)


def _visit(request: Request, store_id: int, visit_id: int) -> VisitOut:
    return visit_out(queries.visit(visit_id=visit_id, store_id=store_id, at=request.at))


@endpoint(router, "GET", "/{store}/floor", who=MERCHANT, out=list[FloorSpotOut], summary="The floor plan")
def floor(request: Request, store: StoreId) -> list[FloorSpotOut]:
    """Every table and what goes on there."""
    return [FloorSpotOut.of(spot) for spot in queries.floor(store_id=store)]


@endpoint(router, "POST", "/{store}/tables", who=MERCHANT, out=TableOut, status=201, summary="Add a table")
def add_table(request: Request, store: StoreId, body: TableIn) -> TableOut:
    """Adds a table with a code of its own."""
    table_id = operations.save_table(store_id=store, actor=request.actor, at=request.at, **body.model_dump())
    return TableOut.of(queries.table(table_id=table_id))


@endpoint(router, "PUT", "/{store}/tables/{table}", who=MERCHANT, out=TableOut, summary="Change a table")
def change_table(request: Request, store: StoreId, table: TableId, body: TableIn) -> TableOut:
    """Changes what it is called, how large it is, where it stands."""
    operations.save_table(store_id=store, table_id=table, actor=request.actor, at=request.at, **body.model_dump())
    return TableOut.of(queries.table(table_id=table))


@endpoint(router, "DELETE", "/{store}/tables/{table}", who=MERCHANT, out=Done, summary="Remove a table")
def remove_table(request: Request, store: StoreId, table: TableId) -> Done:
    """Takes it off the plan. A 409 while somebody sits there."""
    operations.remove_table(store_id=store, table_id=table, actor=request.actor, at=request.at)
    return Done()


@endpoint(router, "POST", "/{store}/tables/{table}/visit", who=MERCHANT, out=VisitOut, status=201, summary="Seat somebody")
def seat(request: Request, store: StoreId, table: TableId, body: SeatIn) -> VisitOut:
    """Somebody sits down who has not scanned. A 409 when the table is taken or kept."""
    return _visit(request, store, operations.seat(store_id=store, table_id=table, people=body.people, at=request.at))


@endpoint(router, "GET", "/{store}/visits/{visit}", who=MERCHANT, out=VisitOut, summary="A party")
def visit(request: Request, store: StoreId, visit: VisitId) -> VisitOut:
    """What it has picked and ordered, and its bill."""
    return _visit(request, store, visit)


@endpoint(router, "POST", "/{store}/visits/{visit}/send", who=MERCHANT, out=VisitOut, summary="Send to the kitchen")
def send(request: Request, store: StoreId, visit: VisitId, body: SendIn) -> VisitOut:
    """Fires the next course, or sends everything that was picked."""
    operations.send(visit_id=visit, actor=request.actor, course=body.course, at=request.at)
    return _visit(request, store, visit)


@endpoint(router, "POST", "/{store}/visits/{visit}/move", who=MERCHANT, out=VisitOut, summary="Change tables")
def move(request: Request, store: StoreId, visit: VisitId, body: ToTableIn) -> VisitOut:
    """To another, free table with all that it has."""
    operations.move(store_id=store, visit_id=visit, table_id=body.table_id, actor=request.actor, at=request.at)
    return _visit(request, store, visit)


@endpoint(router, "POST", "/{store}/visits/{visit}/join", who=MERCHANT, out=VisitOut, summary="Put parties together")
def join(request: Request, store: StoreId, visit: VisitId, body: JoinIn) -> VisitOut:
    """The party goes on as part of another one."""
    operations.join(store_id=store, visit_id=visit, into=body.into, actor=request.actor, at=request.at)
    return _visit(request, store, body.into)


@endpoint(router, "POST", "/{store}/visits/{visit}/part", who=MERCHANT, out=VisitOut, status=201, summary="Part a party")
def part(request: Request, store: StoreId, visit: VisitId, body: PartIn) -> VisitOut:
    """Some go to another table with their dishes; returns their new visit."""
    fresh = operations.split_off(
        store_id=store, visit_id=visit, person_ids=body.person_ids, table_id=body.table_id, actor=request.actor, at=request.at
    )
    return _visit(request, store, fresh)


@endpoint(router, "POST", "/{store}/visits/{visit}/split", who=MERCHANT, out=VisitOut, status=201, summary="Split the bill evenly")
def split(request: Request, store: StoreId, visit: VisitId, body: SplitIn) -> VisitOut:
    """Splits what nobody has paid or is paying into equal shares."""
    operations.split_evenly(visit_id=visit, actor=request.actor, ways=body.ways, at=request.at)
    return _visit(request, store, visit)


@endpoint(router, "POST", "/{store}/visits/{visit}/counter", who=MERCHANT, out=VisitOut, summary="Paid at the counter")
def counter(request: Request, store: StoreId, visit: VisitId, body: TillIn, idempotency_key: Key) -> VisitOut:
    """The store has taken the money itself; the same `Idempotency-Key` counts once."""
    operations.pay_at_counter(visit_id=visit, actor=request.actor, share_id=body.share_id, key=idempotency_key, at=request.at)
    return _visit(request, store, visit)


@endpoint(router, "POST", "/{store}/visits/{visit}/waive", who=MERCHANT, out=VisitOut, summary="Waive what is owed")
def waive(request: Request, store: StoreId, visit: VisitId, body: WaiveIn) -> VisitOut:
    """What is owed is not asked for any more, at the store's cost."""
    operations.forgive(visit_id=visit, actor=request.actor, reason=body.reason, at=request.at)
    return _visit(request, store, visit)


@endpoint(router, "POST", "/{store}/visits/{visit}/close", who=MERCHANT, out=VisitOut, summary="Free the table")
def close(request: Request, store: StoreId, visit: VisitId) -> VisitOut:
    """They have gone. A 409 while something is owed."""
    operations.close(visit_id=visit, actor=request.actor, at=request.at)
    return _visit(request, store, visit)


@endpoint(router, "GET", "/{store}/reservations", who=MERCHANT, out=list[ReservationOut], summary="Who has reserved")
def reservations(request: Request, store: StoreId) -> list[ReservationOut]:
    """Those of the next hours who do not sit yet, by time."""
    found = queries.coming(store_id=store, at=request.at)
    return [
        ReservationOut(**{name: getattr(one, name) for name in ReservationOut.model_fields if name != "tables"},
                       tables=[TableOut.of(table) for table in one.tables])
        for one in found
    ]  # fmt: skip


@endpoint(router, "POST", "/{store}/reservations/{order}/seat", who=MERCHANT, out=VisitOut, status=201, summary="Seat who has reserved")
def seat_reservation(request: Request, store: StoreId, order: OrderId, body: SeatReservationIn) -> VisitOut:
    """Leads the party to its tables. A 409 when none is free that does, or those named are too small, taken, or needed by others."""
    made = operations.seat_reservation(store_id=store, order_id=order, table_ids=body.table_ids, actor=request.actor, at=request.at)
    return _visit(request, store, made)


@endpoint(router, "GET", "/{store}/line", who=MERCHANT, out=list[PartyOut], summary="The waiting list")
def line(request: Request, store: StoreId) -> list[PartyOut]:
    """Everybody who waits, was called, or was passed over and has not gone."""
    return [PartyOut.of(view) for view in queries.line(store_id=store)]


@endpoint(router, "POST", "/{store}/line", who=MERCHANT, out=PartyOut, status=201, summary="Give a number")
def enter(request: Request, store: StoreId, body: PartyIn) -> PartyOut:
    """A number for a party without a phone."""
    return _party(store, operations.enqueue(store_id=store, people=body.people, name=body.name, at=request.at))


@endpoint(router, "POST", "/{store}/line/{waiting}/call", who=MERCHANT, out=PartyOut, summary="Call a party")
def call(request: Request, store: StoreId, waiting: WaitingId, body: CallPartyIn) -> PartyOut:
    """There is a table; the party is to be there within some minutes."""
    operations.call(waiting_id=waiting, table_id=body.table_id, actor=request.actor, at=request.at)
    return _party(store, waiting)


@endpoint(router, "POST", "/{store}/line/{waiting}/seat", who=MERCHANT, out=VisitOut, status=201, summary="Seat a party")
def seat_party(request: Request, store: StoreId, waiting: WaitingId, body: ToTableIn) -> VisitOut:
    """Leads the party to a table. A 409 when it is taken, or kept for another one."""
    made = operations.seat_party(waiting_id=waiting, table_id=body.table_id, actor=request.actor, at=request.at)
    return _visit(request, store, made)


@endpoint(router, "POST", "/{store}/line/{waiting}/skip", who=MERCHANT, out=PartyOut, summary="Pass a party over")
def skip(request: Request, store: StoreId, waiting: WaitingId) -> PartyOut:
    """It was called and has not come. A 409 before its time is over."""
    operations.pass_by(waiting_id=waiting, actor=request.actor, at=request.at)
    return _party(store, waiting)


@endpoint(router, "POST", "/{store}/line/{waiting}/back", who=MERCHANT, out=PartyOut, summary="Back into the line")
def back(request: Request, store: StoreId, waiting: WaitingId) -> PartyOut:
    """It has come after all."""
    operations.put_back(waiting_id=waiting, actor=request.actor, at=request.at)
    return _party(store, waiting)


@endpoint(router, "DELETE", "/{store}/line/{waiting}", who=MERCHANT, out=Done, summary="Gone")
def gone(request: Request, store: StoreId, waiting: WaitingId) -> Done:
    """It does not wait any more."""
    operations.leave(waiting_id=waiting, actor=request.actor, at=request.at)
    return Done()


def _party(store_id: int, waiting_id: int) -> PartyOut:
    return PartyOut.of(queries.waiting(waiting_id=waiting_id, store_id=store_id))
