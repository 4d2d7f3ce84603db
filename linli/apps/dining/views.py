"""What dining shows of itself: frozen copies, never rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from linli.apps.orders.queries import CartLineView, OrderView


@dataclass(frozen=True, slots=True)
class TableView:
    """A table of a store; `x` and `y` are column and row of the floor plan."""

    id: int
    store_id: int
    name: str
    seats: int
    size: str
    area: str
    x: int
    y: int
    version: int
    active: bool


@dataclass(frozen=True, slots=True)
class PickView:
    """Something that waits to be sent: whose it is, for which course, at which price, and what is wrong with it."""

    id: int
    person_id: int
    course: int
    line: CartLineView


@dataclass(frozen=True, slots=True)
class ShareView:
    """A part of the bill; `person_id` None: nobody has taken it, or it was paid at the counter."""

    id: int
    visit_id: int
    person_id: int | None
    way: str
    amount: int
    state: str


@dataclass(frozen=True, slots=True)
class GuestView:
    """Somebody at the table; `own` is what they owe for what they have picked and nobody is paying, `total` what that came to."""

    person_id: int
    name: str
    own: int
    total: int


@dataclass(frozen=True, slots=True)
class VisitView:
    """A party at its tables: what waits to be sent, what the kitchen has, the bill. Amounts in minor units.

    `total` is what everything sent costs now, `owed` what is not paid, `free` what nobody has begun to pay either.
    """

    id: int
    store_id: int
    people: int
    opened_at: datetime
    bill_at: datetime | None
    closed_at: datetime | None
    tables: tuple[TableView, ...]
    guests: tuple[GuestView, ...]
    picks: tuple[PickView, ...]
    orders: tuple[OrderView, ...]
    shares: tuple[ShareView, ...]
    total: int
    owed: int
    free: int
    joined_id: int | None = None

    @property
    def table(self) -> str:
        """What its tables are called together."""
        return "+".join(table.name for table in self.tables)

    @property
    def names(self) -> Mapping[int, str]:
        """The names of its guests, by person."""
        return {guest.person_id: guest.name for guest in self.guests}

    @property
    def picked(self) -> int:
        """What all that waits to be sent costs."""
        return sum(pick.line.amount for pick in self.picks if pick.line.problem is None)

    @property
    def split(self) -> tuple[ShareView, ...]:
        """The equal shares, if the bill is split like that."""
        return tuple(share for share in self.shares if share.way == "even" and share.state == "open")

    def open_of(self, person_id: int) -> ShareView | None:
        """The share that the person is paying."""
        return next((share for share in self.shares if share.state == "open" and share.person_id == person_id), None)


@dataclass(frozen=True, slots=True)
class Spot:
    """A table on the floor plan and what goes on there: `state` is free, kept, seated, ordered, bill or paid."""

    table: TableView
    state: str
    visit_id: int | None = None
    people: int = 0
    since: datetime | None = None
    total: int = 0
    owed: int = 0
    waiting_id: int | None = None
    number: str = ""


@dataclass(frozen=True, slots=True)
class ReservationView:
    """Who has reserved and does not sit yet; `here`: they have come. `tables` are planned for them, as things stand; none: all are taken
    then. `due`: a party that sat down at these now would probably not have gone."""

    order_id: int
    booking_id: int
    name: str
    guests: int
    starts_at: datetime
    ends_at: datetime
    here: bool
    confirmed: bool
    tables: tuple[TableView, ...]
    due: bool

    @property
    def table(self) -> str:
        """What its tables are called together."""
        return "+".join(table.name for table in self.tables)


@dataclass(frozen=True, slots=True)
class WaitingView:
    """A party in the line; `ahead` is how many of its size come before it."""

    id: int
    store_id: int
    number: str
    size: str
    people: int
    person_id: int | None
    name: str
    state: str
    taken_at: datetime
    called_at: datetime | None
    there_by: datetime | None
    table: str
    table_id: int | None
    visit_id: int | None
    ahead: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """How long a party waits, minutes; `turns` is on how many parties of the store that rests (0: on usual figures)."""

    low: int
    high: int
    turns: int
