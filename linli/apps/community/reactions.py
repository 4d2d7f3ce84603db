"""Whoever is forgotten keeps nothing here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from linli.apps.accounts.events import PersonErased
from linli.apps.community import operations
from linli.kernel.events import Event


def erased(event: PersonErased, at: datetime) -> None:
    """Their favourites are gone; what they wrote of a store stays without a name."""
    operations.drop_all(person_id=event.person_id)


REACTIONS: dict[type[Event], tuple[Callable[[Any, datetime], None], ...]] = {PersonErased: (erased,)}
