"""Pay at the sandbox provider with everything running: a server, a worker, and notices that travel between them over HTTP."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest

from linli.apps.orders import operations as orders
from linli.apps.orders import queries as ordered
from linli.apps.payments import operations as payments
from linli.apps.payments import queries as paying
from linli.platform import clock, invariants
from tests import town
from tests.server import serving

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.2)


def test_paid_told_confirmed_and_refunded_over_http(settings) -> None:
    world = town.build()
    clock.set_pace(world.at, 1.0)
    with serving(workers=1, hands=1) as address:
        settings.BASE_URL = address
        order = world.place(method="sandbox")
        intent = paying.intent(ref=order.ref)
        with httpx.Client(trust_env=False, timeout=30) as browser:
            page = browser.get(
                payments.start(intent_id=intent.id, person_id=world.lin, method="sandbox", at=world.at).url, follow_redirects=True
            )
            assert page.status_code == 200
            for _ in range(2):
                assert browser.post(str(page.url), data={"action": "pay", "mood": "twice"}).status_code == 302
        wait_for(lambda: ordered.order(order_id=order.id).state == "paid")
        assert paying.intent(ref=order.ref).captured_amount == order.total
        orders.cancel(order_id=order.id, actor=world.ou, reason="test", at=world.at + timedelta(seconds=30))
        wait_for(lambda: [refund.state for refund in paying.refunds(ref=order.ref)] == ["settled"])
        assert paying.refunds(ref=order.ref)[0].via == "sandbox"
        wait_for(lambda: len(paying.callbacks().items) >= 3)
    broken = {name: wrong for name, wrong in invariants.check_all(world.at + timedelta(minutes=1)).items() if wrong}
    assert broken == {}
