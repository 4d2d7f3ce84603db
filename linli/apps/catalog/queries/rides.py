"""The classes of rides on sale."""

from __future__ import annotations

from dataclasses import dataclass

from linli.apps.catalog.models import RideTerms


@dataclass(frozen=True, slots=True)
class RideClass:
    """A class of rides that is on sale, and who sells it."""

    offer_id: int
    store_id: int
    service: str
    seats: int


def ride_classes(*, city_id: int) -> dict[str, RideClass]:
    """The classes of rides on sale in a city, by service; where two companies sell one, the older company's. One statement."""
    rows = RideTerms.objects.filter(offer__store__city_id=city_id, offer__removed_at=None, offer__on_sale=True)
    found = rows.order_by("-offer__store_id", "-offer_id").values_list("offer_id", "offer__store_id", "service", "seats")
    return {service: RideClass(offer_id, store_id, service, seats) for offer_id, store_id, service, seats in found}
