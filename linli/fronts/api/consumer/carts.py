"""Carts, and what they would cost."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from ninja import Router
from pydantic import AwareDatetime, Field

from linli.apps.orders import operations, queries
from linli.apps.orders.operations import Pick
from linli.apps.orders.queries import CheckoutWant, OrderLineView, PickedOption, QuoteLine, Slot
from linli.fronts.api.door import CONSUMER, Request, answer, endpoint
from linli.fronts.api.faults import FaultOut
from linli.fronts.api.faults import document as fault
from linli.fronts.api.forms import AddressId, CouponId, Done, In, LineId, Minor, OfferId, OptionId, Out, StoreId
from linli.platform import ids

router = Router(tags=["cart"])
SEALED = {"plan": "rp", "staff": "rs"}  # details that name something: the kinds of their identifiers


ModeCode = Annotated[str, Field(max_length=12, pattern="^(" + "|".join(queries.MODES) + ")$", description="How it is served.")]


class PickIn(In):
    """An option taken `qty` times in one portion."""

    option_id: OptionId
    qty: int = Field(1, ge=1, le=99)


class AddIn(In):
    """What goes into the cart."""

    offer_id: OfferId
    options: list[PickIn] = Field(default=[], max_length=40)
    qty: int = Field(1, ge=1, le=99)
    note: str = Field("", max_length=100)
    starts_at: AwareDatetime | None = Field(None, description="When it begins, for what is booked for a time.")
    ends_at: AwareDatetime | None = Field(None, description="When it ends, where its kind asks for that.")
    guests: int = Field(0, ge=0, le=200)
    details: dict[str, Any] = Field({}, description="What else its kind asks for: `plan` of a room, `staff` of a service (their ids).")

    def pick(self) -> Pick:
        """The line as orders takes it."""
        options = [(pick.option_id, pick.qty) for pick in self.options]
        return Pick(self.offer_id, options, self.qty, self.note, self.starts_at, self.ends_at, self.guests, self.told())

    def told(self) -> dict[str, Any]:
        """The details with the numbers behind identifiers. Raises NotFound."""
        sealed = {name: ids.unseal(kind, text) for name, kind in SEALED.items() if isinstance(text := self.details.get(name), str)}
        return {**self.details, **sealed}


class FillIn(In):
    """What is to be in the cart, all of it."""

    lines: list[AddIn] = Field(max_length=60)


class ChangeIn(In):
    """What to change about a line; quantity 0 takes it out."""

    qty: int | None = Field(None, ge=0, le=99)
    options: list[PickIn] | None = Field(None, max_length=40)


class PickOut(Out):
    """An option of a line; `price` is that of one."""

    id: OptionId
    name: str
    name_en: str
    qty: int
    price: Minor


class CartLineOut(Out):
    """A line at today's price; `problem` says why it cannot be ordered as it stands."""

    id: LineId
    offer_id: OfferId
    title: str
    title_en: str
    options: list[PickOut]
    qty: int
    unit: Minor
    amount: Minor
    note: str
    allergens: list[str]
    problem: FaultOut | None
    kind: str = Field(description="What it is: dish, table, service, room, voucher, ticket or ride.")
    starts_at: datetime | None
    ends_at: datetime | None
    guests: int
    details: dict[str, Any]


class CartOut(Out):
    """The cart of one store; `goods` and `count` sum the lines that can be ordered."""

    store_id: StoreId
    lines: list[CartLineOut]
    goods: Minor
    count: int
    problems: list[FaultOut]


class CartBriefOut(Out):
    """That there is a cart."""

    store_id: StoreId
    store_name: str
    store_name_en: str
    count: int
    touched_at: datetime


class WantIn(In):
    """How the cart of a store is wanted."""

    store_id: StoreId
    mode: ModeCode = "delivery"
    address_id: AddressId | None = Field(None, description="One of the address book; needed for delivery.")
    coupon_id: Annotated[Literal["best"] | CouponId | None, Field(union_mode="left_to_right")] = Field(
        "best", description="A coupon of mine, null for none, or `best` for whichever takes most off."
    )
    tip: int = Field(0, ge=0, le=1_000_000)
    scheduled_for: AwareDatetime | None = Field(None, description="The start of one of the quote's slots; null for as soon as possible.")
    utensils: int = Field(0, ge=0, le=99)
    remark: str = Field("", max_length=200)

    def want(self) -> CheckoutWant:
        """The wish as orders takes it."""
        fields: dict[str, Any] = {name: getattr(self, name) for name in CheckoutWant.__dataclass_fields__}
        return CheckoutWant(**fields)


class QuoteLineOut(Out):
    """A line of the bill: `amount` is `unit` times `qty`, negative for a discount, which `by_merchant` and `by_platform` bear."""

    kind: str = Field(description="item, packaging, delivery, discount or tip")
    offer_id: OfferId | None
    title: str
    title_en: str
    options: list[PickOut]
    note: str
    qty: int
    unit: int
    amount: int
    by_merchant: int
    by_platform: int
    starts_at: datetime | None
    ends_at: datetime | None
    guests: int
    details: dict[str, Any]


class SlotOut(Out):
    """A time that can be chosen."""

    start: datetime
    end: datetime


