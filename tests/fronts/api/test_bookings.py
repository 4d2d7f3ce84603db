"""Hotels, rooms, free times and bookings by API: found, put into a cart, ordered, moved, seen in the store's calendar."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from linli.apps.accounts import operations as accounts
from linli.apps.catalog import operations as catalog
from linli.apps.discovery.queries import stays
from linli.apps.discovery.queries.stays import StayWant
from linli.apps.orders import operations as orders
from linli.apps.orders.queries import CheckoutWant
from linli.apps.payments import queries as paying
from linli.apps.stock import operations as stock
from linli.kernel.actors import SYSTEM
from linli.platform import clock, ids, jobs, policies
from tests.fronts.api.conftest import Api, signed_in
from tests.inn import FRIDAY, Inn, open_inn
from tests.salon import Salon, salon
from tests.town import World

NIGHTS = f"first={FRIDAY}&last={FRIDAY + timedelta(days=2)}"


@pytest.fixture
def lin(town: World) -> Api:
    return signed_in(town.lin)


@pytest.fixture
def inn(town: World) -> Inn:
    return open_inn(town, doubles=1)


@pytest.fixture
def shop(town: World) -> Salon:
    found = salon(town)
    accounts.grant_role(person_id=town.chen.person_id, role="merchant", scope_id=found.store, by=SYSTEM, at=town.at)
    return found


def ordered(lin: Api, store: str, mode: str, line: dict[str, Any]) -> dict[str, Any]:
    """The line put into the cart, quoted, ordered and paid."""
    added = lin.post(f"/carts/{store}/lines", line)
    assert added.status_code == 201, added.content
    want = {"store_id": store, "mode": mode, "coupon_id": None}
    quote = lin.post("/quotes", want).json()
    assert quote["problems"] == []
    placed = lin.post("/orders", {**want, "quote_token": quote["token"], "method": "balance"}, **{"idempotency-key": "book-0001"}).json()
    if placed["state"] == "placed":
        lin.post(f"/payments/{placed['payment']['id']}/start", {"method": "balance"})
    jobs.drain(clock.now())
    return placed


def test_a_hotel_is_found_and_a_room_of_it_booked(town: World, lin: Api, inn: Inn) -> None:
    found = Api().get(f"/stays?{NIGHTS}&lat=39.9&lng=116.4&facilities=gym").json()
    (hotel,) = found["items"]
    assert (hotel["name_en"], hotel["total"], hotel["left"], found["total"]) == ("Qianmen Inn", 72_000, 1, 1)
    kinds = Api().get(f"/stores/{hotel['store_id']}/rooms?{NIGHTS}").json()
    double = next(room for room in kinds["rooms"] if room["name_en"] == "Double")
    flex = next(plan for plan in double["plans"] if plan["name_en"] == "Flexible")
    assert [night["price"] for night in flex["nights"]] == [45_000, 45_000]
    line = {"offer_id": double["offer_id"], "guests": 2, "starts_at": kinds["starts_at"], "ends_at": kinds["ends_at"]}
    order = ordered(lin, hotel["store_id"], "stay", {**line, "details": {"plan": flex["id"]}})
    assert order["total"] == flex["total"] == 90_000
    after = Api().get(f"/stores/{hotel['store_id']}/rooms?{NIGHTS}").json()
    assert {room["name_en"]: room["left"] for room in after["rooms"]} == {"Double": 0, "Family": 1}
    long = Api().get(f"/stores/{hotel['store_id']}/rooms?first={FRIDAY}&last={FRIDAY + timedelta(days=1)}").json()
    saver = next(plan for room in long["rooms"] for plan in room["plans"] if plan["name_en"] == "Saver")
    assert (saver["total"], saver["problem"]["code"]) == (None, "stay.nights")


@pytest.mark.parametrize(
    ("asked", "code", "field"),
    [
        (f"first={FRIDAY}&last={FRIDAY}", "stay.reversed", "last"), (f"first={FRIDAY}&last=2026-05-01", "stay.reversed", "last"),
        ("first=2026-05-01&last=2026-05-03", "stay.past", "first"), (f"{NIGHTS}&guests=99", "stay.party", "guests"),
        (f"first={FRIDAY}&last=2027-05-01", "stay.long", "last"), (f"{NIGHTS}&sort=fame", "input.invalid", "sort"),
        (f"{NIGHTS}&facilities=lift", "stay.facility", "facilities"), ("first=soon&last=later", "input.invalid", "first"),
    ],
)  # fmt: skip
def test_nights_that_cannot_be_are_said_with_their_field(town: World, inn: Inn, asked: str, code: str, field: str) -> None:
    refused = Api().get(f"/stays?{asked}")
    assert refused.status_code == 422
    assert field in refused.json()["fields"]
    if code != "input.invalid":
        assert refused.json()["code"] == code


def test_a_free_time_is_found_booked_moved_and_seen_by_the_store(town: World, lin: Api, shop: Salon) -> None:
    store, cut = ids.seal("st", shop.store), ids.seal("of", shop.cut)
    assert {one["name_en"]: one["kind"] for one in Api().get(f"/stores/{store}/timed").json()}["Haircut"] == "service"
    day = shop.at(0, days=2).date() + timedelta(days=1)
    mei = ids.seal("rs", shop.mei)
    free = Api().get(f"/offers/{cut}/slots?first={day}&days=1&staff_id={mei}").json()
    assert {one["name_en"] for one in free["team"]} == {"Ming", "Mei"}
    assert free["slots"]
    assert all(slot["staff"] == [mei] for slot in free["slots"])
    taken = free["slots"][0]["starts_at"]
    order = ordered(lin, store, "appointment", {"offer_id": cut, "starts_at": taken, "details": {"staff": mei}})
    rows = lin.get(f"/orders/{order['id']}/bookings").json()
    assert [(row["with_name"], row["over"]) for row in rows] == [("小美", False)]
    assert taken not in {slot["starts_at"] for slot in Api().get(f"/offers/{cut}/slots?first={day}&days=1&staff_id={mei}").json()["slots"]}

    other = Api().get(f"/offers/{cut}/slots?first={day}&days=1&staff_id={mei}").json()["slots"][-1]["starts_at"]
    move = f"/orders/{order['id']}/bookings/{rows[0]['id']}/move"
    assert signed_in(town.he).post(move, {"starts_at": other}).status_code == 404
    assert lin.post(move, {"starts_at": "2020-01-01T00:00:00Z"}).status_code in {409, 422}
    assert lin.get(f"/orders/{order['id']}/bookings").json() == rows
    (moved,) = lin.post(move, {"starts_at": other, "staff_id": mei}).json()
    assert moved["starts_at"] == other
    till = signed_in(town.chen.person_id)
    seen = till.get(f"/merchant/stores/{store}/bookings?first={day}&days=1").json()
    assert [(row["order_id"], row["booking"]["id"]) for row in seen] == [(order["id"], moved["id"])]
    stepped = f"/merchant/stores/{store}/bookings/{moved['id']}/step"
    assert till.post(f"/merchant/stores/{ids.seal('st', town.noodles)}/bookings/{moved['id']}/step", {"event": "arrive"}).status_code == 404
    assert till.post(stepped, {"event": "arrive"}).status_code == 200
    assert till.post(stepped, {"event": "finish"}).status_code == 200
    assert lin.get(f"/orders/{order['id']}").json()["state"] == "finished"
    assert till.post(stepped, {"event": "vanish"}).status_code == 422


def test_who_is_gone_or_closed_is_not_booked_and_nothing_is_held(town: World, lin: Api, shop: Salon) -> None:
    store, cut, mei = ids.seal("st", shop.store), ids.seal("of", shop.cut), ids.seal("rs", shop.mei)
    night = shop.at(23, days=3)  # two hours after the salon has closed
    line = {"offer_id": cut, "starts_at": night.isoformat(), "details": {"staff": mei}}
    refused = lin.post(f"/carts/{store}/lines", line)
    assert (refused.status_code, refused.json()["code"].split(".")[0]) == (409, "slot")
    table = lin.post(
        f"/carts/{store}/lines", {"offer_id": ids.seal("of", shop.table), "starts_at": shop.at(20, 30, days=3).isoformat(), "guests": 2}
    )
    assert table.status_code in {409, 422}
    stock.remove_resource(resource_id=shop.mei, store_id=shop.store, reassign=False, titles={}, actor=SYSTEM, at=town.at)
    gone = lin.post(f"/carts/{store}/lines", {**line, "starts_at": shop.at(10, days=3).isoformat()})
    assert gone.status_code in {404, 409}
    assert "Mei" not in str(Api().get(f"/offers/{cut}/slots").json()["team"])
    assert lin.get(f"/carts/{store}").json()["lines"] == []


def test_a_search_over_all_hotels_takes_few_statements(town: World, inn: Inn, django_assert_num_queries: Any) -> None:
    want = StayWant(first=FRIDAY, nights=2)
    stays.hotels(city_id=town.city_id, want=want, at=town.at)  # the table of hotels is made once
    with django_assert_num_queries(4):  # the city; sold out, single nights and edition; stores; rooms, plans and what is left
        found = stays.hotels(city_id=town.city_id, want=want, at=town.at)
    assert found.total == 1


def test_the_desk_says_by_api_that_a_stay_is_paid(town: World, lin: Api) -> None:
    inn = open_inn(town)
    catalog.set_pay(plan_id=inn.plans[inn.double, "flex"], pay="at_hotel", actor=inn.clerk, at=town.at)
    inn.put(town.lin)
    want = CheckoutWant(store_id=inn.store_id, mode="stay", coupon_id=None)
    order = orders.place(
        person_id=town.lin, want=want, quote_token=town.quote(want).token, method="desk", idempotency_key=town.key(), at=town.at
    )
    jobs.drain(town.at)
    clerk = accounts.ensure_person(phone="13900007777", name="前台", at=town.at).id
    accounts.grant_role(person_id=clerk, role="merchant", scope_id=inn.store_id, by=SYSTEM, at=town.at)
    desk, path = signed_in(clerk), f"/merchant/stores/{ids.seal('st', inn.store_id)}/orders/{ids.seal('or', order.id)}/paid-at-desk"

    def said(who: Api) -> tuple[int, str]:
        answer = who.post(path)
        return answer.status_code, answer.json().get("code", "")

    assert (Api().post(path).status_code, lin.post(path).status_code, signed_in(town.chen.person_id).post(path).status_code) == (
        401,
        403,
        403,
    )
    assert said(desk) == (409, "desk.not_here")  # not confirmed
    orders.accept(order_id=order.id, actor=inn.clerk, at=town.at)
    assert said(desk) == (409, "desk.not_here")  # not checked in
    town.pass_(3 * 24 * 60)
    orders.advance(order_id=order.id, event="check_in", actor=inn.clerk, data={"room": "305", "id_seen": True}, at=town.at)
    other = f"/merchant/stores/{ids.seal('st', town.noodles)}/orders/{ids.seal('or', order.id)}/paid-at-desk"
    assert signed_in(town.chen.person_id).post(other).status_code == 404  # by the staff of another store
    assert paying.owed(refs=[order.ref]) == {order.ref: order.total}
    assert [desk.post(path).status_code for _ in range(2)] == [200, 200]
    assert (paying.owed(refs=[order.ref]), paying.payable(kind="store", owner=inn.store_id)) == ({}, -order.total)
    noodles = town.accepted()
    assert desk.post(path.replace(ids.seal("or", order.id), ids.seal("or", noodles.id))).status_code == 404


def test_what_is_owed_for_a_stay_is_paid_by_api(town: World, lin: Api) -> None:
    inn = open_inn(town)
    catalog.set_pay(plan_id=inn.plans[inn.double, "flex"], pay="later", actor=inn.clerk, at=town.at)
    policies.change(number_name="stays.later_orders", city_id=0, value="0", actor=town.ou, at=town.at, reason="test")
    store = ids.seal("st", inn.store_id)
    inn.put(town.lin)
    want = {"store_id": store, "mode": "stay", "coupon_id": None}
    quote = lin.post("/quotes", want).json()
    assert (quote["pay"], quote["due_at"][:10], quote["problems"]) == ("later", "2026-05-31", [])
    placed = lin.post("/orders", {**want, "quote_token": quote["token"], "method": "later"}, **{"idempotency-key": "later-0001"}).json()
    assert (placed["state"], placed["due_at"]) == ("paid", None)
    path = f"/orders/{placed['id']}/owed"
    assert signed_in(town.he).post(path).status_code == 404
    first, second = lin.post(path), lin.post(path)
    assert (first.status_code, first.json()["id"], first.json()["amount"]) == (201, second.json()["id"], 90_000)
    assert lin.post(f"/payments/{first.json()['id']}/start", {"method": "balance"}).status_code == 200
    jobs.drain(town.at)
    assert (lin.post(path).status_code, lin.post(path).json()["code"]) == (409, "later.not_owed")
