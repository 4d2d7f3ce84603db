"""The policy editor: every number with its unit, bounds and reason, for a city or for all; each change says why and is audited."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.translation import gettext

from linli.apps.accounts import queries as accounts
from linli.apps.city.queries import CityView
from linli.fronts.web.identity import Request
from linli.fronts.web.operator.frame import back, city_of, show
from linli.kernel.errors import N_, NotFound, Problem
from linli.platform import audit, policies
from linli.platform.policies import PolicyView
from linli.policy import NUMBERS, Number, Value


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom a value is for: one city, or all of them (`city_id` 0)."""

    city_id: int
    code: str


def _scope(request: Request, city: CityView) -> Scope:
    wanted = request.POST.get("scope") or request.GET.get("scope", "all")
    return Scope(city.id, "city") if wanted == "city" else Scope(0, "all")


def page(request: Request) -> HttpResponse:
    """All numbers by group."""
    city = city_of(request)
    scope = _scope(request, city)
    views = [view for view in policies.all_values(scope.city_id) if _matches(view, request.GET.get("q", ""))]
    groups: dict[str, list[PolicyView]] = {}
    for view in views:
        groups.setdefault(view.number.group, []).append(view)
    return show(request, "operator/policies.html", "policies", city=city, scope=scope, groups=groups, text=request.GET.get("q", ""))


def _matches(view: PolicyView, text: str) -> bool:
    said = f"{view.number.name} {view.number.reason} {gettext(view.number.reason)}".lower()
    return all(word in said for word in text.lower().split())


def _number(name: str) -> Number:
    if name not in NUMBERS:
        raise NotFound("policy.unknown", N_("There is no such policy number."))
    return NUMBERS[name]


def detail(request: Request, name: str, problem: Problem | None = None) -> HttpResponse:
    """One number with its form and its history."""
    number, city = _number(name), city_of(request)
    scope = _scope(request, city)
    view = next(view for view in policies.all_values(scope.city_id) if view.number is number)
    trail = audit.entries(subject=f"policy:{name}@{scope.city_id}", limit=20).items
    names = accounts.people(ids=[line.person_id for line in trail])
    lines = [(line, names[line.person_id].name if line.person_id in names else "") for line in trail]
    return show(
        request, "operator/policy.html", "policies", problem=problem, city=city, scope=scope, view=view, lines=lines,
        typed=request.POST.get("value", str(view.value)), reason=request.POST.get("reason", ""), truth=isinstance(number.default, bool),
    )  # fmt: skip


def change(request: Request, name: str) -> HttpResponse:
    """Set the number, or take the city's own value away."""
    number, scope = _number(name), _scope(request, city_of(request))
    value: Value | str | None = None if "reset" in request.POST else request.POST.get("value", "")
    reason = request.POST.get("reason", "")
    try:
        policies.change(number_name=number.name, city_id=scope.city_id, value=value, actor=request.actor, at=request.at, reason=reason)
    except Problem as problem:
        return detail(request, name, problem)
    response = back(f"/operator/policies/{name}", "policy")
    response["Location"] += f"&scope={scope.code}"
    return response
