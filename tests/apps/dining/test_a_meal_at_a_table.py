"""From the scan to the last fen: several phones, one cart, courses, the kitchen, and a bill that is shared in every way."""

from __future__ import annotations

import pytest

from linli.apps.dining import operations as dining
from linli.apps.dining import queries
from linli.apps.orders import operations as orders
from linli.apps.orders import queries as ordered
from linli.apps.payments import operations as payments
from linli.apps.payments import queries as paying
from linli.kernel.actors import Actor
from linli.platform import ids
from tests.diningroom import DiningRoom, dining_room
from tests.town import World, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(world: World) -> DiningRoom:
    return dining_room(world)


def lin(room: DiningRoom) -> Actor:
    return Actor("consumer", room.world.lin)


def test_two_phones_share_a_table_and_each_pays_their_own(room: DiningRoom) -> None:
    world, visit = room.world, room.meal()
    view = room.look(visit)
    assert [guest.name for guest in view.guests] == ["林", "何"]
    sent = [(order.mode, order.method, order.table_name, order.state) for order in view.orders]
    assert sent == [("dine_in", "tab", "A1", "accepted")] * 2
    assert [(guest.own, guest.total) for guest in view.guests] == [(3200, 3200), (10_400, 10_400)]
    assert room.state("A1") == "ordered"
    dining.ask_bill(visit_id=visit, actor=lin(room), at=world.at)
    assert room.state("A1") == "bill"
    room.serve(visit)
    room.pay(dining.share_own(visit_id=visit, person_id=world.he, at=world.at), world.he)
    assert (room.look(visit).owed, paying.balance(person_id=world.he)) == (3200, 1_000_000 - 10_400)
    room.pay(dining.share_own(visit_id=visit, person_id=world.lin, at=world.at), world.lin)
    assert (room.look(visit).owed, room.state("A1")) == (0, "free")
    world.pass_(3 * 60)
    assert {order.state for order in room.look(visit).orders} == {"completed"}
    room.sound()


def test_evenly_no_fen_is_lost_and_the_counter_takes_what_is_left(room: DiningRoom) -> None:
    world, visit = room.world, room.meal()
    shares = dining.split_evenly(visit_id=visit, actor=lin(room), ways=3, at=world.at)
    assert [share.amount for share in room.look(visit).split] == [4534, 4533, 4533]
    with refused("split.there"):
        dining.split_evenly(visit_id=visit, actor=lin(room), ways=2, at=world.at)
    with refused("bill.nothing"):
        dining.share_own(visit_id=visit, person_id=world.lin, at=world.at)
    first = dining.take_share(visit_id=visit, share_id=shares[0], person_id=world.lin, at=world.at)
    assert dining.take_share(visit_id=visit, share_id=shares[0], person_id=world.lin, at=world.at) == first
    with refused("share.taken"):
        dining.take_share(visit_id=visit, share_id=shares[0], person_id=world.he, at=world.at)
    room.pay(first, world.lin)
    room.pay(dining.take_share(visit_id=visit, share_id=shares[1], person_id=world.he, at=world.at), world.he)
    assert room.look(visit).owed == 4533
    paid = dining.pay_at_counter(visit_id=visit, actor=world.wang, share_id=shares[2], key="till-1", at=world.at)
    assert (paid, room.look(visit).owed, room.state("A1")) == (4533, 0, "paid")  # nothing was brought yet
    room.serve(visit)
    assert room.state("A1") == "free"
    world.pass_(3 * 60)
    room.sound()


def test_one_pays_all_and_a_share_that_is_called_off_is_free_again(room: DiningRoom) -> None:
    world, visit = room.world, room.meal()
    his = dining.share_own(visit_id=visit, person_id=world.he, at=world.at)
    with refused("share.busy"):
        dining.share_rest(visit_id=visit, person_id=world.he, at=world.at)
    rest = dining.share_rest(visit_id=visit, person_id=world.lin, at=world.at)
    assert paying.intent(intent_id=rest).amount == 3200  # what He is paying is not asked for twice
    assert dining.drop_share(visit_id=visit, person_id=world.lin, at=world.at)
    payments.expire(intent_id=his, at=world.pass_(11))  # and He has gone away from the cashier
    world.pass_()
    assert room.look(visit).free == 13_600
    room.pay(dining.share_rest(visit_id=visit, person_id=world.lin, at=world.at), world.lin)
    assert room.look(visit).owed == 0
    room.sound()


