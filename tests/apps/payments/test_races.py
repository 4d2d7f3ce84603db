"""Four processes at once on one balance, one coupon, one payment, one refund; and what happens without the guard."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from linli.apps.payments import operations as payments
from linli.apps.payments import queries
from linli.apps.payments.models import Account, Transfer
from linli.apps.promotions import operations as promotions
from linli.apps.promotions.models import Campaign, Redemption
from linli.apps.promotions.operations import CampaignWant
from linli.platform import invariants
from tests.apps.payments.cast import AT, OPERATOR, opened, payer
from tests.parties import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
PROGRAM = Path(__file__).with_name("racing.py")


def rich(amount: int) -> int:
    person = payer()
    payments.give_balance(person_id=person, amount=amount, key="start", reason="test", by=OPERATOR, at=AT)
    return person


def race(what: str, whom: int, turns: int) -> Counter[str]:
    return Counter(at_once(PROGRAM, what, str(whom), str(turns)))


def holds() -> None:
    assert {name: wrong for name, wrong in invariants.check_all(AT).items() if wrong} == {}


def test_a_balance_is_spent_to_the_last_fen_and_no_further() -> None:
    person = rich(1050)
    assert race("guarded_spend", person, 10) == {"done": 10, "balance.short": 30}
    assert queries.balance(person_id=person) == 50
    holds()


def naively(kind: str) -> Counter[str]:
    account = Account.objects.create(kind=kind, owner="1", currency="CNY", credits=1050)
    found = race("naive_spend", account.pk, 10)
    account.refresh_from_db()
    assert found["done"] * 100 == account.debits
    return found


def test_without_the_guard_more_is_spent_than_there_is() -> None:
    assert naively("store")["done"] > 10  # an account that may be overdrawn: nothing stops those who look first and take then


def test_the_constraint_stops_what_forgets_the_guard() -> None:
    found = naively("balance")
    assert found["done"] == 10
    assert found["refused by the database"] > 0


def coupon() -> int:
    person = payer()
    day = timedelta(days=1)
    want = CampaignWant(
        kind="coupon", title="t", title_en="t", rules={"tiers": [[0, 100]]}, starts_at=AT - day, ends_at=AT + day, budget=1000
    )
    return promotions.grant(campaign_id=promotions.put_campaign(want=want, at=AT), person_id=person, at=AT)


def test_a_coupon_is_used_once() -> None:
    assert race("guarded_coupon", coupon(), 3) == {"done": 1, "coupon.used": 11}
    assert (Redemption.objects.count(), Campaign.objects.get().spent) == (1, 100)
    holds()


def test_without_the_guard_a_coupon_is_used_more_than_once() -> None:
    assert race("naive_coupon", coupon(), 1)["done"] > 1


def started() -> int:
    intent = opened()
    payments.start(intent_id=intent.id, person_id=intent.person_id, method="sandbox", at=AT)
    return intent.id


def test_one_payment_told_by_four_at_once_counts_once() -> None:
    assert race("hear", started(), 2) == {"done": 1, "already": 7}
    assert Transfer.objects.count() == 1
    assert queries.intent(ref="or:1").captured_amount == 4200
    holds()


def test_refunds_at_once_never_exceed_what_was_paid() -> None:
    person = rich(4200)
    intent = opened(person_id=person)
    payments.start(intent_id=intent.id, person_id=person, method="balance", at=AT)
    assert race("refund", intent.id, 3) == {"done": 6, "refund.too_much": 6}
    assert queries.balance(person_id=person) == 4200
    holds()


def test_the_same_refund_asked_for_by_four_at_once_is_one() -> None:
    person = rich(4200)
    intent = opened(person_id=person)
    payments.start(intent_id=intent.id, person_id=person, method="balance", at=AT)
    assert race("same_refund", intent.id, 3) == {"done": 12}
    assert queries.balance(person_id=person) == 2100
    assert len(queries.refunds(ref="or:1")) == 3
    holds()
