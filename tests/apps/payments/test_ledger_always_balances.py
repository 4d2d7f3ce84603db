"""Whatever happens in whatever order, the ledger balances, the rules hold, and nobody's fen is lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.apps.payments import operations as payments
from linli.apps.payments import queries
from linli.apps.payments.models import Account, Transfer
from linli.apps.payments.operations import Share
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import Problem
from linli.kernel.money import split
from linli.platform import invariants
from tests.apps.payments.cast import AT, COURIER, OPERATOR, STORE, opened, payer

pytestmark = pytest.mark.django_db
REFS = ("or:1", "or:2")
refs = st.sampled_from(REFS)
sums = st.integers(-1, 6000)
STEPS = st.one_of(
    st.tuples(st.just("pay"), refs, st.sampled_from(["balance", "cash"])),
    st.tuples(st.just("refund"), refs, sums, st.sampled_from("abc")),
    st.tuples(st.just("blame"), refs, st.integers(1, 3000), st.sampled_from(["store", "courier", "platform", "goodwill"])),
    st.tuples(st.just("settle"), refs, st.lists(st.integers(0, 9), min_size=3, max_size=3), st.integers(0, 900)),
    st.tuples(st.just("collect"), refs),
    st.tuples(st.just("hand_in"), sums),
    st.tuples(st.just("pay_out"), st.sampled_from(["store", "courier"]), sums),
    st.tuples(st.just("cancel"), refs),
    st.tuples(st.just("give"), sums),
)


def held(ref: str) -> int:
    row = Account.objects.filter(kind="escrow", owner=ref).first()
    return row.credits - row.debits if row else 0


def shares(ref: str, weights: list[int], promotion: int) -> list[Share]:
    parts = split(held(ref) + promotion, [weight + 1 for weight in weights])
    return [
        Share("store", STORE, parts[0]), Share("courier", COURIER, parts[1]), Share("platform", 0, parts[2]),
        Share("promotion", 0, -promotion),
    ]  # fmt: skip


def do(step: Any, number: int, person: int) -> None:
    match step:
        case ("pay", ref, method):
            payments.start(intent_id=queries.intent(ref=ref).id, person_id=person, method=method, at=AT)
        case ("refund", ref, amount, key):
            payments.refund(ref=ref, amount=amount, reason="test", key=f"{ref}{key}", by=SYSTEM, at=AT)
        case ("blame", ref, amount, kind):
            blamed = (Share(kind, {"store": STORE, "courier": COURIER}.get(kind, 0), amount),)
            payments.refund(ref=ref, amount=amount, reason="test", key=str(number), by=SYSTEM, at=AT, borne_by=blamed)
        case ("settle", ref, weights, promotion):
            payments.settle(ref=ref, shares=shares(ref, weights, promotion), at=AT)
        case ("collect", ref):
            owed = Account.objects.filter(kind="receivable", owner=ref).first()
            payments.collect_cash(ref=ref, courier_id=COURIER, amount=owed.debits - owed.credits if owed else 0, at=AT)
        case ("hand_in", amount):
            payments.hand_in_cash(courier_id=COURIER, amount=amount, key=str(number), by=OPERATOR, at=AT)
        case ("pay_out", kind, amount):
            owner = STORE if kind == "store" else COURIER
            payments.pay_out(kind=kind, owner=owner, amount=amount, key=str(number), by=OPERATOR, at=AT)
        case ("cancel", ref):
            payments.cancel(ref=ref, at=AT)
        case ("give", amount):
            payments.give_balance(person_id=person, amount=amount, key=str(number), reason="test", by=OPERATOR, at=AT)


def all_holds() -> None:
    broken = {name: violations for name, violations in invariants.check_all(AT).items() if violations}
    assert broken == {}
    lines = queries.trial_balance()
    assert sum(line.debits for line in lines) == sum(line.credits for line in lines)
    assert Account.objects.filter(kind="balance").count() <= 1


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, max_size=14))
def test_any_sequence_balances(steps: Sequence[Any]) -> None:
    with transaction.atomic():
        person = payer()
        opened(ref="or:1", amount=4200, person_id=person)
        opened(ref="or:2", amount=999, person_id=person)
        payments.give_balance(person_id=person, amount=5000, key="start", reason="test", by=OPERATOR, at=AT)
        for number, step in enumerate(steps):
            before = Transfer.objects.count()
            try:
                do(step, number, person)
            except Problem:
                assert Transfer.objects.count() == before, f"{step} was refused and yet moved money"
            assert queries.balance(person_id=person) >= 0
        all_holds()
        transaction.set_rollback(True)


def test_the_rule_sees_a_row_that_lies() -> None:
    person = payer()
    payments.give_balance(person_id=person, amount=5000, key="start", reason="test", by=OPERATOR, at=AT)
    Account.objects.filter(kind="balance").update(credits=5001)
    assert len(invariants.check_all(AT)["ledger.balances"]) == 1
