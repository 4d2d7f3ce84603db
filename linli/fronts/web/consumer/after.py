"""After the meal, or when something is wrong: reviewing, complaining, talking about a complaint."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.apps.care import operations as care_operations
from linli.apps.care import queries as care
from linli.apps.care.queries import CaseView
from linli.apps.community import operations as community_operations
from linli.apps.community import queries as community
from linli.apps.orders import queries as orders
from linli.apps.orders.queries import OrderView
from linli.apps.payments import queries as payments
from linli.fronts.web.consumer import forms, photos
from linli.fronts.web.consumer.pages import page, part, said, wants_part
from linli.fronts.web.consumer.words import CASE_KINDS, CASE_STATES, COMPLAINTS, HAPPENED, REVIEW_ASPECTS, RIDE_COMPLAINTS
from linli.fronts.web.identity import Request, signed_in
from linli.kernel.errors import Problem
from linli.platform import ids


def _mine(request: Request, name: str) -> OrderView:
    return orders.order(order_id=ids.unseal("or", name), person_id=request.actor.person_id)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: Request, name: str) -> HttpResponse:
    """Say how it was."""
    order = _mine(request, name)
    if request.method != "POST":
        return _review_page(request, order)
    try:
        stars = forms.whole(request.POST, "stars")
        aspects = {code: value for code, _ in REVIEW_ASPECTS if (value := forms.whole(request.POST, code))}
        text = request.POST.get("text", "")
        with photos.sent(request) as names:
            community_operations.review(
                order_id=order.id, person_id=request.actor.person_id, stars=stars, aspects=aspects, text=text, photos=names, at=request.at
            )
    except Problem as problem:
        return _review_page(request, order, problem)
    return HttpResponseRedirect(f"/orders/{name}")


def _review_page(request: Request, order: OrderView, problem: Problem | None = None) -> HttpResponse:
    done = community.review_of(order_id=order.id)
    aspects = [
        (code, gettext(word))
        for code, word in REVIEW_ASPECTS
        if code not in ("delivery", "pack") or (order.rules.courier if code == "delivery" else order.rules.packaging)
    ]
    context = {
        "order": order,
        "review": done,
        "aspects": aspects,
        "most_photos": photos.MOST,
        "text": request.POST.get("text", ""),
        **said(problem),
    }
    return page(request, "review.html", context, tab="orders", status=problem.status if problem else 200)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def complain(request: Request, name: str) -> HttpResponse:
    """Say what is wrong, with which dishes."""
    order = _mine(request, name)
    if request.method != "POST":
        return _complain_page(request, order)
    try:
        pieces = {line.id: qty for line in order.items if (qty := forms.whole(request.POST, f"line-{line.id}"))}
        with photos.sent(request) as names:
            case = care_operations.complain(
                order_id=order.id, person_id=request.actor.person_id, kind=request.POST.get("kind", ""),
                text=request.POST.get("text", ""), lines=pieces, photos=names, at=request.at,
            )  # fmt: skip
    except Problem as problem:
        return _complain_page(request, order, problem)
    return HttpResponseRedirect(f"/cases/{ids.seal('cs', case.id)}")


def _complain_page(request: Request, order: OrderView, problem: Problem | None = None) -> HttpResponse:
    called = RIDE_COMPLAINTS if order.rules.driver else COMPLAINTS
    kinds = [(code, gettext(word)) for code, word in called if code in order.rules.after_sales.about]
    posted = {"kind": request.POST.get("kind", ""), "text": request.POST.get("text", "")}
    pieces = {line.id: request.POST.get(f"line-{line.id}", "") for line in order.items}
    context = {"order": order, "kinds": kinds, "pieces": pieces, "most_photos": photos.MOST, **posted, **said(problem)}
    return page(request, "complain.html", context, tab="orders", status=problem.status if problem else 200)


def _case(request: Request, name: str) -> dict[str, Any]:
    case = care.case(case_id=ids.unseal("cs", name), person_id=request.actor.person_id)
    order = orders.order(order_id=case.order_id, person_id=request.actor.person_id)
    return {
        "case": case,
        "currency": order.currency,
        "kind": gettext(CASE_KINDS[case.kind]),
        "words": gettext(CASE_STATES[case.state]),
        "name": name,
        "what_happened": _what_happened(case),
        "back": bool(case.refund_amount) and all(refund.settled_at for refund in payments.refunds(ref=order.ref)),
        "method": order.method,
    }


def _what_happened(case: CaseView) -> str:
    """Who has done what about it, in a sentence."""
    if case.instant:
        return gettext("You are a regular and the amount is small, so it went back to you at once. Nobody had to decide.")
    by_store = case.decided_by.startswith("merchant:")
    if case.state == "resolved":
        return gettext("The store agrees and gives it back.") if by_store else gettext("Support looked at it and gives it back.")
    return gettext(HAPPENED[case.state])


@signed_in
@never_cache
@require_GET
def case(request: Request, name: str) -> HttpResponse:
    """A complaint with what was said."""
    context = _case(request, name)
    if wants_part(request):
        return part(request, "parts/case.html", context)
    return page(request, "case.html", context, tab="messages")


@signed_in
@require_POST
def say(request: Request, name: str) -> HttpResponse:
    """Add something, ask support to decide, or take the complaint back."""
    case_id, what = ids.unseal("cs", name), request.POST.get("what", "say")
    if what == "escalate":
        care_operations.escalate(case_id=case_id, actor=request.actor, text=request.POST.get("text", ""), at=request.at)
    elif what == "withdraw":
        care_operations.withdraw(case_id=case_id, person_id=request.actor.person_id, at=request.at)
    else:
        care_operations.answer(case_id=case_id, actor=request.actor, text=request.POST.get("text", ""), at=request.at)
    return HttpResponseRedirect(f"/cases/{name}")


@require_GET
def reviews(request: Request, name: str) -> HttpResponse:
    """What people say about a store."""
    store_id = ids.unseal("st", name)
    found = community.reviews(store_id=store_id, cursor=request.GET.get("cursor") or None)
    context = {"reviews": found.items, "next_cursor": found.next_cursor, "st": name, "summary": community.summary(store_id=store_id)}
    if wants_part(request):
        return part(request, "parts/reviews.html", context)
    return page(request, "reviews.html", context)
