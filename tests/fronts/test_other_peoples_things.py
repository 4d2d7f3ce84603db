"""Every address of the API and of the pages, made from the routes: who gets in, and that nobody gets at other people's things.

A page that does not say whom it lets in must be named here as one for anybody; an address with an identifier is tried with things
that belong to somebody else, with everything else as it should be: nothing is changed by it and nothing is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver

from linli.fronts.api import pace
from linli.fronts.api.v1 import description
from linli.kernel.time import ManualClock
from linli.platform import clock, ids
from linli.platform.models import Limit
from tests.faults.killing import fingerprint
from tests.fronts.estate import Estate, as_json, fitting
from tests.town import World

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ROLES = ("nobody", "consumer", "merchant", "other merchant", "courier", "support", "operator")
FOR_ANYBODY = re.compile(
    r"""health/(live|ready) | metrics | gateways/.* | sandbox/.* | api/v1/openapi\.json
    | language | manifest\.webmanifest | sw\.js | offline | look/.* | pictures/.* | sign-in(/code)? | sign-out
    | | place | marks | trip | ride | t/.* | stays | stays/[^/]*/around | deeds | search(/suggestions)?
    | stores/[^/]*(/offers/[^/]*|/book/[^/]*|/passes/[^/]*|/reviews|/add)? | cart(/[^/]*)? | me | me/care | city/(map\.json)? | demo/.*
    | table/[^/]* | nearby/(services|passes) | calendar/[^/]*\.ics
    | reviews/.*/photos/.*""",
    re.VERBOSE,
)
# An address with the name of a thing that anybody may look at, or whose owner is whoever asks.
OPEN = re.compile(r"stores/|cart/[^/]*$|cart/[^/]*/clear|checkout/|me/coupons/|reviews/.*/photos")
FORM = {"reason": "other", "text": "x", "qty": "9", "stars": "5", "amount": "100", "name": "x", "name_en": "x"}
KINDS = {
    "orders": "order",
    "rides": "ride",
    "pay": "intent",
    "cases": "case",
    "addresses": "address",
    "reviews": "review",
    "lines": "line",
    "passes": "pass",
    "checkouts": "checkout",
    "trips": "trip",
}


@cache
def pages() -> tuple[tuple[str, str], ...]:
    """Every address that is not the API's, and whom its view says it lets in (empty: it does not say)."""

    def walk(resolver: Any, before: str) -> Iterator[tuple[str, str]]:
        for part in resolver.url_patterns:
            where = before + str(part.pattern)
            if isinstance(part, URLPattern):
                yield where, getattr(part.callback, "who", "")
            else:
                yield from walk(part, where)

    return tuple((where, who) for where, who in walk(get_resolver(), "") if not where.startswith("api/v1/") or "openapi" in where)


@pytest.fixture
def estate(world: World) -> Iterator[Estate]:
    world.clock = ManualClock(world.at)
    pace.forget()
    with clock.use(world.clock):
        yield Estate(world)


def people(estate: Estate) -> dict[str, tuple[int | None, str]]:
    """Who comes in which role, and the store that they say is theirs."""
    world, noodles, dumplings = estate.world, estate.stores["noodles"], estate.stores["dumplings"]
    return {
        "nobody": (None, noodles), "consumer": (world.he, noodles), "merchant": (world.chen.person_id, noodles),
        "other merchant": (world.wang.person_id, noodles), "courier": (world.qian, noodles), "support": (world.su.person_id, noodles),
        "operator": (world.ou.person_id, noodles), "merchant of another store": (world.wang.person_id, dumplings),
    }  # fmt: skip


def browser(estate: Estate, role: str) -> Client:
    person_id, _ = people(estate)[role]
    client = Client(headers={"Accept-Language": "en"})
    if person_id is not None:
        client.cookies["linli"] = estate.token(person_id)
    return client


def filled(where: str, estate: Estate, store: str, things: Mapping[str, str] | None = None) -> str:
    """The address with Lin's things in it (or other `things`)."""
    known = estate.ids if things is None else things

    def thing(found: re.Match[str]) -> str:
        name, before = found[1], where[: found.start()].rstrip("/").rpartition("/")[2]
        name = KINDS.get(before, name) if name in {"name", "li"} else name
        if name == "store" or (name == "name" and before in {"stores", "cart", "checkout"}):
            return store
        return "0" if name == "number" else known.get(name, "something")

    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", thing, where)


def visit(client: Client, path: str) -> Any:
    """What a page answers to reading it or, where it is not for reading, to an empty form."""
    response = client.get(path)
    return client.post(path) if response.status_code == 405 else response


def test_every_page_says_whom_it_lets_in_or_is_known_to_be_for_anybody() -> None:
    silent = {where for where, who in pages() if not who}
    assert {where for where in silent if not FOR_ANYBODY.fullmatch(where)} == set()
    assert len(pages()) > 100


