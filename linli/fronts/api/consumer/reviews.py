"""Reviews."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from ninja import Router
from pydantic import Field

from linli.apps.community import operations, queries
from linli.apps.orders import queries as orders
from linli.fronts.api import pictures
from linli.fronts.api.door import ANYBODY, CONSUMER, Request, endpoint
from linli.fronts.api.forms import In, OrderId, Out, ReviewId, StoreId
from linli.kernel.errors import N_, NotFound

router = Router(tags=["reviews"])

Star = Annotated[int, Field(ge=1, le=5)]


class AspectsIn(In):
    """Stars for parts of it; null for what one has no view on."""

    taste: Star | None = None
    pack: Star | None = None
    delivery: Star | None = None


class ReviewIn(In):
    """What one thinks of an order."""

    stars: Star
    aspects: AspectsIn = AspectsIn()
    text: str = Field("", max_length=1000)
    photos: pictures.Names = []


class ReviewOut(Out):
    """A review; of the author's name only the first letter shows."""

    id: ReviewId
    store_id: StoreId
    author: str
    stars: int
    aspects: dict[str, int]
    text: str
    photos: list[str]
    dishes: list[str]
    created_at: datetime
    reply: str
    replied_at: datetime | None


class SummaryOut(Out):
    """Reviews in numbers: how many of each star from 1 to 5; aspects in tenths of a star, 0 when nobody said."""

    count: int
    by_stars: list[int]
    aspects: dict[str, int]


class ReviewPage(Out):
    """Some reviews, newest first."""

    items: list[ReviewOut]
    next_cursor: str | None


class StoreReviews(ReviewPage):
    """Some reviews of a store, and all of them in numbers."""

    summary: SummaryOut


@endpoint(router, "POST", "/orders/{order}/review", who=CONSUMER, out=ReviewOut, status=201, summary="Review an order")
def review(request: Request, order: OrderId, body: ReviewIn) -> ReviewOut:
    """Says what one thinks of an order one has had, once; it counts towards the store's rating."""
    aspects = {name: stars for name, stars in body.aspects.given().items() if stars is not None}
    view = operations.review(
        order_id=order, person_id=request.actor.person_id, stars=body.stars, aspects=aspects, text=body.text,
        photos=pictures.checked(body.photos), at=request.at,
    )  # fmt: skip
    return ReviewOut.of(view)


@endpoint(router, "GET", "/orders/{order}/review", who=CONSUMER, out=ReviewOut, summary="My review")
def my_review(request: Request, order: OrderId) -> ReviewOut:
    """One's review of one's own order."""
    orders.order(order_id=order, person_id=request.actor.person_id)
    view = queries.review_of(order_id=order)
    if view is None:
        raise NotFound("review.unknown", N_("You have not reviewed this order."))
    return ReviewOut.of(view)


@endpoint(router, "GET", "/stores/{store}/reviews", who=ANYBODY, out=StoreReviews, summary="Reviews of a store")
def reviews(
    request: Request, store: StoreId, stars: Star | None = None, cursor: str | None = None, limit: Annotated[int, Field(ge=1, le=50)] = 20
) -> StoreReviews:
    """What people think of a store, newest first, and in numbers."""
    page = queries.reviews(store_id=store, stars=stars, cursor=cursor, limit=limit)
    summary = SummaryOut.of(queries.summary(store_id=store))
    return StoreReviews(items=[ReviewOut.of(view) for view in page.items], next_cursor=page.next_cursor, summary=summary)
