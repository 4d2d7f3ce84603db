"""Two hundred people in the same moment for the last of something: as many get it as there is, the rest are told, nothing else moves.

Each with a control: the same crowd with the guard off, where more is given away than there is.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.db.models import F

from linli.apps.accounts import operations as accounts
from linli.apps.fulfilment import operations as street
from linli.apps.fulfilment import queries as jobs_of
from linli.apps.fulfilment.operations import DropStop, PickupStop
from linli.apps.orders import operations as orders
from linli.apps.orders.queries import CheckoutWant
from linli.apps.payments import ledger
from linli.apps.payments import operations as payments
from linli.apps.payments import queries as paying
from linli.apps.payments.models import Account
from linli.apps.promotions import hot as spending
from linli.apps.promotions import operations as promotions
from linli.apps.promotions import queries as deals
from linli.apps.promotions.models import Campaign, Coupon
from linli.apps.promotions.operations import CampaignWant
from linli.apps.promotions.queries import Discount
from linli.apps.stock import hot
from linli.apps.stock import operations as stocking
from linli.apps.stock import queries as stock
from linli.apps.stock.models import Bucket
from linli.apps.stock.operations import Want
from linli.apps.stock.shelves import Shelf
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import Conflict, TooMany
from linli.platform import invariants, limits
from linli.platform.models import Limit
from tests.crowd import Outcome, crowd, no_constraint, no_locks, outcomes
from tests.inn import Inn, open_inn
from tests.town import HOME, NOODLES, World, build

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
CROWD = 200
A_MOMENT = 0.3  # seconds to think between looking and taking
DAY = timedelta(days=1)
TAKE_WHATEVER_IS_LEFT = "UPDATE stock_bucket SET held = held + %s WHERE id = %s AND %s > 0"


@pytest.fixture
def town() -> World:
    return build()


def given_away(results: Sequence[Outcome]) -> int:
    """How many got it; without its guard a database may well crash on the others, too."""
    return sum(kind == "done" for kind, _ in results)


def sound(at: datetime) -> bool:
    broken = {name: found for name, found in invariants.check_all(at).items() if found}
    assert broken == {}
    return True


@contextmanager
def looking_at_the_shelf_first() -> Iterator[None]:
    def thinking(look: Callable[..., Any]) -> Callable[..., Any]:
        def looked(*args: object) -> object:
            seen = look(*args)
            time.sleep(A_MOMENT)
            return seen

        return looked

    with (
        no_locks(),
        patch.multiple(hot, lock=thinking(hot.lock), lock_at=thinking(hot.lock_at), _TAKE=TAKE_WHATEVER_IS_LEFT),
        patch.object(Shelf, "take", thinking(Shelf.take)),
    ):
        yield


# One bowl


def buyers(town: World) -> list[tuple[World, int, CheckoutWant, str]]:
    """People with a bowl of noodles in the cart, and what they were quoted."""
    want, ready = CheckoutWant(store_id=town.noodles, mode="pickup", coupon_id=None), []
    for number in range(CROWD):
        person = accounts.ensure_person(phone=f"1390000{number:04d}", name=f"买家{number}", at=town.at).id
        town.fill(person, {"牛肉面": 1})
        ready.append((town, person, want, town.quote(want, person_id=person).token))
    return ready


def buy(town: World, person_id: int, want: CheckoutWant, token: str) -> int:
    return orders.place(
        person_id=person_id, want=want, quote_token=token, method="sandbox", idempotency_key=f"buyer-{person_id}", at=town.at
    ).id  # fmt: skip


def test_one_bowl(town: World) -> None:
    ready = buyers(town)
    town.limit("牛肉面", 1)
    assert outcomes(crowd(buy, ready)) == {"done": 1, "stock.short": CROWD - 1}
    assert stock.left(offer_ids=[town.dishes["牛肉面"]], at=town.at) == {town.dishes["牛肉面"]: 0}
    assert sound(town.at)


def test_control_one_bowl_without_lock_and_constraint(town: World) -> None:
    ready = buyers(town)
    town.limit("牛肉面", 1)
    with no_constraint(Bucket, "stock_bucket_enough", held=0):
        assert given_away(crowd(buy, ready, amid=looking_at_the_shelf_first)) > 1


# One room for two nights


def guests(inn: Inn) -> list[tuple[World, int, CheckoutWant, str]]:
    """People with the same two nights in the cart, and what they were quoted."""
    want, ready = CheckoutWant(store_id=inn.store_id, mode="stay", coupon_id=None), []
    for number in range(CROWD):
        person = accounts.ensure_person(phone=f"1390000{number:04d}", name=f"客人{number}", at=inn.town.at).id
        inn.put(person)
        ready.append((inn.town, person, want, inn.town.quote(want, person_id=person).token))
    return ready


def test_one_room_for_two_nights(town: World) -> None:
    inn = open_inn(town, doubles=1)
    assert outcomes(crowd(buy, guests(inn))) == {"done": 1, "stock.short": CROWD - 1}
    assert inn.left(nights=3) == [0, 0, 1]
    assert sound(town.at)


def test_control_one_room_without_lock_and_constraint(town: World) -> None:
    inn = open_inn(town, doubles=1)
    ready = guests(inn)
    with no_constraint(Bucket, "stock_bucket_enough", held=0):
        assert given_away(crowd(buy, ready, amid=looking_at_the_shelf_first)) > 1


# One budget, one coupon


def campaign(town: World, kind: str, **more: object) -> int:
    want = CampaignWant(
        kind=kind, title="减", title_en="Off", rules={"tiers": [[1000, 500]]}, starts_at=town.at - DAY, ends_at=town.at + DAY, **more
    )  # type: ignore[arg-type]  # fmt: skip
    return promotions.put_campaign(want=want, at=town.at)


def test_one_discount_of_a_budget(town: World) -> None:
    campaign(town, "full_reduction", store_id=town.noodles, budget=500)
    found = outcomes(crowd(buy, buyers(town)))
    assert found["done"] == 1
    assert set(found) <= {"done", "quote.changed", "campaign.exhausted"}
    assert [view.spent for view in deals.campaigns(store_id=town.noodles)] == [500]
    assert sound(town.at)


@contextmanager
def looking_at_the_budget_first() -> Iterator[None]:
    """What is left was read with everything else before; here it is spent after a while of thinking, whatever is left then."""

    def spend(campaign_id: int, amount: int, at: datetime) -> None:
        time.sleep(A_MOMENT)
        Campaign.objects.filter(id=campaign_id).update(spent=F("spent") + amount)

    with no_locks(), patch.object(spending, "spend", spend):
        yield


def test_control_one_discount_without_condition_and_constraint(town: World) -> None:
    campaign(town, "full_reduction", store_id=town.noodles, budget=500)
    ready = buyers(town)
    with no_constraint(Campaign, "campaign_budget", spent=0):
        assert given_away(crowd(buy, ready, amid=looking_at_the_budget_first)) > 1
        assert [view.spent > 500 for view in deals.campaigns(store_id=town.noodles)] == [True]


def coupon(town: World) -> list[tuple[World, int, int, str]]:
    number = campaign(town, "coupon")
    granted = promotions.grant(campaign_id=number, person_id=town.lin, at=town.at)
    return [(town, number, granted, f"or:{key}") for key in range(CROWD)]


def use_coupon(town: World, campaign_id: int, coupon_id: int, ref: str) -> None:
    discount = Discount(campaign_id, coupon_id, "减", "Off", 500, "goods", 0, 500)
    promotions.redeem(ref=ref, person_id=town.lin, discounts=[discount], at=town.at)


def test_one_coupon(town: World) -> None:
    assert outcomes(crowd(use_coupon, coupon(town))) == {"done": 1, "coupon.used": CROWD - 1}
    assert [view.spent for view in deals.campaigns()] == [500]
    assert sound(town.at)


@contextmanager
def looking_at_the_coupon_first() -> Iterator[None]:
    def use(coupon_id: int, campaign_id: int, person_id: int, ref: str, at: datetime) -> None:
        if Coupon.objects.get(id=coupon_id).state != "granted":
            raise Conflict("coupon.used", "used")
        time.sleep(A_MOMENT)
        Coupon.objects.filter(id=coupon_id).update(state="redeemed", ref=ref)

    with no_locks(), patch.object(promotions, "_use", use):
        yield


def test_control_one_coupon_without_compare_and_set(town: World) -> None:
    assert given_away(crowd(use_coupon, coupon(town), amid=looking_at_the_coupon_first)) > 1


# One balance, given or paid in


def bills(town: World, amount: int) -> list[tuple[World, int, int]]:
    """Somebody with `amount` on the balance, and two hundred things to pay, a yuan each."""
    person = accounts.ensure_person(phone="13900000000", name="客", at=town.at).id
    payments.give_balance(person_id=person, amount=amount, key="gift", reason="test", by=SYSTEM, at=town.at)
    due = town.at + DAY
    opened = [
        payments.open_intent(ref=f"or:{n}", person_id=person, amount=100, currency="CNY", methods=("balance",), expires_at=due, at=town.at)
        for n in range(CROWD)
    ]
    return [(town, person, intent.id) for intent in opened]


def pay(town: World, person_id: int, intent_id: int) -> None:
    payments.start(intent_id=intent_id, person_id=person_id, method="balance", at=town.at)


@pytest.mark.parametrize("enough_for", [1, 7])
def test_one_balance(town: World, enough_for: int) -> None:
    ready = bills(town, 100 * enough_for + 99)
    assert outcomes(crowd(pay, ready)) == {"done": enough_for, "balance.short": CROWD - enough_for}
    assert paying.balance(person_id=ready[0][1]) == 99
    states = [paying.intent(intent_id=intent).state for _, _, intent in ready]
    assert (states.count("captured"), states.count("open")) == (enough_for, CROWD - enough_for)
    assert sound(town.at)


@contextmanager
def looking_at_the_balance_first() -> Iterator[None]:
    def move(account: Account, debit: int, credit: int) -> None:
        row = Account.objects.get(pk=account.pk)
        if account.kind == "balance" and row.credits - row.debits < debit:
            raise Conflict("balance.short", "short")
        time.sleep(A_MOMENT)
        Account.objects.filter(pk=account.pk).update(debits=F("debits") + debit, credits=F("credits") + credit)

    with no_locks(), patch.object(ledger, "_move", move):
        yield


def test_control_one_balance_without_compare_and_set_and_constraint(town: World) -> None:
    ready = bills(town, 199)
    with no_constraint(Account, "account_covered", debits=0):
        assert given_away(crowd(pay, ready, amid=looking_at_the_balance_first)) > 1


# One slot


def chair(town: World) -> list[tuple[World, int, str, datetime, datetime]]:
    """One hairdresser in half hours; everybody wants a while that has three o'clock in it."""
    offer, three = 4711, town.at.replace(hour=15, minute=0)
    stocking.put_supply(store_id=town.noodles, offer_id=offer, name="理发", grain_minutes=30, capacity=1, at=town.at)
    half = timedelta(minutes=30)
    return [(town, offer, f"ap:{n}", three - half * (n % 3), three + half * (1 + n % 5)) for n in range(CROWD)]