class QuoteOut(Out):
    """What it would cost and when it would come. With `problems` it cannot be placed and `token` is empty."""

    store_id: StoreId
    currency: str
    lines: list[QuoteLineOut]
    total: Minor
    savings: Minor
    token: str = Field(description="Send it back to place the order at this price until `valid_until`.")
    valid_until: datetime
    promise_from: datetime
    promise_to: datetime
    problems: list[FaultOut]
    slots: list[SlotOut]
    asap: bool
    minimum: Minor
    pay: str = Field(description="When it is paid: `now`, `at_hotel`, which is ordered with the method `desk`, or `later` (`later`).")
    due_at: datetime | None = Field(description="Until when, if it is paid later and the stay ends as booked.")


def cart_out(person_id: int, store_id: int, at: datetime) -> CartOut:
    """The cart as it is now."""
    return CartOut.of(queries.cart(person_id=person_id, store_id=store_id, at=at))


@endpoint(router, "GET", "/carts", who=CONSUMER, out=list[CartBriefOut], summary="My carts")
def carts(request: Request) -> list[CartBriefOut]:
    """The stores where something is in the cart, the last touched first."""
    return [CartBriefOut.of(brief) for brief in queries.carts(person_id=request.actor.person_id)]


@endpoint(router, "GET", "/carts/{store}", who=CONSUMER, out=CartOut, summary="A cart")
def cart(request: Request, store: StoreId) -> CartOut:
    """The cart of one store at today's prices; empty when there is none."""
    return cart_out(request.actor.person_id, store, request.at)


@endpoint(router, "PUT", "/carts/{store}", who=CONSUMER, out=CartOut, summary="Fill a cart")
def fill(request: Request, store: StoreId, body: FillIn) -> CartOut:
    """Puts just these lines into the cart, in place of what is there; the same dish twice is counted up. If one of them cannot be had,
    nothing changes. Returns the cart."""
    picks = [line.pick() for line in body.lines]
    return CartOut.of(operations.fill_cart(person_id=request.actor.person_id, store_id=store, picks=picks, at=request.at))


@endpoint(router, "POST", "/carts/{store}/lines", who=CONSUMER, out=CartOut, status=201, summary="Put into the cart")
def add_line(request: Request, store: StoreId, body: AddIn) -> CartOut:
    """Adds a dish with its options; the same dish with the same options and note is counted up. Returns the cart."""
    options = [(pick.option_id, pick.qty) for pick in body.options]
    operations.add_line(
        person_id=request.actor.person_id, store_id=store, offer_id=body.offer_id, options=options, qty=body.qty, note=body.note,
        starts_at=body.starts_at, ends_at=body.ends_at, guests=body.guests, details=body.told(), at=request.at,
    )  # fmt: skip
    return cart_out(request.actor.person_id, store, request.at)


@endpoint(router, "PATCH", "/carts/{store}/lines/{line}", who=CONSUMER, out=CartOut, summary="Change a line")
def change_line(request: Request, store: StoreId, line: LineId, body: ChangeIn) -> CartOut:
    """Changes quantity or options in place. Returns the cart."""
    options = None if body.options is None else [(pick.option_id, pick.qty) for pick in body.options]
    operations.set_line(person_id=request.actor.person_id, line_id=line, qty=body.qty, options=options, at=request.at)
    return cart_out(request.actor.person_id, store, request.at)


@endpoint(router, "DELETE", "/carts/{store}", who=CONSUMER, out=Done, summary="Empty a cart")
def clear(request: Request, store: StoreId) -> Done:
    """Takes everything out."""
    operations.clear_cart(person_id=request.actor.person_id, store_id=store, at=request.at)
    return Done()


@endpoint(router, "POST", "/quotes", who=CONSUMER, out=QuoteOut, summary="What would it cost")
def quote(request: Request, body: WantIn) -> HttpResponse:
    """Line by line what the cart costs, with every fee and discount and who bears it, and when it would come. Changes nothing."""
    found = queries.quote(person_id=request.actor.person_id, want=body.want(), at=request.at)
    return answer({
        "store_id": ids.seal("st", found.store_id), "currency": found.currency, "lines": [bill_line(line) for line in found.lines],
        "total": found.total, "savings": found.savings, "token": found.token, "valid_until": found.valid_until,
        "promise_from": found.promise_from, "promise_to": found.promise_to, "problems": [fault(problem) for problem in found.problems],
        "slots": [_slot(slot) for slot in found.slots], "asap": found.asap, "minimum": found.minimum, "pay": found.pay,
        "due_at": found.due_at,
    })  # fmt: skip


def bill_line(line: QuoteLine | OrderLineView) -> dict[str, Any]:
    """A line of a bill as it is written."""
    return {
        "kind": line.kind, "offer_id": None if line.offer_id is None else ids.seal("of", line.offer_id), "title": line.title,
        "title_en": line.title_en, "options": [_option(option) for option in line.options], "note": line.note, "qty": line.qty,
        "unit": line.unit, "amount": line.amount, "by_merchant": line.by_merchant, "by_platform": line.by_platform,
        "starts_at": line.starts_at, "ends_at": line.ends_at, "guests": line.guests, "details": line.details,
    }  # fmt: skip


def _option(option: PickedOption) -> dict[str, Any]:
    return {"id": ids.seal("op", option.id), "name": option.name, "name_en": option.name_en, "qty": option.qty, "price": option.price}


@lru_cache(maxsize=4096)  # the same few hundred for everybody, of which a quote says a hundred
def _slot(slot: Slot) -> dict[str, str]:
    start, end = (moment.astimezone(UTC).isoformat().replace("+00:00", "Z") for moment in (slot.start, slot.end))
    return {"start": start, "end": end}