@pytest.mark.parametrize("role", ROLES)
def test_every_page_lets_in_whom_it_says_and_nobody_else(role: str, estate: Estate) -> None:
    client, store = browser(estate, role), people(estate)[role][1]
    for where, who in pages():
        if not who or where == "merchant/":  # the door to one's stores: whoever has none is told so
            continue
        response = visit(client, filled(where, estate, store))
        asked = response.status_code in {302, 303} and response["Location"].startswith("/sign-in")
        if role == "nobody":
            assert asked, (where, response.status_code)
        elif role == who or who == "consumer":
            assert not asked, where
            assert response.status_code not in {401, 405, 500}, (where, response.status_code)
            assert b"This part is for somebody else" not in getattr(response, "content", b""), where
        else:
            assert response.status_code == 403, (where, role, response.status_code)


def strangers(who: str) -> str:
    return {"consumer": "consumer", "merchant": "merchant of another store", "courier": "courier"}.get(who, "")


def nothings(estate: Estate) -> dict[str, str]:
    """The names of things that are not there."""
    return {name: ids.seal(text[:2], 987_654_321) for name, text in estate.ids.items()}


def unchanged() -> str:
    """The database but for what counts tries: those are counted whatever comes of them."""
    Limit.objects.all().delete()
    return fingerprint()


def nothing_told(estate: Estate, response: Any, where: str) -> None:
    text = b"".join(response).decode(errors="replace") if response.streaming else response.content.decode(errors="replace")
    assert [secret for secret in estate.secrets if secret in text] == [], where


def test_no_page_shows_or_changes_other_peoples_things(estate: Estate) -> None:
    before, tried = unchanged(), 0
    for where, who in pages():
        role = strangers(who)
        if not role or "<" not in where.replace("<slug:store>", "") or OPEN.search(where):
            continue
        client, store = browser(estate, role), people(estate)[role][1]
        path, nowhere = filled(where, estate, store), filled(where, estate, store, nothings(estate))
        for send in (client.get, lambda path, client=client: client.post(path, FORM)):  # type: ignore[misc]
            response = send(path)
            assert response.status_code in {403, 404, 405} or response.status_code == send(nowhere).status_code == 422, where
            nothing_told(estate, response, where)
        assert unchanged() == before, where
        tried += 1
    assert tried > 35


def calls() -> list[tuple[str, str, dict[str, Any]]]:
    """Every call of the API that names something in its address besides a store."""
    document = description()
    return [
        (method.upper(), path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if re.search(r"{(?!store|campaign|name|number|token)", path)
    ]


def api(path: str, store: str, things: Mapping[str, str]) -> str:
    """The address with its things; the order of a ride's address is a ride."""
    known = {**things, "store": store, "event": "arrive", **({"order": things["ride"]} if "/rides/" in path else {})}
    return re.sub(r"{(\w+)}", lambda name: known[name[1]], path)


def test_no_call_shows_or_changes_other_peoples_things(estate: Estate) -> None:
    known, before = {text[:2]: text for text in estate.ids.values()}, unchanged()
    for method, path, operation in calls():
        role = strangers(operation["x-who"])
        if not role:
            continue  # support and operators look after everybody's; who they are is checked for each call elsewhere
        person_id, store = people(estate)[role]
        assert person_id is not None
        where, nowhere = (api(path, store, things) for things in (estate.ids, nothings(estate)))
        schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
        body = fitting(schema, description(), known) if schema else None
        headers = {"authorization": f"Bearer {estate.token(person_id)}", "idempotency-key": "other-0001", "accept-language": "en"}
        response, none = (Client().generic(method, at, as_json(body), "application/json", headers=headers) for at in (where, nowhere))
        assert response.status_code in {403, 404} or response.status_code == none.status_code == 422, (method, path, response.content)
        nothing_told(estate, response, where)
        assert unchanged() == before, (method, path)


def test_the_things_are_there_for_those_to_whom_they_belong(estate: Estate) -> None:
    """The control: the same addresses answer their owners, so that the refusals above are not for want of a thing."""
    world, owner = estate.world, {"consumer": estate.world.lin, "merchant": estate.world.chen.person_id, "courier": estate.world.zhao}
    found = 0
    for method, path, operation in calls():
        if method != "GET" or operation["x-who"] not in owner:
            continue
        where = api(path, estate.stores["noodles"], estate.ids)
        headers = {"authorization": f"Bearer {estate.token(owner[operation['x-who']])}"}
        response = Client().get(where, headers=headers)
        assert response.status_code == 200 or "review" in path, (path, response.content)
        found += 1
    assert found >= 8
    assert ids.unseal("or", estate.ids["order"]) == estate.open.id
    assert world.order(estate.open).state == "picked_up"
