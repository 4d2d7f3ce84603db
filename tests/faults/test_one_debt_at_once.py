"""One person books stays to be paid afterwards in many hotels at the same moment: never is more owed than may be. With controls."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from unittest.mock import patch

import pytest
from django.db import connection

from linli.apps.accounts import operations as accounts
from linli.apps.catalog import operations as catalog
from linli.apps.orders import credit
from linli.apps.orders import operations as orders
from linli.apps.orders import queries as ordered
from linli.apps.orders.models import Order
from linli.apps.orders.operations import owing
from linli.apps.orders.queries import CheckoutWant
from linli.platform import invariants, policies
from tests.crowd import Outcome, crowd, outcomes
from tests.inn import open_inn
from tests.town import World, build

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
MANY, MAY, TOTAL = 12, 3, 2 * 45_000


def book(world: World, wants: list[CheckoutWant], token: str, key: str) -> int:
    """One stay by itself, or two in one checkout."""
    if len(wants) == 1:
        return orders.place(
            person_id=world.lin, want=wants[0], quote_token=token, method="later", idempotency_key=key, at=world.at
        ).id  # fmt: skip
    made = orders.place_all(person_id=world.lin, wants=wants, quote_token=token, method="", idempotency_key=key, at=world.at)
    return made[0].id


def bookings(each: int, amid: Callable[[], AbstractContextManager[object]] = nullcontext) -> tuple[World, list[Outcome]]:
    """Lin books `each` stays at a time in twelve hotels, all at once, and may owe for three."""
    world = build()
    for name, value in (("stays.later_orders", 0), ("stays.later_most", MAY * TOTAL + TOTAL // 2)):
        policies.change(number_name=name, city_id=0, value=value, actor=world.ou, at=world.at, reason="test")
    wants = []
    for number in range(MANY):
        inn = open_inn(world, ref=f"inn{number}")
        catalog.set_pay(plan_id=inn.plans[inn.double, "flex"], pay="later", actor=inn.clerk, at=world.at)
        inn.put(world.lin)
        wants.append(CheckoutWant(store_id=inn.store_id, mode="stay", coupon_id=None))
    groups = [wants[first : first + each] for first in range(0, MANY, each)]
    tokens = [
        (world.quote(group[0]) if each == 1 else ordered.quote_all(person_id=world.lin, wants=group, at=world.at)).token for group in groups
    ]
    work = [(world, group, token, f"book-{number:03}") for number, (group, token) in enumerate(zip(groups, tokens, strict=True))]
    return world, crowd(book, work, amid=amid)


@pytest.mark.parametrize(("each", "fit"), [(1, MAY), (2, 1)])
def test_never_more_than_may_be_owed(each: int, fit: int) -> None:
    world, results = bookings(each)
    assert outcomes(results) == {"done": fit, "later.limit": MANY // each - fit}
    assert credit.owed(world.lin) == fit * each * TOTAL
    assert Order.objects.count() == fit * each
    assert {name: said for name, said in invariants.check_all(world.at).items() if said} == {}


@contextmanager
def unchecked() -> Iterator[None]:
    """With nothing but the look at the time of the quote and of placing, without a second one under the lock."""
    with patch.object(owing, "ensure_within", lambda _: None):
        yield


@contextmanager
def unlocked() -> Iterator[None]:
    """Without standing in line."""
    with patch.object(accounts, "lock", lambda **_: None):
        yield


def test_control_looked_at_only_before() -> None:
    world, _ = bookings(1, unchecked)
    assert credit.owed(world.lin) > (MAY + 1) * TOTAL


def test_control_nobody_stands_in_line() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("its only writer is a line of its own")
    world, _ = bookings(1, unlocked)
    assert credit.owed(world.lin) > (MAY + 1) * TOTAL
