"""The searchable index of a city in each process: brought up to date with what has changed since the last look.

The worker keeps the columns of every city in files (`publish`). A process begins with those, in memory shared through the page cache,
and adds the entries written since; without them it builds its own.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from linli.apps.catalog.queries import ALLERGENS
from linli.apps.discovery.models import Edition, Entry
from linli.engines.search import UNKNOWN, Index, Name, Offer, Params, Segment, Store
from linli.platform import policies, sql
from linli.policy import search as policy

_BITS = {code: 1 << place for place, code in enumerate(ALLERGENS)}
_TOO_MANY = 4  # times the stores that may be pending: then a process writes its own index, whatever the worker does
_KEPT_EDITIONS = 2  # the files of the edition before stay for those who are about to read them

_COLUMNS = (
    "store_id", "kind", "lat", "lng", "zone", "cuisine", "per_head", "rating", "rating_count", "prep_minutes", "paused_until", "openings",
    "rings", "words", "dishes",
)  # fmt: skip


def allergens(codes: Iterable[str]) -> int:
    """The allergens as bits, of those that are known."""
    return sum(_BITS.get(code, 0) for code in codes)


@dataclass(frozen=True)
class _Kept:
    generation: int
    version: int
    index: Index


_kept: dict[int, _Kept] = {}
# By hand: every page of the home list and every search asks.
_EDITION = "SELECT generation, version FROM discovery_edition WHERE city_id = %s"
_lock = threading.Lock()


def current(city_id: int) -> Index:
    """The index of the city as it is now: one statement, and one more when something has changed since the last look."""
    edition = sql.run(_EDITION, [city_id]).fetchone() or (0, 0)
    kept = _kept.get(city_id)
    if kept is None or (kept.generation, kept.version) != edition:
        with _lock:
            kept = _kept[city_id] = _renewed(city_id, _kept.get(city_id), *edition)
    return kept.index


def _renewed(city_id: int, kept: _Kept | None, generation: int, version: int) -> _Kept:
    if kept is not None and (kept.generation, kept.version) == (generation, version):
        return kept  # another thread was quicker
    most = policies.whole(policy.PENDING_STORES, city_id)
    if kept is None or kept.generation != generation or kept.version > version:
        kept = _read(city_id, generation, version)
    elif kept.index.pending > most:
        kept = _read(city_id, generation, version) or kept
    if kept is None or kept.index.pending > _TOO_MANY * most:
        return _Kept(generation, version, Index.of(_changed(city_id, -1, version)[0], _params(city_id)))
    stores, gone = _changed(city_id, kept.version, version)
    return _Kept(generation, version, kept.index.updated(stores, gone))


def _params(city_id: int) -> Params:
    """The weights as the operator has set them; they count from the next index on."""
    chosen = (policy.TEXT, policy.NEAR, policy.NEAR_M, policy.QUALITY, policy.POPULAR, policy.PRICE, policy.TASTE)
    weights: dict[str, Any] = {number.name.removeprefix("search."): float(policies.value(number, city_id)) for number in chosen}
    return Params(**weights, few=policies.whole(policy.FEW, city_id))


def _changed(city_id: int, after: int, upto: int) -> tuple[list[Store], list[int]]:
    """The stores written after the edition `after`, as they are now, and those that are not searched any more."""
    rows: Iterable[Any] = (
        Entry.objects.filter(city_id=city_id, version__gt=after, version__lte=upto).order_by("store_id").values_list("active", *_COLUMNS)
    )
    stores: list[Store] = []
    gone: list[int] = []
    for active, *values in rows:
        stores += [_store(values)] if active else []
        gone += [] if active else [values[0]]
    return stores, gone


def _store(values: Sequence[Any]) -> Store:
    store_id, kind, lat, lng, zone, cuisine, per_head, rating, count, prep, paused, openings, rings, words, dishes = values
    offers = tuple(
        Offer(dish[0], Name(dish[1], dish[2], dish[3], dish[4]), dish[5], allergens(dish[6]) if len(dish) > 6 and dish[6] else UNKNOWN)
        for dish in dishes
    )
    return Store(
        id=store_id, kind=kind, lat=lat, lng=lng, zone=zone, per_head=per_head, rating=rating, rating_count=count, prep_minutes=prep,
        name=Name(words["name"], words["name_en"], words["pinyin"], words["initials"]),
        cuisine=Name(cuisine, "", words.get("cuisine_pinyin", ""), words.get("cuisine_initials", "")), tags=tuple(words["tags"]),
        paused_until=paused, openings=tuple((start, end) for start, end in openings),
        rings=tuple((radius, fee) for radius, fee, _ in rings), offers=offers,
    )  # fmt: skip


def _folder(city_id: int) -> Path:
    return Path(settings.HOME) / "search" / str(city_id)


def _read(city_id: int, generation: int, version: int) -> _Kept | None:
    """The newest files of this generation that are not ahead of `version`, or None."""
    for edition, path in _editions(city_id, generation):
        if edition <= version:
            try:
                return _Kept(generation, edition, Index.of(Segment.load(path), _params(city_id)))
            except (OSError, ValueError):
                continue  # being replaced, or of another version of the program
    return None


def _editions(city_id: int, generation: int) -> list[tuple[int, Path]]:
    """The editions of a generation that are kept in files, the newest first."""
    found = [path for path in _folder(city_id).glob(f"{generation}-*") if path.name.rpartition("-")[2].isdigit()]
    return sorted(((int(path.name.rpartition("-")[2]), path) for path in found), reverse=True)


def publish(city_id: int) -> bool:
    """Write the city's index to files when many stores changed since the last ones; tells whether it did. One process does this."""
    edition = Edition.objects.filter(city_id=city_id).values_list("generation", "version").first()
    if edition is None:
        return False
    generation, version = edition
    kept = next(iter(_editions(city_id, generation)), None)
    if kept is not None:
        behind = Entry.objects.filter(city_id=city_id, version__gt=kept[0]).count()
        if kept[0] <= version and behind <= policies.whole(policy.PENDING_STORES, city_id) // 2:
            return False
    index = Index.of(_changed(city_id, -1, version)[0], _params(city_id))
    index.base.segment.save(_folder(city_id) / f"{generation}-{version}")
    _tidy(city_id, generation)
    return True


def _tidy(city_id: int, generation: int) -> None:
    wanted = {path for _, path in _editions(city_id, generation)[:_KEPT_EDITIONS]}
    for path in _folder(city_id).iterdir():
        if path not in wanted:
            shutil.rmtree(path, ignore_errors=True)
