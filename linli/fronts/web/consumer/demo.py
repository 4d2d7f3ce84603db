"""In a demo city one tap makes you anybody, to see the same order from every side. Not there elsewhere."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from linli.apps.accounts import operations, queries
from linli.fronts.web import identity
from linli.fronts.web.consumer import here
from linli.fronts.web.identity import Request
from linli.kernel.actors import Actor, RoleKind
from linli.kernel.errors import N_, NotFound
from linli.platform import audit

ROOMS = {
    "consumer": "/",
    "merchant": "/merchant/",
    "courier": "/courier/",
    "driver": "/courier/",
    "operator": "/operator/",
    "support": "/support/",
}
ROLES = {"driver": "courier"}  # where the role is not called like the persona
KNOWN = {
    "consumer": "13800000001",
    "merchant": "13800000002",
    "courier": "13800000003",
    "driver": "13800000006",
    "operator": "13800000004",
    "support": "13800000005",
}


def _person(persona: str, request: Request) -> int:
    """The demo's own person of that kind, else anybody in the role. Raises NotFound when the city has nobody."""
    known = queries.person_by_phone(phone=KNOWN[persona])
    if known is not None:
        return known.id
    if persona == "consumer":
        return operations.ensure_person(phone=KNOWN[persona], name="林小满", at=request.at).id
    found = queries.staff(role=ROLES.get(persona, persona))
    if not found:
        raise NotFound("demo.nobody", N_("The demo has nobody in this role yet."))
    return found[0]


@require_POST
def become(request: Request, persona: str = "") -> HttpResponse:
    """Sign in as somebody in that role and go to their room."""
    persona = persona or request.POST.get("persona", "")
    if not settings.DEMO or persona not in ROOMS:
        raise NotFound("demo.off", N_("There is nothing at this address."))
    response = HttpResponseRedirect(ROOMS[persona])
    person_id = _person(persona, request)
    identity.remember(request, response, person_id=person_id, at=request.at)
    # The simulated crowd reads this and leaves the persona's work to the visitor.
    audit.record(
        actor=Actor(cast(RoleKind, ROLES.get(persona, persona)), person_id), action="demo.become", subject=f"pe:{person_id}", at=request.at
    )
    response.delete_cookie(here.COOKIE)  # the next person is somewhere else
    return response
