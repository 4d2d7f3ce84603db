"""Twenty at the same moment for one stay: its guest presses Book, its desk marks it as paid, its guest begins to pay for it afterwards.
Each has one effect. With controls, where the guards are off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db.models import F

from linli.apps.catalog import operations as catalog
from linli.apps.orders import hot
from linli.apps.orders import operations as orders
from linli.apps.orders import queries as ordered
from linli.apps.orders.models import Order
from linli.apps.orders.operations import owing
from linli.apps.orders.queries import CheckoutWant
from linli.apps.payments import ledger
from linli.apps.payments import queries as paying
from linli.apps.payments.adapters.tab import KIND
from linli.apps.payments.ledger import Entry
from linli.apps.payments.models import Account, Intent, Transfer
from linli.apps.payments.operations import tabs
from linli.kernel.actors import Actor
from linli.kernel.errors import Conflict
from linli.platform import invariants, policies
from tests.crowd import crowd, no_constraint, no_locks, outcomes
from tests.inn import Inn, open_inn
from tests.town import build

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
MANY, TOTAL, NIGHTS = 20, 2 * 45_000, 3 * 24 * 60


def inn(pay: str, doubles: int = 2) -> Inn:
    found = open_inn(build(), doubles)
    catalog.set_pay(plan_id=found.plans[found.double, "flex"], pay=pay, actor=found.clerk, at=found.town.at)
    tune(found, "stays.later_orders", 0)
    return found


def tune(inn: Inn, name: str, value: int) -> None:
    policies.change(number_name=name, city_id=0, value=value, actor=inn.town.ou, at=inn.town.at, reason="test")


def want(inn: Inn) -> CheckoutWant:
    return CheckoutWant(store_id=inn.store_id, mode="stay", coupon_id=None)


def book(inn: Inn, token: str, method: str, key: str) -> int:
    return orders.place(
        person_id=inn.town.lin, want=want(inn), quote_token=token, method=method, idempotency_key=key, at=inn.town.at
    ).id  # fmt: skip


def here(pay: str, method: str) -> tuple[Inn, int]:
    """A guest who is in the room."""
    found = inn(pay)
    found.put(found.town.lin)
    key = book(found, found.town.quote(want(found)).token, method, "once-and-only")
    orders.accept(order_id=key, actor=found.clerk, at=found.town.at)
    found.town.pass_(NIGHTS)
    orders.advance(order_id=key, event="check_in", actor=found.clerk, data={"room": "305", "id_seen": True}, at=found.town.at)
    return found, key


def take(inn: Inn, order_id: int) -> int:
    return orders.take_at_desk(order_id=order_id, actor=inn.clerk, at=inn.town.at)


def begin(inn: Inn, order_id: int) -> int:
    return orders.begin_to_pay(order_id=order_id, actor=Actor("consumer", inn.town.lin), at=inn.town.at)


@contextmanager
def unguarded() -> Iterator[None]:
    """Without locks, transactions, keys of movements, and the condition that nobody pays more than is owed."""
    real = ledger.post

    def post(*, entries: Sequence[Entry], ref: str, currency: str, at: datetime) -> None:
        real(entries=[replace(entry, key=f"{uuid4()}") for entry in entries], ref=ref, currency=currency, at=at)

    def move(account: Account, debit: int, credit: int) -> None:
        Account.objects.filter(pk=account.pk).update(debits=F("debits") + debit, credits=F("credits") + credit)

    with no_locks(), patch.object(tabs, "post", post), patch.object(ledger, "_move", move):
        yield


def test_the_desk_marks_one_stay_as_paid() -> None:
    found, key = here("at_hotel", "desk")
    results = crowd(take, [(found, key)] * MANY)
    assert outcomes(results) == {"done": MANY}
    assert sorted(taken for _, taken in results) == [0] * (MANY - 1) + [TOTAL]
    assert paying.payable(kind="store", owner=found.store_id) == -TOTAL
    assert {name: said for name, said in invariants.check_all(found.town.at).items() if said} == {}


def test_control_the_desk_without_guards() -> None:
    found, key = here("at_hotel", "desk")
    with no_constraint(Account, "account_owed", debits=0, credits=0):
        crowd(take, [(found, key)] * MANY, amid=unguarded)
        taken = Transfer.objects.filter(credit__owner=f"or:{key}", kind=KIND).values_list("amount", flat=True)
        assert sum(taken) > TOTAL


def test_a_guest_who_begins_to_pay_has_one_payment() -> None:
    found, key = here("later", "later")
    results = crowd(begin, [(found, key)] * MANY)
    assert outcomes(results) == {"done": MANY}
    assert len({intent for _, intent in results}) == 1


def test_control_a_guest_who_begins_to_pay_without_lock() -> None:
    found, key = here("later", "later")
    crowd(begin, [(found, key)] * MANY, amid=no_locks)
    assert Intent.objects.filter(ref__startswith=f"{owing.DUE}{key}:", state="open").count() > 1


def press(inn: Inn, key: str, shown: int) -> int:
    return orders.place_alone(
        person_id=inn.town.lin, store_id=inn.store_id, mode="stay", line=inn.line(), shown=shown, method="sandbox_qr", idempotency_key=key,
        at=inn.town.at,
    ).id  # fmt: skip


def test_a_guest_presses_book_twenty_times() -> None:
    found = inn("now")
    results = crowd(press, [(found, "once-and-only", TOTAL)] * MANY)
    assert outcomes(results) == {"done": MANY}
    assert set(Order.objects.values_list("id", flat=True)) == {order for _, order in results}
    assert Order.objects.count() == 1
    with pytest.raises(Conflict, match="already sent"):
        orders.place_alone(
            person_id=found.town.lin, store_id=found.town.noodles, mode="delivery", line={}, shown=0, method="cash",
            idempotency_key="once-and-only", at=found.town.at,
        )  # fmt: skip


def test_what_is_refused_leaves_the_cart_as_it_was() -> None:
    found = inn("now")
    found.put(found.town.lin, nights=1)
    with pytest.raises(Conflict):
        press(found, "once-and-only", TOTAL - 1)
    cart = ordered.cart(person_id=found.town.lin, store_id=found.store_id, at=found.town.at)
    assert [(line.qty, line.amount) for line in cart.lines] == [(1, TOTAL // 2)]
    assert not Order.objects.exists()


@contextmanager
def forgetful() -> Iterator[None]:
    """Without asking whether the key was used, and without standing in line."""
    with no_locks(), patch.object(hot, "claimed", lambda *_: None):
        yield


def test_control_a_guest_who_presses_book_unguarded() -> None:
    found = inn("now")
    results = crowd(press, [(found, "once-and-only", TOTAL)] * MANY, amid=forgetful)
    assert outcomes(results)["done"] < MANY
