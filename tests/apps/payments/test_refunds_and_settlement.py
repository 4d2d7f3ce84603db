"""Refunds whole and in part, before and after the parties are paid."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from linli.apps.payments import operations as payments
from linli.apps.payments import queries
from linli.apps.payments.models import Intent, Transfer
from linli.apps.payments.operations import Share
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import Conflict, Invalid
from linli.platform import invariants
from tests.apps.payments.cast import AT, COURIER, STORE, paid, payer, shares

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def refund(amount: int, key: str = "k", borne_by: tuple[Share, ...] = ()) -> None:
    payments.refund(ref="or:1", amount=amount, reason="test", key=key, by=SYSTEM, at=AT, borne_by=borne_by)


def holds() -> bool:
    return not any(invariants.check_all(AT).values())


def test_the_same_key_is_the_same_refund() -> None:
    paid("balance")
    refund(1000)
    refund(1000)
    assert queries.intent(ref="or:1").refunded == 1000
    assert queries.balance(person_id=payer()) == 1000
    with pytest.raises(Conflict) as refused:
        refund(999)
    assert refused.value.code == "refund.mismatch"


def test_never_more_than_was_paid() -> None:
    paid("balance")
    refund(4000, "a")
    with pytest.raises(Conflict) as refused:
        refund(201, "b")
    assert str(refused.value) == "Only ¥2.00 can still be refunded."
    refund(200, "c")
    assert queries.balance(person_id=payer()) == 4200
    assert holds()


def test_the_database_itself_refuses_more() -> None:
    paid("balance")
    with pytest.raises(DatabaseError), transaction.atomic():
        Intent.objects.update(refunded=4201)


def test_the_ledger_is_only_added_to() -> None:
    paid("balance")
    with pytest.raises(DatabaseError), transaction.atomic():
        Transfer.objects.update(amount=1)


def test_nothing_or_less_is_no_refund() -> None:
    paid("balance")
    for amount in (0, -1):
        with pytest.raises(Invalid):
            refund(amount)


def test_parties_are_paid_once_and_the_escrow_is_empty() -> None:
    paid("balance")
    assert payments.settle(ref="or:1", shares=shares(4200, promotion=800), at=AT)
    assert not payments.settle(ref="or:1", shares=shares(4200, promotion=800), at=AT)
    assert queries.payable(kind="store", owner=STORE) == 4300
    assert queries.payable(kind="courier", owner=COURIER) == 500
    lines = {line.kind: line.balance for line in queries.trial_balance()}
    assert (lines["escrow"], lines["revenue"], lines["promotion"]) == (0, -200, 800)
    assert holds()


def test_shares_that_do_not_add_up_change_nothing() -> None:
    paid("balance")
    with pytest.raises(Conflict) as refused:
        payments.settle(ref="or:1", shares=shares(4199), at=AT)
    assert refused.value.code == "settle.mismatch"
    assert queries.payable(kind="store", owner=STORE) == 0
    assert queries.intent(ref="or:1").settled_at is None
    with pytest.raises(Invalid):
        payments.settle(ref="or:1", shares=[Share("store", STORE, 4300), Share("courier", COURIER, -100)], at=AT)


def test_what_was_refunded_before_is_not_shared_out() -> None:
    paid("balance")
    refund(1200)
    payments.settle(ref="or:1", shares=shares(3000), at=AT)
    assert queries.payable(kind="store", owner=STORE) == 2300
    assert holds()


def test_after_settlement_store_and_platform_give_back_in_proportion() -> None:
    paid("balance")
    payments.settle(ref="or:1", shares=shares(4200), at=AT)  # store 3,500, courier 500, platform 200
    refund(370, "a")
    assert queries.payable(kind="store", owner=STORE) == 3500 - 350
    assert queries.payable(kind="courier", owner=COURIER) == 500
    refund(3830, "b")
    assert queries.payable(kind="store", owner=STORE) == 0
    goodwill = next(line.balance for line in queries.trial_balance() if line.kind == "goodwill")
    assert goodwill == 4200 + 500  # the test's gift, and what the courier keeps
    assert queries.balance(person_id=payer()) == 4200
    assert holds()


def test_somebody_named_bears_it() -> None:
    paid("balance")
    payments.settle(ref="or:1", shares=shares(4200), at=AT)
    refund(600, borne_by=(Share("courier", COURIER, 600),))
    assert queries.payable(kind="courier", owner=COURIER) == -100
    assert queries.payable(kind="store", owner=STORE) == 3500
    with pytest.raises(Invalid):
        refund(600, "other", borne_by=(Share("courier", COURIER, 500),))
    assert holds()


def test_statements_show_gains_and_losses() -> None:
    paid("balance")
    payments.settle(ref="or:1", shares=shares(4200), at=AT)
    refund(370)
    lines = queries.statement(kind="store", owner=STORE).items
    assert [(line.kind, line.amount) for line in lines] == [("clawback", -350), ("settle", 3500)]


def test_the_statement_of_a_store_has_one_line_an_order() -> None:
    paid("balance")
    paid("cash", ref="or:2", amount=1000)
    payments.settle(ref="or:1", shares=shares(4200), at=AT)
    payments.settle(ref="or:2", shares=shares(1000), at=AT + HOUR)
    refund(370)
    lines = queries.order_lines(kind="store", owner=STORE, start=AT, end=AT + 2 * HOUR)
    assert [(line.ref, line.settled, line.given_back, line.net) for line in lines] == [("or:1", 3500, 350, 3150), ("or:2", 300, 0, 300)]
    assert queries.order_lines(kind="store", owner=STORE, start=AT + 2 * HOUR, end=AT + 3 * HOUR) == []
    assert queries.payables(kind="store") == [(STORE, 3450)]


def test_a_courier_keeps_the_cash_against_what_they_are_owed() -> None:
    paid("cash")
    payments.collect_cash(ref="or:1", courier_id=COURIER, amount=4200, at=AT)
    payments.settle(ref="or:1", shares=shares(4200), at=AT)
    money = queries.courier_money(courier_id=COURIER)
    assert (money.earned, money.cash, money.due) == (500, 4200, -3700)
    assert queries.payables(kind="cash") == [(COURIER, 4200)]
