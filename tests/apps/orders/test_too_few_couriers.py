"""When couriers are too few: whoever waits is told in time and once, nobody waits for ever, and no courier gets what was called off."""

from __future__ import annotations

from datetime import timedelta

import pytest

from linli.apps.fulfilment import operations as fulfilment
from linli.apps.fulfilment import queries as street
from linli.apps.fulfilment.operations import Proof
from linli.apps.notices import queries as notices
from linli.apps.orders import operations as orders
from linli.apps.payments import ledger
from linli.kernel.actors import Actor
from linli.kernel.errors import Conflict
from linli.platform import invariants, policies
from linli.policy import money
from tests.town import World


def heard(world: World) -> list[str]:
    return [note.kind for note in notices.inbox(person_id=world.lin).items if note.kind in ("order.unfound", "order.cancelled")]


def wait(world: World, minutes: float) -> None:
    """Minutes go by, and once in each somebody looks who still waits."""
    for _ in range(int(minutes)):
        world.pass_(1)
        fulfilment.see_to_unfound(city_id=world.city_id, at=world.at)
    world.pass_()


def test_whoever_waits_is_told_once_and_gets_the_money_back_in_the_end(world: World) -> None:
    order = world.ready()
    wait(world, 15)
    assert heard(world) == []
    wait(world, 12)
    assert heard(world) == ["order.unfound"]
    assert world.order(order).state == "ready"
    wait(world, 40)
    ended = world.order(order)
    assert (ended.state, ended.refunded) == ("cancelled", ended.total)
    assert heard(world) == ["order.cancelled", "order.unfound"]
    job = street.job(ref=order.ref)
    assert job.state == "cancelled"
    with pytest.raises(Conflict):
        fulfilment.assign(job_id=job.id, courier_id=world.zhao, actor=world.ou, at=world.at, reason="test")


def test_who_is_found_after_all_brings_it(world: World) -> None:
    order = world.ready()
    wait(world, 25)
    assert heard(world) == ["order.unfound"]
    world.ride(order)
    wait(world, 60)
    assert world.order(order).state == "picked_up"


def test_two_lookouts_at_once_tell_once(world: World) -> None:
    world.ready()
    later = world.at + timedelta(minutes=30)
    assert fulfilment.see_to_unfound(city_id=world.city_id, at=later) == (1, 0)
    assert fulfilment.see_to_unfound(city_id=world.city_id, at=later) == (0, 0)


def of_store(world: World, store_id: int) -> int:
    return ledger.held(ledger.Spot("store", str(store_id)))


@pytest.mark.parametrize("method", ["balance", "cash"])
@pytest.mark.parametrize(("share", "part"), [(10_000, 1.0), (5_000, 0.5), (0, 0.0)])
def test_a_store_that_cooked_in_vain_is_paid_and_the_platform_bears_it(world: World, share: int, part: float, method: str) -> None:
    policies.change(number_name=money.COOKED_BP.name, city_id=0, value=share, actor=Actor("operator", 1), at=world.at, reason="test")
    order = world.ready(method=method)
    assert order.method == method
    before, goodwill = of_store(world, order.store_id), ledger.held(ledger.Spot("goodwill"))
    wait(world, 70)
    ended = world.order(order)
    assert (ended.state, ended.refunded) == ("cancelled", ended.total)
    paid = of_store(world, order.store_id) - before
    assert ledger.held(ledger.Spot("goodwill")) - goodwill == paid
    commission = policies.whole(money.COMMISSION_BP) / 10_000
    assert paid == pytest.approx(part * (order.goods * (1 - commission) + order.packaging), abs=1)
    assert ledger.held(ledger.escrow(order.ref)) == 0
    assert not any(invariants.check_all(world.at).values())


def test_a_store_that_has_not_cooked_gets_nothing(world: World) -> None:
    order = world.accepted()
    before = of_store(world, order.store_id)
    wait(world, 120)
    assert world.order(order).state == "cancelled"
    assert of_store(world, order.store_id) == before


@pytest.mark.parametrize("method", ["balance", "cash"])
def test_a_courier_who_rode_in_vain_is_paid_and_the_platform_bears_it(world: World, method: str) -> None:
    order = world.picked_up(method=method)
    goodwill = ledger.held(ledger.Spot("goodwill"))
    orders.cancel(order_id=order.id, actor=world.ou, reason="test", at=world.pass_(1))
    fulfilment.deliver(courier_id=world.zhao, job_id=street.job(ref=order.ref).id, proof=Proof("code", order.drop_code), at=world.pass_(5))
    world.pass_(1)
    earned = ledger.held(ledger.Spot("courier", str(world.zhao)))
    assert earned == ledger.held(ledger.Spot("goodwill")) - goodwill > 0
    assert ledger.held(ledger.Spot("cash", str(world.zhao))) == 0
    assert not any(invariants.check_all(world.at).values())
