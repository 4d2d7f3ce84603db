"""Nonsense of the right shape, sent to every route by whom it admits: never a 500, and a problem document where it refuses."""

from __future__ import annotations

import json
import random
import re

import pytest

from linli.apps.accounts import operations as accounts
from linli.fronts.api.v1 import description
from linli.kernel.actors import SYSTEM
from linli.platform import ids
from tests import world
from tests.fronts.api.conftest import Api
from tests.fronts.api.test_doors import ADMITTED

TEXTS = ("", "\x00", "a\x00b", "𝕏" * 500, "\ud800", "%s%(x)s{}", "<script>alert(1)</script>", "'; DROP TABLE orders; --", "１２３")
INTEGERS = (0, -1, 1, 2**31, 2**63, 2**64, 10**30)
NUMBERS = (0.0, -1e308, 1e308, 91.0)
ROUNDS = 2
DOCUMENT = description()
ROUTES = [(method.upper(), path, operation) for path, methods in DOCUMENT["paths"].items() for method, operation in methods.items()]


def nasty(schema, rng, depth=0):
    """A value that fits `schema` more or less."""
    if "$ref" in schema:
        schema = DOCUMENT["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    if "anyOf" in schema:
        return nasty(rng.choice(schema["anyOf"]), rng, depth)
    if "const" in schema or "enum" in schema:
        return schema.get("const") or rng.choice(schema["enum"])
    kind = schema.get("type")
    if kind == "object":
        return {name: nasty(part, rng, depth + 1) for name, part in schema.get("properties", {}).items()}
    if kind == "array":
        return [nasty(schema["items"], rng, depth + 1) for _ in range(rng.choice((0, 1, 3)))]
    if kind == "integer":
        return rng.choice((*INTEGERS, schema.get("maximum", 5), schema.get("minimum", 1)))
    if kind == "number":
        return rng.choice((*NUMBERS, schema.get("maximum", 5)))
    if kind == "boolean":
        return rng.random() < 0.5
    if kind == "null":
        return None
    return text(schema, rng)


def text(schema, rng):
    if schema.get("pattern", "").startswith("^"):  # an identifier
        return ids.seal(schema["pattern"][1:3], rng.choice((0, 1, 987, 2**62)))
    if schema.get("format") == "date-time":
        return rng.choice(("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-03-02T04:00:00Z", "soon"))
    value = rng.choice(TEXTS)[: schema.get("maxLength", 500)]
    return value or "x" * schema.get("minLength", 0)


def address(path, operation, rng, store):
    """The path filled in, and a query of nonsense."""
    fill = {"store": ids.seal("st", store)}
    for one in operation["parameters"]:
        if one["in"] == "path":
            fill.setdefault(one["name"], as_url(nasty(one["schema"], rng)).replace("/", "") or "x")
    query = [(one["name"], nasty(one["schema"], rng)) for one in operation["parameters"] if one["in"] == "query"]
    return re.sub(r"{(\w+)}", lambda found: fill[found[1]], path.removeprefix("/api/v1")), query


@pytest.mark.parametrize(("method", "path", "operation"), ROUTES, ids=lambda part: part if isinstance(part, str) else "")
def test_nonsense_is_refused_in_words(method, path, operation, people, now, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    rng = random.Random(f"{method} {path}")
    role = sorted(ADMITTED[operation["x-who"]] - {"nobody"})[0]
    store = world.noodles(world.beijing())
    accounts.grant_role(person_id=people["merchant"].id, role="merchant", scope_id=store, by=SYSTEM, at=world.MONDAY_NOON)
    client = Api().as_(people[role])
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    for _ in range(ROUNDS):
        where, query = address(path, operation, rng, store)
        response = client.client.generic(
            method, f"/api/v1{where}", *payload(nasty(body, rng) if body else None),
            query_params={name: as_url(value) for name, value in query},
            headers=client.headers | {"idempotency-key": "nonsense-1"},
        )  # fmt: skip
        assert response.status_code < 500, response.content
        if response.status_code >= 400:
            assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("body", ["[]", "null", '"x"', "1", "{", "", "{}", '{"phone": {}}', '{"phone": [[[[]]]]}', "\ud800"])
def test_bodies_of_another_shape(api, body):
    data = body.encode(errors="surrogatepass")
    response = api.client.generic("POST", "/api/v1/auth/code", data, "application/json")
    assert response.status_code in {400, 422}
    assert response["Content-Type"] == "application/problem+json"


def as_url(value):
    """The value as an address can carry it: half a surrogate pair cannot be."""
    return "" if value is None else str(value).encode(errors="replace").decode()


def payload(value):
    return (b"", "application/json") if value is None else (json.dumps(value), "application/json")
