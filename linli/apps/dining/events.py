"""What happens at tables, for those above to hear."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from linli.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class PartyCalled(Event):
    """There is a table for a party that waits; it is to be there by `there_by`. `number` as it is called out."""

    NAME: ClassVar[str] = "dining.called"
    waiting_id: int
    person_id: int
    store_id: int
    number: str
    there_by: datetime


@dataclass(frozen=True, kw_only=True)
class PartyPassed(Event):
    """A party that was called and not there in time was passed over."""

    NAME: ClassVar[str] = "dining.passed"
    waiting_id: int
    person_id: int
    store_id: int
    number: str


@dataclass(frozen=True, kw_only=True)
class VisitClosed(Event):
    """Everything is paid and the table is free again."""

    NAME: ClassVar[str] = "dining.closed"
    visit_id: int
    store_id: int
    minutes: int
