"""The till: a code is typed or scanned, shown for what it is, and used; and what was used today."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from linli.apps.accounts import queries as accounts
from linli.apps.fulfilment import operations, queries
from linli.apps.fulfilment.queries import PassUseView, PassView
from linli.apps.insight import operations as insight
from linli.fronts.web.merchant.frame import Room, done, number, page, room, wrong
from linli.fronts.web.merchant.today import day_of
from linli.fronts.web.problems import words
from linli.kernel.errors import Problem
from linli.kernel.money import parse

SHOWN = 200  # uses of a day that are listed


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@room
def till(request: Room) -> HttpResponse:
    """A POST says what a code is or, with `use`, uses it: once for each time that the button was shown."""
    if request.method != "POST":
        return _page(request)
    code = request.POST.get("code", "")
    try:
        if request.POST.get("use"):
            count = number(request.POST.get("count", ""), 1) or 0
            operations.redeem(
                store_id=request.store.id, code=code, count=count, key=request.POST.get("key", ""), actor=request.actor, at=request.at
            )  # fmt: skip
            return done(request, "used", "till")
        found = operations.look_up(store_id=request.store.id, code=code, actor=request.actor, at=request.at)
    except Problem as problem:
        return _page(request, status=problem.status, code=code, **_again(request, code), **wrong(problem))
    return _page(request, code=code, **_shown(found, request))


@require_POST
@room
def member(request: Room) -> HttpResponse:
    """Note what a member bought here."""
    try:
        insight.note_purchase(
            store_id=request.store.id, member=request.POST.get("member", ""), amount=parse(request.POST.get("amount", "")),
            key=request.POST.get("key", ""), actor=request.actor, at=request.at,
        )  # fmt: skip
    except Problem as problem:
        return _page(request, status=problem.status, member=request.POST.get("member", ""), member_problem=words(problem))
    return done(request, "noted", "till")


def _again(request: Room, code: str) -> dict[str, Any]:
    """What the code is, after it could not be used; nothing where it is not the store's."""
    if not request.POST.get("use"):
        return {}
    try:
        return _shown(operations.look_up(store_id=request.store.id, code=code, actor=request.actor, at=request.at), request)
    except Problem:
        return {}


def _shown(found: PassView, request: Room) -> dict[str, Any]:
    problem = queries.refusal(found, request.at)
    return {"found": found, "why_not": words(problem) if problem else "", "uses": _named(queries.uses_of(pass_id=found.id)),
            "counts": range(1, found.left + 1), "key": uuid4().hex}  # fmt: skip


def _named(uses: list[PassUseView]) -> list[tuple[PassUseView, str]]:
    """Each use with the name of whoever noted it."""
    who = {use.by: int(use.by.partition(":")[2] or 0) for use in uses}
    people = accounts.people(ids=set(who.values()))
    return [(use, people[who[use.by]].name if who[use.by] in people else "") for use in uses]


def _page(request: Room, status: int = 200, **context: Any) -> HttpResponse:
    start, _ = day_of(request.at, request.store.zone)
    uses = queries.pass_uses(store_id=request.store.id, since=start, limit=SHOWN)
    total = sum(use.count for use in uses)
    return page(request, "till", "till", status=status, today=_named(uses), total=total, member_key=uuid4().hex, **context)
