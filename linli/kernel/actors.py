"""Who does something: a person in a role, or the system itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

RoleKind = Literal["consumer", "merchant", "courier", "support", "operator", "system"]


@dataclass(frozen=True, slots=True)
class Actor:
    """A person acting in `role`; `scope_id` is the store of a merchant, otherwise 0. `person_id` is 0 for the system."""

    role: RoleKind
    person_id: int = 0
    scope_id: int = 0

    def __str__(self) -> str:
        return f"{self.role}:{self.person_id}"


SYSTEM = Actor("system")
