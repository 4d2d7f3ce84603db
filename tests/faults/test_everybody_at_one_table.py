"""Twenty at the same moment: phones that send one table's cart, parties that are led to one table, called to one, scan one, and pay one
bill. Each line is sent once, one party sits there, nothing is paid twice. With controls, where the guard is off."""

from __future__ import annotations

from datetime import datetime

import pytest

from linli.apps.dining import operations as dining
from linli.apps.dining import queries
from linli.apps.dining.models import Pick, Seating, Visit
from linli.apps.orders import operations as orders
from linli.apps.orders.models import OrderLine
from linli.apps.orders.queries import CheckoutWant
from linli.apps.payments import operations as payments
from linli.kernel.actors import Actor
from tests.crowd import crowd, no_constraint, no_locks, outcomes
from tests.diningroom import DiningRoom, dining_room
from tests.salon import salon
from tests.town import build

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
MANY = 20


@pytest.fixture
def room() -> DiningRoom:
    return dining_room(build())


def send(room: DiningRoom, visit: int) -> list[int]:
    return dining.send(visit_id=visit, actor=Actor("consumer", room.world.lin), at=room.world.at)


def seat(room: DiningRoom, number: int) -> int:
    return dining.seat(store_id=room.store, table_id=room.tables["A1"], people=number % 4 + 1, at=room.world.at)


def call(room: DiningRoom, waiting: int) -> None:
    dining.call(waiting_id=waiting, table_id=room.tables["A1"], actor=room.world.wang, at=room.world.at)


def lead(room: DiningRoom, waiting: int) -> int:
    return dining.seat_party(waiting_id=waiting, table_id=room.tables["A1"], actor=room.world.wang, at=room.world.at)


def number(room: DiningRoom, _number: int) -> int:
    return dining.enqueue(store_id=room.store, people=2, at=room.world.at)


def scan(room: DiningRoom, person: int) -> int:
    return dining.sit_down(table_id=room.tables["A1"], person_id=person, people=2, at=room.world.at)


def rest(room: DiningRoom, visit: int, person: int) -> int:
    return dining.share_rest(visit_id=visit, person_id=person, at=room.world.at)


def cart(room: DiningRoom) -> int:
    visit = room.sit()
    room.sit(room.world.he)
    for dish in ("猪肉饺子", "三鲜饺子"):
        room.pick(visit, room.world.lin, dish, 2)
        room.pick(visit, room.world.he, dish, 1)
    return visit


def sent() -> int:
    return sum(OrderLine.objects.filter(kind="item").values_list("qty", flat=True))


def test_phones_that_send_one_cart(room: DiningRoom) -> None:
    visit = cart(room)
    assert outcomes(crowd(send, [(room, visit)] * MANY)) == {"done": 1, "picks.none": MANY - 1}
    assert sent() == 6
    assert room.look(visit).total == 3 * 3200 + 3 * 3600
    room.sound()


def test_control_phones_without_locks_and_transactions(room: DiningRoom) -> None:
    visit = cart(room)
    crowd(send, [(room, visit)] * MANY, amid=no_locks)
    assert sent() > 6


def test_parties_that_sit_down_at_one_table(room: DiningRoom) -> None:
    assert outcomes(crowd(seat, [(room, n) for n in range(MANY)])) == {"done": 1, "table.taken": MANY - 1}
    assert Visit.objects.count() == Seating.objects.count() == 1


def test_control_one_table_without_its_constraint(room: DiningRoom) -> None:
    with no_constraint(Seating, "dining_seating_once", until=room.world.at):
        crowd(seat, [(room, n) for n in range(MANY)], amid=no_locks)
        assert Seating.objects.filter(until=None).count() > 1


def test_parties_that_are_called_to_one_table(room: DiningRoom) -> None:
    line = [dining.enqueue(store_id=room.store, people=2, at=room.world.at) for _ in range(MANY)]
    assert outcomes(crowd(call, [(room, waiting) for waiting in line])) == {"done": 1, "table.kept": MANY - 1}
    assert sum(one.state == "called" for one in queries.line(store_id=room.store)) == 1


