"""Many stores at once: what a loader hands over, and how it is written with few statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models

from linli.apps.merchants.models import Merchant, Store, StoreHours, StoreRing
from linli.engines.language.pinyin import spell
from linli.kernel.geo import Point, cell
from linli.kernel.ids import new_ids
from linli.kernel.time import Opening
from linli.platform import policies
from linli.policy import stores


@dataclass(frozen=True, slots=True)
class Ring:
    """A delivery ring: metres, and fee and minimum in minor units."""

    radius_m: int
    fee: int
    minimum: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreRow:
    """A store to be put; `external_ref` is its key within the city. `rating` is in tenths of a star, `per_head` in minor units."""

    external_ref: str
    name: str
    point: Point
    kind: str = "restaurant"
    name_en: str = ""
    merchant_ref: str = ""  # stores of one chain share it; empty: the store is its own merchant
    merchant_name: str = ""
    address: str = ""
    phone: str = ""
    per_head: int = 0
    rating: int = 0
    rating_count: int = 0
    cuisine: str = ""
    tags: tuple[str, ...] = ()
    facilities: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    prep_minutes: int = 15
    accepts: bool = False
    approximate: bool = False
    origin: str = ""
    active: bool = True
    openings: tuple[Opening, ...] = ()
    rings: tuple[Ring, ...] = ()


# What a second loading may change; ratings and pauses made here, and the identity, stay.
_RENEWED = (
    "merchant", "kind", "name", "name_en", "pinyin", "initials", "lat", "lng", "cell", "zone", "address", "phone", "per_head", "cuisine",
    "tags", "facilities", "facts", "prep_minutes", "accepts", "approximate", "origin", "active",
)  # fmt: skip


def put(*, city_id: int, zone: str, rows: Sequence[StoreRow], at: datetime) -> list[int]:
    """Write `rows` and return their store ids in the same order; hours and rings are replaced."""
    merchants = _put_merchants(city_id, rows, at)
    given_weight = policies.whole(stores.GIVEN_RATING_WEIGHT, city_id)
    known = _ids(city_id, rows)
    fresh = iter(new_ids(at, len(rows)))
    Store.objects.bulk_create(
        [_model(city_id, zone, row, known.get(row.external_ref) or next(fresh), merchants, given_weight, at) for row in rows],
        update_conflicts=True,
        unique_fields=["city", "external_ref"],
        update_fields=list(_RENEWED),
        batch_size=500,
    )
    known = _ids(city_id, rows)
    ids = [known[row.external_ref] for row in rows]
    replace_hours({store_id: row.openings for store_id, row in zip(ids, rows, strict=True)})
    replace_rings({store_id: row.rings for store_id, row in zip(ids, rows, strict=True)})
    return ids


def _ids(city_id: int, rows: Sequence[StoreRow]) -> dict[str, int]:
    found = Store.objects.filter(city_id=city_id, external_ref__in=[row.external_ref for row in rows])
    return dict(found.values_list("external_ref", "id"))


def _merchant_ref(city_id: int, row: StoreRow) -> str:
    return f"{city_id}/{row.merchant_ref or row.external_ref}"


def _put_merchants(city_id: int, rows: Sequence[StoreRow], at: datetime) -> dict[str, int]:
    names = {_merchant_ref(city_id, row): row.merchant_name or row.name for row in rows}
    ids = new_ids(at, len(names))
    Merchant.objects.bulk_create(
        [
            Merchant(id=merchant_id, external_ref=ref, name=name, created_at=at)
            for merchant_id, (ref, name) in zip(ids, names.items(), strict=True)
        ],
        ignore_conflicts=True,
    )
    return dict(Merchant.objects.filter(external_ref__in=list(names)).values_list("external_ref", "id"))


def _model(city_id: int, zone: str, row: StoreRow, store_id: int, merchants: Mapping[str, int], given_weight: int, at: datetime) -> Store:
    spelling = spell(row.name)
    weight = row.rating_count or (given_weight if row.rating else 0)
    same = ("external_ref", "name", "kind", "name_en", "address", "phone", "per_head", "rating", "rating_count", "cuisine", "prep_minutes",
            "accepts", "approximate", "origin", "active")  # fmt: skip
    return Store(
        id=store_id,
        city_id=city_id,
        merchant_id=merchants[_merchant_ref(city_id, row)],
        zone=zone,
        lat=row.point.lat,
        lng=row.point.lng,
        cell=cell(row.point),
        pinyin=spelling.full[:600],
        initials=spelling.initials[:120],
        tags=list(row.tags),
        facilities=list(row.facilities),
        facts=dict(row.facts),
        rating_total=row.rating * weight,
        rating_weight=weight,
        created_at=at,
        **{name: getattr(row, name) for name in same},
    )


def replace_hours(openings: Mapping[int, Iterable[Opening]]) -> None:
    """Give every store of `openings` these hours instead of what it had."""
    _replace(StoreHours, openings, ("weekday", "opens", "closes"))


def replace_rings(rings: Mapping[int, Iterable[Any]]) -> None:
    """Give every store of `rings` these rings (anything with radius_m, fee, minimum) instead of what it had."""
    _replace(StoreRing, rings, ("radius_m", "fee", "minimum"))


def _replace(model: type[models.Model], details: Mapping[int, Iterable[Any]], names: tuple[str, ...]) -> None:
    rows = model._default_manager
    rows.filter(store_id__in=list(details)).delete()
    rows.bulk_create(
        [
            model(store_id=store_id, **{name: getattr(item, name) for name in names})
            for store_id, items in details.items()
            for item in items
        ],
        batch_size=2000,
    )
