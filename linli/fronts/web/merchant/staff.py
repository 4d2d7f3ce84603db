"""Who runs the store: people are added by their phone number and taken off again."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from linli.apps.accounts import operations, queries
from linli.fronts.web.merchant.frame import Room, done, page, room, wrong
from linli.kernel.errors import N_, Conflict, NotFound, Problem
from linli.platform import ids


@require_http_methods(["GET", "HEAD", "POST"])
@room
def staff(request: Room) -> HttpResponse:
    """The people of the store, and one more when the form is sent."""
    if request.method != "POST":
        return _page(request, {})
    try:
        person = operations.ensure_person(phone=request.POST.get("phone", ""), name=request.POST.get("name", "").strip(), at=request.at)
        operations.grant_role(person_id=person.id, role="merchant", scope_id=request.store.id, by=request.actor, at=request.at)
    except Problem as problem:
        return _page(request, request.POST.dict(), problem)
    return done(request, "added", "staff")


@require_POST
@room
def leave(request: Room, person: str) -> HttpResponse:
    """Take somebody off; their pages close with the next request. Somebody must stay."""
    person_id, team = ids.unseal("pe", person), queries.staff(role="merchant", scope_id=request.store.id)
    if person_id not in team:
        raise NotFound("person.unknown", N_("There is no such person in this store."))
    if len(team) == 1:
        raise Conflict("staff.last", N_("Somebody must run the store. Add another person first."))
    operations.revoke_role(person_id=person_id, role="merchant", scope_id=request.store.id, by=request.actor, at=request.at)
    return done(request, "removed", "staff")


def _page(request: Room, typed: dict[str, Any], problem: Problem | None = None) -> HttpResponse:
    found = queries.people(ids=queries.staff(role="merchant", scope_id=request.store.id))
    team = [(ids.seal("pe", person.id), person, queries.mask_phone(person.phone)) for person in found.values()]
    status, more = (problem.status, wrong(problem)) if problem else (200, {})
    return page(request, "staff", "staff", team=team, me=request.actor.person_id, typed=typed, status=status, **more)
