"""What attacks on the API have in common: who comes, with which identifiers, and what an answer must look like."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import schemathesis
from schemathesis.specs.openapi.checks import response_schema_conformance

from linli.fronts.api import pace
from linli.kernel.time import ManualClock
from linli.platform import clock
from linli.serve import wsgi
from tests.fronts.estate import Estate
from tests.inside import connections_kept
from tests.town import World

ROLES = ("nobody", "consumer", "merchant", "courier", "support", "operator")
ADMITTED = {"anybody": ROLES, "consumer": ROLES[1:], "support": ("support", "operator")}
IDENTIFIER = re.compile(r"^[a-z]{2}-[0-9a-z]{13}$")


@contextmanager
def owned(world: World) -> Iterator[Estate]:
    """One of everything, at a time that stands still, behind a door that has forgotten who knocked before."""
    world.clock = ManualClock(world.at)
    pace.forget()
    with clock.use(world.clock), connections_kept():
        yield Estate(world)


def description() -> Any:
    """The API as Schemathesis reads it."""
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", wsgi)


def admitted(role: str, operation: Any) -> bool:
    rule = operation.definition.raw["x-who"]
    return role in ADMITTED.get(rule, (rule,))


class Stranger:
    """Somebody in a role who sends whatever fits, half of the time about things that there are."""

    def __init__(self, role: str, estate: Estate, seed: str) -> None:
        world = estate.world
        self.estate, self.rng = estate, random.Random(seed)
        self.known = {text[:2]: text for text in estate.ids.values()} | {"st": estate.stores["noodles"]}
        self.person_id = {
            "consumer": world.lin, "merchant": world.chen.person_id, "courier": world.zhao, "support": world.su.person_id,
            "operator": world.ou.person_id,
        }.get(role)  # fmt: skip

    @contextmanager
    def anew(self) -> Iterator[None]:
        """The block begins as every other one does: the same time, the same chances."""
        world, state = self.estate.world, self.rng.getstate()
        at, before = world.at, world.clock
        world.clock = ManualClock(at)
        try:
            with clock.use(world.clock):
                yield
        finally:
            world.at, world.clock = at, before
            self.rng.setstate(state)

    def headers(self) -> dict[str, str]:
        """A token that is good from now on; one that an earlier call has ended is followed by a new one."""
        assert self.estate.world.clock is not None
        self.estate.world.at += timedelta(seconds=2)
        self.estate.world.clock.move_to(self.estate.world.at)
        return {"authorization": f"Bearer {self.estate.token(self.person_id)}"} if self.person_id else {}

    def real(self, value: Any) -> Any:
        """The document with half of its identifiers replaced by those of things that there are."""
        if isinstance(value, dict):
            return {name: self.real(part) for name, part in value.items()}
        if isinstance(value, list):
            return [self.real(part) for part in value]
        fits = isinstance(value, str) and IDENTIFIER.match(value) and self.rng.random() < 0.5
        return self.known.get(value[:2], value) if fits else value

    def bend(self, case: Any) -> None:
        """Put identifiers of real things into what is to be sent."""
        case.path_parameters = self.real(dict(case.path_parameters or {}))
        case.body = self.real(case.body) if isinstance(case.body, dict | list) else case.body


def sound(case: Any, response: Any) -> None:
    """Nothing is broken; a refusal is a problem document; a success is as described."""
    label = case.operation.label
    assert response.status_code < 500, (label, response.content, case.as_curl_command())
    if response.status_code >= 400:
        assert response.headers["content-type"] == ["application/problem+json"], (label, response.headers)
    else:
        case.validate_response(response, checks=[response_schema_conformance])
