"""Complaints about the store's own orders: read, answer, give money back."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from linli.apps.care import operations, queries
from linli.apps.orders import queries as orders
from linli.fronts.web.merchant.frame import Room, done, page, room
from linli.fronts.web.photos import shown
from linli.kernel.money import parse
from linli.platform import ids

KINDS = {
    "late": _("Came late"),
    "missing": _("Something is missing"),
    "wrong": _("The wrong thing came"),
    "quality": _("Not good"),
    "courier": _("About the courier"),
    "lost": _("Left in a car"),
    "safety": _("Safety"),
    "other": _("Something else"),
}
STATES = {
    "open": (_("New"), "bad"),
    "answered": (_("Answered"), "info"),
    "escalated": (_("With support"), "warn"),
    "resolved": (_("Refunded"), "good"),
    "declined": (_("Not granted"), ""),
    "withdrawn": (_("Withdrawn"), ""),
}


@require_GET
@room
def complaints(request: Room) -> HttpResponse:
    """Complaints, newest first; those that are open, or all."""
    everything = request.GET.get("show") == "all"
    found = queries.for_store(store_id=request.store.id, open_only=not everything, cursor=request.GET.get("cursor") or None, limit=30)
    lines = [(case, KINDS.get(case.kind, case.kind), *STATES.get(case.state, (case.state, ""))) for case in found.items]
    return page(request, "complaints", "complaints", lines=lines, next_cursor=found.next_cursor, everything=everything)


@require_GET
@room
def complaint(request: Room, case: str) -> HttpResponse:
    """One complaint with its order and what was said."""
    view = queries.case(case_id=ids.unseal("cs", case), store_id=request.store.id)
    order = orders.order(order_id=view.order_id, store_id=request.store.id)
    pieces = [(line, view.lines[line.id]) for line in order.items if line.id in view.lines]
    word, tone = STATES.get(view.state, (view.state, ""))
    return page(
        request, "complaint", "complaints", case=view, order=order, pieces=pieces, kind=KINDS.get(view.kind, view.kind), word=word,
        tone=tone, may=view.actions("merchant"), left=order.total - order.refunded,
    )  # fmt: skip


@require_GET
@room
def photo(request: Room, case: str, number: int) -> HttpResponse:
    """A photo that the guest sent along."""
    return shown(queries.case(case_id=ids.unseal("cs", case), store_id=request.store.id).photos, number)


@require_POST
@room
def answer(request: Room, case: str) -> HttpResponse:
    """Say something to the guest."""
    operations.answer(case_id=_own(request, case), actor=request.actor, text=request.POST.get("text", ""), at=request.at)
    return done(request, "replied", f"complaints/{case}")


@require_POST
@room
def grant(request: Room, case: str) -> HttpResponse:
    """Give money back, with a word about it."""
    refund = parse(request.POST.get("refund", ""))
    case_id = _own(request, case)
    operations.decide(case_id=case_id, actor=request.actor, refund=refund, text=request.POST.get("text", ""), at=request.at)
    return done(request, "granted", f"complaints/{case}")


def _own(request: Room, sealed: str) -> int:
    return queries.case(case_id=ids.unseal("cs", sealed), store_id=request.store.id).id
