"""How a trip is kept: its wish and its plan as JSON, and back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import Any

from linli.apps.discovery.queries.trips import Stop, Trip, Wish
from linli.apps.merchants.queries import StoreView
from linli.engines.itinerary import Visit

MAPS = ("pins", "kept", "when")


def of_wish(wish: Wish) -> dict[str, Any]:
    """The wish as JSON; stores are text there, as keys of JSON are."""
    kept = {name: {str(store): held for store, held in (getattr(wish, name) or {}).items()} for name in MAPS}
    rest = {"days": wish.days, "party": wish.party, "budget": wish.budget, "liked": list(wish.liked), "dropped": sorted(wish.dropped)}
    return {"starts": wish.starts.isoformat(), **rest, **kept}


def to_wish(kept: Mapping[str, Any]) -> Wish:
    """The wish that was kept."""
    pins, stays, when = ({int(store): held for store, held in kept[name].items()} for name in MAPS)
    return Wish(
        date.fromisoformat(kept["starts"]), kept["days"], kept["party"], kept["budget"], tuple(kept["liked"]), pins, tuple(kept["dropped"]),
        stays, {store: (first, last) for store, (first, last) in when.items()},
    )  # fmt: skip


def of_plan(trip: Trip) -> dict[str, Any]:
    """The plan as JSON: what is known of places is not in it but their price, so that a plan stays as it was made."""
    return {
        "days": [[{**asdict(stop.visit), "price": stop.price} for stop in stops] for _, stops, _ in trip.days],
        "back": [back for _, _, back in trip.days], "cost": trip.cost, "left_out": [[store.id, why] for store, why in trip.left_out],
    }  # fmt: skip


def stores_in(plan: Mapping[str, Any]) -> set[int]:
    """The stores that a kept plan speaks of."""
    return {int(stop["spot"]) for stops in plan["days"] for stop in stops} | {store for store, _ in plan["left_out"]}


def to_trip(wish: Wish, plan: Mapping[str, Any], stores: Mapping[int, StoreView]) -> Trip:
    """The plan that was kept, with what is known of its places now; a place that is unknown now is not in it."""
    days = tuple(
        (wish.starts + timedelta(days=turn), tuple(_stop(stop, stores) for stop in stops if int(stop["spot"]) in stores), back)
        for turn, (stops, back) in enumerate(zip(plan["days"], plan["back"], strict=True))
    )
    left_out = tuple((stores[store], why) for store, why in plan["left_out"] if store in stores)
    return Trip(wish, days, plan["cost"], (), left_out)


def _stop(kept: Mapping[str, Any], stores: Mapping[int, StoreView]) -> Stop:
    own = {name: value for name, value in kept.items() if name != "price"}
    return Stop(stores[int(kept["spot"])], Visit(**own | {"why": tuple(own["why"])}), kept["price"])


def without(wish: Wish, stores: Collection[int]) -> Wish:
    """The wish that says nothing of these stores."""
    kept: dict[str, Any] = {
        name: {key: held for key, held in (getattr(wish, name) or {}).items() if key not in stores} for name in MAPS
    }  # fmt: skip
    return replace(wish, **kept)
