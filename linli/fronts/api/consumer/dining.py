"""Eating in: at a table, its bill, and the line of those who wait."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from ninja import Router
from pydantic import Field

from linli.apps.dining import operations, queries
from linli.apps.dining.queries import VisitView
from linli.apps.payments import queries as payments
from linli.fronts.api.consumer.carts import CartLineOut, PickIn
from linli.fronts.api.consumer.payments import IntentOut
from linli.fronts.api.door import ANYBODY, CONSUMER, Request, endpoint
from linli.fronts.api.forms import Done, In, Minor, OfferId, OrderId, Out, PersonId, PickId, ShareId, StoreId, TableId, VisitId, WaitingId
from linli.platform import push

router = Router(tags=["eating in"])


class ScannedOut(Out):
    """The table whose code was scanned; `taken`: somebody sits there, and whoever sits down joins them."""

    store_id: StoreId
    name: str
    area: str
    seats: int
    taken: bool


class SitIn(In):
    """How many they are; 0 when nobody says."""

    people: int = Field(0, ge=0, le=60)


class AddPickIn(In):
    """What is picked: `course` 1 starters, 2 mains, 3 desserts."""

    offer_id: OfferId
    options: list[PickIn] = Field(default=[], max_length=40)
    qty: int = Field(1, ge=1, le=99)
    note: str = Field("", max_length=100)
    course: int = Field(2, ge=1, le=3)


class ChangePickIn(In):
    """What to change about a pick of one's own; quantity 0 takes it out."""

    qty: int | None = Field(None, ge=0, le=99)
    course: int | None = Field(None, ge=1, le=3)


class SendIn(In):
    """The course to send; null for everything."""

    course: int | None = Field(None, ge=1, le=3)


class ShareIn(In):
    """`own`: what I have picked; `rest`: all that nobody else has paid or is paying."""

    way: Literal["own", "rest"]


class SplitIn(In):
    """Among how many."""

    ways: int = Field(ge=2, le=30)


class TakeNumberIn(In):
    """How many they are."""

    people: int = Field(ge=1, le=60)


class TableOut(Out):
    """A table of a store; `x` and `y` are column and row of the floor plan."""

    id: TableId
    name: str
    seats: int
    size: str
    area: str
    x: int
    y: int


class TablePickOut(Out):
    """Something that waits to be sent, whose it is, and its line at today's price (the line's id is that of no cart)."""

    id: PickId
    person_id: PersonId
    course: int
    line: CartLineOut


class GuestOut(Out):
    """Somebody at the table: what their dishes came to, and what of that nobody has paid or is paying."""

    person_id: PersonId
    name: str
    own: Minor
    total: Minor


class SentOut(Out):
    """An order of the table."""

    id: OrderId
    number: str
    person_id: PersonId
    course: int
    state: str
    total: Minor
    refunded: Minor


class ShareOut(Out):
    """A part of the bill; `person_id` null: nobody has taken it, or it was paid at the counter."""

    id: ShareId
    person_id: PersonId | None
    way: str
    amount: Minor
    state: str


class VisitOut(Out):
    """A table's meal: who sits there, what waits to be sent, what the kitchen has, and the bill. `free` is what nobody has begun to pay."""

    id: VisitId
    store_id: StoreId
    people: int
    opened_at: datetime
    bill_at: datetime | None
    closed_at: datetime | None
    tables: list[TableOut]
    guests: list[GuestOut]
    picks: list[TablePickOut]
    orders: list[SentOut]
    shares: list[ShareOut]
    total: Minor
    owed: Minor
    free: Minor
    live: str = Field(description="Where news of the table are streamed; empty once it is closed.")


class WaitOut(Out):
    """How long one waits, minutes; `turns`: on how many parties of the store that rests (0: usual figures)."""

    low: int
    high: int
    turns: int


class LineOut(Out):
    """How many parties wait, and for how long one that comes now would; null when there is no table for so many."""

    parties: int
    wait: WaitOut | None


class PlaceOut(Out):
    """A place in the line; called, one is to be there by `there_by`."""

    id: WaitingId
    store_id: StoreId
    number: str
    size: str
    people: int
    state: str
    ahead: int
    called_at: datetime | None
    there_by: datetime | None
    table: str
    visit_id: VisitId | None
    wait: WaitOut | None


