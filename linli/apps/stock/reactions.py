"""What stock does when the catalogue changes: an offer with a daily limit is counted by the day."""

from __future__ import annotations

from datetime import datetime

from linli.apps.catalog import queries as catalog
from linli.apps.catalog.events import OfferChanged
from linli.apps.merchants import queries as merchants
from linli.apps.stock import buckets, operations


def follow_daily_limit(event: OfferChanged, at: datetime) -> None:
    """Put, change or lift the daily limit of a dish; how many there are of what has a time, or is counted otherwise, is said elsewhere."""
    offer = catalog.offers(ids=[event.offer_id]).get(event.offer_id) if event.offer_id else None
    if offer is not None and offer.kind == "dish":
        begins = buckets.day_offset(merchants.store(store_id=offer.store_id).zone, at)
        operations.set_daily_limit(
            store_id=offer.store_id, offer_id=offer.id, name=offer.name, limit=offer.daily_limit, at=at, offset_minutes=begins
        )  # fmt: skip


REACTIONS = {OfferChanged: (follow_daily_limit,)}
