"""The pages and the API of eating in: a guest with a phone, the staff with the floor plan, a party that waits."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from linli.apps.accounts import operations as accounts
from linli.apps.dining import queries
from linli.fronts.api import pace
from linli.kernel.time import ManualClock
from linli.platform import clock, ids
from tests.diningroom import DiningRoom, dining_room
from tests.town import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(world: World) -> Iterator[DiningRoom]:
    pace.forget()
    world.clock = ManualClock(world.at)
    with clock.use(world.clock):
        yield dining_room(world)


def token(room: DiningRoom, person_id: int) -> str:
    return accounts.issue_token(person_id=person_id, at=room.world.at - timedelta(seconds=1))


def browser(room: DiningRoom, person_id: int) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.cookies["linli"] = token(room, person_id)
    return client


def code(room: DiningRoom, table: str = "A1") -> str:
    return queries.token(queries.table(table_id=room.tables[table]), room.world.at)


def text(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_a_guest_scans_picks_sends_and_begins_to_pay(room: DiningRoom) -> None:
    world, lin = room.world, browser(room, room.world.lin)
    assert "Sign in to order" in text(Client(headers={"Accept-Language": "en"}).get(f"/table/{code(room)}"))
    sat = lin.post(f"/table/{code(room)}/sit", {"people": "2"})
    visit = sat["Location"]
    assert lin.get(f"/table/{code(room)}")["Location"] == visit
    offer = ids.seal("of", world.dishes["猪肉饺子"])
    assert lin.post(f"{visit}/picks", {"offer": offer, "course": "1"}).status_code == 302
    assert "Pork dumplings" in text(lin.get(visit, headers={"HX-Request": "true"}))
    assert lin.post(f"{visit}/send", {}).status_code == 302
    world.pass_()
    page = text(lin.get(visit))
    assert "With the kitchen" in page
    assert "Being prepared" in page
    assert "My own dishes ¥32.00" in text(lin.get(f"{visit}/bill"))
    assert lin.post(f"{visit}/bill/pay", {"way": "own"})["Location"].startswith("/pay/in-")
    assert "You have begun to pay ¥32.00." in text(lin.get(f"{visit}/bill"))


def test_the_staff_move_split_take_money_and_are_told_what_cannot_be(room: DiningRoom) -> None:
    world, visit = room.world, room.meal()
    wang, base = browser(room, world.wang.person_id), f"/merchant/{ids.seal('st', room.store)}"
    party = f"{base}/visits/{ids.seal('vi', visit)}"
    assert "¥136.00" in text(wang.get(f"{base}/floor"))
    assert wang.post(f"{party}/move", {"table": ids.seal("tb", room.tables["B1"])}).status_code == 302
    assert wang.post(f"{party}/split", {"ways": "3"}).status_code == 302
    refused = wang.post(f"{party}/part", {"guest": ids.seal("pe", world.he), "table": ids.seal("tb", room.tables["C1"])})
    assert refused.status_code == 409
    assert "undo the split" in refused.content.decode()
    share = room.look(visit).split[0]
    assert wang.post(f"{party}/counter", {"share": ids.seal("sh", share.id), "key": "k1"}).status_code == 302
    assert wang.post(f"{party}/split", {"undo": "1"}).status_code == 302
    assert wang.post(f"{party}/waive", {"reason": "on the house"}).status_code == 302
    assert room.look(visit).owed == 0
    assert wang.post(f"{party}/close", {})["Location"].startswith(f"{base}/floor")
    assert room.state("B1") == "free"
    assert b"<svg" in wang.get(f"{base}/floor/codes").content
    assert wang.post(f"{base}/floor/tables/new", {"name": "", "seats": "4", "size": "medium"}).status_code == 422


def test_waiting_on_the_phone_and_at_the_desk(room: DiningRoom) -> None:
    world, lin, wang = room.world, browser(room, room.world.lin), browser(room, room.world.wang.person_id)
    store = ids.seal("st", room.store)
    place = lin.post(f"/stores/{store}/line/take", {"people": "2"})["Location"]
    assert "You are next" in text(lin.get(place))
    base, waiting = f"/merchant/{store}/line", place.rsplit("/", 1)[1]
    assert wang.post(f"{base}/enter", {"people": "3", "name": "李"}).status_code == 302
    assert wang.post(f"{base}/{waiting}/call", {"table": ids.seal("tb", room.tables["A2"])}).status_code == 302
    world.pass_()
    assert "Your table is A2" in text(lin.get(place))
    assert "Your table at Wang" in text(lin.get("/messages"))
    assert wang.post(f"{base}/{waiting}/skip", {}).status_code == 409  # they still have a moment
    assert "/visits/vi-" in wang.post(f"{base}/{waiting}/seat", {})["Location"]
    assert "To the menu of the table" in text(lin.get(place))


def test_the_same_by_api(room: DiningRoom) -> None:
    world, client = room.world, Client()
    headers = {"authorization": f"Bearer {token(room, world.lin)}", "accept-language": "en"}

    def call(method: str, path: str, body: Any = None, status: int = 200, **more: str) -> Any:
        answer = client.generic(method, f"/api/v1{path}", "" if body is None else json.dumps(body), "application/json",
                                headers=headers | more)  # fmt: skip
        assert answer.status_code == status, answer.content
        return answer.json()

    assert call("GET", f"/tables/{code(room)}")["taken"] is False
    visit = call("POST", f"/tables/{code(room)}/visit", {"people": 2}, 201)["id"]
    pick = {"offer_id": ids.seal("of", world.dishes["猪肉饺子"]), "qty": 2}
    assert call("POST", f"/visits/{visit}/picks", pick, 201)["picks"][0]["line"]["amount"] == 6400
    assert call("POST", f"/visits/{visit}/send", {})["owed"] == 6400
    assert call("POST", f"/visits/{visit}/send", {}, 409)["code"] == "picks.none"
    shares = call("POST", f"/visits/{visit}/split", {"ways": 3}, 201)["shares"]
    assert [share["amount"] for share in shares] == [2134, 2133, 2133]
    assert call("POST", f"/visits/{visit}/shares/{shares[0]['id']}", status=201)["amount"] == 2134
    headers["authorization"] = f"Bearer {token(room, world.wang.person_id)}"
    mine = f"/merchant/stores/{ids.seal('st', room.store)}"
    paid = call("POST", f"{mine}/visits/{visit}/counter", {"share_id": shares[1]["id"]}, **{"idempotency-key": "till-0001"})
    assert paid["owed"] == 6400 - 2133
    assert {spot["state"] for spot in call("GET", f"{mine}/floor")} == {"free", "ordered"}
