"""The store's till and its vouchers and tickets: codes are looked at and used, terms are written, in words whatever goes wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from linli.apps.accounts import operations as accounts
from linli.apps.catalog import queries as catalog
from linli.apps.catalog.queries import TicketView, VoucherView
from linli.apps.fulfilment import queries as street
from linli.apps.stock import queries as stock
from linli.fronts.web import identity
from linli.kernel.time import ManualClock
from linli.platform import clock, ids
from tests.passes import buy, codes, ticket, voucher
from tests.town import World

pytestmark = pytest.mark.django_db


class Till:
    """Chen at the till of the noodle shop."""

    def __init__(self, world: World) -> None:
        self.world, self.base = world, f"/merchant/{ids.seal('st', world.noodles)}"
        self.chen = self.browser(world.chen.person_id)

    def browser(self, person_id: int) -> Client:
        client = Client()
        client.cookies[identity.COOKIE] = accounts.issue_token(person_id=person_id, at=self.world.at)
        client.cookies["language"] = "en"
        return client

    def post(self, where: str, **fields: Any) -> Any:
        return self.chen.post(f"{self.base}/{where}", fields)

    def text(self, where: str) -> str:
        return str(self.chen.get(f"{self.base}/{where}").content.decode())

    def look(self, code: str) -> str:
        return str(self.post("till", code=code).content.decode())

    def use(self, code: str, count: int = 1) -> Any:
        """Press the button on the page that shows the code."""
        key = re.search(r'name="key" value="(\w+)"', self.look(code))
        return self.post("till", code=code, use="1", count=str(count), key=key[1] if key else "no-button")


@pytest.fixture
def till(world: World) -> Iterator[Till]:
    with clock.use(ManualClock(world.at)) as stopped:
        world.clock = stopped
        yield Till(world)


def test_a_code_is_looked_at_and_used_in_parts(till: Till) -> None:
    code = codes(buy(till.world, voucher(till.world, uses=3)))[0]
    assert "3 of 3 left" in till.look(code.spaced)
    assert street.pass_uses(store_id=till.world.noodles) == []  # looking uses nothing
    assert till.use(code.spaced, 2).status_code == 302
    assert "×2" in till.text("till")
    assert "1 of 3 left" in till.look(code.code)
    too_many = till.use(code.code, 2)
    assert too_many.status_code == 409
    assert "This code can be used 1 more times" in too_many.content.decode()
    till.use(code.code)
    spent = till.look(code.code)
    assert "Used up" in spent
    assert 'name="use"' not in spent
    till.world.at += timedelta(days=1)
    till.world.clock.move_to(till.world.at)  # type: ignore[union-attr]
    assert "Nothing was used today yet." in till.text("till")


def test_the_same_button_pressed_twice_is_one_use(till: Till) -> None:
    code = codes(buy(till.world, voucher(till.world, uses=3)))[0].code
    key = re.search(r'name="key" value="(\w+)"', till.look(code))[1]  # type: ignore[index]
    assert [till.post("till", code=code, use="1", key=key).status_code for _ in range(2)] == [302, 302]
    assert sum(use.count for use in street.pass_uses(store_id=till.world.noodles)) == 1


def test_what_cannot_be_used_is_said_in_words(till: Till) -> None:
    world = till.world
    blocked = codes(buy(world, voucher(world, blackout=[{"weekdays": list(range(7))}])))[0].code
    assert "cannot be used at this time" in till.look(blocked)
    assert till.use(blocked).status_code in {409, 422}
    early = codes(buy(world, ticket(world), starts_at=world.at.replace(hour=1, minute=0) + timedelta(days=2)))[0].code
    assert "for another time" in till.look(early)
    unknown = till.post("till", code="0000 0000 0000")
    assert unknown.status_code == 404
    assert "not a code of this store" in unknown.content.decode()
    wang = till.browser(world.wang.person_id)
    there = wang.post(f"/merchant/{ids.seal('st', world.dumplings)}/till", {"code": blocked})
    assert there.status_code == 404
    assert wang.post(f"{till.base}/till", {"code": blocked}).status_code == 403


def made(world: World, kind: str) -> Any:
    return next(terms for terms in catalog.timed_terms(store_id=world.noodles) if terms.kind == kind)


def test_a_voucher_is_written_and_changed(till: Till) -> None:
    form = {"name": "双人餐", "name_en": "For two", "price": "128", "uses": "2", "valid_days": "30", "most": "4", "count": "50",
            "days-0": ["4", "5"], "start-0": "17:00", "end-0": "21:00", "from-0": "2026-10-01", "to-0": "2026-10-07"}  # fmt: skip
    assert till.post("passes/new", **form).status_code == 302
    terms = made(till.world, "voucher")
    assert isinstance(terms.own, VoucherView)
    assert (terms.price, terms.own.uses, stock.left(offer_ids=[terms.id], at=till.world.at)) == (12_800, 2, {terms.id: 50})
    assert list(terms.own.blackout) == [{"weekdays": [4, 5], "start": 1020, "end": 1260}, {"from": "2026-10-01", "to": "2026-10-07"}]
    where = f"passes/{ids.seal('of', terms.id)}"
    assert 'value="17:00"' in till.text(where)
    assert till.post(where, **{**form, "price": "99", "count": "7", "from-0": "", "to-0": ""}).status_code == 302
    assert (made(till.world, "voucher").price, stock.left(offer_ids=[terms.id], at=till.world.at)) == (9_900, {terms.id: 7})
    for bad in (
        {"price": "x"},
        {"uses": "0"},
        {"start-0": "7"},
        {"end-0": "25:00"},
        {"valid_until": "soon"},
        {"name": ""},
        {"count": "-1"},
    ):
        answer = till.post(where, **{**form, **bad})
        assert answer.status_code == 422, bad
    assert made(till.world, "voucher").price == 9_900
    till.post(f"{where}/sale", on="0")
    assert not made(till.world, "voucher").on_sale
    till.post(f"{where}/remove")
    assert catalog.timed_terms(store_id=till.world.noodles) == []


def test_a_ticket_is_written_and_its_slots_stay_once_sold(till: Till) -> None:
    world = till.world
    form = {"name": "门票", "price": "60", "opens": "09:00", "closes": "17:00", "slot_minutes": "120", "count": "40", "closed": ["0"],
            "ahead_days": "10", "free_hours": "1.5", "late_percent": "50", "most": "5"}  # fmt: skip
    assert till.post("passes/new?kind=ticket", **form).status_code == 302
    terms = made(world, "ticket")
    assert isinstance(terms.own, TicketView)
    assert (terms.own.free_until, terms.own.late_bp, terms.own.closed_days) == (90, 5_000, (0,))
    day = catalog.ticket_days(offer=terms, at=world.at)[1]
    start = catalog.ticket_slots(offer=terms, day=day, at=world.at)[0][0]
    buy(world, terms.id, 2, starts_at=start)
    assert stock.left_at(offer_id=terms.id, moments=[start]) == {start: 38}
    where = f"passes/{ids.seal('of', terms.id)}"
    assert till.post(where, **{**form, "slot_minutes": "60"}).status_code == 409
    assert made(world, "ticket").own.slot_minutes == 120
    assert till.post(where, **{**form, "closes": "08:00"}).status_code == 422
