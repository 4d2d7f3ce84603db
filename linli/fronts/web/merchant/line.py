"""The line of those who wait: enter, call, seat, pass over, put back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from linli.apps.dining import operations, queries
from linli.fronts.web.merchant.dining import SIZES
from linli.fronts.web.merchant.frame import Room, by_htmx, done, frame, number, page, room
from linli.fronts.web.problems import words
from linli.kernel.errors import Problem
from linli.platform import ids, push


@require_GET
@room
def line(request: Room) -> HttpResponse:
    """The line; by htmx only what changes."""
    if by_htmx(request):
        return render(request, "merchant/waiting.html", {**frame(request), **_line(request)})
    return _page(request)


def _page(request: Room, problem: Problem | None = None) -> HttpResponse:
    live = push.topic_token(f"store:{request.store.id}")
    said = {"problem": words(problem)} if problem else {}
    return page(request, "line", "line", live=live, status=problem.status if problem else 200, **_line(request), **said)


def _line(request: Room) -> dict[str, Any]:
    found = queries.line(store_id=request.store.id)
    free = queries.spare_tables(store_id=request.store.id, at=request.at)
    waits = {
        one.id: queries.estimate(store_id=request.store.id, size=one.size, ahead=one.ahead, at=request.at)
        for one in found[:20] if one.state == "queued"
    }  # fmt: skip
    called = [one for one in found if one.state == "called"]
    sizes = [
        (size, label, [(one, waits.get(one.id)) for one in found if one.size == size and one.state == "queued"]) for size, label in SIZES
    ]
    passed = [one for one in found if one.state == "passed"]
    return {"called": called, "sizes": [row for row in sizes if row[2]], "passed": passed, "free": free, "count": len(found)}


@require_POST
@room
def enter(request: Room) -> HttpResponse:
    """A number for somebody at the door."""
    try:
        operations.enqueue(
            store_id=request.store.id,
            people=number(request.POST.get("people", ""), 0) or 0,
            name=request.POST.get("name", ""),
            at=request.at,
        )
    except Problem as problem:
        return _page(request, problem)
    return done(request, "added", "line")


def _act(act: Callable[[Room, int], str | None]) -> Callable[..., HttpResponseBase]:
    def view(request: Room, waiting: str) -> HttpResponse:
        found = queries.waiting(waiting_id=ids.unseal("wa", waiting), store_id=request.store.id)
        try:
            where = act(request, found.id)
        except Problem as problem:
            return _page(request, problem)
        return HttpResponseRedirect(f"/merchant/{request.sealed}/{where}") if where else done(request, "done", "line")

    return require_POST(room(view))


def _table(request: Room) -> int | None:
    name = request.POST.get("table", "")
    return ids.unseal("tb", name) if name else None


@_act
def call(request: Room, waiting_id: int) -> str | None:
    """Their table is ready; one that is named is kept for them."""
    operations.call(waiting_id=waiting_id, table_id=_table(request), actor=request.actor, at=request.at)
    return None


@_act
def seat(request: Room, waiting_id: int) -> str | None:
    """They sit down: at the table that is kept, or at the one that is named."""
    kept = queries.waiting(waiting_id=waiting_id).table_id
    visit = operations.seat_party(waiting_id=waiting_id, table_id=_table(request) or kept or 0, actor=request.actor, at=request.at)
    return f"visits/{ids.seal('vi', visit)}"


@_act
def skip(request: Room, waiting_id: int) -> str | None:
    """They did not come."""
    operations.pass_by(waiting_id=waiting_id, actor=request.actor, at=request.at)
    return None


@_act
def back(request: Room, waiting_id: int) -> str | None:
    """They have come after all."""
    operations.put_back(waiting_id=waiting_id, actor=request.actor, at=request.at)
    return None


@_act
def gone(request: Room, waiting_id: int) -> str | None:
    """They do not wait any more."""
    operations.leave(waiting_id=waiting_id, actor=request.actor, at=request.at)
    return None
