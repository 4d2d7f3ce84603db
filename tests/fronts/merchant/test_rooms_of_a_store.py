"""The pages of a store: they show what is, do what they say, refuse nonsense in words, and open to nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from linli.apps.accounts import operations as accounts
from linli.apps.accounts import queries as people
from linli.apps.care import operations as care
from linli.apps.care import queries as cases
from linli.apps.catalog import queries as catalog
from linli.apps.community import operations as community
from linli.apps.community import queries as reviews
from linli.apps.merchants import queries as merchants
from linli.apps.stock import queries as stock
from linli.fronts.web import identity
from linli.kernel.actors import SYSTEM
from linli.kernel.time import ManualClock
from linli.platform import clock, ids, jobs
from tests import town
from tests.town import World

pytestmark = pytest.mark.django_db
PAGES = ("today", "orders", "orders/away", "orders/done", "orders/closed", "menu", "menu/dishes/new", "menu/choices/new", "hours",
         "bookings", "team", "services", "services/new", "till", "passes", "passes/new", "passes/new?kind=ticket", "reviews",
         "complaints", "money", "staff", "settings")  # fmt: skip


class Desk:
    """Chen at the desk of the noodle shop."""

    def __init__(self, world: World, stopped: ManualClock) -> None:
        self.world, self.stopped = world, stopped
        self.base = f"/merchant/{ids.seal('st', world.noodles)}"
        self.chen = self.browser(world.chen.person_id)

    def browser(self, person_id: int, language: str = "en") -> Client:
        client = Client()
        client.cookies[identity.COOKIE] = accounts.issue_token(person_id=person_id, at=self.world.at)
        client.cookies["language"] = language
        return client

    def now(self) -> None:
        """Let the pages' clock show the world's time."""
        self.stopped.move_to(self.world.at)

    def get(self, path: str, **headers: Any) -> HttpResponse:
        self.now()
        return self.chen.get(f"{self.base}/{path}", **headers)

    def post(self, path: str, data: dict[str, Any] | None = None, **headers: Any) -> HttpResponse:
        self.now()
        return self.chen.post(f"{self.base}/{path}", data or {}, **headers)

    def dish(self, name: str) -> str:
        return ids.seal("of", self.world.dishes[name])

    def store(self) -> merchants.StoreView:
        return merchants.store(store_id=self.world.noodles)

    def draft(self, **changes: Any) -> dict[str, Any]:
        """What the form of the beef noodles sends when nothing is touched, with `changes`."""
        offer = catalog.offer(offer_id=self.world.dishes["牛肉面"])
        plain = {"name": offer.name, "name_en": offer.name_en, "section": ids.seal("se", offer.section_id), "price": "28.00",
                 "allergens": ["gluten"], "groups": [ids.seal("gr", group.id) for group in offer.groups]}  # fmt: skip
        return {**plain, **changes}


@pytest.fixture
def desk() -> Iterator[Desk]:
    world = town.build()
    with clock.use(ManualClock(world.at)) as stopped:
        yield Desk(world, stopped)


def text(response: HttpResponse) -> str:
    return response.content.decode()


def test_every_page_opens_in_both_languages(desk: Desk) -> None:
    for language in ("en", "zh-hans"):
        browser = desk.browser(desk.world.chen.person_id, language)
        for page in PAGES:
            response = browser.get(f"{desk.base}/{page}")
            assert response.status_code == 200, page
    assert "营业时间" in text(desk.browser(desk.world.chen.person_id, "zh-hans").get(f"{desk.base}/hours"))


def test_the_door_leads_to_the_only_store_or_lets_choose(desk: Desk) -> None:
    assert desk.chen.get("/merchant/").headers["Location"] == f"{desk.base}/today"
    accounts.grant_role(person_id=desk.world.chen.person_id, role="merchant", scope_id=desk.world.dumplings, by=SYSTEM, at=desk.world.at)
    page = text(desk.chen.get("/merchant/"))
    assert "Chen&#x27;s Noodles" in page
    assert "Wang&#x27;s Dumplings" in page
    assert desk.browser(desk.world.lin).get("/merchant/").status_code == 403


def test_nobody_else_gets_in(desk: Desk) -> None:
    order = ids.seal("or", desk.world.paid().id)
    doors = [*PAGES, f"orders/{order}", f"orders/{order}/ticket", f"menu/dishes/{desk.dish('牛肉面')}"]
    for person_id in (desk.world.wang.person_id, desk.world.lin, desk.world.zhao):
        browser = desk.browser(person_id)
        assert {browser.get(f"{desk.base}/{page}").status_code for page in doors} == {403}
    stranger = Client()
    assert stranger.get(f"{desk.base}/orders").headers["Location"].startswith("/sign-in?next=")


def test_nobody_else_can_act(desk: Desk) -> None:
    order = desk.world.paid()
    wang = desk.browser(desk.world.wang.person_id)
    sealed = ids.seal("or", order.id)
    theirs = f"/merchant/{ids.seal('st', desk.world.dumplings)}"
    for action, data in (("accept", {"minutes": "10"}), ("refuse", {"reason": "busy"}), ("ready", {}), ("hand-over", {"code": "1"})):
        assert wang.post(f"{desk.base}/orders/{sealed}/{action}", data).status_code == 403
        assert wang.post(f"{theirs}/orders/{sealed}/{action}", data).status_code == 404  # not an order of that store
    beef = desk.dish("牛肉面")
    assert wang.get(f"{theirs}/orders/{sealed}").status_code == 404
    assert wang.get(f"{theirs}/menu/dishes/{beef}").status_code == 404
    assert wang.post(f"{theirs}/menu/dishes/{beef}", desk.draft(name="x")).status_code == 404
    assert wang.post(f"{theirs}/menu/dishes/{beef}/sale", {"on": "0"}).status_code == 403
    assert wang.post(f"{theirs}/menu/dishes/{beef}/remove").status_code == 403
    assert wang.post(f"{theirs}/staff/{ids.seal('pe', desk.world.chen.person_id)}/leave").status_code == 404
    assert desk.world.order(order).state == "paid"
    assert catalog.offer(offer_id=desk.world.dishes["牛肉面"]).on_sale


def test_who_is_taken_off_is_out_with_the_next_request(desk: Desk) -> None:
    assert desk.get("today").status_code == 200
    accounts.revoke_role(person_id=desk.world.chen.person_id, role="merchant", scope_id=desk.world.noodles, by=SYSTEM, at=desk.world.at)
    assert desk.get("today").status_code == 403


def test_an_order_goes_over_the_board(desk: Desk) -> None:
    order = desk.world.paid(want=desk.world.want(remark="少放盐", utensils=2))
    where = f"orders/{ids.seal('or', order.id)}"
    board = text(desk.get("orders"))
    assert order.number in board
    assert "少放盐" in board
    assert order.pickup_code not in board
    assert desk.post(f"{where}/accept", {"minutes": "20"}).headers["Location"] == f"{desk.base}/orders?done=accepted"
    taken = desk.world.order(order)
    assert taken.state == "accepted"
    assert taken.ready_at == desk.world.at + timedelta(minutes=20)
    assert "Accepted." in text(desk.get("orders?done=accepted"))
    desk.world.pass_(15)
    desk.post(f"{where}/ready")
    assert desk.world.order(order).state == "ready"
    assert order.pickup_code in text(desk.get("orders"))  # now the courier may ask for it


def test_by_htmx_an_action_answers_with_the_board(desk: Desk) -> None:
    order = desk.world.paid()
    response = desk.post(f"orders/{ids.seal('or', order.id)}/accept", {"minutes": "15"}, HTTP_HX_REQUEST="true")
    assert response.status_code == 200
    assert text(response).lstrip().startswith('<div class="board" id="board"')
    assert "Accepted" in response.headers["X-Toast"]
    twice = desk.post(f"orders/{ids.seal('or', order.id)}/accept", {"minutes": "15"}, HTTP_HX_REQUEST="true")
    assert (twice.status_code, twice.headers["HX-Retarget"]) == (409, "#toasts")


@pytest.mark.parametrize("minutes", ["abc", "-5", "999", "１５"])
def test_senseless_minutes_accept_nothing(desk: Desk, minutes: str) -> None:
    order = desk.world.paid()
    assert desk.post(f"orders/{ids.seal('or', order.id)}/accept", {"minutes": minutes}).status_code == 422
    assert desk.world.order(order).state == "paid"


def test_a_refusal_needs_a_reason_and_gives_the_money_back(desk: Desk) -> None:
    order = desk.world.paid()
    where = f"orders/{ids.seal('or', order.id)}/refuse"
    assert desk.post(where).status_code == 422
    assert desk.post(where, {"reason": "other", "words": "  "}).status_code == 422
    assert desk.world.order(order).state == "paid"
    desk.post(where, {"reason": "busy"})
    jobs.drain(desk.world.at)
    refused = desk.world.order(order)
    assert (refused.state, refused.cancel_reason, refused.refunded) == ("refused", "busy", order.total)


def test_a_guest_is_handed_the_order_for_the_code(desk: Desk) -> None:
    order = desk.world.ready(want=desk.world.want(mode="pickup", address_id=None))
    where = f"orders/{ids.seal('or', order.id)}/hand-over"
    assert order.pickup_code not in text(desk.get("orders"))
    assert order.pickup_code not in text(desk.get(f"orders/{ids.seal('or', order.id)}/ticket"))
    wrong = "0000" if order.pickup_code != "0000" else "1111"
    assert desk.post(where, {"code": wrong}).status_code == 422
    assert desk.world.order(order).state == "ready"
    desk.post(where, {"code": f" {order.pickup_code} "})
    assert desk.world.order(order).state == "collected"


def test_the_ticket_has_dishes_remark_and_the_couriers_code(desk: Desk) -> None:
    order = desk.world.accepted(want=desk.world.want(remark="不要葱"))
    slip = text(desk.get(f"orders/{ids.seal('or', order.id)}/ticket"))
    assert all(word in slip for word in (order.number, "牛肉面", "不要葱", order.pickup_code))
    assert "13800000001" not in slip  # the kitchen needs no phone number


def test_the_figures_count_today(desk: Desk) -> None:
    world = desk.world
    world.completed()
    refused = world.paid()
    desk.post(f"orders/{ids.seal('or', refused.id)}/refuse", {"reason": "busy"})
    page = text(desk.get("today"))
    assert "¥56.00" in page
    assert page.count('<b class="warn">1</b>') == 1  # one refused


def test_a_pause_and_its_end(desk: Desk) -> None:
    assert desk.post("pause", {"minutes": "30"}).headers["Location"] == f"{desk.base}/today?done=paused"
    assert desk.store().paused_until == desk.world.at + timedelta(minutes=30)
    assert "Open again" in text(desk.get("today"))
    desk.post("resume")
    assert desk.store().paused_until is None
    for minutes in ("0", "-3", "x", "99999999"):
        assert desk.post("pause", {"minutes": minutes}).status_code == 422
    assert desk.store().paused_until is None


def test_the_sold_out_switch(desk: Desk) -> None:
    where = f"menu/dishes/{desk.dish('牛肉面')}/sale"
    part = desk.post(where, {"on": "0"}, HTTP_HX_REQUEST="true")
    assert 'aria-checked="false"' in text(part)
    assert not catalog.offer(offer_id=desk.world.dishes["牛肉面"]).on_sale
    assert desk.post(where, {"on": "1"}).status_code == 302
    assert catalog.offer(offer_id=desk.world.dishes["牛肉面"]).on_sale


def test_a_dish_is_changed_and_counted(desk: Desk) -> None:
    where, beef = f"menu/dishes/{desk.dish('牛肉面')}", desk.world.dishes["牛肉面"]
    changed = desk.draft(name="招牌牛肉面", price="30.5", was_price="32", daily_limit="20", allergens=["gluten", "soy"], groups=[])
    assert desk.post(where, changed).headers["Location"] == f"{desk.base}/menu?done=saved"
    offer = catalog.offer(offer_id=beef)
    assert (offer.name, offer.price, offer.was_price, offer.allergens, offer.groups) == ("招牌牛肉面", 3050, 3200, ("gluten", "soy"), ())
    jobs.drain(desk.world.at)
    assert stock.left(offer_ids=[beef], at=desk.world.at)[beef] == 20
    desk.post(where, {**changed, "left": "3", "left_shown": "20"})
    jobs.drain(desk.world.at)
    assert stock.left(offer_ids=[beef], at=desk.world.at)[beef] == 3
    assert "3 left" in text(desk.get("menu"))
    desk.post(where, {**changed, "daily_limit": "", "left": "3", "left_shown": "3"})
    assert "left" not in text(desk.get("menu"))


@pytest.mark.parametrize(
    "wrong",
    [{"name": " "}, {"price": "free"}, {"price": ""}, {"price": "-1"}, {"was_price": "1"}, {"allergens": ["moon"]}, {"daily_limit": "many"},
     {"daily_limit": "-1"}, {"prep_minutes": "999"}],
)  # fmt: skip
def test_a_wrong_dish_is_said_and_kept(desk: Desk, wrong: dict[str, Any]) -> None:
    response = desk.post(f"menu/dishes/{desk.dish('牛肉面')}", desk.draft(description="typed a lot", **wrong))
    assert response.status_code == 422
    assert 'role="alert"' in text(response)
    assert "typed a lot" in text(response)  # nothing typed is lost
    assert catalog.offer(offer_id=desk.world.dishes["牛肉面"]).price == 2800


def test_a_new_dish_in_a_new_section_with_a_new_choice(desk: Desk) -> None:
    desk.post("menu/sections", {"name": "汤", "sort": "9"})
    assert desk.post("menu/sections", {"name": "汤"}).status_code == 409
    section = next(found for found in catalog.menu(store_id=desk.world.noodles).sections if found.name == "汤")
    lines = {"option_name": ["微辣", "特辣", ""], "option_id": ["", "", ""], "option_price": ["", "2", ""], "option_most": ["", "1", ""]}
    desk.post("menu/choices/new", {"name": "辣度", "least": "1", "most": "1", **lines})
    group = next(found for found in catalog.groups(store_id=desk.world.noodles) if found.name == "辣度")
    assert [(option.name, option.price, option.most) for option in group.options] == [("微辣", 0, 1), ("特辣", 200, 1)]
    desk.post(
        "menu/dishes/new", {"name": "酸辣汤", "price": "12", "section": ids.seal("se", section.id), "groups": [ids.seal("gr", group.id)]}
    )
    soup = next(offer for offer in catalog.menu(store_id=desk.world.noodles).offers if offer.name == "酸辣汤")
    assert (soup.price, [found.name for found in soup.groups]) == (1200, ["辣度"])
    option = ids.seal("op", group.options[1].id)
    desk.post(f"menu/options/{option}/sale", {"on": "0"})
    assert not catalog.offer(offer_id=soup.id).groups[0].options[1].on_sale
    desk.post(f"menu/dishes/{ids.seal('of', soup.id)}/remove")
    assert all(offer.name != "酸辣汤" for offer in catalog.menu(store_id=desk.world.noodles).offers)


def test_a_choice_that_cannot_be_met_is_refused(desk: Desk) -> None:
    one = {"option_name": ["a"], "option_id": [""], "option_price": [""], "option_most": ["1"]}
    for wrong in ({"least": "2", "most": "1"}, {"least": "x"}, {"name": ""}, {"option_name": [""]}, {"option_price": ["cheap"]}):
        data = {"name": "新", "least": "0", "most": "1", **one, **wrong}
        assert desk.post("menu/choices/new", data).status_code == 422, wrong
    assert all(group.name != "新" for group in catalog.groups(store_id=desk.world.noodles))


def test_hours_over_midnight(desk: Desk) -> None:
    desk.post("hours", {"opens_0": ["09:30", "17：00"], "closes_0": ["1400", "02:00"], "opens_6": [""], "closes_6": [""]})
    assert [(o.weekday, o.opens, o.closes) for o in desk.store().hours.openings] == [(0, 570, 840), (0, 1020, 1560)]
    shown = text(desk.get("hours"))
    assert 'value="17:00"' in shown
    assert 'value="02:00"' in shown
    for wrong in (["25:00"], ["9"], ["ab:cd"], [""]):
        response = desk.post("hours", {"opens_2": wrong, "closes_2": ["10:00"]})
        assert response.status_code == 422
        assert "Wednesday" in text(response)
    assert desk.post("hours", {"opens_0": ["09:00", "10:00"], "closes_0": ["12:00", "13:00"]}).status_code == 422  # they overlap
    assert len(desk.store().hours.openings) == 2


def test_the_store_and_its_rings(desk: Desk) -> None:
    good = {"name": "老陈面馆", "name_en": "Chen", "address": "北街2号", "phone": "", "prep_minutes": "18", "accepts": "on"}
    desk.post("settings", good)
    assert (desk.store().address, desk.store().prep_minutes, desk.store().accepts) == ("北街2号", 18, True)
    for wrong in ({"name": ""}, {"prep_minutes": "1000"}, {"prep_minutes": "soon"}):
        assert desk.post("settings", {**good, **wrong}).status_code == 422
    desk.post("settings/rings", {"km": ["1.2", "4", ""], "fee": ["0", "5.5", ""], "minimum": ["20", "", ""]})
    assert [(ring.radius_m, ring.fee, ring.minimum) for ring in desk.store().rings] == [(1200, 0, 2000), (4000, 550, 0)]
    for km, fee in (("far", "1"), ("nan", "1"), ("1e999", "1"), ("-1", "1"), ("900", "1"), ("2", "-1"), ("2", "x")):
        assert desk.post("settings/rings", {"km": [km], "fee": [fee], "minimum": ["1"]}).status_code == 422, (km, fee)
    assert len(desk.store().rings) == 2


def test_people_come_and_go_but_somebody_stays(desk: Desk) -> None:
    world = desk.world
    chen, he = (ids.seal("pe", person_id) for person_id in (world.chen.person_id, world.he))
    assert desk.post(f"staff/{chen}/leave").status_code == 409  # the last one
    assert desk.post("staff", {"phone": "123", "name": "x"}).status_code == 422
    desk.post("staff", {"phone": "13800000002", "name": ""})
    assert people.may(person_id=world.he, role="merchant", scope_id=world.noodles)
    assert not people.may(person_id=world.he, role="merchant", scope_id=world.dumplings)
    page = text(desk.get("staff"))
    assert "138****0002" in page
    assert "13800000002" not in page
    desk.post(f"staff/{he}/leave")
    assert not people.may(person_id=world.he, role="merchant", scope_id=world.noodles)


def test_the_money_of_a_settled_order(desk: Desk) -> None:
    order = desk.world.completed()
    page = text(desk.get("money"))
    assert order.number in page
    assert "Order settled" in page
    assert desk.get("money?cursor=nonsense").status_code == 404


def test_a_review_is_answered_once(desk: Desk) -> None:
    world, order = desk.world, desk.world.completed()
    community.review(order_id=order.id, person_id=world.lin, stars=5, aspects={"taste": 5}, text="<b>好吃</b>", photos=[], at=world.at)
    page = text(desk.get("reviews"))
    assert "&lt;b&gt;好吃&lt;/b&gt;" in page
    review = reviews.review_of(order_id=order.id)
    assert review is not None
    where = f"reviews/{ids.seal('rv', review.id)}/reply"
    assert desk.post(where, {"text": " "}).status_code == 422
    assert desk.browser(world.wang.person_id).post(f"{desk.base}/{where}", {"text": "x"}).status_code == 403
    desk.post(where, {"text": "谢谢"})
    assert "谢谢" in text(desk.get("reviews"))
    assert "谢谢" not in text(desk.get("reviews?show=open"))


def test_a_complaint_is_answered_and_settled(desk: Desk) -> None:
    world, order = desk.world, desk.world.completed({"牛肉面": 1})
    line = order.items[0]
    case = care.complain(order_id=order.id, person_id=world.lin, kind="missing", text="少了", lines={line.id: 1}, at=world.at)
    where = f"complaints/{ids.seal('cs', case.id)}"
    assert "少了" in text(desk.get("complaints"))
    assert desk.post(f"{where}/answer", {"text": ""}).status_code == 422
    desk.post(f"{where}/answer", {"text": "马上查"})
    assert "马上查" in text(desk.get(where))
    theirs = f"/merchant/{ids.seal('st', world.dumplings)}/{where}"
    assert desk.browser(world.wang.person_id).get(theirs).status_code == 404
    assert desk.browser(world.wang.person_id).post(f"{theirs}/grant", {"refund": "1", "text": "x"}).status_code == 404
    for refund in ("", "x", "-1"):
        assert desk.post(f"{where}/grant", {"refund": refund, "text": "抱歉"}).status_code == 422
    desk.post(f"{where}/grant", {"refund": "28", "text": "抱歉"})
    settled = cases.case(case_id=case.id)
    assert (settled.state, settled.refund_amount) == ("resolved", 2800)
    assert desk.post(f"{where}/grant", {"refund": "1", "text": "again"}).status_code == 409


def test_a_wrong_method_and_an_unknown_address(desk: Desk) -> None:
    assert desk.get("pause").status_code == 405
    assert desk.get("orders/or-0000000000000").status_code == 404
    assert desk.get("menu/dishes/of-xyz").status_code == 404
    assert desk.chen.get("/merchant/st-0000000000000/today").status_code in {403, 404}


def test_pages_take_few_statements(desk: Desk, django_assert_max_num_queries: Any) -> None:
    for _ in range(3):
        desk.world.paid({"素面": 1})
    for page in ("today", "orders", "menu", "reviews", "money"):
        desk.get(page)
        with django_assert_max_num_queries(12):
            assert desk.get(page).status_code == 200
