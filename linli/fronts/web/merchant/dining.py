"""The floor plan and what is done at a table: seat, send, move, put together, part, take the money, close; and the printed codes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.apps.dining import operations, queries
from linli.apps.dining.operations import ABOUT_NOW
from linli.apps.dining.queries import Spot, VisitView
from linli.fronts.web.merchant.frame import Room, by_htmx, done, frame, number, page, room, wrong
from linli.fronts.web.problems import words
from linli.kernel.errors import Conflict, Problem
from linli.platform import ids, push

SIZES = (
    ("small", _("Small table")),
    ("medium", _("Medium table")),
    ("large", _("Large table")),
    ("room", _("Private room")),
)
STATES = {
    "free": _("Empty table"), "kept": _("Kept"), "seated": _("Seated"), "ordered": _("Ordered"), "bill": _("Wants to pay"),
    "paid": _("Paid"),
}  # fmt: skip
COURSES = ((1, _("Starters")), (2, _("Mains")), (3, _("Desserts")))
COLUMNS = 12  # of the plan that is drawn


@require_GET
@room
def floor(request: Room) -> HttpResponse:
    """The floor plan; by htmx only the plan."""
    if by_htmx(request):
        return render(request, "merchant/plan.html", {**frame(request), **_plan(request)})
    return floor_page(request)


def floor_page(request: Room, problem: Problem | None = None) -> HttpResponse:
    """The floor plan, and what stood in the way of what was just tried there."""
    live, said = push.topic_token(f"store:{request.store.id}"), {"problem": words(problem)} if problem else {}
    return page(request, "floor", "floor", status=problem.status if problem else 200, live=live, **_plan(request), **said)


def _plan(request: Room) -> dict[str, Any]:
    spots = queries.floor(store_id=request.store.id)
    rows = max([spot.table.y for spot in spots], default=0) + 1
    at = {(spot.table.x, spot.table.y): spot for spot in spots}
    wide = max([spot.table.x for spot in spots], default=0) + 1
    plan = [[at.get((x, y)) for x in range(wide)] for y in range(rows)] if len(at) == len(spots) else _flow(spots)
    counts = {state: sum(spot.state == state for spot in spots) for state in STATES}
    coming = queries.coming(store_id=request.store.id, at=request.at)
    due = {table.id: one for one in coming if one.due for table in one.tables}
    free = [spot.table for spot in spots if spot.state == "free"]
    return {
        "plan": plan, "spots": spots, "states": STATES, "counts": counts, "line": queries.next_up(store_id=request.store.id),
        "coming": [(one, one.here or one.starts_at < request.at + ABOUT_NOW) for one in coming], "due": due, "free": free,
    }  # fmt: skip


def _flow(spots: list[Spot]) -> list[list[Spot | None]]:
    """In lines, where two tables stand at one place."""
    return [list(spots[n : n + COLUMNS]) for n in range(0, len(spots), COLUMNS)]


def _typed(request: Room) -> dict[str, Any]:
    """The table that somebody typed. Raises Invalid."""
    post = request.POST
    return {
        "name": post.get("name", ""), "seats": number(post.get("seats", ""), 0) or 0, "size": post.get("size", ""),
        "area": post.get("area", ""), "x": number(post.get("x", ""), 1) or 0, "y": number(post.get("y", ""), 1) or 0,
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@room
def table(request: Room, table: str) -> HttpResponse:
    """One table, or a new one: what it is called, how large it is, where it stands. Columns and rows count from 1 here."""
    table_id = None if table == "new" else ids.unseal("tb", table)
    found = queries.table(table_id=table_id, store_id=request.store.id) if table_id is not None else None
    problem: Problem | None = None
    if request.method == "POST":
        try:
            typed = _typed(request)
            typed |= {"x": typed["x"] - 1, "y": typed["y"] - 1}
            operations.save_table(store_id=request.store.id, table_id=table_id, actor=request.actor, at=request.at, **typed)
            return done(request, "saved", "floor")
        except Problem as refused:
            problem = refused
    values = request.POST.dict() if problem else {}
    if found is not None and not values:
        values = {name: getattr(found, name) for name in ("name", "seats", "size", "area")} | {"x": found.x + 1, "y": found.y + 1}
    return page(
        request, "table", "floor", table=found, typed=values or {"seats": 4, "size": "medium", "x": 1, "y": 1}, sizes=SIZES,
        status=problem.status if problem else 200, **(wrong(problem) if problem else {}),
    )  # fmt: skip


@require_POST
@room
def remove(request: Room, table: str) -> HttpResponse:
    """Take a table off the plan."""
    operations.remove_table(store_id=request.store.id, table_id=ids.unseal("tb", table), actor=request.actor, at=request.at)
    return done(request, "removed", "floor")


@require_POST
@room
def renew(request: Room, table: str) -> HttpResponse:
    """Give a table a new code."""
    operations.renew_code(store_id=request.store.id, table_id=ids.unseal("tb", table), actor=request.actor, at=request.at)
    return HttpResponseRedirect(f"/merchant/{request.sealed}/floor/codes?table={table}")


@require_GET
@room
def codes(request: Room) -> HttpResponse:
    """The codes of the tables (or of one) to print and to stand on them."""
    found = queries.tables(store_id=request.store.id)
    if name := request.GET.get("table", ""):
        found = [one for one in found if one.id == ids.unseal("tb", name)]
    at = request.at.replace(hour=0, minute=0, second=0, microsecond=0)
    sheets = [(one, queries.qr_text(one, at, settings.BASE_URL)) for one in found]
    return render(request, "merchant/codes.html", {**frame(request), "sheets": sheets})


@require_POST
@room
def seat(request: Room, table: str) -> HttpResponse:
    """Somebody sits down without scanning."""
    try:
        visit = operations.seat(
            store_id=request.store.id, table_id=ids.unseal("tb", table), people=number(request.POST.get("people", ""), 0) or 0,
            at=request.at,
        )  # fmt: skip
    except Conflict as problem:
        return floor_page(request, problem)
    return HttpResponseRedirect(f"/merchant/{request.sealed}/visits/{ids.seal('vi', visit)}")


@require_POST
@room
def seat_reservation(request: Room, order: str) -> HttpResponse:
    """Lead who has reserved to the tables that were planned for them, or to another one."""
    name = request.POST.get("table", "")
    try:
        return led(request, ids.unseal("or", order), [ids.unseal("tb", name)] if name else [])
    except Problem as problem:
        return floor_page(request, problem)


def led(request: Room, order_id: int, table_ids: list[int]) -> HttpResponse:
    """Seat a reservation and go to its table. Raises as the operation."""
    visit = operations.seat_reservation(
        store_id=request.store.id, order_id=order_id, table_ids=table_ids, actor=request.actor, at=request.at
    )
    return HttpResponseRedirect(f"/merchant/{request.sealed}/visits/{ids.seal('vi', visit)}")


def _visit(request: Room, name: str) -> VisitView:
    return queries.visit(visit_id=ids.unseal("vi", name), store_id=request.store.id, at=request.at)


@require_GET
@room
def visit(request: Room, visit: str) -> HttpResponseBase:
    """A party: what it has, what it owes, and what can be done."""
    return _page(request, visit)


def _page(request: Room, name: str, problem: Problem | None = None) -> HttpResponse:
    view = _visit(request, name)
    if view.joined_id is not None:
        return HttpResponseRedirect(f"/merchant/{request.sealed}/visits/{ids.seal('vi', view.joined_id)}")
    spots = queries.floor(store_id=request.store.id)
    others = {spot.visit_id: spot for spot in spots if spot.visit_id not in {None, view.id}}
    said = {"problem": words(problem)} if problem else {}
    return page(
        request, "visit", "floor", visit=view, vi=name, free=queries.spare_tables(store_id=request.store.id, at=request.at),
        others=[(key, _names(spots, key)) for key in others], names=view.names, courses=COURSES,
        live=push.topic_token(f"store:{request.store.id}"), status=problem.status if problem else 200, **said,
    )  # fmt: skip


def _names(spots: list[Spot], visit_id: int | None) -> str:
    return "+".join(spot.table.name for spot in spots if spot.visit_id == visit_id)


def _act(act: Callable[[Room, int], str]) -> Callable[..., HttpResponseBase]:
    """A view that does something with a party of the store; refused, its page says why. `act` says where to go (empty: to the party)."""

    def view(request: Room, visit: str) -> HttpResponse:
        found = _visit(request, visit)
        try:
            where = act(request, found.id)
        except Problem as problem:
            return _page(request, visit, problem)
        return done(request, "done", where or f"visits/{visit}")

    return require_POST(room(view))


def _how(request: Room) -> dict[str, Any]:
    return {"store_id": request.store.id, "actor": request.actor, "at": request.at}


def _table(request: Room) -> int:
    return ids.unseal("tb", request.POST.get("table", ""))


@_act
def send(request: Room, visit_id: int) -> str:
    """Send a course, or everything that was picked, to the kitchen."""
    course = number(request.POST.get("course", "")) or None
    operations.send(visit_id=visit_id, actor=request.actor, course=course, at=request.at)
    return ""


@_act
def move(request: Room, visit_id: int) -> str:
    """To another table."""
    operations.move(visit_id=visit_id, table_id=_table(request), **_how(request))
    return ""


@_act
def more(request: Room, visit_id: int) -> str:
    """One more table."""
    operations.add_table(visit_id=visit_id, table_id=_table(request), **_how(request))
    return ""


@_act
def less(request: Room, visit_id: int) -> str:
    """One table less."""
    operations.free_table(visit_id=visit_id, table_id=_table(request), **_how(request))
    return ""


@_act
def join(request: Room, visit_id: int) -> str:
    """Put together with another party."""
    into = ids.unseal("vi", request.POST.get("into", ""))
    operations.join(visit_id=visit_id, into=into, **_how(request))
    return f"visits/{ids.seal('vi', into)}"


@_act
def part(request: Room, visit_id: int) -> str:
    """Some go to another table."""
    going = [ids.unseal("pe", name) for name in request.POST.getlist("guest")]
    fresh = operations.split_off(visit_id=visit_id, person_ids=going, table_id=_table(request), **_how(request))
    return f"visits/{ids.seal('vi', fresh)}"


@_act
def counter(request: Room, visit_id: int) -> str:
    """The money was taken at the counter."""
    share = request.POST.get("share", "")
    operations.pay_at_counter(
        visit_id=visit_id, actor=request.actor, share_id=ids.unseal("sh", share) if share else None, key=request.POST.get("key", "")[:40],
        at=request.at,
    )  # fmt: skip
    return ""


@_act
def split(request: Room, visit_id: int) -> str:
    """Split the bill evenly, or undo that."""
    if request.POST.get("undo"):
        operations.undo_split(visit_id=visit_id, actor=request.actor, at=request.at)
    else:
        operations.split_evenly(visit_id=visit_id, actor=request.actor, ways=number(request.POST.get("ways", ""), 2) or 2, at=request.at)
    return ""


@_act
def waive(request: Room, visit_id: int) -> str:
    """What is owed is not asked for any more."""
    operations.forgive(visit_id=visit_id, actor=request.actor, reason=request.POST.get("reason", ""), at=request.at)
    return ""


@_act
def close(request: Room, visit_id: int) -> str:
    """They have gone."""
    operations.close(visit_id=visit_id, actor=request.actor, at=request.at)
    return "floor"
