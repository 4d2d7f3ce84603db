"""Whole processes are killed (SIGKILL) under people who go on asking: web, push, worker and the database, at each step of an order's walk.

One walk from the cart to a part given back, with a payment at the provider; beside it somebody who orders, pays and calls off without
end, and an order that nobody ever pays. Whoever gets no answer asks again with the same key. In the end nothing is lost, nobody has paid
for nothing or twice, the rules hold, what was held is free again, and the pages that listen have heard everything.

In its short form one victim dies at each step, in turn; `LINLI_DEATHS=all` lets each die at every step, several times over.
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.db import connection

from bench.made.hearer import Hearer
from linli.apps.accounts import operations as accounts
from linli.apps.fulfilment import queries as street
from linli.apps.fulfilment.models import PayLine
from linli.apps.orders import queries as ordered
from linli.apps.payments import queries as paying
from linli.apps.payments.models import Attempt
from linli.apps.stock import queries as stock
from linli.platform import clock, ids, invariants, jobs, push
from linli.platform.models import Job, PushMessage
from linli.simulator.provider.models import Trade
from tests import town
from tests.faults.house import VICTIMS, House, house, inside, until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
ROUNDS = 4 * len(VICTIMS) if os.environ.get("LINLI_DEATHS") == "all" else 1
SOON_S = 0.06  # within this from the beginning of a step somebody dies
DISH, BOWLS, PART = "牛肉面", 10_000, 300


@dataclass
class Walker:
    """Lin, the store, the courier and the operator on one walk; every verb is asked until it is done."""

    house: House
    town: town.World
    tokens: dict[int, str]
    key: str = ""
    order: str = ""
    total: int = 0
    page: str = ""
    quote: dict[str, Any] = field(default_factory=dict)

    def call(self, who: int, method: str, path: str, body: Any = None, *, but: tuple[int, ...] = (), key: str = "") -> Any:
        headers = {"authorization": f"Bearer {self.tokens[who]}", "accept-language": "en"} | ({"idempotency-key": key} if key else {})
        return self.house.ask(method, f"/api/v1{path}", body, but=but, **headers)

    @property
    def number(self) -> int:
        return ids.unseal("or", self.order)

    @property
    def store(self) -> str:
        return ids.seal("st", self.town.noodles)

    def view(self) -> ordered.OrderView:
        return inside(lambda: ordered.order(order_id=self.number))

    def comes_to(self, state: str) -> None:
        until(lambda: ordered.order(order_id=self.number).state == state, state)

    def job(self) -> str:
        return ids.seal("jb", inside(lambda: street.job(ref=f"or:{self.number}")).id)

    # the steps

    def fill(self) -> None:
        self.call(self.town.lin, "DELETE", f"/carts/{self.store}")
        line = {"offer_id": ids.seal("of", self.town.dishes[DISH]), "qty": 2}
        self.call(self.town.lin, "POST", f"/carts/{self.store}/lines", line)

    def ask_the_price(self) -> None:
        want = {"store_id": self.store, "mode": "delivery", "address_id": ids.seal("ad", self.town.home)}
        found = self.call(self.town.lin, "POST", "/quotes", want)
        assert found["problems"] == []
        self.quote, self.total = want | {"quote_token": found["token"], "method": "sandbox"}, found["total"]

    def place(self) -> None:
        self.order = self.call(self.town.lin, "POST", "/orders", self.quote, key=self.key)["id"]

    def begin_to_pay(self) -> None:
        intent = self.call(self.town.lin, "GET", f"/orders/{self.order}/payment")["intent"]["id"]
        url = self.call(self.town.lin, "POST", f"/payments/{intent}/start", {"method": "sandbox"})["url"]
        entered: httpx.Response = self.house.ask("GET", url.removeprefix(self.house.address))
        self.page = entered.headers["location"]

    def pay(self) -> None:
        self.house.ask("POST", self.page, {"action": "pay", "mood": "twice"})

    def be_heard(self) -> None:
        self.comes_to("paid")

    def accept(self) -> None:
        self.call(self.town.chen.person_id, "POST", f"/merchant/stores/{self.store}/orders/{self.order}/accept", {}, but=(409,))

    def call_a_courier(self) -> None:
        until(lambda: f"or:{self.number}" in street.jobs(refs=[f"or:{self.number}"]), "a job for a courier")

    def cook(self) -> None:
        self.call(self.town.chen.person_id, "POST", f"/merchant/stores/{self.store}/orders/{self.order}/ready", but=(409,))

    def send_zhao(self) -> None:
        self.call(self.town.zhao, "POST", "/courier/online", {"lat": town.NOODLES.lat, "lng": town.NOODLES.lng})
        chosen = {"courier_id": ids.seal("co", self.town.zhao), "reason": "test"}
        self.call(self.town.ou.person_id, "POST", f"/operator/jobs/{self.job()}/assign", chosen, but=(409,))
        self.call(self.town.zhao, "POST", f"/courier/jobs/{self.job()}/arrive", but=(409,))

    def pick_up(self) -> None:
        self.call(self.town.zhao, "POST", f"/courier/jobs/{self.job()}/pick-up", {"code": self.view().pickup_code}, but=(409,))

    def deliver(self) -> None:
        proof = {"kind": "code", "value": self.view().drop_code}
        self.call(self.town.zhao, "POST", f"/courier/jobs/{self.job()}/deliver", proof, but=(409,))
        self.comes_to("delivered")

    def give_a_part_back(self) -> None:
        path = f"/merchant/stores/{self.store}/orders/{self.order}/refunds"
        self.call(self.town.chen.person_id, "POST", path, {"amount": PART, "reason": "cold"}, key=self.key)

    def see_it_sent_back(self) -> None:
        until(lambda: [one.state for one in paying.refunds(ref=f"or:{self.number}")] == ["settled"], "the part is back")

    def right(self) -> None:
        """One order, paid once, a part of it back once, and Zhao has earned it once."""
        intent = paying.intent(ref=f"or:{self.number}")
        assert (self.view().state, intent.captured_amount, intent.refunded) == ("delivered", self.total, PART)
        mine = self.call(self.town.lin, "GET", "/orders?limit=50")["items"]
        assert [one["id"] for one in mine].count(self.order) == 1
        tries = Attempt.objects.filter(intent__ref=f"or:{self.number}").values_list("number", flat=True)
        paid = Trade.objects.filter(out_number__in=list(tries), state="SUCCESS")
        assert [(trade.amount, trade.refunded) for trade in paid] == [(self.total, PART)]
        assert PayLine.objects.filter(job__ref=f"or:{self.number}", kind="base").count() == 1


STEPS: tuple[Callable[[Walker], None], ...] = (
    Walker.fill, Walker.ask_the_price, Walker.place, Walker.begin_to_pay, Walker.pay, Walker.be_heard, Walker.accept, Walker.call_a_courier,
    Walker.cook, Walker.send_zhao, Walker.pick_up, Walker.deliver, Walker.give_a_part_back, Walker.see_it_sent_back,
)  # fmt: skip


class Restless(threading.Thread):
    """He, who orders, pays from the balance and calls it off, again and again, whoever dies meanwhile."""

    def __init__(self, walker: Walker) -> None:
        super().__init__(daemon=True)
        self.walker, self.stop, self.called_off, self.fault = walker, threading.Event(), list[str](), ""

    def run(self) -> None:
        while not self.stop.is_set():
            try:
                self.called_off.append(self._once(f"restless-{len(self.called_off):04}"))
            except BaseException as fault:
                self.fault = repr(fault)
                return

    def _once(self, key: str) -> str:
        walker, he = self.walker, self.walker.town.he
        line = {"offer_id": ids.seal("of", walker.town.dishes["素面"]), "qty": 1}
        walker.call(he, "DELETE", f"/carts/{walker.store}")
        walker.call(he, "POST", f"/carts/{walker.store}/lines", line)
        want = {"store_id": walker.store, "mode": "pickup"}
        token = walker.call(he, "POST", "/quotes", want)["token"]
        order = walker.call(he, "POST", "/orders", want | {"quote_token": token, "method": "balance"}, key=key)["id"]
        intent = walker.call(he, "GET", f"/orders/{order}/payment")["intent"]["id"]
        walker.call(he, "POST", f"/payments/{intent}/start", {"method": "balance"})
        walker.call(he, "POST", f"/orders/{order}/cancel", {"reason": "so"}, but=(409,))
        return str(order)


def furnish() -> tuple[town.World, dict[int, str], int]:
    """The town with counted bowls, everybody's tokens, and an order of Wang's that nobody will pay."""
    clock.set_pace(town.NOON, 1.0)
    world = town.build()
    world.limit(DISH, BOWLS)
    world.place(want=world.want(mode="pickup", address_id=None), person_id=world.wang.person_id)
    people = (world.lin, world.he, world.chen.person_id, world.wang.person_id, world.zhao, world.ou.person_id)
    jobs.start_periodic(town.NOON)
    return world, {who: accounts.issue_token(person_id=who, at=town.NOON) for who in people}, left(world)


def left(world: town.World) -> int:
    dish = world.dishes[DISH]
    return stock.left(offer_ids=[dish], at=town.NOON)[dish]


def step(walker: Walker, act: Callable[[Walker], None], victim: str, chance: random.Random) -> None:
    """The step, while the victim dies and comes back."""
    house, wait = walker.house, chance.random() * SOON_S

    def murder() -> None:
        time.sleep(wait)
        house.kill(victim)

    killer = threading.Thread(target=murder)
    killer.start()
    act(walker)
    killer.join()


def test_whoever_dies_at_whichever_step(tmp_path: Path) -> None:
    chance = random.Random(1)
    with house(tmp_path, furnish) as (made, (world, tokens, bowls)):
        walkers = [Walker(made, world, tokens, f"walk-{number:04}") for number in range(ROUNDS)]
        hearer = Hearer(made.live, push.topic_token(f"person:{world.lin}", f"store:{world.noodles}"))
        hearer.start()
        restless = Restless(walkers[0])
        restless.start()
        until(lambda: hearer.since >= 0, "the page listens")
        for number, walker in enumerate(walkers):
            for place, act in enumerate(STEPS):
                step(walker, act, VICTIMS[(place + number) % len(VICTIMS)], chance)
        restless.stop.set()
        restless.join(120)
        assert (restless.fault, restless.is_alive()) == ("", False)
        clock.set_pace(town.NOON + timedelta(minutes=40), 1.0)
        in_the_end(walkers, restless, hearer, bowls)
        hearer.close()


def in_the_end(walkers: list[Walker], restless: Restless, hearer: Hearer, bowls: int) -> None:
    """Nothing is lost, charged twice or without an order; holds have expired; jobs have been done; the pages have heard everything."""
    world = walkers[0].town
    until(lambda: [one.state for one in ordered.orders_of(person_id=world.wang.person_id).items] == ["expired"], "the unpaid one expires")
    until(nothing_waits, "everything that was due is done")
    connection.close()
    for walker in walkers:
        walker.right()
    assert left(world) == bowls + 2 - 2 * len(walkers)
    states = [ordered.order(order_id=ids.unseal("or", one)).state for one in restless.called_off]
    assert states == ["cancelled"] * len(restless.called_off)
    assert len(restless.called_off) > 3
    assert len(ordered.orders_of(person_id=world.he, limit=100).items) == min(100, len(restless.called_off))
    assert (paying.balance(person_id=world.he), paying.balance(person_id=world.lin)) == (1_000_000, 1_000_000)
    at = town.NOON + timedelta(minutes=41)
    assert {name: wrong for name, wrong in invariants.check_all(at).items() if wrong} == {}
    assert jobs.poison_count() == 0
    told = set(
        PushMessage.objects.filter(topic__in=hearer_topics(world), pk__gt=hearer.since).values_list("pk", flat=True)
    )  # fmt: skip
    until(lambda: told <= hearer.heard, f"the page has heard all {len(told)}")
    assert told


def nothing_waits() -> bool:
    """Whether no job is due for longer than a worker needs to take it up; some are due again and again."""
    kept = clock.kept()
    assert kept is not None
    return not Job.objects.filter(run_at__lt=kept.now() - timedelta(seconds=15)).exclude(state="poison").exists()


def hearer_topics(world: town.World) -> list[str]:
    return [f"person:{world.lin}", f"store:{world.noodles}"]
