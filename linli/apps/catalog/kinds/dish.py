"""A dish: made when it is wanted, priced by the piece."""

from __future__ import annotations

from datetime import datetime

from linli.apps.catalog.kinds.base import Agreed, Kind, LineWant, OfferTerms
from linli.kernel.errors import N_, Invalid


def agree(offer: OfferTerms, want: LineWant, at: datetime) -> Agreed:
    """Its price; a dish has no time of its own, the order has."""
    if want.starts_at or want.ends_at or want.guests or want.details:
        raise Invalid("line.time", N_("“%(name)s” is not booked for a time."), name=offer.name, offer_id=offer.id, field="starts_at")
    return Agreed(offer.price)


DISH = Kind("dish", N_("Dish"), agree)
