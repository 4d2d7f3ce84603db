"""The API as its description says and against it: documents made from the schema by Schemathesis, sent by everybody and nobody.

Half of the identifiers are those of things that there are. Whatever is sent, nothing breaks: no answer is a 500, every refusal is a
problem document, every success is as described. Bodies that no schema describes follow below.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from linli.fronts.api.lane import LARGEST_BODY
from linli.serve import wsgi
from tests.fronts.api.attack import ROLES, Stranger, admitted, description, owned, sound
from tests.fronts.estate import Estate
from tests.town import World

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
MANY, FEW = 8, 1  # documents for whom an endpoint admits, and for whom it does not


@pytest.fixture
def estate(world: World, settings, tmp_path) -> Iterator[Estate]:
    settings.MEDIA_ROOT = tmp_path
    with owned(world) as made:
        yield made


def attack(operation: Any, count: int, stranger: Stranger) -> set[int]:
    """Send `count` documents made for the operation; the statuses that came back."""
    seen, headers = set(), stranger.headers()

    @settings(
        max_examples=count, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck), phases=[Phase.generate]
    )
    @given(operation.as_strategy())
    def send(case: Any) -> None:
        stranger.bend(case)
        response = case.call(headers=headers)
        seen.add(response.status_code)
        sound(case, response)

    send()
    return seen


@pytest.mark.parametrize("role", ROLES)
def test_nothing_that_is_sent_breaks_anything(role: str, estate: Estate) -> None:
    succeeded = 0
    for operation in [found.ok() for found in description().get_all_operations()]:
        inside = admitted(role, operation)
        seen = attack(operation, MANY if inside else FEW, Stranger(role, estate, operation.label))
        succeeded += any(status < 300 for status in seen)
        if not inside:
            assert seen <= {401 if role == "nobody" else 403, 404, 422}, (operation.label, seen)
            assert seen & {401, 403, 404}, (operation.label, seen)
    assert succeeded >= {"nobody": 5, "consumer": 20}.get(role, 8)


DEEP = b"[" * 60_000 + b"]" * 60_000
BODIES = {
    "deep": (DEEP, "application/json"), "deep object": (b'{"a":' * 30_000 + b"1" + b"}" * 30_000, "application/json"),
    "cut off": (b'{"phone": "138', "application/json"), "not UTF-8": (b'{"phone": "\xff\xfe"}', "application/json"),
    "half a pair": (b'{"phone": "\\ud800"}', "application/json"), "NUL": (b'{"phone": "1\\u00003"}', "application/json"),
    "raw NUL": (b'{"phone": "1\x003"}', "application/json"), "huge number": (b'{"phone": ' + b"9" * 100_000 + b"}", "application/json"),
    "infinite": (b'{"phone": 1e999999}', "application/json"), "NaN": (b'{"phone": NaN}', "application/json"),
    "twice": (b'{"phone": "1", "phone": {"a": 1}}', "application/json"), "BOM": (b"\xef\xbb\xbf{}", "application/json"),
    "form": (b"phone=13800138000", "application/x-www-form-urlencoded"), "XML": (b"<phone/>", "application/xml"),
    "multipart without end": (b"--x\r\n", "multipart/form-data; boundary=x"), "no kind": (b'{"phone": 1}', ""),
    "odd kind": (b"{}", "application/json; charset=klingon"), "UTF-16": ('{"phone": "1"}'.encode("utf-16"), "application/json"),
    "too large": (b" " * (LARGEST_BODY + 1), "application/json"), "empty": (b"", "application/json"),
}  # fmt: skip
PLACES = (("POST", "/auth/code"), ("POST", "/orders"), ("POST", "/quotes"), ("PATCH", "/me"), ("POST", "/courier/positions"))


@pytest.mark.parametrize("name", BODIES)
def test_bodies_that_no_schema_describes(name: str, estate: Estate) -> None:
    data, kind = BODIES[name]
    with httpx.Client(transport=httpx.WSGITransport(app=wsgi), base_url="http://testserver/api/v1") as client:
        for method, path in PLACES:
            who = estate.world.zhao if "courier" in path else estate.world.lin
            headers = {"authorization": f"Bearer {estate.token(who)}", "content-type": kind, "idempotency-key": "attack-01"}
            response = client.request(method, path, content=data, headers=headers)
            fine = method == "PATCH" and response.status_code == 200  # nothing to change is nothing wrong
            assert response.status_code in {400, 413, 415, 422} or fine, (path, response.status_code, response.content[:300])
            if not fine:
                assert json.loads(response.content)["code"]
                assert response.headers["content-type"] == "application/problem+json"
            assert name != "too large" or response.status_code == 413


QUERIES = (
    "lat=1e999&lng=0", "lat=nan&lng=nan", "cursor=%00", "cursor=%ff%fe", "limit=99999999999999999999", "q=" + "a" * 9000,
    "city=" + "%F0%9F%8D%9C" * 500,
)  # fmt: skip
PATHS = ("/home", "/search", "/orders", "/messages", "/carts/%00", "/orders/" + "x" * 3000, "/%2e%2e/")


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query[:20])
def test_addresses_that_no_schema_describes(query: str, estate: Estate) -> None:
    with httpx.Client(transport=httpx.WSGITransport(app=wsgi), base_url="http://testserver/api/v1") as client:
        for path in (
            "/home",
            "/search",
            "/orders",
            "/messages",
            "/carts/%00",
            "/orders/" + "x" * 3000,
            "/stores/%7F/menu",
            "/%2e%2e/",
        ):
            headers = {"authorization": f"Bearer {estate.token(estate.world.lin)}"}
            response = client.get(f"{path}?{query}", headers=headers)
            assert response.status_code < 500, (path, response.content)


@pytest.mark.parametrize("token", ["", "x", "a:b:c", "%C3%A9" * 50, "A" * 20_000, "\x7f", "eyJ9.:0:0"])
def test_tokens_that_nobody_was_given(token: str, estate: Estate) -> None:
    with httpx.Client(transport=httpx.WSGITransport(app=wsgi), base_url="http://testserver/api/v1") as client:
        response = client.get("/me", headers={"authorization": f"Bearer {token}".encode()})
        assert response.status_code == 401, response.content
