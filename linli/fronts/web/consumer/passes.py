"""Vouchers and tickets: choosing one at a store, and one's own with their codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from linli.apps.catalog import queries as catalog
from linli.apps.catalog.queries import OfferTerms, OfferView, TicketView, VoucherView
from linli.apps.fulfilment import queries as street
from linli.apps.fulfilment.queries import PassView
from linli.apps.merchants import queries as merchants
from linli.apps.orders import operations, queries
from linli.apps.stock import queries as stock
from linli.fronts.web.consumer import forms
from linli.fronts.web.consumer.here import here
from linli.fronts.web.consumer.pages import page, part, said, wants_part
from linli.fronts.web.identity import Request, signed_in
from linli.kernel.errors import N_, NotFound, Problem
from linli.kernel.geo import metres
from linli.platform import ids

MODE = "voucher"
SOLD_AT_ONCE = 20  # what the list of quantities offers at most
DAYS = 21  # shown at once
MOST = 40  # places shown
KINDS = {"ticket": N_("Entry tickets"), "voucher": N_("Vouchers")}
PLACES = ("restaurant", "service", "sight", "hotel")  # kinds of stores that may sell them


@dataclass(frozen=True, slots=True)
class Sold:
    """A voucher or a ticket as it is sold: its offer, its terms (None: none yet), and how many are left (None: nobody counts)."""

    offer: OfferView
    own: VoucherView | TicketView | None
    left: int | None

    @property
    def available(self) -> bool:
        """Whether it can be bought."""
        return self.offer.on_sale and self.own is not None and self.left != 0


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry slot that can be chosen, and how many are left of it."""

    starts_at: datetime
    ends_at: datetime
    left: int | None


def sold(store_id: int, offers: Sequence[OfferView], at: datetime) -> list[Sold]:
    """Those of `offers` that are vouchers or tickets with terms. Four statements, none where there are none."""
    found = [offer for offer in offers if queries.FOR_KIND.get(offer.kind) == MODE]
    if not found:
        return []
    own = {terms.id: terms.own for terms in catalog.timed_terms(store_id=store_id)}
    counted = [offer.id for offer in found if isinstance(own.get(offer.id), VoucherView)]  # of tickets each slot has its own number
    left = stock.left(offer_ids=counted, at=at) if counted else {}
    return [Sold(offer, own[offer.id], left.get(offer.id)) for offer in found if own.get(offer.id) is not None]


def _terms(store_id: int, offer_id: int) -> OfferTerms:
    found = next((terms for terms in catalog.timed_terms(store_id=store_id) if terms.id == offer_id and terms.own is not None), None)
    if found is None:
        raise NotFound("offer.unknown", N_("There is no such offer."))
    return found


def _context(request: Request, data: Any, name: str, of: str) -> dict[str, Any]:
    store = merchants.store(store_id=ids.unseal("st", name))
    terms = _terms(store.id, ids.unseal("of", of))
    (found,) = sold(store.id, [catalog.offer(offer_id=terms.id)], request.at)
    days = catalog.ticket_days(offer=terms, at=request.at) if isinstance(terms.own, TicketView) else []
    day = _day(data, days)
    entries = _entries(terms, day, request.at) if day else []
    most = min(terms.own.most, SOLD_AT_ONCE, *([found.left] if found.left else []))
    return {
        "here": here(request), "store": store, "st": name, "of": of, "sold": found, "own": terms.own, "terms": terms, "day": day,
        "days": [(each, f"/stores/{name}/passes/{of}?{urlencode({'day': each.isoformat()})}", each == day) for each in days[:DAYS]],
        "entries": entries, "is_ticket": isinstance(terms.own, TicketView), "city": store, "numbers": range(1, most + 1),
        "until": catalog.voucher_until(offer=terms, at=request.at) if isinstance(terms.own, VoucherView) else None,
        "chosen": str(data.get("starts_at", "")), "qty": str(data.get("qty", "1")),
        "available": found.available and (not days or any(entry.left != 0 for entry in entries)) and (bool(days) or found.left != 0),
        **said(None),
    }  # fmt: skip


def _day(data: Any, days: Sequence[date]) -> date | None:
    typed = str(data.get("day", ""))
    return next((day for day in days if day.isoformat() == typed), days[0] if days else None)


def _entries(terms: OfferTerms, day: date, at: datetime) -> list[Entry]:
    slots = catalog.ticket_slots(offer=terms, day=day, at=at)
    left = stock.left_at(offer_id=terms.id, moments=[start for start, _ in slots])
    return [Entry(start, end, left[start]) for start, end in slots]


