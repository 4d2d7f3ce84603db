"""People and roles: who may do what, given and taken with a trace."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse

from linli.apps.accounts import operations, queries
from linli.apps.accounts.queries import PersonView, RoleView, mask_phone
from linli.apps.merchants import queries as merchants
from linli.fronts.web.identity import Request
from linli.fronts.web.operator.frame import back, show
from linli.kernel.errors import N_, Conflict, Invalid, NotFound, Problem
from linli.platform import audit
from linli.platform.ids import seal, unseal

ROLES = ("operator", "support", "merchant", "courier")


@dataclass(frozen=True, slots=True)
class Held:
    """A role somebody holds, with the store it is for."""

    role: RoleView
    store: str
    sealed: str


def page(request: Request, problem: Problem | None = None) -> HttpResponse:
    """The platform's own staff, and a person found by phone."""
    phone = request.GET.get("phone", "").strip()
    found, trouble = None, problem
    try:
        found = queries.person_by_phone(phone=phone) if phone else None
    except Problem as wrong:
        trouble = wrong
    staff = {role: list(queries.people(ids=queries.staff(role=role)).values()) for role in ("operator", "support")}
    rows = [(role, [(seal("pe", person.id), person, mask_phone(person.phone)) for person in people]) for role, people in staff.items()]
    context = {"staff": rows, "phone": phone, "found": found, "sealed": seal("pe", found.id) if found else ""}
    return show(request, "operator/people.html", "people", problem=trouble, **context)


def detail(request: Request, person: str, problem: Problem | None = None) -> HttpResponse:
    """One person's roles, and what was done about them."""
    known = queries.person(person_id=unseal("pe", person))
    trail = audit.entries(subject=f"pe:{known.id}", limit=20).items
    context = {"person": known, "phone": mask_phone(known.phone), "held": _held(known), "roles": ROLES, "trail": trail, "self": person}
    return show(request, "operator/person.html", "people", problem=problem, **context)


def _held(person: PersonView) -> list[Held]:
    roles = queries.roles(person_id=person.id)
    stores = {store.id: store.name for store in merchants.staff_stores(store_ids=[role.scope_id for role in roles if role.scope_id])}
    return [Held(role, stores.get(role.scope_id, ""), seal("st", role.scope_id) if role.scope_id else "") for role in roles]


def grant(request: Request, person: str) -> HttpResponse:
    """Give a role."""
    try:
        role, scope_id = _wanted(request)
        operations.grant_role(person_id=unseal("pe", person), role=role, scope_id=scope_id, by=request.actor, at=request.at)
    except Problem as problem:
        return detail(request, person, problem)
    return back(f"/operator/people/{person}", "grant")


def _wanted(request: Request) -> tuple[str, int]:
    role, store = request.POST.get("role", ""), request.POST.get("store", "").strip()
    if role not in ROLES:
        raise Invalid("role.unknown", N_("Choose one of the roles."), field="role")
    if role != "merchant":
        return role, 0
    if not store:
        raise Invalid("role.store", N_("Say for which store: its address ends with it (st-…)."), field="store")
    scope_id = unseal("st", store.rsplit("/", 1)[-1])
    merchants.store(store_id=scope_id)
    return role, scope_id


def revoke(request: Request, person: str) -> HttpResponse:
    """Take a role away. Nobody takes the operator's role from themselves, so that there is always somebody left."""
    person_id = unseal("pe", person)
    role, store = request.POST.get("role", ""), request.POST.get("store", "")
    try:
        if role == "operator" and person_id == request.actor.person_id:
            raise Conflict("role.own", N_("Another operator has to take this role from you."))
        operations.revoke_role(
            person_id=person_id, role=role, scope_id=unseal("st", store) if store else 0, by=request.actor, at=request.at,
            reason=request.POST.get("reason", "").strip(),
        )  # fmt: skip
    except NotFound:
        raise
    except Problem as problem:
        return detail(request, person, problem)
    return back(f"/operator/people/{person}", "revoke")
