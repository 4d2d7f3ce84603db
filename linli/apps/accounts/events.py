"""What happens to accounts, for those above to hear."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from linli.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ConsentChanged(Event):
    """Somebody has agreed to a purpose, or taken that back."""

    NAME: ClassVar[str] = "accounts.consent_changed"
    person_id: int
    purpose: str
    given: bool


@dataclass(frozen=True, kw_only=True)
class PersonErased(Event):
    """Somebody is forgotten; only the bare number stays."""

    NAME: ClassVar[str] = "accounts.person_erased"
    person_id: int