def test_parties_that_are_led_to_one_table(room: DiningRoom) -> None:
    line = [dining.enqueue(store_id=room.store, people=2, at=room.world.at) for _ in range(MANY)]
    assert outcomes(crowd(lead, [(room, waiting) for waiting in line])) == {"done": 1, "table.taken": MANY - 1}
    assert (Visit.objects.count(), queries.next_up(store_id=room.store)) == (1, MANY - 1)


def test_numbers_that_are_taken_at_once(room: DiningRoom) -> None:
    assert outcomes(crowd(number, [(room, n) for n in range(MANY)])) == {"done": MANY}
    assert sorted(int(one.number[1:]) for one in queries.line(store_id=room.store)) == list(range(1, MANY + 1))


def test_phones_that_scan_one_table(room: DiningRoom) -> None:
    world = room.world
    people = [world.lin, world.he, world.zhao, world.qian, world.su.person_id, world.ou.person_id] * 3
    assert outcomes(crowd(scan, [(room, person) for person in people])) == {"done": len(people)}
    (visit,) = Visit.objects.all()
    assert len(room.look(visit.id).guests) == 6


def test_people_that_pay_one_bill(room: DiningRoom) -> None:
    world, visit = room.world, cart(room)
    people = [world.lin, world.he, world.zhao, world.qian]
    for person in people:
        room.sit(person)
    room.send(visit)
    found = crowd(rest, [(room, visit, person) for person in people for _ in range(4)])
    assert set(outcomes(found)) == {"done", "bill.nothing"}
    (intent,) = {key for how, key in found if how == "done"}  # one of them pays, however often they pressed
    payer = queries.visit(visit_id=visit, at=world.at).shares[0].person_id
    assert payer is not None
    payments.give_balance(person_id=payer, amount=50_000, key="more", reason="to spend", by=Actor("system"), at=world.at)
    room.pay(intent, payer)
    assert room.look(visit).owed == 0
    room.sound()


def test_nothing_picked_is_lost_when_people_pick_at_once(room: DiningRoom) -> None:
    visit = room.sit()
    outcomes(crowd(pick, [(room, visit)] * MANY))
    assert [one.qty for one in Pick.objects.all()] == [MANY]


def pick(room: DiningRoom, visit: int) -> int:
    return room.pick(visit, room.world.lin)


def sit(table: int, store: int, at: datetime) -> int:
    return dining.seat(store_id=store, table_id=table, people=2, at=at)


def reserved() -> tuple[list[tuple[int, int, datetime]], int]:
    """A floor of two tables for one of which somebody has reserved; what twenty from the street ask for, ten each of them."""
    shop = salon(build())
    tables = [
        dining.save_table(store_id=shop.store, name=name, seats=2, size="small", actor=Actor("operator"), at=shop.world.at) for name in "AB"
    ]
    starts_at = shop.at(12, 15, days=0)
    orders.add_line(person_id=shop.world.lin, store_id=shop.store, offer_id=shop.table, starts_at=starts_at, guests=2, at=shop.world.at)
    want = CheckoutWant(store_id=shop.store, mode="table", coupon_id=None)
    token = shop.world.quote(want, person_id=shop.world.lin).token
    orders.place(
        person_id=shop.world.lin, want=want, quote_token=token, method="balance", idempotency_key=shop.world.key(), at=shop.world.at
    )
    return [(table, shop.store, shop.world.at) for table in tables * (MANY // 2)], shop.store


def test_the_last_table_is_kept_for_who_has_reserved_though_others_look_at_both_at_once() -> None:
    asked, store = reserved()
    said = outcomes(crowd(sit, asked))
    assert said["done"] == 1, said
    assert sorted(spot.state for spot in queries.floor(store_id=store)) == ["free", "seated"]


def test_control_without_the_floor_being_locked_both_tables_go() -> None:
    asked, store = reserved()
    for _ in range(20):  # it is chance who looks when; most goes show it
        crowd(sit, asked, amid=no_locks)
        if [spot.state for spot in queries.floor(store_id=store)] == ["seated", "seated"]:
            return
        for model in (Seating, Visit):
            model.objects.all().delete()
    pytest.fail("twenty times over only one table went, though nothing was locked")
