"""A ride called many times at the same moment is one ride, by one key or by a key for each tap. Controls: a guard is off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from unittest.mock import patch

import pytest
from django.db import connection

from linli.apps.accounts import operations as accounts
from linli.apps.fulfilment.models import Job
from linli.apps.orders import hot
from linli.apps.orders.models import Order
from linli.apps.orders.operations import alone
from linli.fronts import riding
from linli.platform import invariants
from tests.crowd import Outcome, crowd, outcomes
from tests.driving import company, fares
from tests.town import World, build

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
MANY = 20


def tap(world: World, fare: str, sold: tuple[int, int], key: str) -> int:
    return riding.call(person_id=world.lin, fare=fare, sold=sold, guests=1, method="cash", key=key, at=world.at).id


def taps(keys: int, amid: Callable[[], AbstractContextManager[object]] = nullcontext) -> tuple[World, list[Outcome]]:
    """Lin taps many times at once, with so many different keys."""
    world = build()
    company(world)
    kept = next(each for each in fares(world).classes if each.found.service == "economy")
    each = [(world, kept.token, riding.sold(kept), f"key-of-tap-{number % keys}") for number in range(MANY)]
    return world, crowd(tap, each, amid=amid)


@pytest.mark.parametrize("keys", [1, 2, MANY])
def test_tapped_twenty_times_it_is_one_ride(keys: int) -> None:
    world, results = taps(keys)
    assert outcomes(results) == {"done": MANY}
    assert {order for _, order in results} == {Order.objects.get().id}
    world.pass_()
    assert Job.objects.count() == 1
    assert {name: said for name, said in invariants.check_all(world.at).items() if said} == {}


@contextmanager
def unseen() -> Iterator[None]:
    """Without looking for a ride at the same fare, or for the key before it is taken."""
    with patch.object(alone, "_same", lambda *_: None), patch.object(hot, "claimed", lambda *_: None):
        yield


@contextmanager
def unlocked() -> Iterator[None]:
    """Without standing in line."""
    with patch.object(accounts, "lock", lambda **_: None):
        yield


def test_control_nobody_looks_for_the_first_ride() -> None:
    _, results = taps(MANY, unseen)
    assert outcomes(results) == {"done": MANY}
    assert Order.objects.count() == MANY


def test_control_nobody_stands_in_line() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("its only writer is a line of its own")
    taps(MANY, unlocked)
    assert Order.objects.count() > 1
