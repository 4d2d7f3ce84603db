"""A visitor of the living city complains: the store or support answers while they wait."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from django.core.handlers.wsgi import WSGIHandler

from linli.apps.accounts import operations as accounts
from linli.apps.care import operations as care
from linli.apps.care import queries as cases
from linli.apps.care.queries import CaseView
from linli.kernel.time import ManualClock
from linli.platform import clock, jobs
from linli.simulator.headless import _one_connection
from linli.simulator.world import house as houses
from linli.simulator.world import support as desks
from linli.simulator.world import visitors
from linli.simulator.world.counters import Desk, Kitchen
from linli.simulator.world.doors import sealed
from linli.simulator.world.ears import Ears
from linli.simulator.world.hearing import pass_on
from linli.simulator.world.house import House
from linli.simulator.world.moods import CALM
from linli.simulator.world.support import Support
from linli.simulator.world.world import Setting, World
from tests import town

HALF_A_MINUTE = timedelta(minutes=10)  # at the demo's twenty times the pace of life


@pytest.fixture
def small(world: town.World) -> Iterator[town.World]:
    """The small city on a clock that stands still."""
    world.clock = ManualClock(world.at)
    logging.disable(logging.ERROR)
    with _one_connection(), clock.use(world.clock):
        yield world
    logging.disable(logging.NOTSET)


def _door(person_id: int, at: datetime) -> Callable[[], str]:
    return lambda: accounts.issue_token(person_id=person_id, at=at)


@pytest.fixture
def city(small: town.World) -> World:
    """A living city of one kitchen and support; nobody in it is Lin, who visits."""
    from linli.kernel.geo import Point

    client = httpx.Client(transport=httpx.WSGITransport(app=WSGIHandler()), base_url="http://testserver")
    living = World(Setting(1, CALM, small.city_id, "Asia/Shanghai", Point(39.9, 116.4), 60, 60), client)
    kitchen = Kitchen(client, _door(small.chen.person_id, small.at), sealed("st", small.noodles))
    living.houses[small.noodles] = House(living, "noodles", small.noodles, kitchen, False)
    living.support = Support(living, Desk(client, _door(small.su.person_id, small.at)))
    return living


def complain(small: town.World, **how: Any) -> tuple[CaseView, datetime, Ears]:
    order, ears = small.delivered(), Ears()
    said: dict[str, Any] = {"kind": "late", "text": "Cold", **how}
    case = care.complain(order_id=order.id, person_id=small.lin, at=small.at, **said)
    return case, small.at, ears


def live_on(small: town.World, city: World, ears: Ears, until: datetime) -> None:
    """Let the city hear and act until then, as the demo does."""
    while True:
        for event, _ in ears.news():
            pass_on(city, event, small.at)
        if (due := city.agenda.next_at) is None or due > until:
            break
        small.pass_(seconds=(due - small.at).total_seconds())
        jobs.drain(small.at)
        city.agenda.pop()(small.at)


@pytest.mark.parametrize("wanted", [None, 800])
def test_the_money_comes_back_while_the_visitor_waits(
    small: town.World, city: World, monkeypatch: pytest.MonkeyPatch, wanted: int | None
) -> None:
    monkeypatch.setattr(houses, "_GRANTS", 1.0)
    case, at, ears = complain(small, wanted=wanted)
    live_on(small, city, ears, at + HALF_A_MINUTE)
    view = cases.case(case_id=case.id)
    assert (view.state, view.refund_amount) == ("resolved", wanted or 300)
    assert view.decided_by.startswith("merchant:")
    assert view.replied_at is not None
    assert view.replied_at <= view.reply_due_at
    assert city.refusals == {}


def test_a_store_that_disagrees_leaves_it_to_support(small: town.World, city: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(houses, "_GRANTS", 0.0)
    monkeypatch.setattr(desks, "_GRANTS", 1.0)
    case, at, ears = complain(small)
    live_on(small, city, ears, at + HALF_A_MINUTE)
    view = cases.case(case_id=case.id)
    assert (view.state, view.refund_amount) == ("declined", 0)
    assert view.decided_by.startswith("support:")
    care.escalate(case_id=case.id, actor=town.Actor("consumer", small.lin), at=small.at)  # a second look
    live_on(small, city, ears, small.at + HALF_A_MINUTE)
    assert cases.case(case_id=case.id).state == "resolved"


def test_a_visitor_at_the_store_or_at_the_desk_is_left_to_decide(small: town.World, city: World) -> None:
    assert city.support is not None
    city.taken[small.noodles] = small.at + timedelta(hours=5)
    city.support.taken_until = small.at + timedelta(hours=5)
    case, at, ears = complain(small)
    live_on(small, city, ears, at + HALF_A_MINUTE)
    assert cases.case(case_id=case.id).state in {"open", "escalated"}


def test_once_the_visitor_has_gone_the_store_goes_on_with_what_was_left(small: town.World, city: World) -> None:
    city.taken[small.noodles] = small.at + timedelta(minutes=2)
    order, ears = small.pay(small.place()), Ears()
    visitors.watch(city, 20, small.at)
    live_on(small, city, ears, small.at + timedelta(minutes=1))
    assert small.order(order).state == "paid"  # nobody answers for the visitor
    live_on(small, city, ears, small.at + timedelta(minutes=5))
    assert small.order(order).state == "accepted"
    assert small.noodles not in city.taken
