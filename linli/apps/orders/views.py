"""What orders show of themselves: frozen copies, never rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from linli.apps.orders import modes, reasons, states
from linli.apps.payments.queries import IntentView
from linli.kernel.errors import Problem
from linli.kernel.geo import Point
from linli.kernel.states import WORDS


@dataclass(frozen=True, slots=True)
class PickedOption:
    """An option of a line; `price` is for one of it, `qty` how many of it each piece has."""

    id: int
    name: str
    name_en: str
    qty: int
    price: int


@dataclass(frozen=True, slots=True)
class TabLine:
    """Something picked at a table; `options` are (option id, how many of it each piece has)."""

    id: int
    offer_id: int
    options: Sequence[tuple[int, int]]
    qty: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class CartLineView:
    """A line of a cart at today's price; `problem` says why it cannot be ordered as it stands (then `amount` may be 0)."""

    id: int
    offer_id: int
    title: str
    title_en: str
    options: tuple[PickedOption, ...]
    qty: int
    unit: int
    amount: int
    note: str
    allergens: tuple[str, ...]
    problem: Problem | None
    kind: str = "dish"
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    guests: int = 0
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CartView:
    """A person's cart in one store; `goods` and `count` sum the lines that can be ordered. Empty when there is none."""

    person_id: int
    store_id: int
    lines: tuple[CartLineView, ...]
    goods: int
    count: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class CartBrief:
    """That there is a cart in a store, with `count` pieces."""

    store_id: int
    store_name: str
    store_name_en: str
    count: int
    touched_at: datetime


