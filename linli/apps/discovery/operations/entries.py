"""Writing what is searched: all of a city, or the few stores that changed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from linli.apps.catalog import queries as catalog
from linli.apps.discovery import stays
from linli.apps.discovery.models import Edition, Entry
from linli.apps.merchants import queries as merchants
from linli.engines.language.pinyin import spell
from linli.kernel.ids import new_id
from linli.kernel.week import spans

_WRITTEN = [field.name for field in Entry._meta.fields if field.name != "store_id"]


@transaction.atomic
def rebuild(*, city_id: int, at: datetime) -> int:
    """Write the entries of every store of the city anew, and return how many there are. A loader calls it once at its end."""
    views = merchants.all_stores(city_id=city_id)
    version = _write(city_id, views, at)
    Entry.objects.filter(city_id=city_id, version__lt=version).update(active=False, version=version)
    return len(views)


@transaction.atomic
def refresh(*, store_ids: Collection[int], at: datetime) -> None:
    """Write the entries of these stores anew; unknown ones are passed over."""
    by_city: dict[int, list[merchants.StoreView]] = {}
    for view in merchants.stores(ids=store_ids).values():
        by_city.setdefault(view.city_id, []).append(view)
    for city_id in sorted(by_city):
        _write(city_id, by_city[city_id], at)


def _write(city_id: int, views: Sequence[merchants.StoreView], at: datetime) -> int:
    version = _next_version(city_id, at)
    dishes = catalog.dishes(store_ids=[view.id for view in views])
    rooms = stays.told([view for view in views if view.kind == stays.KIND])
    Entry.objects.bulk_create(
        [_entry(view, dishes.get(view.id, []), rooms.get(view.id), version) for view in views],
        update_conflicts=True,
        unique_fields=["store_id"],
        update_fields=_WRITTEN,
        batch_size=500,
    )
    return version


def _next_version(city_id: int, at: datetime) -> int:
    """The next edition. Its row stays locked to the end of the transaction, so editions become visible in their order."""
    Edition.objects.bulk_create([Edition(city_id=city_id, generation=new_id(at))], ignore_conflicts=True)
    Edition.objects.filter(city_id=city_id).update(version=F("version") + 1)
    return Edition.objects.values_list("version", flat=True).get(city_id=city_id)


def _entry(view: merchants.StoreView, dishes: Sequence[catalog.Dish], stay: dict[str, Any] | None, version: int) -> Entry:
    spelling = spell(view.cuisine)
    return Entry(
        store_id=view.id,
        city_id=view.city_id,
        version=version,
        active=view.active,
        kind=view.kind,
        lat=view.point.lat,
        lng=view.point.lng,
        zone=view.zone,
        cuisine=view.cuisine,
        per_head=view.per_head,
        rating=view.rating,
        rating_count=view.rating_count,
        prep_minutes=view.likely_minutes,
        paused_until=view.paused_until,
        openings=[list(span) for span in spans(view.hours.openings)],
        rings=[[ring.radius_m, ring.fee, ring.minimum] for ring in view.rings],
        words={
            "name": view.name,
            "name_en": view.name_en,
            "pinyin": view.pinyin,
            "initials": view.initials,
            "tags": list(view.tags),
            "cuisine_pinyin": spelling.full,
            "cuisine_initials": spelling.initials,
        },
        stay=stay,
        dishes=[[dish.id, dish.name, dish.name_en, dish.pinyin, dish.initials, dish.price, list(dish.allergens)] for dish in dishes],
    )
