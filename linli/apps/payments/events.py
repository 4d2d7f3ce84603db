"""What happens in payments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from linli.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class PaymentCaptured(Event):
    """The intent for `ref` is paid (or, for cash, promised at the door)."""

    NAME: ClassVar[str] = "payments.captured"
    intent_id: int
    ref: str
    person_id: int
    amount: int
    method: str


@dataclass(frozen=True, kw_only=True)
class PaymentExpired(Event):
    """Nobody paid for `ref` in time."""

    NAME: ClassVar[str] = "payments.expired"
    intent_id: int
    ref: str


@dataclass(frozen=True, kw_only=True)
class RefundSettled(Event):
    """The money of a refund has arrived where it came from (`via` a method, or `balance` where the provider could not)."""

    NAME: ClassVar[str] = "payments.refund_settled"
    ref: str
    refund_id: int
    amount: int
    via: str


@dataclass(frozen=True, kw_only=True)
class PaymentAlert(Event):
    """A provider says something about money that cannot be right; somebody must look."""

    NAME: ClassVar[str] = "payments.alert"
    provider: str
    reason: str
    number: str
