"""What other rooms tell, written down in the same vocabulary.

It is read from the outbox in batches rather than reacted to, so that an order costs nothing more for it. On PostgreSQL a later event may
be seen before an earlier one, so the last minutes are left for the next turn; a mark keeps what is read twice from counting twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from linli.apps.accounts import queries as accounts
from linli.apps.community.events import FavouriteKept, ReviewWritten
from linli.apps.discovery import operations as discovery
from linli.apps.fulfilment.events import PassUsed
from linli.apps.insight.models import Heard
from linli.apps.insight.rows import write
from linli.apps.insight.vocabulary import Deed
from linli.apps.merchants import queries as merchants
from linli.apps.orders import queries as orders
from linli.apps.orders.events import OrderDelivered, OrderPaid
from linli.kernel.events import Event, kind
from linli.platform import outbox

_KINDS = (OrderPaid, OrderDelivered, ReviewWritten, FavouriteKept, PassUsed)
_IN_STORE = frozenset({"pickup", "dine_in", "table", "appointment", "stay"})  # modes in which one is there; codes tell it themselves
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
    events = [(one, kind(one.name).from_json(one.data)) for one in told]
    people = _people([event for _, event in events])
    known = accounts.consenting(ids=set(people.values()))
    count = sum(_note(event, one, people, known, at) for one, event in events)
    Heard.objects.filter(pk=place.pk).update(event_id=told[-1].id)
    return count


def _people(events: Sequence[Event]) -> dict[str, int]:
    """Whose the orders are whose codes were used; three statements where there are such."""
    used = {event.ref: int(event.ref.partition(":")[2] or 0) for event in events if isinstance(event, PassUsed)}
    owners = orders.orders(ids=used.values()) if used else {}
    of = {ref: owners[number].person_id for ref, number in used.items() if number in owners}
    return of | {
        str(event.person_id): event.person_id for event in events if not isinstance(event, PassUsed) and hasattr(event, "person_id")
    }


def _note(event: Event, told: outbox.Told, people: Mapping[str, int], known: frozenset[int], at: datetime) -> int:
    deed = _deed(event, told)
    if deed is None:
        return 0
    whose = people.get(event.ref, 0) if isinstance(event, PassUsed) else int(getattr(event, "person_id", 0))
    person_id = whose if whose in known else 0
    city_id = int(getattr(event, "city_id", 0)) or _city([deed.store_id])
    write(city_id, person_id, [deed], at)
    if person_id and deed.kind in {"order", "in_store_purchase"}:
        discovery.took(person_id=person_id, city_id=city_id, store_ids=[deed.store_id], at=at)
    if person_id and deed.kind == "favourite":
        discovery.saw(person_id=person_id, city_id=city_id, store_ids=[deed.store_id], at=at)
    return 1


def _deed(event: Event, told: outbox.Told) -> Deed | None:
    at = told.at
    if isinstance(event, OrderPaid):
        return Deed(kind="order", key=f"order:{event.order_id}", at=at, store_id=event.store_id, amount=event.total)
    if isinstance(event, OrderDelivered) and event.mode in _IN_STORE:
        return Deed(kind="in_store_purchase", key=f"order:{event.order_id}", at=at, store_id=event.store_id)
    if isinstance(event, PassUsed):  # each use is a visit
        return Deed(kind="in_store_purchase", key=f"pass-used:{told.id}", at=at, store_id=event.store_id)
    if isinstance(event, ReviewWritten):
        return Deed(kind="review", key=f"review:{event.review_id}", at=at, store_id=event.store_id, place=event.stars)
    if isinstance(event, FavouriteKept):
        return Deed(kind="favourite", key=f"favourite:{event.favourite_id}", at=at, store_id=event.store_id, offer_id=event.offer_id)
    return None


def _city(store_ids: Sequence[int]) -> int:
    found = merchants.staff_stores(store_ids=store_ids)
    return found[0].city_id if found else 0
