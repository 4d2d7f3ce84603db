"""Every way in which the news of a payment can go wrong, as a table: what happens, and what has become of order and money in the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest

from linli.apps.orders import operations as orders
from linli.apps.orders.queries import OrderView
from linli.apps.payments import operations as payments
from linli.apps.payments import queries as paying
from linli.apps.payments.models import Attempt
from linli.kernel.actors import Actor
from linli.kernel.time import ManualClock
from linli.platform import clock, http, jobs
from linli.serve import wsgi
from linli.simulator.provider import signing
from linli.simulator.provider.models import Trade
from tests.fronts.gateways.conftest import City, outcomes
from tests.town import World, build

pytestmark = pytest.mark.django_db


class Line(httpx.BaseTransport):
    """The line between us and the provider, which can be cut."""

    def __init__(self) -> None:
        self.cut = False
        self._through = httpx.WSGITransport(app=wsgi)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return httpx.Response(502) if self.cut else self._through.handle_request(request)


@dataclass
class Walk:
    """The words of the table: an order of Lin's, another one of He's, their pages at the provider, and what is told of them."""

    city: City
    world: World
    line: Line
    order: OrderView
    other: OrderView
    page: str = ""
    back: str = ""
    notices: int = 0

    def open(self) -> None:
        self.page = self._begin(self.order)
        self._begin(self.other)

    def _begin(self, order: OrderView) -> str:
        return self.city.begin(paying.intent(ref=order.ref))

    def open_again(self) -> None:
        """A second tab, by another method."""
        self.page = self.city.begin(paying.intent(ref=self.order.ref), "sandbox_qr")

    def pay(self, mood: str) -> None:
        self.back = self.city.pay(self.page, mood).headers.get("location", "")

    def pay_from_balance(self) -> None:
        intent = paying.intent(ref=self.order.ref)
        payments.start(intent_id=intent.id, person_id=self.world.lin, method="balance", at=self.city.at)

    def wait(self, seconds: str) -> None:
        """Time goes by, and is noticed every few seconds."""
        end = self.city.at + timedelta(seconds=float(seconds))
        while (left := (end - self.city.at).total_seconds()) > 0:
            self.city.later(seconds=100 if left > 200 else min(20, left))
        self.world.at = self.city.at

    def pass_by(self, seconds: str) -> None:
        """Time goes by at once, and what is due then is done: nothing is under way on which the moments between have a bearing."""
        self.city.later(seconds=float(seconds))
        self.wait("20")

    def cancel(self) -> None:
        orders.cancel(order_id=self.order.id, actor=Actor("consumer", self.world.lin), reason="", at=self.city.at)

    def part(self) -> None:
        """The store gives a part back."""
        orders.refund_part(order_id=self.order.id, amount=700, reason="sold out", by=self.world.su, key="part", at=self.city.at)

    def cut(self) -> None:
        self.line.cut = True

    def mend(self) -> None:
        self.line.cut = False

    def come_back(self) -> None:
        """The browser returns to the page that says what came of it; it proves nothing."""
        assert self.city.browser.get(self.back, follow_redirects=True).status_code == 200

    def attempt(self, order: OrderView) -> Attempt:
        return Attempt.objects.get(intent__ref=order.ref, method="sandbox")

    def _notice(self, order: OrderView, **changes: str) -> dict[str, str]:
        attempt, now = self.attempt(order), self.city.at.isoformat()
        self.notices += 1
        return signing.seal({
            "kind": "payment", "app_id": "linli", "out_trade_no": attempt.number, "trade_no": "1", "status": "SUCCESS", "currency": "CNY",
            "amount": str(attempt.amount), "happened_at": now, "notify_id": f"n{self.notices}", "notify_time": now, **changes,
        })  # fmt: skip

    def forge(self) -> None:
        assert self.city.notify({**self._notice(self.order), "sign": "AAAA"}) == 400

    def swap(self) -> None:
        """A true notice of the cheap order, bent towards the dear one."""
        assert self.city.notify({**self._notice(self.other), "out_trade_no": self.attempt(self.order).number}) == 400

    def lie(self, amount: str) -> None:
        assert self.city.notify(self._notice(self.order, amount=amount)) == 400

    def replay(self) -> None:
        """What was told is told again, word by word, at once and much later."""
        callback = paying.callbacks(outcome="captured").items[0]
        body = dict(httpx.QueryParams(callback.body).multi_items())
        assert self.city.notify(body) == 200
        self.city.later(minutes=4)
        assert self.city.notify(body) == 200
        self.city.later(minutes=4)
        assert self.city.notify(body) == 400


@pytest.fixture
def walk(city: City) -> Iterator[Walk]:
    world, line = build(city.at), Line()
    world.clock = city.hand
    order = world.place(method="sandbox", want=world.want(mode="pickup", address_id=None))
    other = world.place(
        {"拍黄瓜": 1}, method="sandbox", want=world.want(mode="pickup", address_id=None), person_id=world.he
    )  # fmt: skip
    jobs.start_periodic(city.at)
    with http.use(line):
        yield Walk(city, world, line, order, other)
        line.cut = False


@dataclass(frozen=True)
class End:
    """The state of the order, what it keeps, what came in and went back in all, and what was noted of the provider's messages."""

    state: str
    came: int
    back: int
    told: tuple[str, ...] = ()


