"""Thousands of orders with overlapping baskets in any order, paid, called off, refused and refunded at once: nobody waits in a ring.

`LINLI_ORDERS=10000` runs the whole series.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection

from linli.apps.accounts import operations as accounts
from linli.apps.orders import operations as orders
from linli.apps.payments import operations as payments
from linli.apps.payments import queries as paying
from linli.apps.promotions import operations as promotions
from linli.apps.promotions.operations import CampaignWant
from linli.apps.stock import operations as stocking
from linli.kernel.actors import SYSTEM, Actor
from linli.kernel.errors import Problem
from linli.platform import invariants, jobs
from tests.crowd import crowd, outcomes
from tests.town import World, build

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
ORDERS = int(os.environ.get("LINLI_ORDERS", "400"))
PATIENCE_S = 900  # between two looks at the clock, on a machine that is busy with other things
HANDS = 24  # three in each process
PEOPLE = HANDS - 4  # some order in two places at once
BATCH = min(ORDERS // 10 or 1, 480)  # looked after between two looks at the clock
DISHES = ("牛肉面", "素面", "拍黄瓜")
CLEAR = {
    "cart.empty", "quote.changed", "quote.expired", "intent.closed", "state.conflict", "cancel.too_late", "stock.short", "cart.qty",
    "cart.line", "state.forbidden", "refund.too_much", "intent.busy", "campaign.exhausted", "coupon.used", "limit.reached", "order.unknown",
    "quote.forged",  # what cannot be ordered has a price without a signature
}  # fmt: skip


class Hand:
    """Somebody with a will of their own: orders, and does something with the order."""

    def __init__(self, town: World, person_id: int, seed: int) -> None:
        self.town, self.person_id, self.chance = town, person_id, random.Random(seed)
        self.seen: Counter[str] = Counter()

    def order(self, number: int) -> None:
        town, want = self.town, self.town.want(mode="pickup", address_id=None, coupon_id="best")
        for dish in self.chance.sample(DISHES, self.chance.randint(1, 3)):
            town.fill(self.person_id, {dish: self.chance.randint(1, 2)})
        token = town.quote(want, person_id=self.person_id).token
        key = f"{self.person_id}-{self.chance.random()}-{number}"
        made = orders.place(
            person_id=self.person_id, want=want, quote_token=token, method="balance", idempotency_key=key, at=town.at
        )  # fmt: skip
        for verb in self.chance.choice(((), (self.pay,), (self.cancel,), (self.pay, self.cancel), (self.pay, self.keep, self.refund))):
            verb(made.id)

    def pay(self, order_id: int) -> None:
        payments.start(intent_id=paying.intent(ref=f"or:{order_id}").id, person_id=self.person_id, method="balance", at=self.town.at)

    def cancel(self, order_id: int) -> None:
        orders.cancel(order_id=order_id, actor=Actor("consumer", self.person_id), reason="so", at=self.town.at)

    def keep(self, order_id: int) -> None:
        """The store takes it, or not, as soon as it has heard of it."""
        jobs.run_due(at=self.town.at, limit=5)
        if self.chance.random() < 0.5:
            orders.accept(order_id=order_id, actor=self.town.chen, at=self.town.at)
        else:
            orders.refuse(order_id=order_id, actor=self.town.chen, reason="so", at=self.town.at)

    def refund(self, order_id: int) -> None:
        orders.refund_part(order_id=order_id, amount=100, reason="so", by=self.town.su, key="a", at=self.town.at)

    def work(self, count: int) -> Counter[str]:
        for number in range(count):
            try:
                self.order(number)
                self.seen["done"] += 1
            except Problem as problem:
                self.seen[problem.code] += 1
            if number % 4 == 0:
                jobs.run_due(at=self.town.at, limit=10)
        return self.seen


def toil(town: World, person_id: int, seed: int, count: int) -> Counter[str]:
    """Everybody at a millisecond of their own, as people are: identifiers are made of the time, and nobody places thousands in one."""
    return Hand(replace(town, at=town.at + timedelta(milliseconds=seed)), person_id, seed).work(count)


def people(town: World) -> list[int]:
    found = []
    for number in range(PEOPLE):
        person = accounts.ensure_person(phone=f"1390000{number:04d}", name=f"客{number}", at=town.at).id
        payments.give_balance(person_id=person, amount=900_000_000, key=f"p{number}", reason="test", by=SYSTEM, at=town.at)
        found.append(person)
    return found


def stocked(town: World) -> World:
    day = timedelta(days=1)
    time = {"starts_at": town.at - day, "ends_at": town.at + day}
    for dish in DISHES:
        stocking.put_supply(store_id=town.noodles, offer_id=town.dishes[dish], name=dish, grain_minutes=0, capacity=90_000, at=town.at)
    own = CampaignWant(
        kind="full_reduction", title="减", title_en="Off", rules={"tiers": [[2000, 300]]}, store_id=town.noodles, budget=90_000_000, **time
    )  # type: ignore[arg-type]  # fmt: skip
    promotions.put_campaign(want=own, at=town.at)
    return town


def deadlocks() -> int:
    """How often the server has had to break a ring in this database, as far as it has counted by now."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot(), deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[1])


def test_mixed_orders(transactional_db: None) -> None:
    town, before, seen = stocked(build()), deadlocks(), Counter[str]()
    persons, share = people(town), max(1, BATCH // HANDS)
    while seen.total() < ORDERS:
        results = crowd(toil, [(town, persons[n % PEOPLE], seen.total() + n, share) for n in range(HANDS)], patience=PATIENCE_S)
        assert set(outcomes(results)) == {"done"}
        seen.update(sum((found for _, found in results), Counter[str]()))
    assert set(seen) <= CLEAR | {"done"}, seen
    assert seen["done"] > ORDERS / 4, seen
    assert deadlocks() == before
    jobs.drain(town.at + timedelta(minutes=1))
    assert {name: found for name, found in invariants.check_all(town.at + timedelta(minutes=1)).items() if found} == {}
