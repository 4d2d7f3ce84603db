"""Who may: every endpoint says it, here and nowhere else, and an endpoint that does not say it cannot be written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, Literal, TypeVar, cast

import pydantic_core
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from ninja import Router
from ninja.security.base import AuthBase
from pydantic import TypeAdapter

from linli.apps.accounts import queries as accounts
from linli.fronts.api import pace
from linli.fronts.web.identity import Request
from linli.kernel.actors import Actor, RoleKind
from linli.kernel.errors import N_, Forbidden, Unauthenticated
from linli.platform import ids

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
View = TypeVar("View", bound=Callable[..., Any])
_FAULTS = {"$ref": "#/components/schemas/ProblemOut"}


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may: anybody, anybody signed in, or holders of one of `roles`; `scope` names the argument that holds the sealed store."""

    name: str
    words: str
    roles: tuple[RoleKind, ...] = ()
    scope: str = ""


ANYBODY = Rule("anybody", "Anybody.")
CONSUMER = Rule("consumer", "Anybody signed in; what it returns and changes is their own.")
MERCHANT = Rule("merchant", "Staff of the store in the address.", ("merchant",), "store")
COURIER = Rule("courier", "Couriers; what it returns and changes is their own.", ("courier",))
OPERATOR = Rule("operator", "Operators of the platform.", ("operator",))
SUPPORT = Rule("support", "Support staff and operators.", ("support", "operator"))


class Bearer(AuthBase):
    """A token of ours in `Authorization: Bearer …`; roles are read afresh on every request."""

    openapi_type = "http"
    openapi_scheme = "bearer"

    def __init__(self, rule: Rule) -> None:
        super().__init__()
        self.rule = rule

    def __call__(self, request: HttpRequest) -> Actor:
        """Sets `request.actor`. Raises Unauthenticated, Forbidden, TooMany, and NotFound for an address that names no store."""
        asked = cast(Request, request)
        asked.actor = _admit(asked, self.rule)
        pace.spend(asked.actor.person_id, asked.at)
        return asked.actor


def _admit(request: Request, rule: Rule) -> Actor:
    identity = request.identity
    if identity is None:
        raise Unauthenticated("sign_in.required", N_("Please sign in first."))
    if not rule.roles:
        return Actor("consumer", identity.person_id)
    scope_id = ids.unseal("st", str(request.resolver_match.kwargs[rule.scope])) if rule.scope and request.resolver_match else 0
    for role in rule.roles[:-1]:
        try:
            return accounts.actor(identity=identity, role=role, scope_id=scope_id, at=request.at)
        except Forbidden:
            continue
    return accounts.actor(identity=identity, role=rule.roles[-1], scope_id=scope_id, at=request.at)


def endpoint(
    router: Router, method: Method, path: str, *, who: Rule, out: Any, summary: str, status: int = 200, takes: str = ""
) -> Callable[[View], View]:
    """Make a function an endpoint that `who` may use and that answers `out` with `status`.

    The function's docstring is its description. `takes` is the media type of a body that is not JSON, which the function reads itself.
    """

    def register(view: View) -> View:
        extra: dict[str, Any] = {
            "x-who": who.name,
            "description": f"{view.__doc__ or ''}\n\n**Who may:** {who.words}",
            "responses": {"default": {"description": "A problem.", "content": {"application/problem+json": {"schema": _FAULTS}}}},
        }
        if takes:
            extra["requestBody"] = {"required": True, "content": {takes: {"schema": {"type": "string", "format": "binary"}}}}
        auth = None if who is ANYBODY else Bearer(who)
        router.api_operation([method], path, auth=auth, response={status: out}, summary=summary, openapi_extra=extra)(view)
        operation = next(one for one in router.path_operations[path].operations if one.view_func is view)
        operation.view_func = _spoken(view, out, status)
        return view

    return register


def _spoken(view: Callable[..., Any], out: Any, status: int) -> Callable[..., HttpResponse]:
    """The view with its document written at once, where the framework would check it again and copy it into plain values first."""
    write = TypeAdapter(out).dump_json

    @wraps(view)
    def speak(request: HttpRequest, **given: Any) -> HttpResponse:
        said = view(request, **given)
        if isinstance(said, HttpResponseBase):
            return cast(HttpResponse, said)
        return HttpResponse(write(said), status=status, content_type="application/json; charset=utf-8")

    return speak


def answer(document: Mapping[str, Any], status: int = 200) -> HttpResponse:
    """`document` as it is, for endpoints whose answers are made by hand; a test holds it against the `out` that the endpoint promises."""
    return HttpResponse(pydantic_core.to_json(document), status=status, content_type="application/json; charset=utf-8")


__all__ = ["ANYBODY", "CONSUMER", "COURIER", "MERCHANT", "OPERATOR", "SUPPORT", "Request", "Rule", "answer", "endpoint"]