def test_courses_go_one_after_the_other_and_each_line_once(room: DiningRoom) -> None:
    world, visit = room.world, room.sit()
    room.pick(visit, world.lin, course=1)
    room.pick(visit, world.lin, "三鲜饺子", course=3)
    (first,) = room.send(visit, course=1)
    assert ordered.order(order_id=first).course == 1
    with refused("picks.none"):
        room.send(visit, course=1)
    (third,) = dining.send(visit_id=visit, actor=world.wang, at=world.at)  # the staff fire the next one
    assert ordered.order(order_id=third).course == 3
    assert room.look(visit).picks == ()


def test_picks_belong_to_whoever_made_them(room: DiningRoom) -> None:
    world, visit = room.world, room.sit()
    pick = room.pick(visit, world.lin)
    assert room.pick(visit, world.lin) == pick  # counted up
    stranger = Actor("consumer", world.he)
    with refused("visit.unknown"):
        dining.set_pick(pick_id=pick, visit_id=visit, actor=stranger, qty=0, at=world.at)
    room.sit(world.he)
    with refused("pick.theirs"):
        dining.set_pick(pick_id=pick, visit_id=visit, actor=stranger, qty=0, at=world.at)
    dining.set_pick(pick_id=pick, visit_id=visit, actor=lin(room), qty=1, at=world.at)
    assert [one.line.qty for one in room.look(visit).picks] == [1]
    with refused("offer.gone"):
        dining.add_pick(visit_id=visit, person_id=world.lin, offer_id=world.dishes["牛肉面"], at=world.at)  # of another store


def test_what_the_kitchen_cannot_make_is_not_owed_and_what_was_paid_comes_back(room: DiningRoom) -> None:
    world, visit = room.world, room.meal()
    mine, his = room.look(visit).orders
    orders.refuse(order_id=mine.id, actor=world.wang, reason="sold_out", at=world.at)
    world.pass_()
    assert room.look(visit).owed == 10_400
    share = dining.share_rest(visit_id=visit, person_id=world.lin, at=world.at)
    orders.refund_part(order_id=his.id, amount=400, reason="cold", by=world.wang, key="cold-0001", at=world.at)
    room.pay(share, world.lin)  # 104.00 were asked for, 4.00 of them are not owed any more
    assert (room.look(visit).owed, paying.balance(person_id=world.lin)) == (0, 1_000_000 - 10_000)
    orders.refund_part(order_id=his.id, amount=1000, reason="cold", by=world.wang, key="cold-0002", at=world.at)
    assert paying.balance(person_id=world.lin) == 1_000_000 - 9_000  # to whoever paid, not to whoever ordered
    assert paying.balance(person_id=world.he) == 1_000_000
    room.sound()


def test_a_bill_that_nobody_pays_is_waived_with_a_reason_or_stays(room: DiningRoom) -> None:
    world, visit = room.world, room.meal()
    with refused("visit.owed"):
        dining.close(visit_id=visit, actor=world.wang, at=world.at)
    with refused("reason.missing"):
        dining.forgive(visit_id=visit, actor=world.wang, reason=" ", at=world.at)
    assert dining.forgive(visit_id=visit, actor=world.wang, reason="went away", at=world.at) == 13_600
    dining.close(visit_id=visit, actor=world.wang, at=world.at)
    world.pass_(3 * 60)
    assert {order.state for order in room.look(visit).orders} == {"completed"}
    room.sound()


def test_an_unpaid_meal_is_not_settled(room: DiningRoom) -> None:
    world, visit = room.world, room.meal()
    room.serve(visit)
    world.pass_(3 * 60)
    assert {order.state for order in room.look(visit).orders} == {"served"}
    assert dining.pay_at_counter(visit_id=visit, actor=world.wang, key="till-1", at=world.at) == 13_600
    world.pass_(1)
    assert {order.state for order in room.look(visit).orders} == {"completed"}
    room.sound()


def test_codes_of_tables_are_signed_and_can_be_renewed(room: DiningRoom) -> None:
    world = room.world
    table = queries.table(table_id=room.tables["A1"])
    token = queries.token(table, world.at)
    assert queries.scanned(token=token, at=world.at) == table
    with refused("token.forged"):
        queries.scanned(token=token[:-2] + "xx", at=world.at)
    dining.renew_code(store_id=room.store, table_id=table.id, actor=world.wang, at=world.at)
    with refused("table.code"):
        queries.scanned(token=token, at=world.at)
    assert ids.seal("tb", table.id) not in token
