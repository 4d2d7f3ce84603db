"""What other rooms tell, written down in the same vocabulary.

It is read from the outbox in batches rather than reacted to, so that an order costs nothing more for it. On PostgreSQL a later event may
be seen before an earlier one, so the last minutes are left for the next turn; a mark keeps what is read twice from counting twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from linli.apps.accounts import queries as accounts
from linli.apps.community.events import FavouriteKept, ReviewWritten
from linli.apps.discovery import operations as discovery
from linli.apps.insight.models import Heard
from linli.apps.insight.rows import write
from linli.apps.insight.vocabulary import Deed
from linli.apps.merchants import queries as merchants
from linli.apps.orders.events import OrderDelivered, OrderPaid
from linli.kernel.events import Event, kind
from linli.platform import outbox

_KINDS = (OrderPaid, OrderDelivered, ReviewWritten, FavouriteKept)
_SETTLED = timedelta(minutes=2)
_AT_ONCE = 2_000


def listen(*, at: datetime) -> int:
    """Write down what was told since the last turn; returns how many deeds that were."""
    total = 0
    while (count := _turn(at)) is not None:
        total += count
    return total


@transaction.atomic
def _turn(at: datetime) -> int | None:
    place, _ = Heard.objects.select_for_update().get_or_create(name="deeds")
    names = [event.NAME for event in _KINDS]
    told = [one for one in outbox.after(place.event_id, _AT_ONCE, names=names) if one.at <= at - _SETTLED]
    if not told:
        return None
    known = accounts.consenting(ids={int(one.data["person_id"]) for one in told})
    count = sum(_note(kind(one.name).from_json(one.data), one.at, known, at) for one in told)
    Heard.objects.filter(pk=place.pk).update(event_id=told[-1].id)
    return count


def _note(event: Event, happened: datetime, known: frozenset[int], at: datetime) -> int:
    deed = _deed(event, happened)
    if deed is None or not isinstance(event, OrderPaid | OrderDelivered | ReviewWritten | FavouriteKept):
        return 0
    person_id = event.person_id if event.person_id in known else 0
    city_id = _city([event.store_id]) if isinstance(event, ReviewWritten | FavouriteKept) else event.city_id
    write(city_id, person_id, [deed], at)
    if person_id and deed.kind == "order":
        discovery.took(person_id=person_id, city_id=city_id, store_ids=[event.store_id], at=at)
    if person_id and deed.kind == "favourite":
        discovery.saw(person_id=person_id, city_id=city_id, store_ids=[event.store_id], at=at)
    return 1


def _deed(event: Event, at: datetime) -> Deed | None:
    if isinstance(event, OrderPaid):
        return Deed(kind="order", key=f"order:{event.order_id}", at=at, store_id=event.store_id, amount=event.total)
    if isinstance(event, OrderDelivered) and event.mode != "delivery":  # bought where it is made
        return Deed(kind="in_store_purchase", key=f"order:{event.order_id}", at=at, store_id=event.store_id)
    if isinstance(event, ReviewWritten):
        return Deed(kind="review", key=f"review:{event.review_id}", at=at, store_id=event.store_id, place=event.stars)
    if isinstance(event, FavouriteKept):
        return Deed(kind="favourite", key=f"favourite:{event.favourite_id}", at=at, store_id=event.store_id, offer_id=event.offer_id)
    return None


def _city(store_ids: Sequence[int]) -> int:
    found = merchants.staff_stores(store_ids=store_ids)
    return found[0].city_id if found else 0
