"""Reading reviews and favourites."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Avg, Count, Q

from linli.apps.accounts import queries as accounts
from linli.apps.community.models import Favourite, Review
from linli.kernel.errors import N_, NotFound
from linli.platform.pages import Page, page

ASPECTS = ("taste", "pack", "delivery")


@dataclass(frozen=True, slots=True)
class ReviewView:
    """A review; `author` is a name of which only the first letter shows; `aspects` are stars of `ASPECTS`."""

    id: int
    order_id: int
    person_id: int
    store_id: int
    author: str
    stars: int
    aspects: Mapping[str, int]
    text: str
    photos: tuple[str, ...]
    dishes: tuple[str, ...]
    created_at: datetime
    reply: str
    replied_at: datetime | None


@dataclass(frozen=True, slots=True)
class Summary:
    """A store's reviews in numbers: how many of each star (1 to 5), and the mean of each aspect in tenths (0: nobody said)."""

    count: int
    by_stars: tuple[int, int, int, int, int]
    aspects: Mapping[str, int]


def _shown(name: str) -> str:
    """A name as strangers see it."""
    return f"{name[:1]}**" if name else "**"


def _aspects(row: Review) -> dict[str, int]:
    """The aspects that were judged."""
    return {aspect: stars for aspect in ASPECTS if (stars := getattr(row, aspect)) is not None}


def _views(rows: Sequence[Review]) -> list[ReviewView]:
    people = accounts.people(ids={row.person_id for row in rows}) if rows else {}
    return [
        ReviewView(
            row.id, row.order_id, row.person_id, row.store_id, _shown(people[row.person_id].name if row.person_id in people else ""),
            row.stars, _aspects(row), row.text, tuple(row.photos), tuple(row.dishes), row.created_at, row.reply, row.replied_at,
        )
        for row in rows
    ]  # fmt: skip


def reviews(
    *, store_id: int, stars: int | None = None, unanswered: bool = False, cursor: str | None = None, limit: int = 20
) -> Page[ReviewView]:  # fmt: skip
    """A store's reviews, newest first; only those of `stars`, or without an answer, where asked for. Two statements."""
    rows = Review.objects.filter(store_id=store_id)
    if stars is not None:
        rows = rows.filter(stars=stars)
    if unanswered:
        rows = rows.filter(replied_at=None)
    return page(rows, cursor=cursor, limit=limit, make=_views)


def review_of(*, order_id: int) -> ReviewView | None:
    """The review of an order, if there is one. Two statements at most."""
    found = _views(list(Review.objects.filter(order_id=order_id)))
    return found[0] if found else None


def review(*, review_id: int) -> ReviewView:
    """One review. Raises NotFound. Two statements."""
    found = _views(list(Review.objects.filter(id=review_id)))
    if not found:
        raise NotFound("review.unknown", N_("There is no such review."))
    return found[0]


def reviewed(*, order_ids: Collection[int]) -> set[int]:
    """Which of the orders have a review. One statement."""
    return set(Review.objects.filter(order_id__in=list(order_ids)).values_list("order_id", flat=True))


def summary(*, store_id: int) -> Summary:
    """A store's reviews in numbers. One statement."""
    counts = {f"stars{star}": Count("id", filter=Q(stars=star)) for star in range(1, 6)}
    means = {aspect: Avg(aspect) for aspect in ASPECTS}
    found = Review.objects.filter(store_id=store_id).aggregate(count=Count("id"), **counts, **means)
    one, two, three, four, five = (found[f"stars{star}"] for star in range(1, 6))
    return Summary(found["count"], (one, two, three, four, five), {aspect: round(10 * (found[aspect] or 0)) for aspect in ASPECTS})


@dataclass(frozen=True, slots=True)
class FavouriteView:
    """A store that a person keeps, or one of its offers (`offer_id` 0: the store)."""

    store_id: int
    offer_id: int
    kept_at: datetime


def favourites(*, person_id: int) -> list[FavouriteView]:
    """What the person keeps, the latest first. One statement."""
    rows = Favourite.objects.filter(person_id=person_id).order_by("-id").values_list("store_id", "offer_id", "kept_at")
    return [FavouriteView(*row) for row in rows]


def kept_of(*, person_id: int, store_id: int) -> frozenset[int]:
    """Which of the store's offers the person keeps; 0 stands for the store. One statement."""
    return frozenset(Favourite.objects.filter(person_id=person_id, store_id=store_id).values_list("offer_id", flat=True))


def favourite_pairs(*, until: datetime) -> list[tuple[int, int]]:
    """(person, store) of all favourites that are kept since `until` or before, the latest last. One statement."""
    return list(Favourite.objects.filter(kept_at__lte=until).order_by("id").values_list("person_id", "store_id"))
