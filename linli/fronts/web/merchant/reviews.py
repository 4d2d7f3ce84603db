"""What guests wrote, and the store's answer."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from linli.apps.community import operations, queries
from linli.fronts.web.merchant.frame import Room, done, page, room
from linli.platform import ids

ASPECTS = {"taste": _("Taste"), "pack": _("Packing"), "delivery": _("Delivery")}


@require_GET
@room
def reviews(request: Room) -> HttpResponse:
    """Reviews, newest first, with what they come to."""
    shown, cursor = request.GET.get("show", ""), request.GET.get("cursor") or None
    found = queries.reviews(
        store_id=request.store.id,
        unanswered=shown == "open",
        stars=int(shown) if shown in {"1", "2", "3", "4", "5"} else None,
        cursor=cursor,
    )
    summary = queries.summary(store_id=request.store.id)
    most = max(summary.by_stars) or 1
    stars = [(star, count, round(100 * count / most)) for star, count in zip(range(5, 0, -1), reversed(summary.by_stars), strict=True)]
    aspects = [(label, summary.aspects[name]) for name, label in ASPECTS.items() if summary.aspects.get(name)]
    lines = [(review, [(ASPECTS.get(name, name), value) for name, value in review.aspects.items()]) for review in found.items]
    return page(
        request, "reviews", "reviews", lines=lines, next_cursor=found.next_cursor, summary=summary, stars=stars, aspects=aspects, show=shown
    )


@require_POST
@room
def reply(request: Room, review: str) -> HttpResponse:
    """Answer a review."""
    operations.reply(review_id=ids.unseal("rv", review), actor=request.actor, text=request.POST.get("text", ""), at=request.at)
    return done(request, "replied", "reviews")
