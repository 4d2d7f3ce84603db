"""Keeping trips and changing them. A change that cannot be had leaves the trip as it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from linli.apps.discovery import changes
from linli.apps.discovery.changes import TripChange, TripFrame
from linli.apps.discovery.models import SavedTrip
from linli.apps.discovery.queries import saved_trips, trips
from linli.apps.discovery.queries.bookable import Bookable
from linli.apps.discovery.queries.saved_trips import Home, TripView
from linli.apps.discovery.queries.trips import Wish
from linli.apps.discovery.trip_texts import of_plan, of_wish
from linli.apps.orders import operations as orders
from linli.kernel.errors import N_, Conflict, Invalid, NotFound
from linli.kernel.ids import new_id
from linli.platform import policies
from linli.policy import trips as numbers

Named = TripChange | TripFrame | Home


def keep_trip(*, person_id: int, city_id: int, home: Home, wish: Wish, at: datetime) -> int:
    """Keep a trip for the person; returns its id. Raises Invalid for a wish that is no trip, Conflict "trip.cannot" for one that cannot
    be, and "trip.many" for one too many."""
    trips.ensure_sense(wish, at)
    found = trips.planned(city_id=city_id, home=home.point, wish=wish, at=at)
    saved_trips.ensure_possible(city_id, found, at)
    most = policies.whole(numbers.KEPT_MOST, city_id)
    row = SavedTrip(
        id=new_id(at), person_id=person_id, city_id=city_id, home=home.text, wish=of_wish(trips.settled(found)), plan=of_plan(found),
        kept_at=at, changed_at=at,
    )  # fmt: skip
    with transaction.atomic():
        if SavedTrip.objects.select_for_update().filter(person_id=person_id).count() >= most:
            raise Conflict("trip.many", N_("You keep %(most)s trips already. Remove one first."), most=most)
        row.save(force_insert=True)
    return row.id


def change_trip(*, person_id: int, trip_id: int, version: int, change: Named, at: datetime) -> TripView:
    """TripChange the trip as it was shown (`version`), and make its plan anew around that: a stop, its frame, or the bed.

    Raises NotFound, Invalid, Conflict "trip.cannot" (why) and "trip.changed" (somebody was quicker); then nothing is changed.
    """
    kept = saved_trips.saved_trip(person_id=person_id, trip_id=trip_id)
    if kept.version != version:
        raise _quicker()
    home, wish = kept.home, trips.settled(kept.trip)
    if isinstance(change, TripChange):
        places = {store.id: store for store in trips.places_of(kept.city_id, at)}
        wish = changes.changed(kept.trip, change, places)
    elif isinstance(change, TripFrame):
        wish = changes.framed(wish, change)
        trips.ensure_sense(wish, at if change.starts != kept.trip.wish.starts else min(at, _began(kept, at)))
    else:
        home = change
    found = trips.planned(city_id=kept.city_id, home=home.point, wish=wish, at=at)
    saved_trips.ensure_possible(kept.city_id, found, at)
    fields = {"home": home.text, "wish": of_wish(trips.settled(found)), "plan": of_plan(found)}
    _write(kept, {**fields, "before": [kept.home.text, of_wish(kept.trip.wish), of_plan(kept.trip)]}, at)
    return replace(kept, version=version + 1, home=home, trip=replace(found, wish=trips.settled(found)), undoable=True)


def undo_trip(*, person_id: int, trip_id: int, version: int, at: datetime) -> None:
    """The trip as it was before its last change. Raises NotFound, Invalid when there is nothing to go back to, Conflict "trip.changed"."""
    kept = saved_trips.saved_trip(person_id=person_id, trip_id=trip_id)
    before = SavedTrip.objects.filter(pk=trip_id).values_list("before", flat=True).first()
    if before is None:
        raise Invalid("trip.first", N_("There is nothing to undo."))
    if kept.version != version:
        raise _quicker()
    home, wish, plan = before
    _write(kept, {"home": home, "wish": wish, "plan": plan, "before": None}, at)


@transaction.atomic
def fill_carts(*, person_id: int, chosen: Sequence[Bookable], at: datetime) -> list[tuple[int, str]]:
    """Put what was chosen of a trip into the carts of its stores, in place of what was there of that mode; the parts (store, mode) of
    the checkout. Raises what stands against any of it; then nothing is put anywhere."""
    parts = list(dict.fromkeys((one.store.id, one.mode) for one in chosen))
    for store_id, mode in sorted(parts):
        orders.clear_mode(person_id=person_id, store_id=store_id, mode=mode, at=at)
    for one in chosen:
        orders.add_line(
            person_id=person_id, store_id=one.store.id, offer_id=one.offer_id, qty=one.qty, starts_at=one.starts_at, ends_at=one.ends_at,
            guests=one.guests, details=one.details, at=at,
        )  # fmt: skip
    return parts


def remove_trip(*, person_id: int, trip_id: int) -> None:
    """The trip is not kept any more. Raises NotFound."""
    if not SavedTrip.objects.filter(pk=trip_id, person_id=person_id).delete()[0]:
        raise NotFound("trip.unknown", N_("There is no such trip."))


def forget_trips(*, person_id: int) -> None:
    """No trip of the person is kept any more."""
    SavedTrip.objects.filter(person_id=person_id).delete()


def _write(kept: TripView, fields: dict[str, Any], at: datetime) -> None:
    """The plan was made without a lock, since that takes a while: it is kept only when the trip is still what it was made from."""
    same = SavedTrip.objects.filter(pk=kept.id, person_id=kept.person_id, version=kept.version)
    if not same.update(**fields, version=kept.version + 1, changed_at=at):
        raise _quicker()


def _quicker() -> Conflict:
    return Conflict("trip.changed", N_("This trip was changed meanwhile, perhaps on another device. This is how it stands now."))


def _began(kept: TripView, at: datetime) -> datetime:
    return at.replace(year=kept.trip.wish.starts.year, month=kept.trip.wish.starts.month, day=kept.trip.wish.starts.day)
