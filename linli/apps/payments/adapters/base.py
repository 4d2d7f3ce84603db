"""What a way to pay has to be able to do. `docs/adding-a-payment-method.md` lists every file that a new one needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from linli.apps.payments.ledger import Spot


@dataclass(frozen=True, slots=True)
class Method:
    """One choice in the cashier: its `code`, its name (an English msgid), and the provider behind it (empty: the house itself)."""

    code: str
    name: str
    provider: str = ""
    modes: tuple[str, ...] = ()  # service modes in which it is offered; empty means all
    offered: bool = True  # in the cashier; one that is not is begun by another room


@dataclass(frozen=True, slots=True)
class Asking:
    """What a provider is told when a payment begins; `amount` in minor units, `number` is ours and unique."""

    number: str
    method: str
    amount: int
    currency: str
    subject: str
    notify_url: str
    return_url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class NextStep:
    """What the payer does next: go to `url`, scan `url` as a QR code, or nothing (`done`; `url` is where the result is shown)."""

    kind: Literal["redirect", "qr", "done"]
    url: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What a provider says about a payment or a refund, its signature verified."""

    notice_id: str
    kind: Literal["payment", "refund"]
    merchant: str
    number: str  # ours: of the attempt, or of the refund
    provider_ref: str
    status: Literal["waiting", "success", "closed", "failed"]
    amount: int
    currency: str
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One line of a provider's statement; refunds are negative."""

    number: str
    amount: int
    provider_ref: str


class Refused(Exception):
    """A message that is not from the provider, or not for us, or too old; `reason` goes into the log of callbacks."""

    def __init__(self, reason: Literal["forged", "stale", "unreadable"]) -> None:
        super().__init__(reason)
        self.reason = reason


class Provider(Protocol):
    """A provider outside. `begin` and `read_notice` do not talk to it; the others do, raise Unavailable, and never run in a transaction."""

    code: str
    merchant: str

    def begin(self, asking: Asking, *, at: datetime) -> NextStep:
        """The signed address at which the payer pays."""
        ...

    def read_notice(self, headers: Mapping[str, str], body: bytes, *, at: datetime) -> Notice:
        """The message in a callback. Raises Refused."""
        ...

    def answer(self, accepted: bool) -> tuple[int, str]:
        """HTTP status and body with which this provider wants a callback acknowledged or refused."""
        ...

    def query(self, number: str, *, at: datetime) -> Notice | None:
        """What the provider knows about an attempt; None when it has never heard of it."""
        ...

    def close(self, number: str, *, at: datetime) -> None:
        """See to it that the attempt cannot be paid any more; one that is paid stays paid."""
        ...

    def refund(self, *, number: str, refund_number: str, amount: int, currency: str, at: datetime) -> Notice:
        """Send money back; the same `refund_number` twice is one refund. `status` says waiting, success or failed."""
        ...

    def statement(self, day: date, *, at: datetime) -> Sequence[StatementLine]:
        """All that was paid and refunded on `day` in the provider's zone."""
        ...

    def day_of(self, moment: datetime) -> date:
        """The day in the provider's zone."""
        ...


class House(Protocol):
    """A method that needs nobody outside: paid by a movement in the ledger."""

    def source(self, *, ref: str, person_id: int) -> Spot:
        """The account that is debited when it pays."""
        ...

    def back(self, *, ref: str, person_id: int, amount: int, currency: str) -> list[tuple[Spot, int]]:
        """The accounts that are credited when `amount` goes back; the parts sum to `amount`."""
        ...
