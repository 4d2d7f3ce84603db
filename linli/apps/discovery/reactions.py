"""What is searched follows what the stores change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from linli.apps.accounts.events import PersonErased
from linli.apps.catalog.events import OfferChanged
from linli.apps.discovery import operations
from linli.apps.merchants.events import StoreChanged, StorePaused, StoreResumed
from linli.kernel.events import Event


def follow(event: StoreChanged | StorePaused | StoreResumed | OfferChanged, at: datetime) -> None:
    """Write the entry of the event's store anew."""
    operations.refresh(store_ids=[event.store_id], at=at)


def erased(event: PersonErased, at: datetime) -> None:
    """What is kept of somebody who is forgotten is gone, too."""
    operations.forget_trips(person_id=event.person_id)
    operations.forget_taste(person_id=event.person_id)


REACTIONS: dict[type[Event], tuple[Callable[[Any, datetime], None], ...]] = {
    StoreChanged: (follow,),
    StorePaused: (follow,),
    StoreResumed: (follow,),
    OfferChanged: (follow,),
    PersonErased: (erased,),
}