def visit_out(view: VisitView) -> VisitOut:
    """A visit as its guests and its store see it."""
    names = set(VisitOut.model_fields) - {"picks", "orders", "live", "tables", "guests", "shares"}
    plain = {name: getattr(view, name) for name in names}
    return VisitOut(
        **plain, tables=[TableOut.of(table) for table in view.tables], guests=[GuestOut.of(guest) for guest in view.guests],
        shares=[ShareOut.of(share) for share in view.shares], orders=[SentOut.of(order) for order in view.orders],
        picks=[TablePickOut(id=one.id, person_id=one.person_id, course=one.course, line=CartLineOut.of(one.line)) for one in view.picks],
        live="" if view.closed_at else f"/live?t={push.topic_token(f'visit:{view.id}')}",
    )  # fmt: skip


def _mine(request: Request, visit_id: int) -> VisitOut:
    return visit_out(queries.visit(visit_id=visit_id, person_id=request.actor.person_id, at=request.at))


def _payment(intent_id: int) -> IntentOut:
    return IntentOut.of(payments.intent(intent_id=intent_id))


@endpoint(router, "GET", "/tables/{token}", who=ANYBODY, out=ScannedOut, summary="A table that was scanned")
def scanned(request: Request, token: str) -> ScannedOut:
    """Which table the text in a QR code is for. A 410 for a code that was replaced."""
    table = queries.scanned(token=token, at=request.at)
    taken = queries.visit_at(table_id=table.id) is not None
    return ScannedOut(store_id=table.store_id, name=table.name, area=table.area, seats=table.seats, taken=taken)


@endpoint(router, "POST", "/tables/{token}/visit", who=CONSUMER, out=VisitOut, status=201, summary="Sit down")
def sit(request: Request, token: str, body: SitIn) -> VisitOut:
    """Opens the table's visit, or joins the one that is open."""
    table = queries.scanned(token=token, at=request.at)
    return _mine(request, operations.sit_down(table_id=table.id, person_id=request.actor.person_id, people=body.people, at=request.at))


@endpoint(router, "GET", "/visits/{visit}", who=CONSUMER, out=VisitOut, summary="My table")
def visit(request: Request, visit: VisitId) -> VisitOut:
    """The visit, to its guests."""
    return _mine(request, visit)


@endpoint(router, "POST", "/visits/{visit}/picks", who=CONSUMER, out=VisitOut, status=201, summary="Pick a dish")
def pick(request: Request, visit: VisitId, body: AddPickIn) -> VisitOut:
    """Puts a dish into the cart of the table."""
    options = [(one.option_id, one.qty) for one in body.options]
    operations.add_pick(
        visit_id=visit, person_id=request.actor.person_id, offer_id=body.offer_id, options=options, qty=body.qty, note=body.note,
        course=body.course, at=request.at,
    )  # fmt: skip
    return _mine(request, visit)


@endpoint(router, "PATCH", "/visits/{visit}/picks/{pick}", who=CONSUMER, out=VisitOut, summary="Change a pick")
def change(request: Request, visit: VisitId, pick: PickId, body: ChangePickIn) -> VisitOut:
    """Changes how many, or for which course; one's own, while it is not sent."""
    operations.set_pick(pick_id=pick, visit_id=visit, actor=request.actor, qty=body.qty, course=body.course, at=request.at)
    return _mine(request, visit)


@endpoint(router, "POST", "/visits/{visit}/send", who=CONSUMER, out=VisitOut, summary="Send to the kitchen")
def send(request: Request, visit: VisitId, body: SendIn) -> VisitOut:
    """Sends a course, or everything that was picked; each pick once, however many press. A 409 when nothing waits."""
    operations.send(visit_id=visit, actor=request.actor, course=body.course, at=request.at)
    return _mine(request, visit)


@endpoint(router, "POST", "/visits/{visit}/bill", who=CONSUMER, out=VisitOut, summary="Ask for the bill")
def bill(request: Request, visit: VisitId) -> VisitOut:
    """Tells the staff that one wants to pay at the counter."""
    operations.ask_bill(visit_id=visit, actor=request.actor, at=request.at)
    return _mine(request, visit)


