"""What happens to complaints."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from linli.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class CaseOpened(Event):
    """Somebody complains; the first answer is due at `reply_due_at`."""

    NAME: ClassVar[str] = "care.opened"
    case_id: int
    order_id: int
    person_id: int
    store_id: int
    kind: str
    reply_due_at: datetime


@dataclass(frozen=True, kw_only=True)
class CaseAnswered(Event):
    """Somebody of the store or of support has said something."""

    NAME: ClassVar[str] = "care.answered"
    case_id: int
    order_id: int
    person_id: int
    store_id: int
    role: str


@dataclass(frozen=True, kw_only=True)
class CaseEscalated(Event):
    """Support is to decide, because the person asks for it or nobody answered."""

    NAME: ClassVar[str] = "care.escalated"
    case_id: int
    order_id: int
    person_id: int
    store_id: int


@dataclass(frozen=True, kw_only=True)
class CaseDecided(Event):
    """It is over: `refund` minor units are on their way back (0 when declined or withdrawn); `instant` when nobody had to decide."""

    NAME: ClassVar[str] = "care.decided"
    case_id: int
    order_id: int
    person_id: int
    store_id: int
    state: str
    refund: int
    instant: bool
