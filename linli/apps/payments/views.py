"""What others see of payments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class IntentView:
    """What is to be paid for `ref`; amounts in minor units. `refundable` is what may still go back."""

    id: int
    ref: str
    person_id: int
    amount: int
    currency: str
    methods: tuple[str, ...]
    state: str
    method: str
    provider_ref: str
    opened_at: datetime
    expires_at: datetime
    captured_at: datetime | None
    captured_amount: int
    refunded: int
    settled_at: datetime | None

    @property
    def refundable(self) -> int:
        """What was captured and has not been sent back, minor units."""
        return self.captured_amount - self.refunded


@dataclass(frozen=True, slots=True)
class RefundView:
    """Money going back: `state` pending or settled, `via` the method it takes."""

    id: int
    ref: str
    amount: int
    reason: str
    state: str
    via: str
    by: str
    asked_at: datetime
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class MethodView:
    """A choice in the cashier; `name` is an English msgid. `balance` is what the person has, for the balance."""

    code: str
    name: str
    enough: bool
    balance: int | None


@dataclass(frozen=True, slots=True)
class EntryView:
    """One line of an account: `amount` is positive when the account gains, `other` is where it came from or went."""

    id: int
    at: datetime
    kind: str
    ref: str
    amount: int
    other: str


@dataclass(frozen=True, slots=True)
class CallbackView:
    """What a provider (or somebody who says so) told us, and what came of it."""

    id: int
    provider: str
    notice_id: str
    number: str
    body: str
    verified: bool
    outcome: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class StatementView:
    """One day of a provider compared with our records; amounts in minor units, refunds taken off."""

    id: int
    provider: str
    day: date
    lines: int
    amount_theirs: int
    amount_ours: int
    differences: int
    open_differences: int
    compared_at: datetime


@dataclass(frozen=True, slots=True)
class DifferenceView:
    """A number on which the two do not agree: `missing_here`, `missing_there` or `amount`; None where it is missing."""

    id: int
    provider: str
    day: date
    kind: str
    number: str
    theirs: int | None
    ours: int | None
    note: str
    cleared_at: datetime | None


@dataclass(frozen=True, slots=True)
class CourierMoney:
    """What a courier is owed, what of customers' cash they carry, and what is left to pay them when they keep that (may be negative)."""

    earned: int
    cash: int

    @property
    def due(self) -> int:
        """Earned less carried, minor units."""
        return self.earned - self.cash


@dataclass(frozen=True, slots=True)
class OrderMoney:
    """What one order brought an account: settled, given back for refunds, and what is left, minor units."""

    ref: str
    at: datetime
    settled: int
    given_back: int

    @property
    def net(self) -> int:
        """Settled less given back."""
        return self.settled - self.given_back


@dataclass(frozen=True, slots=True)
class TrialLine:
    """The accounts of one kind together; `balance` is debits less credits."""

    kind: str
    accounts: int
    debits: int
    credits: int

    @property
    def balance(self) -> int:
        """Debits less credits, minor units."""
        return self.debits - self.credits
