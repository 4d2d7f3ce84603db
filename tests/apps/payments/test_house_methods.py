"""Balance and cash: paid inside the house, in one transaction."""

from __future__ import annotations

import pytest

from linli.apps.payments import operations as payments
from linli.apps.payments import queries
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import Conflict, Gone, Invalid, NotFound
from linli.platform import invariants
from tests.apps.payments.cast import AT, COURIER, OPERATOR, STORE, opened, paid, payer, shares

pytestmark = pytest.mark.django_db


def holds() -> bool:
    return not any(invariants.check_all(AT).values())


def test_balance_pays_at_once() -> None:
    intent = paid("balance")
    after = queries.intent(ref="or:1")
    assert (after.state, after.method, after.captured_amount) == ("captured", "balance", 4200)
    assert queries.balance(person_id=intent.person_id) == 0
    assert [line[:4] for line in queries.transfers(ref="or:1")] == [("capture", f"balance:{intent.person_id}", "escrow:or:1", 4200)]
    assert holds()


def test_a_balance_that_does_not_cover_it_changes_nothing() -> None:
    intent = opened()
    payments.give_balance(person_id=intent.person_id, amount=4199, key="k", reason="test", by=OPERATOR, at=AT)
    with pytest.raises(Conflict) as refused:
        payments.start(intent_id=intent.id, person_id=intent.person_id, method="balance", at=AT)
    assert refused.value.code == "balance.short"
    assert queries.intent(ref="or:1").state == "open"
    assert queries.balance(person_id=intent.person_id) == 4199
    assert queries.transfers(ref="or:1") == []


def test_paying_twice_pays_once() -> None:
    intent = paid("balance")
    assert payments.start(intent_id=intent.id, person_id=intent.person_id, method="balance", at=AT).kind == "done"
    assert queries.balance(person_id=intent.person_id) == 0
    assert len(queries.transfers(ref="or:1")) == 1


def test_nothing_to_pay_is_paid() -> None:
    assert opened(amount=0).state == "captured"


def test_an_intent_of_somebody_else_is_not_there() -> None:
    intent = opened()
    with pytest.raises(NotFound):
        payments.start(intent_id=intent.id, person_id=payer("13800000002"), method="cash", at=AT)


def test_too_late_to_pay() -> None:
    intent = opened()
    with pytest.raises(Gone):
        payments.start(intent_id=intent.id, person_id=intent.person_id, method="cash", at=intent.expires_at)


def test_a_method_that_is_not_offered() -> None:
    intent = opened()
    with pytest.raises(Invalid):
        payments.start(intent_id=intent.id, person_id=intent.person_id, method="gold", at=AT)


def test_the_same_ref_is_the_same_intent_but_not_with_another_amount() -> None:
    first = opened()
    assert opened().id == first.id
    with pytest.raises(Conflict):
        opened(amount=1)


def test_cash_is_owed_until_the_courier_has_it() -> None:
    paid("cash")
    with pytest.raises(Conflict) as refused:
        payments.collect_cash(ref="or:1", courier_id=COURIER, amount=4100, at=AT)
    assert refused.value.code == "cash.amount"
    assert payments.collect_cash(ref="or:1", courier_id=COURIER, amount=4200, at=AT)
    assert not payments.collect_cash(ref="or:1", courier_id=COURIER, amount=4200, at=AT)
    assert queries.cash_held(courier_id=COURIER) == 4200
    payments.settle(ref="or:1", shares=shares(4200), at=AT)
    assert queries.payable(kind="store", owner=STORE) == 3500
    with pytest.raises(Conflict):
        payments.hand_in_cash(courier_id=COURIER, amount=4201, key="a", by=OPERATOR, at=AT)
    assert payments.hand_in_cash(courier_id=COURIER, amount=4200, key="a", by=OPERATOR, at=AT)
    assert queries.cash_held(courier_id=COURIER) == 0
    assert holds()


def test_cash_not_collected_is_forgiven_when_refunded() -> None:
    paid("cash")
    payments.refund(ref="or:1", amount=4200, reason="cancelled", key="c", by=SYSTEM, at=AT)
    assert queries.refunds(ref="or:1")[0].state == "settled"
    assert queries.balance(person_id=payer()) == 0
    assert holds()


def test_cash_collected_comes_back_as_balance() -> None:
    paid("cash")
    payments.collect_cash(ref="or:1", courier_id=COURIER, amount=4200, at=AT)
    payments.refund(ref="or:1", amount=1000, reason="missing dish", key="c", by=SYSTEM, at=AT)
    assert queries.balance(person_id=payer()) == 1000
    assert holds()


def test_a_payout_never_exceeds_what_was_earned() -> None:
    paid("balance")
    payments.settle(ref="or:1", shares=shares(4200), at=AT)
    with pytest.raises(Conflict):
        payments.pay_out(kind="store", owner=STORE, amount=3501, key="p", by=OPERATOR, at=AT)
    assert queries.payable(kind="store", owner=STORE) == 3500
    assert payments.pay_out(kind="store", owner=STORE, amount=3500, key="p", by=OPERATOR, at=AT)
    assert not payments.pay_out(kind="store", owner=STORE, amount=3500, key="p", by=OPERATOR, at=AT)
    assert queries.payable(kind="store", owner=STORE) == 0


def test_the_cashier_offers_what_fits() -> None:
    person = payer()
    codes = {method.code: method for method in queries.methods(city_id=0, amount=4200, mode="delivery", person_id=person)}
    assert set(codes) == {"sandbox", "sandbox_qr", "balance", "cash"}
    assert not codes["balance"].enough
    assert "cash" not in {method.code for method in queries.methods(city_id=0, amount=4200, mode="pickup", person_id=person)}
    assert "cash" not in {method.code for method in queries.methods(city_id=0, amount=50_001, mode="delivery", person_id=person)}
