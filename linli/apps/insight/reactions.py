"""Whoever agrees to be known is begun with; whoever takes that back is forgotten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from linli.apps.accounts.events import ConsentChanged
from linli.apps.insight import operations, thoughts
from linli.kernel.events import Event


def answered(event: ConsentChanged, at: datetime) -> None:
    """Begin with what the person ordered before, or forget everything."""
    if event.given:
        thoughts.think(person_ids=[event.person_id], at=at)
    else:
        operations.forget(person_id=event.person_id, at=at)


REACTIONS: dict[type[Event], tuple[Callable[[Any, datetime], None], ...]] = {ConsentChanged: (answered,)}