@endpoint(router, "POST", "/visits/{visit}/shares", who=CONSUMER, out=IntentOut, status=201, summary="Pay a share")
def pay(request: Request, visit: VisitId, body: ShareIn) -> IntentOut:
    """The payment of my own dishes, or of all the rest; pressed twice it is the same one."""
    begin = operations.share_own if body.way == "own" else operations.share_rest
    return _payment(begin(visit_id=visit, person_id=request.actor.person_id, at=request.at))


@endpoint(router, "DELETE", "/visits/{visit}/shares", who=CONSUMER, out=VisitOut, summary="Do not pay after all")
def drop(request: Request, visit: VisitId) -> VisitOut:
    """Gives up the share that I have begun to pay."""
    operations.drop_share(visit_id=visit, person_id=request.actor.person_id, at=request.at)
    return _mine(request, visit)


@endpoint(router, "POST", "/visits/{visit}/split", who=CONSUMER, out=VisitOut, status=201, summary="Split evenly")
def split(request: Request, visit: VisitId, body: SplitIn) -> VisitOut:
    """Splits what nobody has paid or is paying into equal shares, to the fen."""
    operations.split_evenly(visit_id=visit, actor=request.actor, ways=body.ways, at=request.at)
    return _mine(request, visit)


@endpoint(router, "DELETE", "/visits/{visit}/split", who=CONSUMER, out=VisitOut, summary="Undo the split")
def undo(request: Request, visit: VisitId) -> VisitOut:
    """Takes back the equal shares that nobody has taken."""
    operations.undo_split(visit_id=visit, actor=request.actor, at=request.at)
    return _mine(request, visit)


@endpoint(router, "POST", "/visits/{visit}/shares/{share}", who=CONSUMER, out=IntentOut, status=201, summary="Take an equal share")
def take(request: Request, visit: VisitId, share: ShareId) -> IntentOut:
    """The payment of one of the equal shares, which is mine from now on."""
    return _payment(operations.take_share(visit_id=visit, share_id=share, person_id=request.actor.person_id, at=request.at))


@endpoint(router, "GET", "/stores/{store}/line", who=ANYBODY, out=LineOut, summary="How long one waits for a table")
def line(request: Request, store: StoreId, people: int = 2) -> LineOut:
    """How many parties wait, and an estimate for a party of `people`. A 409 when there is no table for so many."""
    found = queries.estimate(store_id=store, people=min(60, max(1, people)), at=request.at)
    return LineOut(parties=queries.next_up(store_id=store), wait=WaitOut.of(found) if found else None)


@endpoint(router, "POST", "/stores/{store}/line", who=CONSUMER, out=PlaceOut, status=201, summary="Take a number")
def number(request: Request, store: StoreId, body: TakeNumberIn) -> PlaceOut:
    """A place in the line; whoever stands in it already keeps theirs."""
    place = operations.enqueue(store_id=store, people=body.people, person_id=request.actor.person_id, at=request.at)
    return _place(request, place)


@endpoint(router, "GET", "/waiting/{waiting}", who=CONSUMER, out=PlaceOut, summary="My place in the line")
def waiting(request: Request, waiting: WaitingId) -> PlaceOut:
    """My number, how many come before me, and how long that takes."""
    return _place(request, waiting)


@endpoint(router, "DELETE", "/waiting/{waiting}", who=CONSUMER, out=Done, summary="Give the number back")
def leave(request: Request, waiting: WaitingId) -> Done:
    """I wait no longer."""
    operations.leave(waiting_id=waiting, actor=request.actor, at=request.at)
    return Done()


def _place(request: Request, waiting_id: int) -> PlaceOut:
    view = queries.waiting(waiting_id=waiting_id, person_id=request.actor.person_id)
    plain = {name: getattr(view, name) for name in PlaceOut.model_fields if name != "wait"}
    queued = view.state == "queued"
    found = queries.estimate(store_id=view.store_id, size=view.size, ahead=view.ahead, at=request.at) if queued else None
    return PlaceOut(**plain, wait=WaitOut.of(found) if found else None)