@require_GET
def nearby(request: Request) -> HttpResponse:
    """Entry tickets of sights and vouchers around, the nearest place first; of one kind if one is chosen. At most six statements."""
    place = here(request)
    kind = request.GET.get("kind", "")
    kinds = (kind,) if kind in KINDS else tuple(KINDS)
    selling = set(catalog.stores_selling(kinds=kinds))
    around = [store for store in merchants.all_stores(city_id=place.city.id, kinds=PLACES) if store.id in selling]
    around.sort(key=lambda store: metres(store.point, place.point))
    terms = catalog.timed_terms_of(store_ids=[store.id for store in around[:MOST]], kinds=kinds)
    found = [
        (store, metres(store.point, place.point), offers)
        for store in around[:MOST]
        if (offers := [each for each in terms.get(store.id, ()) if each.on_sale and each.own is not None])
    ]
    chips = [(code, gettext(word)) for code, word in KINDS.items()]
    return page(request, "passes_near.html", {"here": place, "found": found, "kind": kind, "kinds": chips}, tab="home")


@require_http_methods(["GET", "HEAD", "POST"])
def buy(request: Request, name: str, of: str) -> HttpResponseBase:
    """What it is, for when, how many; a POST puts it into the cart and, unless more is wanted, goes to the checkout."""
    if request.method == "POST":
        return _chosen(request, name=name, of=of)
    context = _context(request, request.GET, name, of)
    return part(request, "parts/pass_offer.html", context) if wants_part(request) else page(request, "pass_offer.html", context)


@signed_in
def _chosen(request: Request, name: str, of: str) -> HttpResponse:
    posted, person_id = request.POST, request.actor.person_id
    context = _context(request, posted, name, of)
    store_id, later = context["store"].id, posted.get("then") == "cart"
    try:
        qty, starts_at = forms.whole(posted, "qty", 1), forms.moment(posted, "starts_at")
        if not later:
            operations.clear_mode(person_id=person_id, store_id=store_id, mode=MODE, at=request.at)
        operations.add_line(
            person_id=person_id, store_id=store_id, offer_id=context["terms"].id, qty=qty, starts_at=starts_at, at=request.at
        )  # fmt: skip
    except Problem as problem:
        return page(request, "pass_offer.html", context | said(problem), status=problem.status)
    return HttpResponseRedirect(f"/cart/{name}" if later else f"/checkout/{name}?mode={MODE}")


@dataclass(frozen=True, slots=True)
class Mine:
    """A pass of one's own, and what is against using it just now."""

    pass_: PassView
    problem: Problem | None
    store: Any


def _mine(passes: Sequence[PassView], at: datetime) -> list[Mine]:
    stores = {brief.id: brief for brief in merchants.staff_stores(store_ids=sorted({each.store_id for each in passes}))}
    return [Mine(each, street.refusal(each, at) if each.state == "valid" else None, stores.get(each.store_id)) for each in passes]


def of_order(order: queries.OrderView, at: datetime) -> list[Mine]:
    """The codes of an order; none before it is paid, and none for an order that is no codes."""
    return _mine(street.passes(refs=[order.ref]), at) if order.rules.codes and order.paid_at else []


@signed_in
@never_cache
@require_GET
def mine(request: Request) -> HttpResponse:
    """One's own vouchers and tickets: those that can be used, or those that are over."""
    ended = request.GET.get("over") == "1"
    found = street.passes_of(
        person_id=request.actor.person_id, ended=ended, cursor=request.GET.get("cursor") or None, limit=12
    )  # fmt: skip
    context = {"mine": _mine(found.items, request.at), "next_cursor": found.next_cursor, "ended": ended}
    if request.GET.get("cursor") and wants_part(request):
        return part(request, "parts/passes_mine.html", context)
    return page(request, "passes.html", context, tab="me")


@signed_in
@never_cache
@require_GET
def one(request: Request, name: str) -> HttpResponse:
    """A pass with its code, to be shown at the till, its rules, and giving it back."""
    found = street.pass_of(pass_id=ids.unseal("ps", name), person_id=request.actor.person_id)
    order = queries.order(order_id=int(found.ref.partition(":")[2]), person_id=request.actor.person_id)
    line = next((line for line in order.items if line.offer_id == found.offer_id), None)
    (shown,) = _mine([found], request.at)
    can_cancel = "cancel" in order.actions("consumer")
    context = {
        "mine": shown, "pass": found, "order": order, "store": merchants.store(store_id=found.store_id), "can_cancel": can_cancel,
        "call_off": queries.call_off(order=order, at=request.at) if can_cancel else None, "line": line,
        "siblings": sum(each.left > 0 for each in street.passes(refs=[found.ref])),
    }  # fmt: skip
    if wants_part(request):
        return part(request, "parts/pass_code.html", context)
    return page(request, "pass.html", context, tab="me")
