"""What happens to orders, for those above to hear."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from linli.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class OrderPlaced(Event):
    """Placed, and waiting for payment unless it is paid at the door."""

    NAME: ClassVar[str] = "orders.placed"
    order_id: int
    person_id: int
    store_id: int
    city_id: int
    mode: str
    total: int


@dataclass(frozen=True, kw_only=True)
class OrderPaid(Event):
    """Paid (or confirmed, where it is paid at the door): the store is to answer by `accept_by`, where its mode asks for an answer."""

    NAME: ClassVar[str] = "orders.paid"
    order_id: int
    person_id: int
    store_id: int
    city_id: int
    total: int
    method: str
    accept_by: datetime
    mode: str = "delivery"


@dataclass(frozen=True, kw_only=True)
class OrderAccepted(Event):
    """The store has taken it on and expects it to be ready at `ready_at`, or expects the guest then."""

    NAME: ClassVar[str] = "orders.accepted"
    order_id: int
    person_id: int
    store_id: int
    city_id: int
    ready_at: datetime
    mode: str = "delivery"


@dataclass(frozen=True, kw_only=True)
class OrderMoved(Event):
    """A step of its mode's own: `event` has led it to `state` (arrived, checked in, riding …)."""

    NAME: ClassVar[str] = "orders.moved"
    order_id: int
    person_id: int
    store_id: int
    city_id: int
    mode: str
    event: str
    state: str


@dataclass(frozen=True, kw_only=True)
class OrderReassigned(Event):
    """What begins at `starts_at` is with `staff` now (their name; empty where nobody is named), at the same time and price."""

    NAME: ClassVar[str] = "orders.reassigned"
    order_id: int
    person_id: int
    store_id: int
    city_id: int
    staff: str
    starts_at: datetime


@dataclass(frozen=True, kw_only=True)
class OrderOwed(Event):
    """`amount` is owed for it and to be paid until `due_at`. `step`: asked, soon (a reminder), overdue,
    taken (from the balance), or by an operator paid (in some other way) or given_up."""

    NAME: ClassVar[str] = "orders.owed"
    order_id: int
    person_id: int
    store_id: int
    city_id: int
    amount: int
    due_at: datetime
    step: str


@dataclass(frozen=True, kw_only=True)
class OrderReady(Event):
    """Packed and waiting, for a courier or for the person."""

    NAME: ClassVar[str] = "orders.ready"
    order_id: int
    person_id: int
    store_id: int
    city_id: int
    mode: str


@dataclass(frozen=True, kw_only=True)
class OrderPickedUp(Event):
    """A courier is on the way with it."""

    NAME: ClassVar[str] = "orders.picked_up"
    order_id: int
    person_id: int
    store_id: int
    city_id: int


@dataclass(frozen=True, kw_only=True)
class OrderDelivered(Event):
    """The person has it: brought to the door, or collected (see `mode`); `late_s` is by how much past the promise, at least 0."""

    NAME: ClassVar[str] = "orders.delivered"
    order_id: int
    person_id: int
    store_id: int
    city_id: int
    mode: str
    late_s: int


@dataclass(frozen=True, kw_only=True)
class OrderCompleted(Event):
    """Over and settled."""

    NAME: ClassVar[str] = "orders.completed"
    order_id: int
    person_id: int
    store_id: int
    city_id: int
    total: int


@dataclass(frozen=True, kw_only=True)
class OrderRefused(Event):
    """The store cannot make it; whatever was paid is on its way back."""

    NAME: ClassVar[str] = "orders.refused"
    order_id: int
    person_id: int
    store_id: int
    city_id: int
    reason: str
    refund: int


@dataclass(frozen=True, kw_only=True)
class OrderCancelled(Event):
    """Called off by `role`; whatever was paid is on its way back."""

    NAME: ClassVar[str] = "orders.cancelled"
    order_id: int
    person_id: int
    store_id: int
    city_id: int
    role: str
    reason: str
    refund: int


@dataclass(frozen=True, kw_only=True)
class OrderExpired(Event):
    """Nobody paid in time."""

    NAME: ClassVar[str] = "orders.expired"
    order_id: int
    person_id: int
    store_id: int
    city_id: int


@dataclass(frozen=True, kw_only=True)
class OrderRefunded(Event):
    """A part (or all) of the money was given back while the order stands."""

    NAME: ClassVar[str] = "orders.refunded"
    order_id: int
    person_id: int
    store_id: int
    city_id: int
    amount: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class OrderWaits(Event):
    """No courier has been found so far; one is looked for until `until`, and then it is called off."""

    NAME: ClassVar[str] = "orders.waits"
    order_id: int
    person_id: int
    store_id: int
    city_id: int
    until: datetime


@dataclass(frozen=True, kw_only=True)
class PromiseMoved(Event):
    """The promised window is another one now."""

    NAME: ClassVar[str] = "orders.promise_moved"
    order_id: int
    person_id: int
    promise_from: datetime
    promise_to: datetime
