"""The person: profile, language, care mode, coupons, balance, messages."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.apps.accounts import operations as accounts_operations
from linli.apps.accounts import queries as accounts
from linli.apps.fulfilment import queries as street
from linli.apps.notices import operations as notices_operations
from linli.apps.notices import queries as notices
from linli.apps.payments import operations as payment_operations
from linli.apps.payments import queries as payments
from linli.apps.promotions import operations as promotions_operations
from linli.apps.promotions import queries as promotions
from linli.fronts.web.consumer.here import YEAR_S, here
from linli.fronts.web.consumer.pages import page, part, said, wants_part
from linli.fronts.web.identity import Request, signed_in
from linli.kernel import money
from linli.kernel.errors import Conflict, Invalid, Problem
from linli.platform import ids

TOP_UPS = (5_000, 10_000, 20_000, 50_000)
LONGEST_KEY = 36


@require_GET
def me(request: Request) -> HttpResponse:
    """Everything that is the person's, or how to begin."""
    if request.identity is None:
        return page(request, "welcome.html", tab="me")
    person_id = request.identity.person_id
    context = {
        "person": accounts.person(person_id=person_id),
        "roles": accounts.roles(person_id=person_id),
        "balance": payments.balance(person_id=person_id),
        "passes": street.usable_count(person_id=person_id),
        "coupons": len(promotions.coupons(person_id=person_id, at=request.at)),
    }
    return page(request, "me.html", context, tab="me")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: Request) -> HttpResponse:
    """Name, language and care mode."""
    person = accounts.person(person_id=request.actor.person_id)
    if request.method != "POST":
        return page(request, "profile.html", {"person": person, "name": person.name, "languages": settings.LANGUAGES}, tab="me")
    name, locale, care = request.POST.get("name", ""), request.POST.get("locale", ""), request.POST.get("care") == "1"
    try:
        accounts_operations.set_profile(person_id=person.id, name=name, locale=locale, care_mode=care, at=request.at)
    except Problem as problem:
        context = {"person": person, "name": name, "languages": settings.LANGUAGES, **said(problem)}
        return page(request, "profile.html", context, tab="me", status=problem.status)
    response = HttpResponseRedirect("/me")
    _remember(response, locale, care)
    return response


@require_POST
def care(request: Request) -> HttpResponse:
    """Larger type and more contrast, on or off, for this browser and for the person."""
    wanted = request.POST.get("care") == "1"
    if request.identity is not None:
        accounts_operations.set_profile(person_id=request.identity.person_id, care_mode=wanted, at=request.at)
    response = HttpResponseRedirect("/me")
    _remember(response, "", wanted)
    return response


def _remember(response: HttpResponse, locale: str, care_mode: bool) -> None:
    if locale in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, locale, max_age=YEAR_S, samesite="Lax", secure=settings.PRODUCTION)
    response.set_cookie("care", "1" if care_mode else "0", max_age=YEAR_S, samesite="Lax", secure=settings.PRODUCTION)


@signed_in
@require_GET
def coupons(request: Request) -> HttpResponse:
    """Coupons to use, and those to take."""
    spot, person_id = here(request), request.actor.person_id
    mine = promotions.coupons(person_id=person_id, at=request.at)
    free = promotions.claimable(person_id=person_id, city_id=spot.city.id, at=request.at)
    return page(request, "coupons.html", {"here": spot, "coupons": mine, "free": free}, tab="me")


@signed_in
@require_POST
def claim(request: Request, name: str) -> HttpResponse:
    """Take a coupon that is there for everybody."""
    promotions_operations.claim(campaign_id=ids.unseal("ca", name), person_id=request.actor.person_id, at=request.at)
    return HttpResponseRedirect("/me/coupons")


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def balance(request: Request) -> HttpResponse:
    """What is on the balance, every movement of it, and putting more on it; a POST goes on to the cashier."""
    if request.method != "POST":
        return _balance_page(request)
    chosen, own = request.POST.get("amount", ""), request.POST.get("own", "").strip()
    key = request.POST.get("key", "")[:LONGEST_KEY]
    try:
        amount = money.parse(own or chosen)
        intent = payment_operations.top_up(person_id=request.actor.person_id, amount=amount, key=key, at=request.at)
    except (Conflict, Invalid) as problem:
        return _balance_page(request, problem)
    return HttpResponseRedirect(f"/pay/{ids.seal('in', intent.id)}")


def _balance_page(request: Request, problem: Problem | None = None) -> HttpResponse:
    person_id = request.actor.person_id
    entries = payments.statement(kind="balance", owner=person_id, cursor=request.GET.get("cursor") or None)
    context = {
        "balance": payments.balance(person_id=person_id),
        "entries": entries.items,
        "next_cursor": entries.next_cursor,
        "amounts": TOP_UPS,
        "own": request.POST.get("own", ""),
        "key": uuid4().hex,
        **said(problem),
    }
    return page(request, "balance.html", context, tab="me", status=problem.status if problem else 200)


@signed_in
@require_GET
def messages(request: Request) -> HttpResponse:
    """The inbox; what is shown counts as read afterwards."""
    person_id = request.actor.person_id
    found = notices.inbox(person_id=person_id, cursor=request.GET.get("cursor") or None)
    context = {"messages": found.items, "next_cursor": found.next_cursor}
    if request.GET.get("cursor") and wants_part(request):
        return part(request, "parts/messages.html", context)
    response = page(request, "messages.html", context, tab="messages")
    notices_operations.read(person_id=person_id, message_ids=[message.id for message in found.items], at=request.at)
    return response
