"""Choosing a time, moving it, the store's calendar and team, and the feeds that other calendars read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar

from linli.apps.accounts import operations as accounts
from linli.apps.notices import queries as notices
from linli.apps.orders import queries as orders
from linli.apps.stock import queries as calendar
from linli.fronts.web import feeds, identity
from linli.kernel.actors import SYSTEM
from linli.kernel.time import ManualClock
from linli.platform import clock, ids
from tests.salon import Salon, salon
from tests.town import World

pytestmark = pytest.mark.django_db


class Desk:
    """Lin with a telephone, Chen in the salon."""

    def __init__(self, world: World) -> None:
        self.shop: Salon = salon(world)
        accounts.grant_role(person_id=world.chen.person_id, role="merchant", scope_id=self.shop.store, by=SYSTEM, at=world.at)
        self.lin, self.chen = self.browser(world, world.lin), self.browser(world, world.chen.person_id)
        self.store, self.cut = ids.seal("st", self.shop.store), ids.seal("of", self.shop.cut)
        self.base = f"/merchant/{self.store}"

    def browser(self, world: World, person_id: int) -> Client:
        client = Client()
        client.cookies[identity.COOKIE] = accounts.issue_token(person_id=person_id, at=world.at)
        client.cookies["language"] = "en"
        return client

    def day(self, hour: int) -> dict[str, str]:
        at = self.shop.at(hour, days=3)
        return {"day": f"{at:%Y-%m-%d}", "starts_at": at.isoformat(), "staff": ids.seal("rs", self.shop.mei)}

    def booked(self) -> Any:
        """An appointment at nine, by the pages."""
        chosen = self.lin.post(f"/stores/{self.store}/book/{self.cut}", self.day(9))
        assert (chosen.status_code, chosen["Location"]) == (302, f"/checkout/{self.store}?mode=appointment")
        page = self.lin.get(chosen["Location"]).content.decode()
        fields = {name: re.search(f'name="{name}" value="([^"]+)"', page)[1] for name in ("quote", "key")}  # type: ignore[index]
        placed = self.lin.post(f"/checkout/{self.store}", {**fields, "mode": "appointment", "method": "balance", "coupon": "none"})
        assert placed.status_code == 302, placed.content.decode()[:2000]
        return orders.orders_of(person_id=self.shop.world.lin).items[0]


@pytest.fixture
def desk(world: World) -> Iterator[Desk]:
    with clock.use(ManualClock(world.at)) as stopped:
        world.clock = stopped
        yield Desk(world)


def test_a_time_is_chosen_paid_and_moved(desk: Desk) -> None:
    page = desk.lin.get(f"/stores/{desk.store}/book/{desk.cut}?day={desk.day(9)['day']}").content.decode()
    assert "If nobody has come 30 minutes after the time, what was paid is kept." in page
    assert 'value="2026-05-23T01:00:00+00:00"' in page
    order = desk.shop.world.pay(desk.booked())
    assert order.state == "confirmed"
    shown = desk.lin.get(f"/orders/{ids.seal('or', order.id)}").content.decode()
    move = re.search(r'href="([^"]+moving=[^"]+)"', shown)
    assert move
    assert desk.lin.get(move[1]).status_code == 200
    moving = move[1].partition("moving=")[2]
    moved = desk.lin.post(f"/stores/{desk.store}/book/{desk.cut}", {**desk.day(15), "moving": moving})
    assert moved.status_code == 302
    assert calendar.bookings_of(refs=[order.ref])[order.ref][0].starts_at == desk.shop.at(15, days=3)


def test_what_is_taken_meanwhile_is_said_and_nothing_is_booked(desk: Desk) -> None:
    desk.shop.hold("or:1", desk.shop.line(desk.shop.cut, desk.shop.at(9, days=3), staff=desk.shop.mei))
    answer = desk.lin.post(f"/stores/{desk.store}/book/{desk.cut}", desk.day(9))
    assert answer.status_code == 409
    assert "is not free" in answer.content.decode()
    assert desk.lin.post(f"/stores/{desk.store}/book/{desk.cut}", {"starts_at": ""}).status_code == 422


def test_the_store_sees_the_day_and_says_who_came(desk: Desk) -> None:
    order = desk.shop.world.pay(desk.booked())
    day = desk.chen.get(f"{desk.base}/bookings?day={desk.day(9)['day']}").content.decode()
    assert "09:00–09:45" in day
    assert desk.chen.get(f"{desk.base}/bookings?view=week").status_code == 200
    key = ids.seal("bk", calendar.bookings_of(refs=[order.ref])[order.ref][0].id)
    for event, state in (("arrive", "arrived"), ("finish", "finished")):
        assert desk.chen.post(f"{desk.base}/bookings/{key}/{event}").status_code == 302
        assert desk.shop.world.order(order).state == state
    assert desk.chen.post(f"{desk.base}/bookings/{key}/vanish").status_code == 404
    assert desk.lin.get(f"{desk.base}/bookings").status_code in (403, 404)


def test_the_store_moves_a_booking_by_the_form_or_by_dragging(desk: Desk) -> None:
    order = desk.shop.world.pay(desk.booked())
    (row,) = calendar.bookings_of(refs=[order.ref])[order.ref]
    where, day = f"{desk.base}/bookings/{ids.seal('bk', row.id)}", desk.day(9)["day"]
    assert f'data-move="{where}"' in desk.chen.get(f"{desk.base}/bookings?day={day}").content.decode()
    form = desk.chen.get(where).content.decode()
    assert f'value="{day}"' in form
    assert 'value="09:00"' in form
    ming = ids.seal("rs", desk.shop.ming)
    moved = desk.chen.post(where, {"day": day, "time": "14:30", "lead": ming})
    assert (moved.status_code, "done=moved" in moved["Location"]) == (302, True)
    (row,) = calendar.bookings_of(refs=[order.ref])[order.ref]
    assert (row.starts_at, row.lead_id) == (desk.shop.at(14, 30, days=3), desk.shop.ming)
    dropped = desk.chen.post(where, {"day": day, "time": "12:00", "lead": ming, "from": "calendar"})  # everybody is at lunch
    assert dropped.status_code == 409
    assert "is not free" in dropped.content.decode()
    assert 'data-time="14:30"' in dropped.content.decode()  # the calendar of that day
    assert desk.chen.post(where, {"day": "", "time": "soon"}).status_code == 422
    (row,) = calendar.bookings_of(refs=[order.ref])[order.ref]
    assert row.starts_at == desk.shop.at(14, 30, days=3)
    assert desk.lin.post(where, {"day": day, "time": "15:00"}).status_code in (403, 404)


def test_team_shifts_and_services_are_written_on_pages(desk: Desk) -> None:
    assert desk.chen.get(f"{desk.base}/team").status_code == 200
    made = desk.chen.post(f"{desk.base}/team", {"kind": "staff", "name": "小红", "skills": "cut, colour"})
    assert made.status_code == 302
    member = made["Location"].partition("?")[0]
    assert desk.chen.post(member, {"name": "小红", "skills": "cut", "work_0": "9-18"}).status_code == 422
    assert desk.chen.post(member, {"name": "小红", "skills": "cut", "work_0": "09:00-18:00", "rest_0": "12:00-13:00"}).status_code == 302
    assert "09:00-18:00" in desk.chen.get(member).content.decode()
    assert desk.chen.post(f"{member}/off", {"from": "2026-06-01T09:00", "to": "2026-06-02T09:00"}).status_code == 302
    assert desk.chen.post(f"{member}/gone").status_code == 302
    assert desk.chen.get(f"{desk.base}/services").status_code == 200
    fields = {
        "name": "剃须",
        "price": "38",
        "minutes": "20",
        "skills": "cut",
        "step": "15",
        "ahead_days": "14",
        "notice": "30",
        "cancel": "24:30",
    }
    assert desk.chen.post(f"{desk.base}/services/new", fields).status_code == 302
    assert desk.chen.post(f"{desk.base}/services/new", {**fields, "minutes": "1"}).status_code == 422
    assert desk.chen.get(f"{desk.base}/services/{desk.cut}").status_code == 200
    assert desk.chen.get(f"{desk.base}/services/{ids.seal('of', desk.shop.table)}").status_code == 200


def test_calendars_read_the_bookings_of_both_sides(desk: Desk) -> None:
    order = desk.shop.world.pay(desk.booked())
    at = desk.shop.world.at
    for of in ({"person": order.person_id}, {"store": desk.shop.store}, {"staff": desk.shop.mei}):
        answer = Client().get(feeds.address(at, **of))
        assert answer["Content-Type"].startswith("text/calendar")
        (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
        assert event.decoded("dtstart") == desk.shop.at(9, days=3)
    assert Client().get(feeds.address(at, person=desk.shop.world.he)).content.count(b"VEVENT") == 0
    assert Client().get("/calendar/made-up.ics").status_code == 422


def test_who_takes_over_a_booking_is_who_the_order_names(desk: Desk) -> None:
    order = desk.shop.world.pay(desk.booked())
    member = f"{desk.base}/team/{ids.seal('rs', desk.shop.mei)}"
    assert desk.chen.post(f"{member}/gone").status_code == 409
    assert desk.shop.world.order(order).lines[0].details["staff"] == desk.shop.mei
    assert told(desk) == []
    assert desk.chen.post(f"{member}/gone", {"reassign": "1"}).status_code == 302
    assert desk.shop.world.order(order).lines[0].details["staff"] == desk.shop.ming
    shown = desk.lin.get(f"/orders/{ids.seal('or', order.id)}").content.decode()
    assert "小明" in shown
    assert "小美" not in shown
    (message,) = told(desk)
    assert "小明" in message.body
    assert "09:00" in message.body
    assert message.url == f"/orders/{ids.seal('or', order.id)}"


def told(desk: Desk) -> list[Any]:
    """What Lin has been told of who looks after her."""
    desk.shop.world.pass_()
    found = notices.inbox(person_id=desk.shop.world.lin).items
    return [one for one in found if one.kind == "order.reassigned"]
