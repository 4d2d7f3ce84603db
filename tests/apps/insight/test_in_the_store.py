"""What was bought in a store: at the table, with a voucher, noted at the till; once each, and of somebody only with their consent."""

from __future__ import annotations

from datetime import timedelta

import pytest

from linli.apps.accounts import operations as accounts
from linli.apps.accounts.queries import PERSONALISATION
from linli.apps.dining import operations as dining
from linli.apps.discovery import queries as discovery
from linli.apps.fulfilment import operations as street
from linli.apps.insight import heard, lake, operations
from linli.apps.insight.models import Noted
from linli.apps.insight.vocabulary import KINDS
from linli.apps.orders import operations as orders
from linli.kernel.actors import Actor
from linli.platform import jobs
from tests.diningroom import dining_room
from tests.inn import open_inn
from tests.passes import buy, codes, voucher
from tests.town import World, refused


def agree(world: World) -> None:
    accounts.set_consent(person_id=world.lin, purpose=PERSONALISATION, given=True, at=world.at)
    jobs.drain(world.at)


def listen(world: World) -> None:
    for minutes in (3, 4):  # the second turn finds nothing new
        heard.listen(at=world.at + timedelta(minutes=minutes))


def noted(kind: str) -> list[tuple[int, int]]:
    return list(Noted.objects.filter(kind=kind).order_by("id").values_list("person_id", "amount"))


def till(world: World, member: str, key: str = "press-0001", **more: object) -> None:
    wanted = {"store_id": world.noodles, "member": member, "amount": 2600, "key": key, "actor": world.chen, "at": world.at, **more}
    operations.note_purchase(**wanted)  # type: ignore[arg-type]


def test_what_is_collected_is_bought_in_the_store_and_what_is_brought_is_not(world: World) -> None:
    agree(world)
    world.completed()
    listen(world)
    assert noted("in_store_purchase") == []
    order = world.ready(want=world.want(mode="pickup", address_id=None))
    orders.hand_over(order_id=order.id, code=order.pickup_code, actor=world.chen, at=world.at)
    listen(world)
    assert noted("in_store_purchase") == [(world.lin, 0)]


def test_a_meal_at_the_table_is_bought_in_the_store_when_it_is_served(world: World) -> None:
    agree(world)
    room = dining_room(world)
    visit = room.sit()
    room.pick(visit, world.lin)
    room.send(visit)
    listen(world)
    assert noted("in_store_purchase") == []  # ordered, not had
    room.serve(visit)
    listen(world)
    assert noted("in_store_purchase") == [(world.lin, 0)]
    room.pay(dining.share_rest(visit_id=visit, person_id=world.lin, at=world.at), world.lin)
    listen(world)
    assert noted("in_store_purchase") == [(world.lin, 0)]
    taste = discovery.taste(person_id=world.lin)
    assert taste is not None
    assert room.store in taste.took


def test_of_a_meal_without_consent_nobody_is_named(world: World) -> None:
    room = dining_room(world)
    visit = room.sit()
    room.pick(visit, world.lin)
    room.send(visit)
    room.serve(visit)
    listen(world)
    assert noted("in_store_purchase") == [(0, 0)]
    assert discovery.taste(person_id=world.lin) is None


def test_a_stay_is_bought_in_the_house_when_its_guest_leaves(world: World) -> None:
    agree(world)
    inn = open_inn(world)
    order = inn.confirmed(nights=1)
    world.pass_(3 * 24 * 60)
    orders.advance(order_id=order.id, event="check_in", actor=inn.clerk, data={"room": "305", "id_seen": True}, at=world.at)
    world.pass_()
    listen(world)
    assert noted("in_store_purchase") == []
    world.pass_(24 * 60)
    orders.advance(order_id=order.id, event="check_out", actor=inn.clerk, at=world.at)
    world.pass_()
    listen(world)
    assert noted("in_store_purchase") == [(world.lin, 0)]
    assert [person for person, _ in noted("order")] == [world.lin]


def test_each_use_of_a_voucher_counts_and_its_last_one_not_twice(world: World) -> None:
    agree(world)
    (one,) = codes(buy(world, voucher(world, uses=2)))
    for number in range(2):
        street.redeem(store_id=world.noodles, code=one.code, key=f"till-key-{number}", actor=world.chen, at=world.at)
        jobs.drain(world.at)
    listen(world)
    assert noted("in_store_purchase") == [(world.lin, 0), (world.lin, 0)]
    assert [person for person, _ in noted("order")] == [world.lin]


def test_a_member_is_noted_by_the_code_and_by_the_number_and_the_next_list_knows(world: World) -> None:
    agree(world)
    till(world, operations.member_code(person_id=world.lin, at=world.at))
    till(world, world_phone(world), key="press-0002")
    assert noted("in_store_purchase") == [(world.lin, 2600), (world.lin, 2600)]
    taste = discovery.taste(person_id=world.lin)
    assert taste is not None
    assert taste.took == (world.noodles,)


def world_phone(world: World) -> str:
    from linli.apps.accounts import queries

    return queries.person(person_id=world.lin).phone


def test_the_same_press_counts_once(world: World) -> None:
    agree(world)
    for _ in range(2):
        till(world, world_phone(world))
    lake.carry(at=world.at, rows=10)
    till(world, world_phone(world))
    lake.carry(at=world.at + timedelta(hours=1), rows=10)
    assert lake.ask("SELECT count(*) FROM deeds") == [(1,)]


def test_without_consent_and_for_a_number_that_nobody_has_it_is_nobodys_and_the_store_learns_nothing(world: World) -> None:
    till(world, world_phone(world))
    till(world, "13999999999", key="press-0002")
    assert noted("in_store_purchase") == [(0, 2600), (0, 2600)]
    assert discovery.taste(person_id=world.lin) is None


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("phone.invalid", {"member": "12"}), ("token.forged", {"member": "not-a-code"}), ("token.forged", {"member": "x" * 9000}),
        ("purchase.amount", {"amount": 0}),
        ("purchase.amount", {"key": "x"}), ("store.forbidden", {"actor": Actor("merchant", 1, 1)}),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_nothing_is_noted(world: World, code: str, given: dict[str, object]) -> None:
    with refused(code):
        till(world, **{"member": "13999999999", **given})  # type: ignore[arg-type]
    assert not Noted.objects.exists()


def test_an_old_code_is_refused_and_a_store_cannot_note_somebody_all_day(world: World) -> None:
    code = operations.member_code(person_id=world.lin, at=world.at - timedelta(minutes=11))
    with refused("token.expired"):
        till(world, code)
    for number in range(5):
        till(world, world_phone(world), key=f"press-{number:04}")
    with refused("limit.reached"):
        till(world, world_phone(world), key="press-0009")


def test_every_kind_is_told_by_somebody(world: World) -> None:
    """Of each kind one row, and each by the door that is meant for it: pages and programs, or the rooms."""
    assert set(operations.FROM_OUTSIDE) == {"view", "search", "click", "cart", "dwell", "exposure"}
    assert set(KINDS) - set(operations.FROM_OUTSIDE) == {"favourite", "order", "review", "in_store_purchase"}
