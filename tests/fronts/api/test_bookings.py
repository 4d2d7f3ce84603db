"""Hotels, rooms, free times and bookings by API: found, put into a cart, ordered, moved, seen in the store's calendar."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from linli.apps.accounts import operations as accounts
from linli.apps.discovery.queries import stays
from linli.apps.discovery.queries.stays import StayWant
from linli.apps.stock import operations as stock
from linli.kernel.actors import SYSTEM
from linli.platform import clock, ids, jobs
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
    with django_assert_num_queries(6):  # the city; sold out, single nights and edition; stores (3); rooms, plans and what is left
        found = stays.hotels(city_id=town.city_id, want=want, at=town.at)
    assert found.total == 1
