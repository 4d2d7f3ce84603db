"""A ride: its price is a fare that was worked out for a way and a moment, signed, and kept until it expires."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from linli.apps.catalog.kinds.base import Agreed, Kind, LineWant, OfferTerms
from linli.kernel.errors import N_, Gone, Invalid, Problem
from linli.platform import security

FARE = "ride.fare"  # what the signed text is for
KEPT = ("from", "to", "service", "metres", "seconds", "parts", "surge")


@dataclass(frozen=True, slots=True)
class RideTerms:
    """Which service the offer is, and how many people it takes."""

    service: str
    seats: int


def _agree(offer: OfferTerms, want: LineWant, at: datetime) -> Agreed:
    fare, guests = str(want.details.get("fare", "")), want.guests or 1
    said = _said(fare, at)
    if said["service"] != offer.own.service or said["store"] != offer.store_id or want.qty != 1:
        raise Invalid("ride.fare", N_("This is not a fare for this ride. Ask for the price again."), field="details")
    if not 1 <= guests <= offer.own.seats:
        raise Invalid("ride.seats", N_("There is room for 1 to %(most)s people."), most=offer.own.seats, field="guests")
    details = {"fare": fare, **{name: said[name] for name in KEPT}, **({"booked": True} if said.get("booked") else {})}
    return Agreed(said["total"], _moment(said["starts"]), _moment(said["starts"] + said["seconds"]), guests, details)


def _said(fare: str, at: datetime) -> dict[str, Any]:
    try:
        return security.read(FARE, fare, at=at)
    except Gone:
        raise Gone("ride.fare_expired", N_("This fare was kept for a few minutes only. Look at the new one and call again.")) from None
    except Problem:
        raise Invalid("ride.fare", N_("This is not a fare for this ride. Ask for the price again."), field="details") from None


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


RIDE = Kind(
    "ride",
    N_("Ride"),
    _agree,
    columns="SELECT {list}(r.service, r.seats) FROM catalog_rideterms r WHERE r.offer_id = o.id",
    make=lambda row: RideTerms(*row),
)
