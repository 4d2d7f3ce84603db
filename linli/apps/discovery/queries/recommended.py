"""What the home page recommends, what goes well with what, what is known of somebody, and which models there are."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from linli.apps.discovery import fitted as fits
from linli.apps.discovery import index, recommending, trying
from linli.apps.discovery import search as searching
from linli.apps.discovery.leanings import agreed
from linli.apps.discovery.models import Fit, Taste
from linli.apps.discovery.queries.cards import Card, ground, shown
from linli.apps.discovery.recommending import Order, Reason
from linli.apps.discovery.search import Filters, Ways
from linli.apps.merchants import queries as merchants
from linli.apps.merchants.queries import StoreView
from linli.kernel.geo import Point, metres
from linli.platform import policies
from linli.policy import recommend as policy
from linli.policy import stores


@dataclass(frozen=True, slots=True)
class Recommended:
    """A store with why it is here; `because` are the stores that brought it, `chance` how likely it was chosen (see `Pick`)."""

    card: Card
    reason: Reason
    because: tuple[StoreView, ...]
    chance: float = 1.0


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What is recommended; `personal` says that it was picked by what is known of the person, `arm` which order of an experiment it is
    ("" while there is none); `new` are stores that were listed lately.
    """

    stores: tuple[Recommended, ...] = ()
    personal: bool = False
    arm: str = ""
    new: tuple[Recommended, ...] = ()


@dataclass(frozen=True, slots=True)
class TasteView:
    """What is known of somebody. `likes` is cuisine and share of the orders; `took`, `seen` and `hidden` are stores."""

    took: tuple[int, ...]
    seen: tuple[int, ...]
    likes: tuple[tuple[str, float], ...]
    facts: Mapping[str, Any]
    less: tuple[str, ...]
    hidden: tuple[int, ...]
    stage: str
    paused: bool
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class FitView:
    """A fitted model that is kept; `serving` is the one that answers."""

    version: int
    serving: bool
    metrics: Mapping[str, Any]
    fitted_at: datetime


def recommended(*, city_id: int, point: Point, person_id: int | None, at: datetime) -> Recommendation:
    """What is recommended around `point`: at most eleven statements. By a model only where policy says so and one is fitted."""
    here = ground(city_id=city_id, point=point, at=at)
    taste = agreed(person_id)
    arm: Order = recommending.arm_of(person_id, city_id) if taste and person_id else "popular"
    around, seed = _around(city_id, point, at, here.pace), _seed(person_id, point, at)
    fitted = fits.fitted(city_id) if policies.value(policy.ON, city_id) else None
    part, tries = recommending.part_of_day(at, here.zone), trying.known(city_id, at)
    mine = taste if arm == "personal" else _only_said(taste)
    picks = recommending.picks(fitted, around, mine, part, tries, city_id, seed) if fitted else []
    away = {pick.store_id for pick in picks[: policies.whole(policy.SHOWN, city_id)]} | ({*taste.took, *taste.hidden} if taste else set())
    listed = recommending.newcomers(around, away, tries, city_id, seed)
    views = merchants.stores(ids={*(one.store_id for one in [*picks, *listed]), *(store for pick in picks for store in pick.because)})
    chosen = recommending.shuffled(_wanted(picks, views, taste)[: policies.whole(policy.SHOWN, city_id)], city_id, seed)
    new = [pick for pick in _wanted(listed, views, taste) if pick.store_id not in {one.store_id for one in chosen}]
    seen = [merchants.seen_from(views[pick.store_id], metres(views[pick.store_id].point, point), at) for pick in [*chosen, *new]]
    made = [_recommended(pick, card, views) for pick, card in zip([*chosen, *new], shown(seen, at, {}, here.pace), strict=True)]
    found = tuple(made[: len(chosen)])
    personal = any(one.reason in {"took", "seen"} for one in found)
    running = bool(taste) and bool(found) and recommending.running(city_id)
    return Recommendation(found, personal, arm if running else "", tuple(made[len(chosen) :]))


def _recommended(pick: recommending.Pick, card: Card, views: Mapping[int, StoreView]) -> Recommended:
    return Recommended(card, pick.reason, tuple(views[store] for store in pick.because if store in views), pick.chance)


def _only_said(taste: Taste | None) -> Taste | None:
    """What the person said counts in every arm; what was found out does not."""
    return Taste(person_id=taste.person_id, hidden=taste.hidden, less=taste.less) if taste else None


def _seed(person_id: int | None, point: Point, at: datetime) -> int:
    """The same for a person all through the hour, and for whoever is not signed in at the same place."""
    who = person_id or zlib.crc32(f"{point.lat:.3f},{point.lng:.3f}".encode())
    return who ^ int(at.timestamp() // 3600) << 20


def _around(city_id: int, point: Point, at: datetime, pace: float) -> list[int]:
    """The nearest open stores that deliver here."""
    ways = Ways(seconds_per_metre=pace, radius_m=policies.whole(stores.HOME_RADIUS_M, city_id), band_edges=())
    open_ones = Filters(open_now=True, mode="delivery")
    most = policies.whole(policy.AROUND, city_id)
    return searching.nearest(index.current(city_id), open_ones, point, at, ways, most)


def _wanted(
    picks: Sequence[recommending.Pick], views: Mapping[int, StoreView], taste: Taste | None
) -> list[recommending.Pick]:  # fmt: skip
    less = set(taste.less) if taste else set()
    return [pick for pick in picks if (view := views.get(pick.store_id)) and view.active and view.cuisine not in less]


def goes_with(*, city_id: int, offer_ids: Sequence[int], limit: int = 3) -> list[int]:
    """Offers that are ordered together with these more often than by chance, the strongest first, these left out. Not looked up
    whether they are still sold. At most one statement.
    """
    fitted = fits.fitted(city_id) if policies.value(policy.ON, city_id) else None
    if fitted is None:
        return []
    best: dict[int, float] = {}
    for offer in offer_ids:
        for other, lift in fitted.together.of(offer):
            best[other] = max(best.get(other, 0.0), lift)
    return sorted((other for other in best if other not in set(offer_ids)), key=lambda other: (-best[other], other))[:limit]


def taste(*, person_id: int) -> TasteView | None:
    """What is known of the person, None when nothing is. One statement."""
    row = Taste.objects.filter(person_id=person_id).first()
    if row is None:
        return None
    likes = tuple(sorted(((name, float(share)) for name, share in row.likes.items()), key=lambda like: (-like[1], like[0])))
    stage = str(row.told.get("stage", ""))
    return TasteView(
        tuple(row.took), tuple(row.seen), likes, row.facts, tuple(row.less), tuple(row.hidden), stage, row.paused, row.updated_at
    )  # fmt: skip


def fits_of(*, city_id: int) -> list[FitView]:
    """The fitted models that are kept, the newest first. One statement."""
    return [
        FitView(row.pk, row.state == Fit.SERVING, row.metrics, row.fitted_at) for row in Fit.objects.filter(city_id=city_id).order_by("-id")
    ]


def fit_folder(*, city_id: int) -> Path:
    """Where the files of a city's versions lie, a folder for each."""
    return fits.folder(city_id)
