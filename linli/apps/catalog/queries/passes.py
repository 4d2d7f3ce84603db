"""Vouchers and tickets: what they are worth and when one can go in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime

from linli.apps.catalog.kinds import OfferTerms
from linli.apps.catalog.kinds.ticket import TicketView, days, slots
from linli.apps.catalog.kinds.voucher import VoucherView, until
from linli.apps.catalog.models import Offer
from linli.apps.catalog.queries.pricing import terms
from linli.kernel.errors import N_, NotFound
from linli.platform import reads

__all__ = [
    "TicketView",
    "VoucherView",
    "stores_selling",
    "ticket_days",
    "ticket_slots",
    "timed_terms",
    "timed_terms_of",
    "voucher_until",
]


def timed_terms(*, store_id: int, kinds: tuple[str, ...] = ("voucher", "ticket")) -> list[OfferTerms]:
    """The offers of these kinds that the store has on its menu, with their own terms, in the order of the menu. Two statements."""
    return timed_terms_of(store_ids=[store_id], kinds=kinds).get(store_id, [])


def timed_terms_of(*, store_ids: Collection[int], kinds: tuple[str, ...]) -> dict[int, list[OfferTerms]]:
    """The same of several stores, by store; those that have none are not in it. Two statements."""
    rows = Offer.objects.filter(store_id__in=list(store_ids), removed_at=None, kind__in=kinds).order_by("sort", "id")
    ids = list(rows.values_list("id", flat=True))
    found = reads.one(terms(offer_ids=ids)) if ids else {}
    by_store: dict[int, list[OfferTerms]] = defaultdict(list)
    for key in ids:
        if key in found:
            by_store[found[key].store_id].append(found[key])
    return dict(by_store)


def stores_selling(*, kinds: tuple[str, ...] = ("voucher", "ticket")) -> list[int]:
    """The stores that have any of these on sale, in the order of their ids. One statement."""
    rows = Offer.objects.filter(removed_at=None, on_sale=True, kind__in=kinds).order_by("store_id")
    return list(rows.values_list("store_id", flat=True).distinct())


def voucher_until(*, offer: OfferTerms, at: datetime) -> datetime:
    """Until when a voucher bought at `at` can be used. Raises NotFound for what is not a voucher."""
    if not isinstance(offer.own, VoucherView):
        raise NotFound("offer.unknown", N_("There is no such offer."))
    return until(offer.own, at)


def ticket_days(*, offer: OfferTerms, at: datetime) -> list[date]:
    """The days for which the ticket is sold. Raises NotFound for what is not a ticket."""
    return days(_ticket(offer), at)


def ticket_slots(*, offer: OfferTerms, day: date, at: datetime) -> list[tuple[datetime, datetime]]:
    """The entry slots of a day that are not over, in UTC; none for a day on which it is not sold."""
    view = _ticket(offer)
    return [slot for slot in slots(view, day) if slot[1] > at] if day in days(view, at) else []


def _ticket(offer: OfferTerms) -> TicketView:
    if not isinstance(offer.own, TicketView):
        raise NotFound("offer.unknown", N_("There is no such offer."))
    return offer.own
