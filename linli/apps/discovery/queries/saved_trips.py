"""The trips that a person keeps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from linli.apps.discovery import changes
from linli.apps.discovery.changes import PARTS as PARTS
from linli.apps.discovery.changes import TripChange as TripChange
from linli.apps.discovery.changes import TripFrame as TripFrame
from linli.apps.discovery.models import SavedTrip
from linli.apps.discovery.queries import trips
from linli.apps.discovery.queries.trips import Trip
from linli.apps.discovery.trip_texts import stores_in, to_trip, to_wish
from linli.apps.merchants import queries as merchants
from linli.apps.merchants.queries import StoreView
from linli.engines.itinerary import Option
from linli.kernel.errors import N_, NotFound
from linli.kernel.geo import Point

FOUND = 12  # places shown for what was typed


@dataclass(frozen=True, slots=True)
class Home:
    """Where one sets out every day and comes back to; `hotel_id` when it is a hotel that can be booked."""

    point: Point
    name: str
    name_en: str = ""
    hotel_id: int | None = None

    @property
    def text(self) -> list[Any]:
        """As it is kept."""
        return [self.point.lat, self.point.lng, self.name, self.name_en, self.hotel_id]


@dataclass(frozen=True, slots=True)
class TripView:
    """A kept trip with its plan; `version` goes up with every change, `undoable` says that the last one can be taken back."""

    id: int
    person_id: int
    city_id: int
    home: Home
    trip: Trip
    version: int
    undoable: bool


@dataclass(frozen=True, slots=True)
class TripBrief:
    """A kept trip in a list."""

    id: int
    starts: date
    days: int
    party: int
    stops: int
    cost: int
    home: str
    home_en: str


def _home(kept: list[Any]) -> Home:
    lat, lng, name, name_en, hotel_id = kept
    return Home(Point(lat, lng), name, name_en, hotel_id)


def saved_trip(*, person_id: int, trip_id: int) -> TripView:
    """The person's trip. Two statements, and two for what is known of its places. Raises NotFound, for others' trips too."""
    row = SavedTrip.objects.filter(pk=trip_id, person_id=person_id).first()
    if row is None:
        raise NotFound("trip.unknown", N_("There is no such trip."))
    stores = merchants.stores(ids=sorted(stores_in(row.plan)))
    trip = to_trip(to_wish(row.wish), row.plan, stores)
    return TripView(row.id, row.person_id, row.city_id, _home(row.home), trip, row.version, row.before is not None)


def trips_of(*, person_id: int) -> list[TripBrief]:
    """The trips that the person keeps, the latest kept first. One statement."""
    rows: Any = SavedTrip.objects.filter(person_id=person_id).order_by("-kept_at").values_list("id", "home", "wish", "plan")
    return [_brief(*row) for row in rows]


def _brief(key: int, home: list[Any], wish: dict[str, Any], plan: dict[str, Any]) -> TripBrief:
    starts, stops = date.fromisoformat(wish["starts"]), sum(map(len, plan["days"]))
    return TripBrief(key, starts, wish["days"], wish["party"], stops, plan["cost"], home[2], home[3])


def swaps(*, kept: TripView, store_id: int, at: datetime) -> list[tuple[StoreView, Option]]:
    """What could be in place of a stop, the best first. Raises NotFound when it is no stop of the trip."""
    if store_id not in {stop.store.id for _, stops, _ in kept.trip.days for stop in stops}:
        raise NotFound("trip.stop", N_("This is not in your plan any more."))
    return trips.options(city_id=kept.city_id, home=kept.home.point, trip=kept.trip, store_id=store_id, at=at)


def addable(*, kept: TripView, text: str, at: datetime) -> list[StoreView]:
    """Sights and places to eat whose name has `text` (in Chinese, English, pinyin or its initials) and that are not in the plan yet."""
    wanted = "".join(text.lower().split())
    if not wanted:
        return []
    there = {stop.store.id for _, stops, _ in kept.trip.days for stop in stops}
    found = [store for store in trips.places_of(kept.city_id, at) if store.id not in there and wanted in _names(store)]
    found.sort(key=lambda store: (store.kind != "sight", not _names(store).startswith(wanted), -store.rating, store.id))
    return found[:FOUND]


def _names(store: StoreView) -> str:
    return " ".join("".join(name.lower().split()) for name in (store.name, store.name_en, store.pinyin, store.initials))


def ensure_possible(city_id: int, found: Trip, at: datetime) -> None:
    """Raise Conflict "trip.cannot", with words, when there is no plan."""
    if not found.days:
        raise changes.cannot(found.reasons[0], {store.id: store.name for store in trips.places_of(city_id, at)})