def book(town: World, offer_id: int, ref: str, start: datetime, end: datetime) -> None:
    stocking.hold(ref=ref, wants=[Want(offer_id, 1, start, end)], expires_at=town.at + DAY, at=town.at)


def test_one_slot(town: World) -> None:
    ready = chair(town)
    results = crowd(book, ready)
    assert outcomes(results) == {"done": 1, "stock.short": CROWD - 1}
    ((_, offer, ref, start, end),) = (args for args, (kind, _) in zip(ready, results, strict=True) if kind == "done")
    assert stock.free(offer_id=offer, start=start, end=end) == 0
    assert len(stock.held(ref=ref)) == (end - start) // timedelta(minutes=30)
    assert stock.free(offer_id=offer, start=end, end=end + DAY) == 1
    assert sound(town.at)


def test_control_one_slot_without_lock_and_constraint(town: World) -> None:
    with no_constraint(Bucket, "stock_bucket_enough", held=0):
        assert given_away(crowd(book, chair(town), amid=looking_at_the_shelf_first)) > 1


# One courier


def errands(town: World) -> list[tuple[World, int]]:
    """Two hundred things to bring; Zhao alone is on duty, and takes four at a time."""
    street.go_online(courier_id=town.zhao, point=NOODLES, at=town.at)
    pickup = PickupStop(store_id=town.noodles, name="老陈面馆", address="北街1号", lat=NOODLES.lat, lng=NOODLES.lng)
    drop = DropStop(name="林", phone="13800000001", address="和平里", lat=HOME.lat, lng=HOME.lng)
    return [
        (town, street.request(
            ref=f"or:{n}", city_id=town.city_id, pickup=pickup, drop=drop, ready_at=town.at, promise_at=town.at + DAY, at=town.at
        ))
        for n in range(CROWD)
    ]  # fmt: skip


