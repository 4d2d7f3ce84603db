"""What is known of people's tastes: found out from below and above, corrected by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from django.db import transaction

from linli.apps.discovery.models import Taste
from linli.kernel.errors import N_, Invalid, NotFound

MOST_TAKEN, MOST_SEEN, MOST_SAID = 50, 8, 50
STAGES = ("", "18-25", "26-35", "36-45", "46+")
Change = Literal["less", "more", "hide", "show", "pause", "resume", "stage"]


@dataclass(frozen=True, slots=True)
class TasteWant:
    """What was found out about somebody: `took` stores, the latest first; `likes` cuisine to share of the orders; other `facts`."""

    person_id: int
    city_id: int
    took: tuple[int, ...]
    likes: dict[str, float] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)


def put_tastes(*, wants: Sequence[TasteWant], at: datetime) -> None:
    """Write what was found out; what the people said themselves, and what they looked at, stays."""
    rows = [
        Taste(person_id=w.person_id, city_id=w.city_id, took=list(w.took[:MOST_TAKEN]), likes=w.likes, facts=w.facts, updated_at=at)
        for w in wants
    ]
    found = ["city_id", "took", "likes", "facts", "updated_at"]
    Taste.objects.bulk_create(rows, update_conflicts=True, unique_fields=["person_id"], update_fields=found, batch_size=200)


def begin_taste(*, person_id: int, city_id: int, at: datetime) -> None:
    """Begin with nothing, where nothing is known yet."""
    Taste.objects.get_or_create(person_id=person_id, defaults={"city_id": city_id, "updated_at": at})


@transaction.atomic
def saw(*, person_id: int, city_id: int, store_ids: Sequence[int], at: datetime) -> None:
    """Somebody who agreed to be known has looked at these stores: the next list knows."""
    row = _row(person_id, city_id, at)
    row.seen = _first(store_ids, row.seen, MOST_SEEN)
    row.save(update_fields=["seen"])


@transaction.atomic
def took(*, person_id: int, city_id: int, store_ids: Sequence[int], at: datetime) -> None:
    """Somebody who agreed to be known has ordered at these stores."""
    row = _row(person_id, city_id, at)
    row.took = _first(store_ids, row.took, MOST_TAKEN)
    row.save(update_fields=["took"])


def _row(person_id: int, city_id: int, at: datetime) -> Taste:
    return Taste.objects.select_for_update().get_or_create(person_id=person_id, defaults={"city_id": city_id, "updated_at": at})[0]


def _first(fresh: Sequence[int], before: Sequence[int], most: int) -> list[int]:
    return list(dict.fromkeys([*reversed(fresh), *before]))[:most]


@transaction.atomic
def correct(*, person_id: int, change: Change, what: str = "", store_id: int = 0) -> None:
    """What the person says about themselves: less (or more again) of a cuisine, a store hidden or shown, a pause, a stage of life.

    Raises NotFound when nothing is kept of them, Invalid for no such change.
    """
    row = Taste.objects.select_for_update().filter(person_id=person_id).first()
    if row is None:
        raise NotFound("taste.unknown", N_("Nothing is kept about you."))
    if change in {"less", "more"} and what:
        row.less = _said(row.less, what[:40], change == "less")
    elif change in {"hide", "show"} and store_id:
        row.hidden = _said(row.hidden, store_id, change == "hide")
    elif change in {"pause", "resume"}:
        row.paused = change == "pause"
    elif change == "stage" and what in STAGES:
        row.told = {"stage": what} if what else {}
    else:
        raise Invalid("taste.change", N_("That cannot be changed."), field="change")
    row.save(update_fields=["less", "hidden", "paused", "told"])


def _said(before: Sequence[Any], what: Any, wanted: bool) -> list[Any]:
    rest = [one for one in before if one != what]
    return [what, *rest][:MOST_SAID] if wanted else rest


def forget_taste(*, person_id: int) -> None:
    """Nothing is known of the person any more."""
    Taste.objects.filter(person_id=person_id).delete()
