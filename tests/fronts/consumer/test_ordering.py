"""From the menu to the order, by plain forms as without scripts, and what happens when something is not as it was."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from linli.apps.catalog import operations as catalog
from linli.apps.catalog import queries as menus
from linli.apps.merchants import operations as merchants
from linli.apps.orders import queries as orders
from linli.apps.payments import queries as payments
from linli.platform.ids import seal
from tests.fronts.consumer.conftest import HTMX, browser, fields
from tests.town import World


def add(client: Client, town: World, dish: str, **more: str) -> HttpResponse:
    data = {"offer": seal("of", town.dishes[dish]), "qty": "1", **more}
    return client.post(f"/stores/{seal('st', town.noodles)}/add", data)  # type: ignore[return-value]


def checkout(client: Client, town: World, **choices: str) -> dict[str, str]:
    answer = client.get(f"/checkout/{seal('st', town.noodles)}", {"address": seal("ad", town.home)} | choices)
    assert answer.status_code == 200
    return fields(answer.content.decode())


def order_now(client: Client, town: World, form: dict[str, str]) -> HttpResponse:
    return client.post(f"/checkout/{seal('st', town.noodles)}", form)  # type: ignore[return-value]


def mine(town: World) -> list[orders.OrderView]:
    return list(orders.orders_of(person_id=town.lin).items)


def test_the_whole_walk_without_scripts(town: World, lin: Client) -> None:
    assert add(lin, town, "牛肉面", option=seal("op", town.options["大份"]), qty="2", note="no coriander").status_code == 302
    form = checkout(lin, town, method="balance")
    answer = order_now(lin, town, form | {"method": "balance", "remark": "ring twice"})
    order = mine(town)[0]
    assert answer.headers["Location"] == f"/pay/{seal('in', payments.intent(ref=order.ref).id)}"
    assert lin.get(answer.headers["Location"]).headers["Location"] == f"/orders/{seal('or', order.id)}"
    town.pass_()
    html = lin.get(f"/orders/{seal('or', order.id)}").content.decode()
    assert "Paid, waiting for the store" in html
    assert "ring twice" in html
    assert "Beef noodles" in html
    assert sum(line.amount for line in order.lines) == order.total


def test_options_change_in_the_cart(town: World, lin: Client) -> None:
    add(lin, town, "牛肉面")
    (line,) = orders.cart(person_id=town.lin, store_id=town.noodles, at=town.at).lines
    address = f"/cart/{seal('st', town.noodles)}/lines/{seal('cl', line.id)}"
    assert "Large" in lin.get(address).content.decode()
    lin.post(address, {"choices": "1", "option": seal("op", town.options["大份"]), f"many-{seal('op', town.options['加蛋'])}": "2"})
    (line,) = orders.cart(person_id=town.lin, store_id=town.noodles, at=town.at).lines
    assert line.amount == 2800 + 400 + 2 * 200
    lin.post(address, {"qty": "3"})
    assert orders.cart(person_id=town.lin, store_id=town.noodles, at=town.at).count == 3
    lin.post(address, {"qty": "0"})
    assert "The cart is empty" in lin.get(f"/cart/{seal('st', town.noodles)}").content.decode()


def test_htmx_gets_the_cart_and_a_word(town: World, lin: Client) -> None:
    data = {"offer": seal("of", town.dishes["拍黄瓜"]), "back": "store"}
    answer = lin.post(f"/stores/{seal('st', town.noodles)}/add", data, **HTMX)
    assert answer.status_code == 200
    assert answer["X-Toast"].startswith("text=Added")
    assert b"<html" not in answer.content


def test_too_many_options_are_refused_with_a_toast(town: World, lin: Client) -> None:
    data = {"offer": seal("of", town.dishes["牛肉面"]), f"many-{seal('op', town.options['加蛋'])}": "9"}
    answer = lin.post(f"/stores/{seal('st', town.noodles)}/add", data, **HTMX)
    assert answer.status_code == 422
    assert answer["HX-Retarget"] == "#toasts"
    assert orders.cart(person_id=town.lin, store_id=town.noodles, at=town.at).count == 0


def test_a_visitor_signs_in_and_comes_back(town: World, visitor: Client) -> None:
    answer = add(visitor, town, "牛肉面")
    assert answer.headers["Location"].startswith("/sign-in?next=")
    answer = visitor.post(f"/stores/{seal('st', town.noodles)}/add", {"offer": seal("of", town.dishes["牛肉面"])}, **HTMX)
    assert answer.status_code == 204
    assert answer["HX-Redirect"].startswith("/sign-in?next=")


def test_a_double_click_makes_one_order(town: World, lin: Client) -> None:
    add(lin, town, "牛肉面")
    form = checkout(lin, town) | {"method": "balance"}
    first, second = order_now(lin, town, form), order_now(lin, town, form)
    assert len(mine(town)) == 1
    assert first.headers["Location"] == second.headers["Location"]


def test_the_back_button_after_ordering_leads_to_the_order(town: World, lin: Client) -> None:
    add(lin, town, "牛肉面")
    form = checkout(lin, town) | {"method": "balance"}
    order_now(lin, town, form)
    town.pass_()
    again = order_now(lin, town, form)
    assert again.headers["Location"] == f"/orders/{seal('or', mine(town)[0].id)}"
    assert lin.get(f"/checkout/{seal('st', town.noodles)}").headers["Location"] == f"/cart/{seal('st', town.noodles)}"
    assert len(mine(town)) == 1


def test_a_price_that_changed_is_shown_before_anything_is_ordered(town: World, lin: Client) -> None:
    add(lin, town, "拍黄瓜", qty="3")
    form = checkout(lin, town) | {"method": "balance", "remark": "please"}
    offer = menus.offer(offer_id=town.dishes["拍黄瓜"])
    catalog.save_offer(
        store_id=town.noodles, offer_id=offer.id, section_id=offer.section_id, name=offer.name, price=1500, actor=town.chen, at=town.at
    )  # fmt: skip
    answer = order_now(lin, town, form)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Something has changed" in html
    assert "Nothing has been ordered or charged." in html
    assert 'value="please"' in html
    assert mine(town) == []
    assert order_now(lin, town, fields(html) | {"method": "balance"}).status_code == 302
    assert mine(town)[0].goods == 4500


def test_a_quote_ends(town: World, lin: Client) -> None:
    add(lin, town, "牛肉面")
    form = checkout(lin, town) | {"method": "balance"}
    town.pass_(16)
    answer = order_now(lin, town, form)
    assert answer.status_code == 410
    assert "has expired" in answer.content.decode()
    assert mine(town) == []


def test_sold_out_between_cart_and_paying(town: World, lin: Client) -> None:
    add(lin, town, "牛肉面", qty="2")
    form = checkout(lin, town) | {"method": "balance"}
    town.limit("牛肉面", 1)
    answer = order_now(lin, town, form)
    assert answer.status_code == 409
    assert "Only 1 of" in answer.content.decode()
    assert mine(town) == []
    assert "Only 1 of" in lin.get(f"/cart/{seal('st', town.noodles)}").content.decode()


def test_a_closed_store_takes_no_order_now(town: World, lin: Client) -> None:
    add(lin, town, "牛肉面")
    form = checkout(lin, town) | {"method": "balance"}
    merchants.pause(store_id=town.noodles, until=town.at + timedelta(hours=1), actor=town.chen, at=town.at)
    answer = order_now(lin, town, form)
    assert answer.status_code == 409
    assert "takes no orders just now" in answer.content.decode()
    assert mine(town) == []


def test_an_address_outside_is_said_at_once(town: World, lin: Client) -> None:
    add(lin, town, "牛肉面")
    html = lin.get(f"/checkout/{seal('st', town.noodles)}", {"address": seal("ad", town.abroad)}).content.decode()
    assert "does not deliver to this address" in html
    assert "Cannot be ordered yet" in html


def test_somebody_elses_address_is_none(town: World, lin: Client) -> None:
    add(lin, town, "牛肉面")
    html = lin.get(f"/checkout/{seal('st', town.noodles)}", {"address": seal("ad", town.he_home)}).content.decode()
    assert "Cannot be ordered yet" in html


@pytest.mark.parametrize("bad", [{"when": "yesterday"}, {"tip": "much"}, {"address": "ad-x"}, {"coupon": "cp-x"}])
def test_nonsense_is_refused(town: World, lin: Client, bad: dict[str, str]) -> None:
    add(lin, town, "牛肉面")
    assert lin.get(f"/checkout/{seal('st', town.noodles)}", bad).status_code in {404, 422}


def test_tip_time_and_collecting(town: World, lin: Client) -> None:
    add(lin, town, "牛肉面")
    form = checkout(lin, town, mode="pickup")
    order_now(lin, town, form | {"method": "balance"})
    town.pass_()
    html = lin.get(f"/orders/{seal('or', mine(town)[0].id)}").content.decode()
    assert mine(town)[0].pickup_code in html
    assert "at the counter" in html
    add(lin, town, "牛肉面")
    order_now(lin, town, checkout(lin, town, tip="500") | {"method": "balance"})
    assert {order.tip for order in mine(town)} == {0, 500}


def test_cash_is_ordered_at_once(town: World, lin: Client) -> None:
    add(lin, town, "牛肉面")
    answer = order_now(lin, town, checkout(lin, town, method="cash") | {"method": "cash"})
    assert answer.headers["Location"] == f"/orders/{seal('or', mine(town)[0].id)}"


def test_the_cashier_is_private_and_knows_the_end(town: World, lin: Client) -> None:
    order = town.place(method="sandbox")
    address = f"/pay/{seal('in', payments.intent(ref=order.ref).id)}"
    assert browser(town, town.he).get(address).status_code == 404
    assert "Sandbox Pay" in lin.get(address).content.decode()
    assert lin.post(address, {"method": "nonsense"}).status_code == 422
    town.pass_(20)
    assert "The time to pay is over" in lin.get(address).content.decode()
    assert lin.post(address, {"method": "balance"}).status_code in {409, 410}
