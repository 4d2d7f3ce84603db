"""Writing reviews and answering them, keeping favourites and letting them go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from linli.apps.catalog import queries as catalog
from linli.apps.community import queries
from linli.apps.community.events import FavouriteKept, ReviewAnswered, ReviewWritten
from linli.apps.community.models import Favourite, Review
from linli.apps.community.queries import ASPECTS, ReviewView
from linli.apps.merchants import operations as merchants
from linli.apps.merchants import queries as stores
from linli.apps.orders import queries as orders
from linli.apps.orders.queries import OrderView
from linli.kernel.actors import Actor
from linli.kernel.errors import N_, Conflict, Forbidden, Gone, Invalid, NotFound
from linli.kernel.ids import new_id
from linli.platform import outbox, policies
from linli.policy import promises

LONGEST_TEXT = 1000
LONGEST_REPLY = 500
MOST_PHOTOS = 9
MOST_KEPT = 500


@transaction.atomic
def review(
    *, order_id: int, person_id: int, stars: int, aspects: Mapping[str, int] | None = None, text: str = "", photos: Sequence[str] = (),
    at: datetime,
) -> ReviewView:  # fmt: skip
    """Say what one thinks of an order one has had; it counts towards the store's rating.

    Raises NotFound for somebody else's order, Conflict "review.state" before it was had or "review.twice", Gone "review.late", Invalid.
    """
    order = orders.order(order_id=order_id, person_id=person_id)
    judged = dict(aspects or {})
    _may_review(order, stars, judged, text, photos, at)
    row = Review(
        id=new_id(at), order_id=order.id, person_id=person_id, store_id=order.store_id, stars=stars, text=text.strip(),
        photos=list(photos), dishes=[line.title for line in order.items], created_at=at, **judged,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Conflict("review.twice", N_("You have already reviewed this order.")) from None
    merchants.record_rating(store_id=order.store_id, stars=stars, at=at)
    told = ReviewWritten(review_id=row.id, order_id=order.id, person_id=person_id, store_id=order.store_id, stars=stars)
    outbox.tell(told, at=at)
    return _shown(order.id)


def _shown(order_id: int) -> ReviewView:
    found = queries.review_of(order_id=order_id)
    if found is None:
        raise NotFound("review.unknown", N_("There is no such review."))
    return found


def _may_review(order: OrderView, stars: int, aspects: Mapping[str, int], text: str, photos: Sequence[str], at: datetime) -> None:
    if "review" not in order.permits:
        raise Conflict("review.state", N_("You can review an order once you have had it."))
    within = timedelta(days=policies.whole(promises.REVIEW_WITHIN_D, order.city_id))
    if order.delivered_at is not None and at > order.delivered_at + within:
        raise Gone("review.late", N_("Reviews are possible for %(days)s days after delivery."), days=within.days)
    given = [stars, *aspects.values()]
    if set(aspects) - set(ASPECTS) or any(not 1 <= number <= 5 for number in given):
        raise Invalid("rating.stars", N_("A rating is one to five stars."), field="stars")
    if len(text.strip()) > LONGEST_TEXT:
        raise Invalid("review.long", N_("A review has at most %(most)s characters."), most=LONGEST_TEXT, field="text")
    if len(photos) > MOST_PHOTOS:
        raise Invalid("review.photos", N_("At most %(most)s pictures."), most=MOST_PHOTOS, field="photos")


@transaction.atomic
def reply(*, review_id: int, actor: Actor, text: str, at: datetime) -> None:
    """The store answers a review, or changes its answer. Raises NotFound for another store's, Forbidden, Invalid for empty or long text."""
    if actor.role not in {"merchant", "operator"}:
        raise Forbidden("state.forbidden", N_("This is for somebody else to do."))
    row = Review.objects.select_for_update().filter(pk=review_id).first()
    if row is None or (actor.role == "merchant" and row.store_id != actor.scope_id):
        raise NotFound("review.unknown", N_("There is no such review."))
    if not 1 <= len(text.strip()) <= LONGEST_REPLY:
        raise Invalid("review.reply", N_("An answer has between 1 and %(most)s characters."), most=LONGEST_REPLY, field="text")
    row.reply, row.replied_at = text.strip(), at
    row.save(update_fields=["reply", "replied_at"])
    told = ReviewAnswered(review_id=row.id, order_id=row.order_id, person_id=row.person_id, store_id=row.store_id)
    outbox.tell(told, at=at)


@transaction.atomic
def keep(*, person_id: int, store_id: int, offer_id: int = 0, at: datetime) -> None:
    """Keep a store, or one of its offers, as a favourite; what is kept already stays as it is and is not told again.

    Raises NotFound for a store or an offer that there is not, Conflict "favourite.many".
    """
    if stores.store(store_id=store_id).active is False:
        raise stores.unknown()
    if offer_id and catalog.offer(offer_id=offer_id).store_id != store_id:
        raise NotFound("offer.unknown", N_("There is no such offer."))
    if Favourite.objects.filter(person_id=person_id).count() >= MOST_KEPT:
        raise Conflict("favourite.many", N_("You keep %(most)s already. Let some go first."), most=MOST_KEPT)
    row = Favourite(id=new_id(at), person_id=person_id, store_id=store_id, offer_id=offer_id, kept_at=at)
    Favourite.objects.bulk_create([row], ignore_conflicts=True)
    if Favourite.objects.filter(id=row.id).exists():
        outbox.tell(FavouriteKept(favourite_id=row.id, person_id=person_id, store_id=store_id, offer_id=offer_id), at=at)


def drop(*, person_id: int, store_id: int, offer_id: int = 0) -> None:
    """It is no favourite any more; nor if it never was."""
    Favourite.objects.filter(person_id=person_id, store_id=store_id, offer_id=offer_id).delete()


def drop_all(*, person_id: int) -> None:
    """The person keeps nothing any more."""
    Favourite.objects.filter(person_id=person_id).delete()
