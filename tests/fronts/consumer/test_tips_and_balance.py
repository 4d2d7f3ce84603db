"""Money beside the order: a tip for whoever brought it, and putting money on the balance."""

from __future__ import annotations

import pytest
from django.test import Client

from linli.apps.orders import queries as orders
from linli.apps.payments import operations as payments
from linli.apps.payments import queries as paying
from linli.platform import jobs
from linli.platform.ids import seal, unseal
from tests.fronts.consumer.conftest import browser, fields
from tests.town import World


def give(town: World, amount: int) -> None:
    payments.give_balance(person_id=town.lin, amount=amount, key="gift", reason="a gift", by=town.chen, at=town.at)


def test_a_tip_from_the_balance_is_given_once(town: World, lin: Client) -> None:
    give(town, 10_000)
    order = town.delivered()
    before = paying.balance(person_id=town.lin)
    page = f"/orders/{seal('or', order.id)}"
    form = fields(lin.get(page).content.decode(), "tip")
    assert form["amount"] == "500"
    for _ in range(2):  # pressed twice
        answer = lin.post(f"{page}/tip", form | {"method": "balance"}, follow=True)
    assert answer.redirect_chain[-1][0] == page
    assert "You tipped ¥5.00" in answer.content.decode()
    assert paying.balance(person_id=town.lin) == before - 500
    jobs.drain(town.at)
    assert [tip.paid_at for tip in orders.tips(order_id=order.id)] == [town.at]
    assert "You tipped ¥5.00" in lin.get(page).content.decode()


def test_a_tip_at_the_cashier_comes_back_to_the_order(town: World, lin: Client) -> None:
    order = town.delivered()
    page = f"/orders/{seal('or', order.id)}"
    answer = lin.post(f"{page}/tip", {"amount": "200", "key": "k1", "method": ""})
    assert answer.headers["Location"].startswith("/pay/in-")
    desk = lin.get(answer.headers["Location"]).content.decode()
    assert "Tip for the courier" in desk
    assert f'href="{page}"' in desk
    assert "Cash on delivery" not in desk
    assert "You tipped" not in lin.get(page).content.decode()


@pytest.mark.parametrize("amount", ["0", "-100", "99999999", "much"])
def test_a_tip_that_cannot_be_is_said_on_the_page(town: World, lin: Client, amount: str) -> None:
    order = town.delivered()
    answer = lin.post(f"/orders/{seal('or', order.id)}/tip", {"amount": amount, "key": "k1", "method": "balance"})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert orders.tips(order_id=order.id) == []


def test_nobody_tips_before_it_came_or_for_somebody_else(town: World, lin: Client) -> None:
    order = town.picked_up()
    page = f"/orders/{seal('or', order.id)}"
    assert 'id="tip"' not in lin.get(page).content.decode()
    assert lin.post(f"{page}/tip", {"amount": "200", "key": "k1"}).status_code == 403
    assert browser(town, town.he).post(f"{page}/tip", {"amount": "200", "key": "k1"}).status_code == 404
    assert orders.tips(order_id=order.id) == []


def test_topping_up_goes_by_the_cashier(town: World, lin: Client) -> None:
    form = fields(lin.get("/me/balance").content.decode(), "top-up")
    assert form["amount"] == "50"
    places = {lin.post("/me/balance", form).headers["Location"] for _ in range(2)}
    (place,) = places  # pressed twice is one payment
    intent = paying.intent(intent_id=unseal("in", place.removeprefix("/pay/")))
    assert (intent.amount, intent.person_id, intent.state) == (5_000, town.lin, "open")
    assert "balance" not in intent.methods
    assert "Top up your balance" in lin.get(place).content.decode()
    assert browser(town, town.he).get(place).status_code == 404
    answer = lin.post("/me/balance", form | {"own": "12.50", "key": "another"})
    assert paying.intent(intent_id=unseal("in", answer.headers["Location"].removeprefix("/pay/"))).amount == 1_250


@pytest.mark.parametrize("own", ["0", "-5", "1000000", "a lot", "1.234"])
def test_a_top_up_that_cannot_be_is_said(town: World, lin: Client, own: str) -> None:
    answer = lin.post("/me/balance", {"amount": "50", "own": own, "key": "k"})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert 'role="alert"' in html
    assert f'value="{own}"' in html
