"""A ride at Lin's phone: where to, what it costs and why, the call, the code, calling off, sharing, being safe, and afterwards."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlencode

import pytest
from django.test import Client

from linli.apps.accounts import operations as accounts
from linli.apps.care import queries as care
from linli.apps.fulfilment import operations as fulfilment
from linli.apps.orders import queries as ordered
from linli.kernel.geo import Point
from linli.platform import channels
from linli.platform.ids import seal
from tests.driving import STATION, at_the_wheel, call, company, finished, job_of, matched, riding_now
from tests.fronts.consumer.conftest import browser
from tests.town import HOME, World

pytestmark = pytest.mark.django_db


def spot(point: Point, name: str) -> str:
    return f"{point.lat},{point.lng},{name}"


def ends() -> dict[str, str]:
    return {"from": spot(HOME, "和平里"), "to": spot(STATION, "火车站")}


@pytest.fixture
def riders(town: World) -> World:
    company(town)
    at_the_wheel(town)
    return town


def test_from_where_to_to_the_call(riders: World, lin: Client) -> None:
    first = lin.get("/ride").content.decode()
    assert "Where to?" in first
    page = lin.get(f"/ride?{urlencode(ends())}").content.decode()
    assert all(word in page for word in ("Economy", "Comfort", "For six", "Shared", "Base fare", "Distance driven", "none free near here"))
    fare = unescape(re.findall(r'name="fare" value="(economy\.[^"]+)"', page)[0])
    posted = {"fare": fare, "key": "a-key-of-lins", "method": "balance", "people": "2", **ends()}
    answer = lin.post("/ride/call", posted)
    assert answer.status_code == 302
    again = lin.post("/ride/call", posted)  # tapped twice
    riders.pass_(seconds=1)
    pages = [lin.get(found["Location"], follow=True) for found in (answer, again)]
    assert "Looking for a driver" in pages[0].content.decode()
    assert pages[0].redirect_chain[-1:] == pages[1].redirect_chain[-1:] or pages[1].request["PATH_INFO"] == pages[0].request["PATH_INFO"]


def test_a_way_that_is_none_is_said_kindly(riders: World, lin: Client) -> None:
    page = lin.get(f"/ride?{urlencode({'from': spot(HOME, 'a'), 'to': spot(HOME, 'a')})}")
    assert (page.status_code, "only a few steps" in page.content.decode()) == (422, True)
    assert lin.get("/ride?to=nowhere").status_code == 422


def test_the_driver_comes_and_the_code_is_shown(riders: World, lin: Client) -> None:
    order = call(riders)
    matched(riders, order)
    page = lin.get(f"/rides/{seal('or', order.id)}").content.decode()
    assert order.pickup_code in page
    assert "京A" in page
    assert lin.get(f"/orders/{seal('or', order.id)}").status_code == 302
    stranger = browser(riders, riders.he)
    assert stranger.get(f"/rides/{seal('or', order.id)}").status_code == 404
    assert stranger.post(f"/rides/{seal('or', order.id)}/cancel", {"fee": "0"}).status_code == 404


def test_a_fee_that_has_just_become_due_is_asked_first(riders: World, lin: Client) -> None:
    order = call(riders)
    matched(riders, order)
    riders.pass_(4)
    name = seal("or", order.id)
    assert "Call off for" in lin.post(f"/rides/{name}/cancel", {"fee": "0", "reason": "I go another way"}).content.decode()
    assert riders.order(order).state == "matched"
    assert lin.post(f"/rides/{name}/cancel", {"fee": "400", "reason": "I go another way"}).status_code == 302
    assert riders.order(order).state == "cancelled"


def test_a_stranger_with_the_link_sees_the_trip_and_nobody(riders: World, lin: Client) -> None:
    order = call(riders)
    riding_now(riders, order)
    page = lin.get(f"/rides/{seal('or', order.id)}").content.decode()
    link = re.search(r'value="[^"]*(/t/[^"]+)"', page)
    assert link is not None
    seen = Client().get(link[1], HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "火车站" in seen
    assert "京A" in seen
    assert "林" not in seen.replace("邻里", "")
    assert order.pickup_code not in re.sub(r"<script.*?</script>", "", seen)
    assert Client().get(f"{link[1]}/map.json").json()["marks"]
    assert Client().get(f"{link[1][:-2]}xx").status_code == 422


def test_the_safety_button_opens_a_case_for_support(riders: World, lin: Client) -> None:
    order = call(riders)
    riding_now(riders, order)
    name = seal("or", order.id)
    assert lin.post(f"/rides/{name}/safety").status_code == 302
    assert lin.post(f"/rides/{name}/safety", {"text": "again"}).status_code == 302
    cases = care.cases_for_order(order_id=order.id)
    assert [(case.kind, case.state) for case in cases] == [("safety", "escalated")]


def test_a_car_far_off_its_way_is_told_to_support(riders: World) -> None:
    order = call(riders)
    driver = riding_now(riders, order)
    fulfilment.report(courier_id=driver, points=[(Point(39.99, 116.30), riders.at)], at=riders.pass_(1))
    fulfilment.report(courier_id=driver, points=[(Point(39.99, 116.30), riders.at)], at=riders.at)
    fulfilment.match_rides(city_id=riders.city_id, at=riders.at)
    riders.pass_(seconds=1)
    assert [case.kind for case in care.cases_for_order(order_id=order.id)] == ["safety"]


def test_the_trusted_contact_hears_of_start_and_end(riders: World, lin: Client) -> None:
    accounts.trust(person_id=riders.lin, name="妈妈", phone="13900000009", at=riders.at)
    finished(riders, call(riders))
    bodies = [sent.body for sent in channels.sent("+8613900000009")]
    assert len(bodies) == 2
    assert any("/t/" in body for body in bodies)


def test_afterwards_stars_and_what_was_left(riders: World, lin: Client) -> None:
    order = call(riders)
    finished(riders, order)
    name = seal("or", order.id)
    page = lin.get(f"/rides/{name}").content.decode()
    assert all(word in page for word in ("How was the driver?", "Left something in the car?", "Tip"))
    assert lin.post(f"/rides/{name}/rate", {"stars": "5"}).status_code == 302
    assert lin.post(f"/rides/{name}/lost", {"text": "An umbrella, back seat"}).status_code == 302
    assert [(case.kind, case.state) for case in care.cases_for_order(order_id=order.id)] == [("lost", "escalated")]
    assert job_of(order).state == "delivered"


def test_a_ride_for_tomorrow_is_booked_seen_by_drivers_and_called_off(riders: World, lin: Client) -> None:
    assert lin.get(f"/ride?{urlencode(ends() | {'when': 'soon'})}").status_code == 422
    assert lin.get(f"/ride?{urlencode(ends() | {'when': '2026-05-20T11:40'})}").status_code == 422
    page = lin.get(f"/ride?{urlencode(ends() | {'when': '2026-05-21T08:00'})}").content.decode()
    assert "10 % of the fare" in page
    assert "none free near here" not in page
    fare = unescape(re.findall(r'name="fare" value="(economy\.[^"]+)"', page)[0])
    posted = {"fare": fare, "key": "a-key-of-lins", "method": "balance", "people": "2", "when": "2026-05-21T08:00", **ends()}
    answer = lin.post("/ride/call", posted)
    assert answer.status_code == 302
    riders.pass_(seconds=1)
    (order,) = [each for each in ordered.orders_of(person_id=riders.lin).items if each.mode == "ride"]
    assert order.state == "confirmed"
    shown = lin.get(f"/rides/{seal('or', order.id)}").content.decode()
    assert "Tomorrow 08:00" in shown
    assert "It costs nothing." in shown
    driver = browser(riders, riders.qian).get("/courier/").content.decode()
    assert "Booked for later" in driver
    assert "13800000001" not in driver
    assert lin.post(f"/rides/{seal('or', order.id)}/cancel", {"fee": "0", "reason": "plans"}).status_code == 302
    assert riders.order(order).state == "cancelled"
