"""Writing a choice that dishes ask for, such as size or extras, with its options."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from linli.apps.catalog import operations, queries
from linli.apps.catalog.operations import OptionDraft
from linli.apps.catalog.queries import GroupView
from linli.fronts.web.merchant.frame import Room, done, number, page, room, wrong
from linli.kernel.errors import N_, NotFound, Problem
from linli.kernel.money import Money, parse
from linli.platform import ids

SPARE = 4  # empty lines for new options
MOST = 40


@require_http_methods(["GET", "HEAD", "POST"])
@room
def choice(request: Room, group: str = "") -> HttpResponse:
    """The form of a choice (a new one without `group`), and what it saves."""
    view = _own(request, ids.unseal("gr", group)) if group else None
    if request.method != "POST":
        return _form(request, view, _typed(view))
    typed = _read(request)
    try:
        operations.save_group(
            store_id=request.store.id, group_id=view.id if view else None, name=typed["name"], name_en=typed["name_en"],
            least=number(typed["least"], 0) or 0, most=number(typed["most"], 1) or 0, options=_drafts(typed["lines"]),
            actor=request.actor, at=request.at,
        )  # fmt: skip
    except Problem as problem:
        return _form(request, view, typed, problem)
    return done(request, "saved", "menu")


def _own(request: Room, group_id: int) -> GroupView:
    for view in queries.groups(store_id=request.store.id):
        if view.id == group_id:
            return view
    raise NotFound("group.unknown", N_("There is no such choice."))


def _form(request: Room, view: GroupView | None, typed: dict[str, Any], problem: Problem | None = None) -> HttpResponse:
    filled = [line for line in typed["lines"] if any(line.values())]
    typed = {**typed, "lines": [*filled, *({} for _ in range(SPARE))]}
    status, more = (problem.status, wrong(problem)) if problem else (200, {})
    return page(request, "choice", "menu", group=view, typed=typed, status=status, **more)


def _typed(view: GroupView | None) -> dict[str, Any]:
    if view is None:
        return {"least": 0, "most": 1, "lines": []}
    lines = [
        {"id": ids.seal("op", option.id), "name": option.name, "name_en": option.name_en, "price": Money(option.price).number,
         "most": option.most}
        for option in view.options
    ]  # fmt: skip
    return {"name": view.name, "name_en": view.name_en, "least": view.least, "most": view.most, "lines": lines}


def _read(request: Room) -> dict[str, Any]:
    """What was typed; options come as parallel lists, one entry a line."""
    post = request.POST
    columns = {name: post.getlist(f"option_{name}")[:MOST] for name in ("id", "name", "name_en", "price", "most")}
    size = max((len(column) for column in columns.values()), default=0)
    lines = [{name: column[place] if place < len(column) else "" for name, column in columns.items()} for place in range(size)]
    return {
        "name": post.get("name", ""), "name_en": post.get("name_en", ""), "least": post.get("least", ""), "most": post.get("most", ""),
        "lines": [line for line in lines if line["name"].strip()],
    }  # fmt: skip


def _drafts(lines: list[dict[str, str]]) -> list[OptionDraft]:
    return [
        OptionDraft(
            id=ids.unseal("op", line["id"]) if line["id"] else None, name=line["name"], name_en=line["name_en"],
            price=parse(line["price"]) if line["price"].strip() else 0, most=number(line["most"], 1) or 0,
        )
        for line in lines
    ]  # fmt: skip
