"""The town with everything running: the jobs that come round by themselves, the payment provider behind HTTP, one clock for all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
from django.conf import settings
from django.core.wsgi import get_wsgi_application

from linli.apps.fulfilment import operations as fulfilment
from linli.apps.fulfilment import queries as jobs_of
from linli.apps.orders.queries import OrderView
from linli.apps.payments import operations as payments
from linli.apps.payments import queries as paying
from linli.kernel.time import ManualClock
from linli.platform import clock, http, invariants, jobs
from linli.simulator.provider.models import Trade
from tests.inside import connections_kept
from tests.town import DUMPLINGS, NOODLES, World


@dataclass
class Walk:
    """What somebody who lives in the town does: pay at the provider's page, ride when asked."""

    town: World
    browser: httpx.Client

    def pay(self, order: OrderView, mood: str = "normal", method: str = "sandbox") -> None:
        """Pay on the provider's page; it tells of it in this mood."""
        intent = paying.intent(ref=order.ref)
        step = payments.start(intent_id=intent.id, person_id=order.person_id, method=method, at=self.town.at)
        page = self.browser.get(step.url)
        while page.is_redirect:
            page = self.browser.get(page.headers["location"])
        assert page.status_code == 200
        assert self.browser.post(page.url, data={"action": "pay", "mood": mood}).is_redirect

    def go(self, minutes: float, step_s: int = 15) -> None:
        """Let time pass a little at a time, as it does."""
        for _ in range(int(minutes * 60 / step_s)):
            self.town.pass_(seconds=step_s)

    def on_duty(self) -> None:
        """Both couriers begin their shift, one at each store."""
        fulfilment.go_online(courier_id=self.town.zhao, point=NOODLES, at=self.town.at)
        fulfilment.go_online(courier_id=self.town.qian, point=DUMPLINGS, at=self.town.at)

    def taken(self, order: OrderView) -> int:
        """Wait until dispatch has asked somebody for the order, who says yes; returns the courier."""
        for _ in range(120):
            self.town.pass_(seconds=10)
            for courier_id, place in ((self.town.zhao, NOODLES), (self.town.qian, DUMPLINGS)):
                fulfilment.report(courier_id=courier_id, points=[(place, self.town.at)], at=self.town.at)
                for job in jobs_of.offers(courier_id=courier_id):
                    fulfilment.answer(courier_id=courier_id, job_id=job.id, accept=True, at=self.town.at)
                    if job.ref == order.ref:
                        self.town.pass_()
                        return courier_id
        raise AssertionError("nobody was asked")

    def money(self) -> int:
        """What Lin's account with the provider has been charged, less what came back."""
        self.town.pass_()
        return sum(trade.amount * (trade.state == "SUCCESS") - trade.refunded for trade in Trade.objects.all())

    def all_well(self) -> None:
        """Every rule holds, nothing failed in the background, and the provider's books say what ours say."""
        assert jobs.health(self.town.at).errors == ()
        assert {name: found for name, found in invariants.check_all(self.town.at).items() if found} == {}
        assert sum(line.balance for line in paying.trial_balance()) == 0


@pytest.fixture
def walk(world: World) -> Iterator[Walk]:
    """The town, running."""
    world.clock = ManualClock(world.at)
    road = httpx.WSGITransport(app=get_wsgi_application())
    browsing = httpx.Client(transport=road, base_url=settings.BASE_URL)
    with connections_kept(), clock.use(world.clock), http.use(road), browsing as browser:
        jobs.start_periodic(world.at)
        world.pass_()
        yield Walk(world, browser)
