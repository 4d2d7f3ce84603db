"""Fares that are kept: what was shown is what is paid, for as long as it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from linli.apps.catalog import queries as catalog
from linli.apps.catalog.queries import RideClass
from linli.apps.fulfilment import fares
from linli.apps.fulfilment.fares import ClassFare, Estimate
from linli.apps.fulfilment.operations.hailing import Spot
from linli.platform import policies, security
from linli.policy import rides

LONGEST_NAME = 40  # of a place


@dataclass(frozen=True, slots=True)
class KeptFare:
    """A fare that can be called: `token` goes with the line of the ride's offer, as `details["fare"]`."""

    found: ClassFare
    sold: RideClass
    token: str


@dataclass(frozen=True, slots=True)
class KeptFares:
    """What a ride would cost in each class that is on sale, kept until `valid_until`."""

    estimate: Estimate
    classes: tuple[KeptFare, ...]
    valid_until: datetime


def fares_for(*, city_id: int, origin: Spot, target: Spot, at: datetime, starts: datetime | None = None) -> KeptFares:
    """The fares of a ride now, or booked to begin at `starts`, each with a signed token. Raises what `estimate` raises."""
    sold = catalog.ride_classes(city_id=city_id)
    found = fares.estimate(city_id=city_id, origin=origin.point, target=target.point, at=at, starts=starts)
    valid = timedelta(minutes=policies.whole(rides.BOOK_VALID_MIN if starts else rides.QUOTE_VALID_MIN, city_id))
    kept = [
        KeptFare(each, sold[each.service], _token(found, each, sold[each.service], origin, target, at, starts, valid))
        for each in found.classes
        if each.service in sold
    ]
    return KeptFares(found, tuple(kept), at + valid)


def _token(
    found: Estimate, each: ClassFare, sold: RideClass, origin: Spot, target: Spot, at: datetime, starts: datetime | None, valid: timedelta
) -> str:  # fmt: skip
    data = {
        "service": each.service, "store": sold.store_id, "total": each.fare.total, "from": _kept(origin), "to": _kept(target),
        "metres": found.metres, "seconds": found.seconds, "parts": [[part.kind, part.amount] for part in each.fare.parts],
        "surge": str(found.surge.factor), "starts": int(starts.timestamp()) if starts else int(at.timestamp()) + (each.eta_s or 0),
        "booked": starts is not None,
    }  # fmt: skip
    return security.sign(catalog.FARE, data, at=at, valid_for_s=valid.total_seconds())


def _kept(spot: Spot) -> Mapping[str, str | float]:
    return {"name": spot.name.strip()[:LONGEST_NAME], "lat": round(spot.point.lat, 6), "lng": round(spot.point.lng, 6)}
