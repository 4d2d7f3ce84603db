"""Waiting for a table: take a number, see how long, hear when it is one's turn."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linli.apps.dining import operations, queries
from linli.apps.dining.queries import Estimate, WaitingView
from linli.apps.merchants import queries as merchants
from linli.fronts.web.consumer import forms
from linli.fronts.web.consumer.pages import page, part, said, wants_part
from linli.fronts.web.identity import Request, signed_in
from linli.kernel.errors import N_, NotFound, Problem
from linli.platform import ids, push


def _estimate(view: WaitingView, request: Request) -> Estimate | None:
    return queries.estimate(store_id=view.store_id, size=view.size, ahead=view.ahead, at=request.at)


@signed_in
@never_cache
@require_GET
def line(request: Request, name: str) -> HttpResponse:
    """The line of a store; whoever stands in it goes to their place."""
    return _line(request, ids.unseal("st", name))


def _line(request: Request, store_id: int, problem: Problem | None = None) -> HttpResponse:
    store = merchants.store(store_id=store_id)
    if not queries.has_tables(store_id=store_id):
        raise NotFound("line.none", N_("One does not wait for a table here."))
    if mine := queries.waiting_of(store_id=store_id, person_id=request.actor.person_id):
        return HttpResponseRedirect(f"/waiting/{ids.seal('wa', mine.id)}")
    waits = []
    for people in (2, 4, 6):
        try:
            found = queries.estimate(store_id=store_id, people=people, at=request.at)
        except Problem:
            continue
        waits.append((people, found))
    context = {"store": store, "waits": waits, "count": queries.next_up(store_id=store_id), **said(problem)}
    return page(request, "line.html", context, status=problem.status if problem else 200)


@signed_in
@require_POST
def take(request: Request, name: str) -> HttpResponse:
    """Take a number."""
    store_id = ids.unseal("st", name)
    try:
        place = operations.enqueue(
            store_id=store_id, people=forms.whole(request.POST, "people", 2), person_id=request.actor.person_id, at=request.at
        )
    except Problem as problem:
        return _line(request, store_id, problem)
    return HttpResponseRedirect(f"/waiting/{ids.seal('wa', place)}")


@signed_in
@never_cache
@require_GET
def place(request: Request, waiting: str) -> HttpResponse:
    """One's place in the line; by htmx only the part that changes."""
    view = queries.waiting(waiting_id=ids.unseal("wa", waiting), person_id=request.actor.person_id)
    context = {
        "place": view, "wa": waiting, "estimate": _estimate(view, request) if view.state == "queued" else None,
        "store": merchants.store(store_id=view.store_id),
    }  # fmt: skip
    if wants_part(request):
        return part(request, "parts/waiting.html", context)
    open_ = view.state in {"queued", "called"}
    return page(request, "waiting.html", {**context, "live": push.topic_token(f"line:{view.store_id}") if open_ else ""})


@signed_in
@require_POST
def leave(request: Request, waiting: str) -> HttpResponse:
    """Give the place up."""
    operations.leave(waiting_id=ids.unseal("wa", waiting), actor=request.actor, at=request.at)
    return HttpResponseRedirect(f"/waiting/{waiting}")