TOTAL = 2 * 2800 + 100
PAID, UNPAID = End("paid", TOTAL, 0), End("expired", 0, 0)
WRONG = {"callbacks.wrong"}
SLOW = pytest.mark.slow
TABLE: list[Any] = [
    pytest.param("open pay:normal wait:1", End("paid", TOTAL, 0, ("captured",)), id="told once"),
    pytest.param("open pay:twice wait:1", End("paid", TOTAL, 0, ("already", "captured")), id="told twice"),
    pytest.param("open pay:shuffled wait:61", End("paid", TOTAL, 0, ("captured", "noted")), id="an older truth after a newer one"),
    pytest.param("open pay:late wait:50", End("paid", TOTAL, 0), id="late, and asked meanwhile"),
    pytest.param("open pay:late wait:90", End("paid", TOTAL, 0, ("already",)), id="late, after it was asked"),
    pytest.param("open pay:never wait:50", PAID, id="never told, asked"),
    pytest.param("open pay:normal come_back wait:1 come_back", End("paid", TOTAL, 0, ("captured",)), id="the browser is back first"),
    pytest.param("open pay:normal wait:1 replay", End("cancelled", TOTAL, TOTAL, ("already", "captured", "stale")), id="replayed"),
    pytest.param("open forge pass_by:1000", End("expired", 0, 0, ("forged",)), id="forged"),
    pytest.param("open swap pass_by:1000", End("expired", 0, 0, ("forged",)), id="of another order, bent"),
    pytest.param(f"open lie:{TOTAL - 1} pass_by:1000", End("expired", 0, 0, ("amount",)), id="a fen too little"),
    pytest.param("open lie:1000 pass_by:1000", End("expired", 0, 0, ("amount",)), id="the amount of the other order"),
    pytest.param("open cancel wait:1 pay:normal wait:90", End("cancelled", 0, 0), id="called off, and the page with it"),
    pytest.param("open cancel pay:never wait:90", End("cancelled", TOTAL, TOTAL), id="called off a moment before it was paid"),
    pytest.param("open cut cancel pay:never wait:300 mend wait:300", End("cancelled", TOTAL, TOTAL), id="called off without a line"),
    pytest.param("open pay_from_balance pay:never wait:120", End("paid", 2 * TOTAL, TOTAL), id="paid otherwise, and nobody tells"),
    pytest.param("open pay:late cancel wait:90", End("cancelled", TOTAL, TOTAL, ("already", "already")), id="called off before the news"),
    pytest.param("open pay:normal wait:1 cancel wait:60", End("cancelled", TOTAL, TOTAL, ("captured", "already")), id="called off after"),
    pytest.param("open pay:never wait:50 part wait:60", End("paid", TOTAL, 700, ("already",)), id="a part back"),
    pytest.param("open open_again pay:normal wait:1", End("paid", TOTAL, 0, ("captured",)), id="the second tab"),
    pytest.param("open pay:late pay_from_balance wait:120", End("paid", 2 * TOTAL, TOTAL, ("already", "already")), id="paid twice over"),
    pytest.param("cut wait:1000 mend wait:60", End("expired", 0, 0), id="never begun"),
    pytest.param("open cut pay:normal wait:100 mend wait:200", End("paid", TOTAL, 0), id="no line for a while"),
    pytest.param("open cut pay:normal wait:1200 mend wait:700", End("expired", TOTAL, TOTAL), id="no line until it was over", marks=SLOW),
    pytest.param("open pay:normal wait:1 cut cancel wait:60 mend wait:900", End("cancelled", TOTAL, TOTAL), id="no line for the refund"),
]  # fmt: skip


@pytest.mark.parametrize(("script", "end"), TABLE)
def test_news_of_a_payment(walk: Walk, script: str, end: End) -> None:
    for step in script.split():
        verb, _, argument = step.partition(":")
        getattr(walk, verb)(*[argument] * bool(argument))
    found, intent = walk.world.order(walk.order), paying.intent(ref=walk.order.ref)
    assert (found.state, intent.captured_amount, intent.refunded) == (end.state, end.came, end.back)
    if end.told:
        assert sorted(outcomes()) == sorted(end.told)
    walk.city.broken = WRONG if "amount" in end.told else set()
    provider_agrees(walk, intent.method)
    assert paying.intent(ref=walk.other.ref).captured_amount == 0
    assert paying.balance(person_id=walk.world.he) == 1_000_000


def provider_agrees(walk: Walk, method: str) -> None:
    """What the provider has kept, what left Lin's purse, and tomorrow's statement say the same as our books."""
    intent = paying.intent(ref=walk.order.ref)
    kept = sum(trade.amount - trade.refunded for trade in Trade.objects.filter(state="SUCCESS"))
    purse = paying.balance(person_id=walk.world.lin)
    assert kept + 1_000_000 - purse == intent.captured_amount - intent.refunded
    tomorrow = walk.city.at + timedelta(days=1)
    with clock.use(ManualClock(tomorrow)):
        assert payments.reconcile(provider="sandbox", day=walk.city.at.date(), at=tomorrow) == 0
