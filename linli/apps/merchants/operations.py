"""What can be done to stores: load, edit, open, close, rate. Each is one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.db.models import F

from linli.apps.city import queries as city
from linli.apps.merchants import load
from linli.apps.merchants.events import StoreChanged, StorePaused, StoreResumed
from linli.apps.merchants.load import Ring, StoreRow
from linli.apps.merchants.models import Store, StoreHours, StoreKitchen, StoreRing
from linli.apps.merchants.queries import ensure_manages
from linli.engines.forecast.kitchen import Kitchen
from linli.engines.language.pinyin import spell
from linli.kernel.actors import Actor
from linli.kernel.errors import N_, Invalid, NotFound
from linli.kernel.time import Opening
from linli.platform import audit, outbox, policies
from linli.policy import stores

__all__ = [
    "Ring",
    "StoreRow",
    "bulk_put",
    "edit_store",
    "learn_kitchen",
    "listed",
    "pause",
    "record_rating",
    "resume",
    "set_hours",
    "set_rings",
]

EDITABLE = ("name", "name_en", "address", "phone", "prep_minutes", "accepts")


@transaction.atomic
def bulk_put(*, city_id: int, rows: Sequence[StoreRow], at: datetime) -> list[int]:
    """Write many stores of a city (new, or again by `external_ref`) and return their ids in the order of `rows`.

    Ratings and pauses that were made here stay; hours and rings are replaced. No events: whoever loads rebuilds what depends on it.
    Raises Invalid when two rows have one `external_ref`, or two rings or hours of a store contradict each other.
    """
    refs = [row.external_ref for row in rows]
    if len(set(refs)) < len(refs):
        raise Invalid("store.twice", N_("Two stores have the same reference."))
    for row in rows:
        _check_openings(row.openings)
        _check_rings(row.rings)
    zone = city.city(city_id=city_id).zone
    return load.put(city_id=city_id, zone=zone, rows=rows, at=at) if rows else []


@transaction.atomic
def listed(*, store_ids: Sequence[int], at: datetime) -> None:
    """Say since when stores have been listed, where that is not the moment in which they were loaded: a city that moves in is not new."""
    Store.objects.filter(id__in=store_ids).update(created_at=at)


@transaction.atomic
def set_hours(*, store_id: int, openings: Sequence[Opening], actor: Actor, at: datetime) -> None:
    """Replace the weekly opening hours. Raises Invalid for two openings that begin at the same time or overlap."""
    _lock(store_id, actor)
    _check_openings(openings)
    before = list(StoreHours.objects.filter(store_id=store_id).order_by("weekday", "opens").values_list("weekday", "opens", "closes"))
    load.replace_hours({store_id: sorted(openings)})
    after = [(opening.weekday, opening.opens, opening.closes) for opening in sorted(openings)]
    _changed(store_id, "store.hours", actor, at, {"hours": before}, {"hours": after})


@transaction.atomic
def set_rings(*, store_id: int, rings: Sequence[Ring], actor: Actor, at: datetime) -> None:
    """Replace the delivery rings. Raises Invalid for two rings of one radius or amounts below zero."""
    _lock(store_id, actor)
    _check_rings(rings)
    before = list(StoreRing.objects.filter(store_id=store_id).order_by("radius_m").values_list("radius_m", "fee", "minimum"))
    load.replace_rings({store_id: rings})
    after = [(ring.radius_m, ring.fee, ring.minimum) for ring in rings]
    _changed(store_id, "store.rings", actor, at, {"rings": before}, {"rings": after})


@transaction.atomic
def pause(*, store_id: int, until: datetime, actor: Actor, at: datetime) -> None:
    """Take no orders until `until`. Raises Invalid when that is past or further away than the policy allows."""
    store = _lock(store_id, actor)
    longest = policies.whole(stores.LONGEST_PAUSE_D, store.city_id)
    if not at < until <= at + timedelta(days=longest):
        raise Invalid("pause.until", N_("A pause ends in the future, within %(days)s days."), days=longest, field="until")
    Store.objects.filter(id=store_id).update(paused_until=until)
    audit.record(
        actor=actor, action="store.pause", subject=f"st:{store_id}", at=at,
        before={"paused_until": _iso(store.paused_until)}, after={"paused_until": _iso(until)},
    )  # fmt: skip
    outbox.tell(StorePaused(store_id=store_id, until=until), at=at)


@transaction.atomic
def resume(*, store_id: int, actor: Actor, at: datetime) -> None:
    """Take orders again; does nothing when there is no pause."""
    store = _lock(store_id, actor)
    if store.paused_until is None:
        return
    Store.objects.filter(id=store_id).update(paused_until=None)
    audit.record(
        actor=actor, action="store.resume", subject=f"st:{store_id}", at=at,
        before={"paused_until": _iso(store.paused_until)}, after={"paused_until": None},
    )  # fmt: skip
    outbox.tell(StoreResumed(store_id=store_id), at=at)


@transaction.atomic
def edit_store(*, store_id: int, changes: Mapping[str, Any], actor: Actor, at: datetime) -> None:
    """Change some of `EDITABLE`. Raises Invalid for another field, an empty name or preparation outside 0 to 240 minutes."""
    store = _lock(store_id, actor)
    if unknown := set(changes) - set(EDITABLE):
        raise Invalid("store.field", N_("“%(field)s” cannot be changed."), field=min(unknown))
    if not str(changes.get("name", "-")).strip():
        raise Invalid("store.name", N_("A store needs a name."), field="name")
    if not 0 <= int(changes.get("prep_minutes", 0)) <= 240:
        raise Invalid("store.prep", N_("Preparation takes between 0 and 240 minutes."), field="prep_minutes")
    before = {name: getattr(store, name) for name in changes}
    if before == dict(changes):
        return
    spelling = spell(str(changes.get("name", store.name)))
    Store.objects.filter(id=store_id).update(pinyin=spelling.full[:600], initials=spelling.initials[:120], **changes)
    _changed(store_id, "store.edit", actor, at, before, dict(changes))


@transaction.atomic
def record_rating(*, store_id: int, stars: int, at: datetime) -> None:
    """Count one more voice of 1 to 5 stars. Raises Invalid for other numbers, NotFound for no such store."""
    if not 1 <= stars <= 5:
        raise Invalid("rating.stars", N_("A rating is one to five stars."), field="stars")
    counted = Store.objects.filter(id=store_id).update(
        rating_total=F("rating_total") + stars * 10, rating_weight=F("rating_weight") + 1, rating_count=F("rating_count") + 1
    )
    if not counted:
        raise NotFound("store.unknown", N_("There is no such store."))
    half = F("rating_weight") / 2  # whole-number division rounds down; adding half first rounds to the nearest tenth
    Store.objects.filter(id=store_id).update(rating=(F("rating_total") + half) / F("rating_weight"))
    outbox.tell(StoreChanged(store_id=store_id), at=at)


def _lock(store_id: int, actor: Actor) -> Store:
    ensure_manages(actor=actor, store_id=store_id)
    store = Store.objects.select_for_update().filter(id=store_id).first()
    if store is None:
        raise NotFound("store.unknown", N_("There is no such store."))
    return store


def _changed(store_id: int, action: str, actor: Actor, at: datetime, before: dict[str, Any], after: dict[str, Any]) -> None:
    audit.record(actor=actor, action=action, subject=f"st:{store_id}", at=at, before=before, after=after)
    outbox.tell(StoreChanged(store_id=store_id), at=at)


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _check_openings(openings: Sequence[Opening]) -> None:
    ordered = sorted(openings)
    for earlier, later in pairwise(ordered):
        if earlier.weekday == later.weekday and later.opens < earlier.closes:
            raise Invalid("hours.overlap", N_("Two openings of one day overlap."), field="hours")


def _check_rings(rings: Sequence[Ring]) -> None:
    if len({ring.radius_m for ring in rings}) < len(rings):
        raise Invalid("rings.twice", N_("Two delivery rings have the same radius."), field="rings")
    if any(not 0 < ring.radius_m <= 50_000 or ring.fee < 0 or ring.minimum < 0 for ring in rings):
        raise Invalid("rings.range", N_("A delivery ring has a radius up to 50 km and amounts that are not negative."), field="rings")


@transaction.atomic
def learn_kitchen(*, store_id: int, said_s: float, taken_s: float, at: datetime) -> None:
    """A meal that was said to take `said_s` seconds took `taken_s`; from now on the store's times are believed accordingly."""
    known = StoreKitchen.objects.select_for_update().filter(store_id=store_id).first()
    before = Kitchen(known.drift, known.variance, known.weight) if known else Kitchen()
    after = before.after(said_s, taken_s)
    belief = {"drift": after.drift, "variance": after.variance, "weight": after.weight, "heard_at": at}
    if known is None:  # of two first meals at once the later one counts
        StoreKitchen.objects.update_or_create(store_id=store_id, defaults=belief)
    else:
        StoreKitchen.objects.filter(store_id=store_id).update(**belief)
