"""Hotels on the pages: found by nights, shown with prices, booked in one step, answered at the hotel's desk."""

import re

import pytest
from django.test import Client

from linli.apps.accounts import operations as accounts
from linli.apps.catalog import operations as rooms
from linli.apps.catalog.operations import RoomRow
from linli.apps.orders import operations as orders
from linli.apps.orders import queries as ordered
from linli.kernel.actors import SYSTEM
from linli.platform import policies
from linli.platform.ids import seal
from tests.fronts.consumer.conftest import browser
from tests.inn import PLANS, Inn, open_inn
from tests.town import World

WHEN = "first=2026-05-22&last=2026-05-24&guests=2&rooms=1"


@pytest.fixture
def inn(town: World) -> Inn:
    return open_inn(town)


@pytest.fixture
def lin(town: World) -> Client:
    """Lin reads Chinese here."""
    return browser(town, town.lin, "zh-hans")


def form(inn: Inn, **changes: str) -> dict[str, str]:
    fields = {"first": "2026-05-22", "last": "2026-05-24", "guests": "2", "rooms": "1", "room": seal("of", inn.double),
              "plan": seal("rp", inn.plans[inn.double, "flex"]), "name": "林",
              "total": "90000", "method": "balance", "key": "booking-0001"}  # fmt: skip
    return fields | changes