def assign(town: World, job_id: int) -> None:
    street.assign(job_id=job_id, courier_id=town.zhao, actor=town.ou, reason="test", at=town.at)


def test_one_courier(town: World) -> None:
    assert outcomes(crowd(assign, errands(town))) == {"done": 4, "courier.full": CROWD - 4}
    assert len(jobs_of.open_jobs(courier_id=town.zhao)) == 4
    assert len(jobs_of.waiting(city_id=town.city_id)) == CROWD - 4
    assert sound(town.at)


def test_control_one_courier_without_locks(town: World) -> None:
    assert given_away(crowd(assign, errands(town), amid=no_locks)) > 4


# One limit of tries


def knock(town: World) -> None:
    limits.hit(key="door", limit=7, per_s=3600, at=town.at)


def test_one_limit_over_all_processes(town: World) -> None:
    assert outcomes(crowd(knock, [(town,)] * CROWD)) == {"done": 7, "limit.reached": CROWD - 7}


@contextmanager
def looking_at_the_door_first() -> Iterator[None]:
    def hit(*, key: str, limit: int, per_s: float, at: datetime) -> None:
        seen = Limit.objects.filter(pk=key).values_list("paid_off", flat=True).first() or 0
        if seen >= limit:
            raise TooMany("limit.reached", "too many")
        time.sleep(A_MOMENT)
        Limit.objects.update_or_create(pk=key, defaults={"paid_off": seen + 1})

    with no_locks(), patch.object(limits, "hit", hit):
        yield


def test_control_one_limit_without_one_statement(town: World) -> None:
    assert given_away(crowd(knock, [(town,)] * CROWD, amid=looking_at_the_door_first)) > 7