@dataclass(frozen=True, slots=True)
class CheckoutWant:
    """How a person wants the cart of a store: all that a quote depends on, besides the cart itself.

    `coupon_id`: one of theirs, None for none, "best" for whichever takes most off. `scheduled_for`: the start of a slot, None for now.
    """

    store_id: int
    mode: str
    address_id: int | None = None
    coupon_id: int | Literal["best"] | None = "best"
    tip: int = 0
    scheduled_for: datetime | None = None
    utensils: int = 0
    remark: str = ""


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """One line of a bill: `kind` is item, packaging, delivery, discount or tip; `amount == unit * qty`, negative for a discount.

    `by_merchant` and `by_platform` are who bears a discount.
    """

    kind: str
    offer_id: int | None
    title: str
    title_en: str
    options: tuple[PickedOption, ...]
    note: str
    qty: int
    unit: int
    amount: int
    by_merchant: int = 0
    by_platform: int = 0
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    guests: int = 0
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Slot:
    """A time that can be chosen; `start` is what `scheduled_for` takes."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Quote:
    """What an order would cost and when it would come. `total` is the sum of `lines`, always.

    With `problems` it cannot be placed and `token` is empty; otherwise `token` keeps this price until `valid_until`.
    `savings` is what all discounts take off, a positive amount. `asap`: whether it can be had now, besides the `slots`.
    `pay`: when it is paid by the terms of what is in it: "now", "at_hotel" or "later", and then until
    `due_at`.
    """

    store_id: int
    currency: str
    lines: tuple[QuoteLine, ...]
    total: int
    savings: int
    token: str
    valid_until: datetime
    promise_from: datetime
    promise_to: datetime
    problems: tuple[Problem, ...]
    slots: tuple[Slot, ...]
    asap: bool
    minimum: int
    pay: str = "now"
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TogetherQuote:
    """What several carts would cost together; `parts` in the order they are placed in (their own tokens do not count here).

    With `problems`, of any part, it cannot be placed and `token` is empty. `due_now` of the `total` is paid in one payment, by one of
    `methods`, which all parts of it allow; the rest at the hotel or afterwards, as each part says.
    """

    parts: tuple[Quote, ...]
    wants: tuple[CheckoutWant, ...]
    currency: str
    total: int
    due_now: int
    savings: int
    token: str
    valid_until: datetime
    methods: tuple[str, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class DropAddress:
    """Where it goes, as it was when the order was placed."""

    contact_name: str
    phone: str
    place: str
    detail: str
    lat: float
    lng: float

    @property
    def point(self) -> Point:
        """Where that is."""
        return Point(self.lat, self.lng)


@dataclass(frozen=True, slots=True)
class OrderLineView:
    """One line of the bill of an order; `refunded_qty` pieces of it were given back."""

    id: int
    kind: str
    offer_id: int | None
    title: str
    title_en: str
    options: tuple[PickedOption, ...]
    note: str
    qty: int
    unit: int
    amount: int
    by_merchant: int
    by_platform: int
    refunded_qty: int
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    guests: int = 0
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OrderEventView:
    """One step: in `state` since `at`, caused by `role`."""

    event: str
    state: str
    role: str
    person_id: int
    at: datetime
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OrderRefundView:
    """Money given back while the order stands; the platform pays what the merchant does not."""

    amount: int
    by_merchant: int
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order. `lines`, `events` and `refunds` are empty in lists that do not ask for them; amounts in minor units.

    `intent` is what is to be paid for it, said to who has just placed it, and None elsewhere.
    """

    id: int
    number: str
    person_id: int
    city_id: int
    store_id: int
    store_name: str
    store_name_en: str
    mode: str
    state: str
    currency: str
    goods: int
    packaging: int
    delivery_fee: int
    discount: int
    tip: int
    total: int
    refunded: int
    kept: int
    checkout_id: int | None
    placed_at: datetime
    pay_by: datetime
    paid_at: datetime | None
    accept_by: datetime | None
    accepted_at: datetime | None
    ready_at: datetime | None
    picked_up_at: datetime | None
    delivered_at: datetime | None
    completed_at: datetime | None
    closed_at: datetime | None
    due_at: datetime | None
    scheduled_for: datetime | None
    promise_from: datetime
    promise_to: datetime
    called_at: datetime | None
    courier_id: int | None
    address: DropAddress | None
    table_name: str
    course: int
    remark: str
    utensils: int
    pickup_code: str
    drop_code: str
    method: str
    cancel_reason: str
    cancelled_by: str
    disputed: bool
    lines: tuple[OrderLineView, ...] = ()
    events: tuple[OrderEventView, ...] = ()
    refunds: tuple[OrderRefundView, ...] = ()
    intent: IntentView | None = None

    @property
    def ref(self) -> str:
        """What other rooms call it."""
        return f"or:{self.id}"

    @property
    def permits(self) -> frozenset[str]:
        """What its state permits; see `orders.states`."""
        return modes.MODES[self.mode].machine.capabilities.get(self.state, frozenset())

    @property
    def rules(self) -> modes.Mode:
        """The rules of its mode."""
        return modes.MODES[self.mode]

    @property
    def word(self) -> str:
        """What its state is called, in English and to be translated."""
        return WORDS.get(self.state, self.state)

    @property
    def had(self) -> bool:
        """Whether the person has what was ordered (or had it)."""
        return self.state == self.rules.done or self.state == "completed"

    @property
    def closed(self) -> bool:
        """Whether it ended without being had."""
        return self.state in states.CLOSED

    @property
    def why(self) -> str:
        """Why it ended, as a sentence to be translated or as somebody wrote it; empty as long as it has not, or without a reason."""
        return reasons.words(self.cancel_reason)

    @property
    def items(self) -> tuple[OrderLineView, ...]:
        """The lines of what was ordered, without fees and discounts."""
        return tuple(line for line in self.lines if line.kind == "item")

    def actions(self, role: str) -> tuple[str, ...]:
        """What somebody in `role` may do with it now."""
        return modes.MODES[self.mode].machine.events(self.state, role)

    def late_s(self, at: datetime) -> int:
        """By how many seconds it is (or was, if had) past its promise; 0 when it is not."""
        until = self.delivered_at or at
        return 0 if self.closed else max(0, int((until - self.promise_to).total_seconds()))
