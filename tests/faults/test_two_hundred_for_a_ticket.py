"""Two hundred people at the same moment for one entry slot and for the last vouchers, and one code at many tills: as many get in as there
are places, and no code is used more often than it says. Each with a control, where the guard is off and more is given away."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.db.models import Sum

from linli.apps.accounts import operations as accounts
from linli.apps.fulfilment import operations as fulfilment
from linli.apps.fulfilment.models import Pass, PassUse
from linli.apps.fulfilment.operations import passes as tills
from linli.apps.orders import operations as orders
from linli.apps.orders.queries import CheckoutWant
from linli.apps.stock import queries as shelves
from linli.apps.stock.models import Bucket
from tests.crowd import crowd, no_constraint, no_locks, outcomes
from tests.faults.test_two_hundred_at_once import A_MOMENT, CROWD, buy, given_away, looking_at_the_shelf_first, sound
from tests.passes import buy as bought
from tests.passes import codes, ticket, voucher
from tests.town import World, build

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
PLACES = 7


@pytest.fixture
def town() -> World:
    return build()


def buyers(town: World, offer: int, **when: Any) -> list[tuple[World, int, CheckoutWant, str]]:
    """People with one of it in the cart, and what they were quoted."""
    want, ready = CheckoutWant(store_id=town.noodles, mode="voucher", coupon_id=None), []
    for number in range(CROWD):
        person = accounts.ensure_person(phone=f"1390000{number:04d}", name=f"游客{number}", at=town.at).id
        orders.add_line(person_id=person, store_id=town.noodles, offer_id=offer, at=town.at, **when)
        ready.append((town, person, want, town.quote(want, person_id=person).token))
    return ready


def slot(town: World) -> datetime:
    """Nine in the morning, the day after tomorrow."""
    return town.at.replace(hour=1, minute=0) + timedelta(days=2)


def test_one_entry_slot(town: World) -> None:
    found, start = ticket(town, capacity=PLACES), slot(town)
    assert outcomes(crowd(buy, buyers(town, found, starts_at=start))) == {"done": PLACES, "stock.short": CROWD - PLACES}
    later = start + timedelta(hours=2)
    assert shelves.left_at(offer_id=found, moments=[start, later]) == {start: 0, later: PLACES}
    assert sound(town.at)


def test_control_one_entry_slot_without_lock_and_constraint(town: World) -> None:
    ready = buyers(town, ticket(town, capacity=1), starts_at=slot(town))
    with no_constraint(Bucket, "stock_bucket_enough", held=0):
        assert given_away(crowd(buy, ready, amid=looking_at_the_shelf_first)) > 1


def test_the_last_vouchers(town: World) -> None:
    found = voucher(town, count=PLACES)
    assert outcomes(crowd(buy, buyers(town, found))) == {"done": PLACES, "stock.short": CROWD - PLACES}
    assert shelves.left(offer_ids=[found], at=town.at) == {found: 0}
    assert sound(town.at)


def test_control_the_last_vouchers_without_lock_and_constraint(town: World) -> None:
    ready = buyers(town, voucher(town, count=1))
    with no_constraint(Bucket, "stock_bucket_enough", held=0):
        assert given_away(crowd(buy, ready, amid=looking_at_the_shelf_first)) > 1


def use(town: World, code: str, key: str) -> int:
    """The till's answer: how often the code can still be used."""
    return fulfilment.redeem(store_id=town.noodles, code=code, key=key, actor=town.chen, at=town.at).left


def used(code: str) -> tuple[int, int]:
    """How often the code counts as used, and how often a till has noted it."""
    pass_ = next(row for row in Pass.objects.all() if tills.view(row).code == code)
    return pass_.used, PassUse.objects.filter(used=pass_).aggregate(n=Sum("count"))["n"]


@pytest.mark.parametrize("uses", [1, 3])
def test_one_code_at_many_tills(town: World, uses: int) -> None:
    code = codes(bought(town, voucher(town, uses=uses)))[0].code
    found = outcomes(crowd(use, [(town, code, f"till-{number:05d}") for number in range(CROWD)]))
    assert found == {"done": uses, "pass.spent": CROWD - uses}
    assert used(code) == (uses, uses)
    assert sound(town.at)


def test_one_press_that_arrives_many_times_is_one_use(town: World) -> None:
    code = codes(bought(town, voucher(town, uses=3)))[0].code
    assert crowd(use, [(town, code, "the-same-press")] * CROWD) == [("done", 2)] * CROWD
    assert used(code) == (1, 1)
    assert sound(town.at)


@contextmanager
def looking_at_the_code_first() -> Iterator[None]:
    """What is left is read, thought about, and then written: no condition goes with the change."""

    def take(pass_id: int, count: int) -> bool:
        row = Pass.objects.get(pk=pass_id)
        time.sleep(A_MOMENT)
        if row.state != "valid" or row.uses < row.used + count:
            return False
        Pass.objects.filter(pk=pass_id).update(used=row.used + count)
        return True

    with no_locks(), patch.object(tills, "take", take):
        yield


def test_control_one_code_at_two_tills_without_the_condition(town: World) -> None:
    code = codes(bought(town, voucher(town)))[0].code
    presses: list[tuple[World, str, str]] = [(town, code, f"till-{number:05d}") for number in range(2)]
    check: Callable[[], Any] = looking_at_the_code_first
    assert given_away(crowd(use, presses, amid=check)) == 2
    assert used(code) == (1, 2)
