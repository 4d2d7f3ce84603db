"""A client that speaks JSON, and one person in each role."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from linli.apps.accounts import operations as accounts
from linli.fronts.api import pace
from linli.kernel.actors import SYSTEM
from linli.kernel.time import ManualClock
from linli.platform import clock
from tests.town import World
from tests.world import MONDAY_NOON as NOON

STORE, OTHER_STORE = 5, 6


class Api:
    """Requests as a program sends them; `Api().as_(person)` carries that person's token."""

    def __init__(self, token: str = "", language: str = "en") -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.headers = {"accept-language": language} | ({"authorization": f"Bearer {token}"} if token else {})

    def as_(self, person: Any) -> Api:
        return Api(accounts.issue_token(person_id=person.id, at=clock.now()))

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        data = body if isinstance(body, bytes | str) else b"" if body is None else json.dumps(body)
        kind = "application/json" if body is not None else ""
        return self.client.generic(method, f"/api/v1{path}", data, kind, headers=self.headers | headers)

    def get(self, path: str, **headers: str) -> Any:
        return self.send("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.send("POST", path, body, **headers)


def signed_in(person_id: int) -> Api:
    return Api(accounts.issue_token(person_id=person_id, at=clock.now() - timedelta(seconds=1)))


@pytest.fixture
def town(world: World):
    """The small city, with the clock standing at its moment."""
    world.clock = ManualClock(world.at)
    pace.forget()
    with clock.use(world.clock):
        yield world


@pytest.fixture
def now():
    pace.forget()
    with clock.use(ManualClock(NOON)) as stopped:
        yield stopped


@pytest.fixture
def api(db, now):
    return Api()


@pytest.fixture
def people(db, now):
    """One person for each role; the merchants work for two different stores."""
    roles = {
        "consumer": (), "merchant": (("merchant", STORE),), "other merchant": (("merchant", OTHER_STORE),),
        "courier": (("courier", 0),), "support": (("support", 0),), "operator": (("operator", 0),),
    }  # fmt: skip
    found = {}
    for number, (name, held) in enumerate(roles.items()):
        found[name] = accounts.ensure_person(phone=f"1380000000{number}", name=name, at=NOON)
        for role, scope_id in held:
            accounts.grant_role(person_id=found[name].id, role=role, scope_id=scope_id, by=SYSTEM, at=NOON)
    return found