def test_from_the_list_to_the_order(town: World, inn: Inn, lin: Client) -> None:
    html = lin.get(f"/stays?{WHEN}").content.decode()
    assert "前门客栈" in html
    html = lin.get(f"/stores/{seal('st', inn.store_id)}?{WHEN}").content.decode()
    assert "18:00</time> 前免费取消" in html  # twenty hours before two in the afternoon, by the hotel's own clock
    book = re.search(r'href="(/stays/book\?[^"]+)"', html)
    assert book
    page = lin.get(book[1].replace("&amp;", "&"))
    assert page.status_code == 200
    assert "2026-05-22" in page.content.decode()

    answer = lin.post("/stays/book", form(inn, wish="quiet", consent="1"))

    assert answer.status_code == 302, answer.content.decode()[:500]
    assert lin.post("/stays/book", form(inn, wish="quiet", consent="1")).url.split("?")[0] == answer.url.split("?")[0]  # pressed twice
    (order,) = ordered.orders_of(person_id=town.lin).items
    assert (order.mode, order.total) == ("stay", 90_000)
    assert inn.left() == [1, 1, 2]
    assert lin.get(f"/orders/{seal('or', order.id)}").status_code == 200


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"first": "2026-05-01"}, "已经过去"),
        ({"last": "2026-05-22"}, "离店日期须晚于入住日期"),
        ({"last": "2026-08-22"}, "最多预订 28 晚"),
        ({"guests": "9"}, "每间可住 2 人"),
        ({"wish": "quiet"}, "请同意将要求转告酒店"),
        ({"total": "100"}, "价格"),
        ({"first": "soon"}, "不是一个日期"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_booked(inn: Inn, lin: Client, changes: dict[str, str], words: str) -> None:
    answer = lin.post("/stays/book", form(inn, **changes))
    assert answer.status_code in {409, 422}
    assert words in answer.content.decode()
    assert inn.left() == [2, 2, 2]


def test_nights_that_cannot_be_keep_the_search_page(town: World, inn: Inn, lin: Client) -> None:
    for query in ("first=2026-05-24&last=2026-05-22", "first=x", "near=nowhere", "low=x", "sort=x&guests=99"):
        answer = lin.get(f"/stays?{query}")
        assert answer.status_code in {404, 422}, query
        assert 'name="first"' in answer.content.decode()


def test_the_desk_confirms_gives_a_key_and_lets_go(town: World, inn: Inn, lin: Client) -> None:
    clerk = accounts.ensure_person(phone="13900007777", name="前台", at=town.at).id
    accounts.grant_role(person_id=clerk, role="merchant", scope_id=inn.store_id, by=SYSTEM, at=town.at)
    order = inn.book(name="林", wishes=["quiet"], consent=True)
    desk, base = browser(town, clerk, "zh-hans"), f"/merchant/{seal('st', inn.store_id)}"
    html = desk.get(f"{base}/stays").content.decode()
    assert "安静的房间" in html
    key = seal("or", order.id)
    assert desk.post(f"{base}/stays/{key}/confirm").status_code == 302
    town.pass_(3 * 24 * 60)
    assert desk.post(f"{base}/stays/{key}/check-in", {"room": "305"}).status_code == 422  # nobody has looked at the identity card
    assert desk.post(f"{base}/stays/{key}/check-in", {"room": "305", "id_seen": "1"}).status_code == 302
    assert "305" in desk.get(f"{base}/stays").content.decode()
    assert desk.post(f"{base}/stays/{key}/check-out").status_code == 302
    assert town.order(order).state == "checked_out"


def test_the_grid_of_nights_is_read_and_changed(town: World, inn: Inn, lin: Client) -> None:
    clerk = accounts.ensure_person(phone="13900007777", name="前台", at=town.at).id
    accounts.grant_role(person_id=clerk, role="merchant", scope_id=inn.store_id, by=SYSTEM, at=town.at)
    desk, base = browser(town, clerk, "zh-hans"), f"/merchant/{seal('st', inn.store_id)}"
    assert "2/2" in re.sub(r"<[^>]+>", "", desk.get(f"{base}/nights").content.decode())
    days = {"first": "2026-05-22", "last": "2026-05-23"}
    assert desk.post(f"{base}/nights/change", {**days, "room": seal("of", inn.double), "count": "5"}).status_code == 302
    assert inn.left() == [5, 5, 2]
    plan = seal("rp", inn.plans[inn.double, "flex"])
    assert desk.post(f"{base}/nights/change", {**days, "plan": plan, "price": "500"}).status_code == 302
    assert "500" in desk.get(f"{base}/nights").content.decode()
    wrong = desk.post(f"{base}/nights/change", {**days, "last": "2026-05-01", "room": seal("of", inn.double), "count": "5"})
    assert wrong.status_code == 422


def test_a_room_is_looked_around_in_where_there_is_a_picture_of_this_site(town: World, inn: Inn, lin: Client) -> None:
    room, hotel = f"/stays/{seal('of', inn.double)}/around", f"/stores/{seal('st', inn.store_id)}?{WHEN}"
    assert lin.get(room).status_code == 404
    assert room not in lin.get(hotel).content.decode()
    for picture, there in (("https://elsewhere.example/x.jpg", False), ("//elsewhere.example/x.jpg", False), ("/media/room.jpg", True)):
        rooms.bulk_put_rooms(at=town.at, rows=[RoomRow(
            store_id=inn.store_id, external_ref="double", name="大床房", name_en="Double", sleeps=2, beds=(("double", 1),), plans=PLANS,
            panorama=picture,
        )])  # fmt: skip
        assert (room in lin.get(hotel).content.decode()) == there
        assert lin.get(room).status_code == (200 if there else 404)
    assert 'src="/media/room.jpg"' in lin.get(room).content.decode()


def test_a_stay_is_paid_afterwards_with_one_button(town: World, inn: Inn, lin: Client) -> None:
    rooms.set_pay(plan_id=inn.plans[inn.double, "flex"], pay="later", actor=inn.clerk, at=town.at)
    assert "先住后付" in lin.get(f"/stores/{seal('st', inn.store_id)}?{WHEN}").content.decode()
    refused = lin.post("/stays/book", form(inn, method="later"))
    assert refused.status_code == 403
    assert "3 笔" in refused.content.decode()
    policies.change(number_name="stays.later_orders", city_id=0, value="0", actor=town.ou, at=town.at, reason="test")
    page = lin.get("/stays/book", form(inn)).content.decode()
    assert "2026-05-31" in page  # seven days after the 24th
    answer = lin.post("/stays/book", form(inn, method="later"))
    assert answer.status_code == 302, answer.content.decode()[:500]
    (order,) = ordered.orders_of(person_id=town.lin).items
    key = seal("or", order.id)
    orders.accept(order_id=order.id, actor=inn.clerk, at=town.at)
    town.pass_(3 * 24 * 60)
    assert f"/orders/{key}/owed" not in lin.get(f"/orders/{key}").content.decode()
    for event, data in (("check_in", {"room": "305", "id_seen": True}), ("check_out", {})):
        orders.advance(order_id=order.id, event=event, actor=inn.clerk, data=data, at=town.at)
    assert f"/orders/{key}/owed" in lin.get(f"/orders/{key}").content.decode()
    cashier = lin.post(f"/orders/{key}/owed")
    assert cashier.status_code == 302
    assert lin.get(cashier["Location"]).status_code == 200
    lin.post(cashier["Location"], {"method": "balance"})
    assert lin.get(cashier["Location"])["Location"] == f"/orders/{key}"
    town.pass_(3 * 60)
    assert town.order(order).state == "completed"
    assert lin.post(f"/orders/{key}/owed").status_code == 409
    assert browser(town, town.he).post(f"/orders/{key}/owed").status_code == 404


def test_who_may_not_pay_afterwards_is_told_why_and_what_would_help(town: World, inn: Inn, lin: Client) -> None:
    rooms.set_pay(plan_id=inn.plans[inn.double, "flex"], pay="later", actor=inn.clerk, at=town.at)
    hotel, flex = f"/stores/{seal('st', inn.store_id)}?{WHEN}", seal("rp", inn.plans[inn.double, "flex"])
    book = f"/stays/book?plan={flex}&amp;room={seal('of', inn.double)}&amp;"
    stranger = Client(headers={"Accept-Language": "en"}).get(hotel).content.decode()
    assert "Sign in to see whether you may pay afterwards." in stranger
    html = lin.get(hotel).content.decode()
    assert "至少完成 3 笔订单，您目前完成了 0 笔" in html
    assert book not in html
    asked = lin.get(f"/stays/book?{WHEN}&plan={flex}&room={seal('of', inn.double)}")
    assert asked.status_code == 403
    assert 'name="method"' not in asked.content.decode()
    for _ in range(3):
        town.completed()
    html = lin.get(hotel).content.decode()
    assert book in html
    assert "现在不收费" in html
    policies.change(number_name="stays.later_most", city_id=0, value="80000", actor=town.ou, at=town.at, reason="test")
    assert "同时最多可欠" in lin.get(hotel).content.decode()


def test_a_moment_that_is_past_is_not_promised(town: World, inn: Inn, lin: Client) -> None:
    assert "18:00</time> 前免费取消" in lin.get(f"/stores/{seal('st', inn.store_id)}?{WHEN}").content.decode()
    tonight = "first=2026-05-20&last=2026-05-21&guests=2&rooms=1"
    html = lin.get(f"/stores/{seal('st', inn.store_id)}?{tonight}").content.decode()
    assert "前免费取消" not in html
    assert "取消不再免费" in html
    page = lin.get(f"/stays/book?{tonight}&plan={seal('rp', inn.plans[inn.double, 'flex'])}&room={seal('of', inn.double)}").content.decode()
    assert "已不能免费取消" in page
    assert "免费取消" not in lin.get(f"/stays?{tonight}").content.decode().split('id="found"')[-1]
