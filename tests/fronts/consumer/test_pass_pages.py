"""Vouchers and tickets on the consumer's pages: bought, shown with their code, given back under their rules."""

from __future__ import annotations

import re
from datetime import timedelta

from django.test import Client

from linli.apps.fulfilment import operations as fulfilment
from linli.apps.orders import operations as ordering
from linli.apps.orders import queries as orders
from linli.apps.payments import queries as payments
from linli.platform.ids import seal
from tests.fronts.consumer.conftest import browser, fields
from tests.passes import buy, codes, ticket, voucher
from tests.town import World


def place(town: World, offer: int) -> str:
    return f"/stores/{seal('st', town.noodles)}/passes/{seal('of', offer)}"


def pay(town: World, client: Client, chosen: str) -> orders.OrderView:
    """Through the checkout at the address `chosen`, from the balance."""
    form = fields(client.get(chosen).content.decode())
    assert form["mode"] == "voucher"
    went = client.post(chosen, form | {"method": "balance"})
    client.get(went["Location"])
    town.pass_()
    return orders.orders_of(person_id=town.lin).items[0]


def test_a_voucher_is_found_bought_and_shown_with_its_code(town: World, lin: Client) -> None:
    found = voucher(town, uses=2, blackout=[{"weekdays": [4, 5], "start": 1020, "end": 1260}])
    assert place(town, found) in lin.get(f"/stores/{seal('st', town.noodles)}").content.decode()
    shown = lin.get(place(town, found)).content.decode()
    assert "Fri, Sat 17:00–21:00" in shown
    assert "Can be used 2 times" in shown
    went = lin.post(place(town, found), {"qty": "2"})
    order = pay(town, lin, went["Location"])
    assert [code.uses for code in codes(order)] == [2, 2]
    code = codes(order)[0]
    mine = lin.get("/me/passes").content.decode()
    assert mine.count("/me/passes/ps") == 2
    page = lin.get(f"/me/passes/{seal('ps', code.id)}").content.decode()
    assert code.spaced in page
    assert re.search(r'class="qr" role="img".*<svg viewBox', page, re.DOTALL)
    assert seal("ps", code.id) in lin.get(f"/orders/{seal('or', order.id)}").content.decode()
    fulfilment.redeem(store_id=town.noodles, code=code.code, count=2, key="till-0001", actor=town.chen, at=town.at)
    assert code.spaced not in lin.get(f"/me/passes/{seal('ps', code.id)}").content.decode()
    assert lin.get("/me/passes?over=1").content.decode().count("/me/passes/ps") == 1


def test_bought_again_it_does_not_pile_up_and_more_can_be_put_together(town: World, lin: Client) -> None:
    first, second = voucher(town), ticket(town, slot_minutes=0)
    for _ in range(2):
        lin.post(place(town, first), {"qty": "1"})
    (line,) = orders.cart(person_id=town.lin, store_id=town.noodles, at=town.at).lines
    assert line.qty == 1
    entry = re.search(r'name="starts_at" value="([^"]+)"', lin.get(place(town, second)).content.decode())
    assert entry
    assert lin.post(place(town, second), {"starts_at": entry[1], "then": "cart"})["Location"] == f"/cart/{seal('st', town.noodles)}"
    assert len(orders.cart(person_id=town.lin, store_id=town.noodles, at=town.at).lines) == 2


def test_a_ticket_is_for_a_slot_and_a_full_one_cannot_be_had(town: World, lin: Client) -> None:
    found = ticket(town, capacity=2)
    day = (town.at + timedelta(days=2)).date().isoformat()
    page = lin.get(f"{place(town, found)}?day={day}").content.decode()
    slots = re.findall(r'name="starts_at" value="([^"]+)" required\s*(disabled)?', page)
    assert len(slots) == 4
    went = lin.post(place(town, found), {"day": day, "starts_at": slots[0][0], "qty": "2"})
    pay(town, lin, went["Location"])
    page = lin.get(f"{place(town, found)}?day={day}").content.decode()
    assert [off for _, off in re.findall(r'name="starts_at" value="([^"]+)" required\s*(disabled)?', page)] == ["disabled", "", "", ""]
    for bad in ({"starts_at": slots[0][0]}, {"starts_at": "x"}, {}, {"starts_at": slots[1][0], "qty": "77"}):
        assert lin.post(place(town, found), {"day": day, **bad}).status_code in {409, 422}
    assert not orders.cart(person_id=town.lin, store_id=town.noodles, at=town.at).lines


def test_given_back_it_says_before_what_comes_back_and_that_is_what_comes(town: World, lin: Client) -> None:
    found = ticket(town, capacity=5, free_until=60 * 24 * 10, late_bp=5_000)
    start = town.at.replace(hour=1, minute=0) + timedelta(days=2)
    order = buy(town, found, 2, starts_at=start)
    page = lin.get(f"/me/passes/{seal('ps', codes(order)[0].id)}").content.decode()
    said = orders.call_off(order=town.order(order), at=town.at)
    assert (said.back, said.kept) == (6_000, 6_000)
    assert "¥60.00 goes back to you; ¥60.00 is kept." in page
    assert "All 2 codes" in page
    before = payments.balance(person_id=town.lin)
    lin.post(f"/orders/{seal('or', order.id)}/cancel", {"reason": "x"})
    town.pass_()
    assert payments.balance(person_id=town.lin) - before == said.back
    used = buy(town, voucher(town, uses=4))
    fulfilment.redeem(store_id=town.noodles, code=codes(used)[0].code, count=1, key="till-0001", actor=town.chen, at=town.at)
    town.pass_()
    assert orders.call_off(order=town.order(used), at=town.at).back == 7_500


def test_what_is_sold_around_is_listed_by_kind(town: World, visitor: Client) -> None:
    sold, entry = voucher(town), ticket(town)
    every = visitor.get("/nearby/passes").content.decode()
    assert place(town, sold) in every
    assert place(town, entry) in every
    assert place(town, sold) not in visitor.get("/nearby/passes?kind=ticket").content.decode()
    assert "/nearby/passes" in visitor.get("/").content.decode()


def test_codes_are_their_owners_alone(town: World, lin: Client) -> None:
    name = seal("ps", codes(buy(town, voucher(town)))[0].id)
    assert lin.get(f"/me/passes/{name}").status_code == 200
    assert browser(town, town.he).get(f"/me/passes/{name}").status_code == 404
    assert name not in browser(town, town.he).get("/me/passes").content.decode()


def test_ordered_again_it_is_a_voucher_again(town: World, lin: Client) -> None:
    order = buy(town, voucher(town))
    fulfilment.redeem(store_id=town.noodles, code=codes(order)[0].code, key="till-0001", actor=town.chen, at=town.at)
    town.pass_()
    ordering.reorder(person_id=town.lin, order_id=order.id, at=town.at)
    assert [line.kind for line in orders.cart(person_id=town.lin, store_id=town.noodles, at=town.at).lines] == ["voucher"]
    assert lin.post(f"/orders/{seal('or', order.id)}/reorder")["Location"].endswith("?mode=voucher")
