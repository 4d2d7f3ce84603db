"""Every route against every role. The table is made from the routes, so an endpoint that does not say who may fails here."""

from __future__ import annotations

import re

import pytest

from linli.fronts.api import door, forms
from linli.fronts.api.v1 import api as v1
from linli.platform import ids
from tests.fronts.api.conftest import STORE, Api

RULES = {rule.name: rule for rule in vars(door).values() if isinstance(rule, door.Rule)}
ROLES = ("nobody", "consumer", "merchant", "other merchant", "courier", "support", "operator")
KINDS = {"address": "ad", "order": "or", "line": "li", "intent": "in", "job": "jb", "case": "cs", "message": "ms", "offer": "of",
         "option": "op", "section": "se", "city": "ci", "courier": "co", "person": "pe", "review": "rv", "coupon": "cp",
         "checkout": "ck", "booking": "bk"}  # fmt: skip
ADMITTED = {
    "anybody": set(ROLES),
    "consumer": set(ROLES) - {"nobody"},
    "merchant": {"merchant"},
    "courier": {"courier"},
    "operator": {"operator"},
    "support": {"support", "operator"},
}


def routes():
    """Method, path and operation of everything that the API answers."""
    for bound in v1._get_bound_routers():
        for path, view in bound.path_operations.items():
            for operation in view.operations:
                for method in operation.methods:
                    yield method, "/".join(part for part in (bound.prefix.rstrip("/"), path.lstrip("/")) if part), operation


ROUTES = [(method, "/" + path.lstrip("/"), operation) for method, path, operation in routes()]


def filled(path: str) -> str:
    """The path with identifiers of things that do not exist, and the store that `merchant` works for."""
    fill = {name: ids.seal(kind, 987_654_321) for name, kind in KINDS.items()} | {"store": ids.seal("st", STORE)}
    return re.sub(r"{(\w+)}", lambda found: fill.get(found[1], "something"), path)


def documents(kind):
    """Every class of documents that goes in or out."""
    for child in kind.__subclasses__():
        yield child
        yield from documents(child)


def test_no_two_documents_share_a_name():
    """In the description they would be one, and one of them described wrongly."""
    ours = {child for kind in (forms.In, forms.Out) for child in documents(kind) if child.__module__.startswith("linli.fronts.api")}
    names = [child.__name__ for child in ours]
    assert sorted(name for name in set(names) if names.count(name) > 1) == []


def test_there_are_routes():
    assert len(ROUTES) > 5


@pytest.mark.parametrize(("method", "path", "operation"), ROUTES, ids=lambda part: part if isinstance(part, str) else "")
def test_every_route_says_who_may_and_what_it_is(method, path, operation):
    rule = (operation.openapi_extra or {}).get("x-who")
    assert rule in RULES
    assert operation.summary
    assert operation.view_func.__doc__
    guard = [callback.rule.name for callback in operation.auth_callbacks]
    assert guard == ([] if rule == "anybody" else [rule])
    if rule == "merchant":
        assert "{store}" in path


@pytest.mark.parametrize(("method", "path", "operation"), ROUTES, ids=lambda part: part if isinstance(part, str) else "")
def test_every_route_lets_in_whom_it_says_and_nobody_else(method, path, operation, people, now):
    admitted = ADMITTED[operation.openapi_extra["x-who"]]
    for role in ROLES:
        client = Api() if role == "nobody" else Api().as_(people[role])
        status = client.send(method, filled(path)).status_code
        if role in admitted:
            assert status not in {401, 403, 405, 500}, (role, status)
        else:
            assert status == (401 if role == "nobody" else 403), (role, status)
