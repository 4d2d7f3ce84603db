"""Parties that are moved, put together and parted, and those who wait for a table."""

from __future__ import annotations

import pytest

from linli.apps.dining import operations as dining
from linli.apps.dining import queries, turns
from linli.kernel.actors import Actor
from tests.diningroom import DiningRoom, dining_room
from tests.town import World, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(world: World) -> DiningRoom:
    return dining_room(world)


def test_a_party_moves_with_all_it_has(room: DiningRoom) -> None:
    world, visit = room.world, room.meal()
    how = {"store_id": room.store, "actor": world.wang, "at": world.at}
    dining.move(visit_id=visit, table_id=room.tables["B1"], **how)
    assert (room.state("A1"), room.state("B1"), room.look(visit).owed) == ("free", "ordered", 13_600)
    dining.seat(store_id=room.store, table_id=room.tables["A1"], at=world.at)
    with refused("table.taken"):
        dining.move(visit_id=visit, table_id=room.tables["A1"], **how)
    assert room.look(visit).table == "B1"  # nothing was lost by trying
    dining.add_table(visit_id=visit, table_id=room.tables["A2"], **how)
    assert room.look(visit).table == "B1+A2"
    dining.free_table(visit_id=visit, table_id=room.tables["B1"], **how)
    with refused("table.last"):
        dining.free_table(visit_id=visit, table_id=room.tables["A2"], **how)
    with refused("visit.unknown"):
        dining.move(store_id=world.noodles, visit_id=visit, table_id=room.tables["A1"], actor=world.chen, at=world.at)
    room.sound()


def test_two_parties_become_one_and_part_again(room: DiningRoom) -> None:
    world, visit = room.world, room.meal()
    other = room.sit(world.su.person_id, "B1", 1)
    room.pick(other, world.su.person_id)
    room.send(other, world.su.person_id)
    how = {"store_id": room.store, "actor": world.wang, "at": world.at}
    share = dining.share_own(visit_id=other, person_id=world.su.person_id, at=world.at)
    with refused("join.paying"):
        dining.join(visit_id=other, into=visit, **how)
    assert share
    assert dining.drop_share(visit_id=other, person_id=world.su.person_id, at=world.at)
    dining.join(visit_id=other, into=visit, **how)
    view = room.look(visit)
    assert (view.table, len(view.guests), view.owed, view.people) == ("A1+B1", 3, 16_800, 3)
    assert room.look(other).joined_id == visit
    with refused("split.nobody"):
        dining.split_off(visit_id=visit, person_ids=[], table_id=room.tables["C1"], **how)
    fresh = dining.split_off(visit_id=visit, person_ids=[world.he], table_id=room.tables["C1"], **how)
    assert (room.look(fresh).owed, room.look(visit).owed) == (10_400, 6_400)
    room.pay(dining.share_rest(visit_id=visit, person_id=world.lin, at=world.at), world.lin)
    room.sit(world.he)
    with refused("split.paid"):
        dining.split_off(visit_id=visit, person_ids=[world.lin], table_id=room.tables["A2"], **how)
    room.sound()


def test_a_table_in_use_is_not_taken_away(room: DiningRoom) -> None:
    world = room.world
    room.sit()
    with refused("table.taken"):
        dining.remove_table(store_id=room.store, table_id=room.tables["A1"], actor=world.wang, at=world.at)
    with refused("table.name"):
        dining.save_table(store_id=room.store, name="A2", seats=2, size="small", actor=world.wang, at=world.at)
    with refused("state.forbidden"):
        dining.remove_table(store_id=room.store, table_id=room.tables["A2"], actor=world.chen, at=world.at)
    dining.remove_table(store_id=room.store, table_id=room.tables["A2"], actor=world.wang, at=world.at)
    assert [table.name for table in queries.tables(store_id=room.store)] == ["A1", "B1", "C1"]


def test_a_number_a_call_and_a_table(room: DiningRoom) -> None:
    world = room.world
    room.sit()
    dining.seat(store_id=room.store, table_id=room.tables["A2"], at=world.at)
    mine = dining.enqueue(store_id=room.store, people=2, person_id=world.lin, at=world.at)
    assert dining.enqueue(store_id=room.store, people=2, person_id=world.lin, at=world.at) == mine
    second = dining.enqueue(store_id=room.store, people=1, name="李", at=world.at)
    large = dining.enqueue(store_id=room.store, people=6, at=world.at)
    line = queries.line(store_id=room.store)
    assert [(one.number, one.ahead, one.id) for one in line] == [("A1", 0, mine), ("A2", 1, second), ("C1", 0, large)]
    dining.call(waiting_id=mine, table_id=room.tables["B1"], actor=world.wang, at=world.at)
    assert room.state("B1") == "kept"
    with refused("table.kept"):
        dining.seat(store_id=room.store, table_id=room.tables["B1"], at=world.at)
    with refused("table.kept"):
        dining.call(waiting_id=second, table_id=room.tables["B1"], actor=world.wang, at=world.at)
    visit = dining.seat_party(waiting_id=mine, table_id=room.tables["B1"], actor=world.wang, at=world.at)
    assert [guest.person_id for guest in room.look(visit).guests] == [world.lin]
    with refused("state.conflict"):
        dining.leave(waiting_id=mine, actor=Actor("consumer", world.lin), at=world.at)
    with refused("waiting.unknown"):
        dining.leave(waiting_id=second, actor=Actor("consumer", world.lin), at=world.at)


def test_called_and_not_there_is_passed_over_and_may_come_back(room: DiningRoom) -> None:
    world = room.world
    mine = dining.enqueue(store_id=room.store, people=2, person_id=world.lin, at=world.at)
    dining.call(waiting_id=mine, table_id=room.tables["A1"], actor=world.wang, at=world.at)
    with refused("waiting.early"):
        dining.pass_by(waiting_id=mine, actor=world.wang, at=world.at)
    world.pass_(4)
    assert queries.waiting(waiting_id=mine).state == "called"
    world.pass_(1)
    assert (queries.waiting(waiting_id=mine).state, room.state("A1")) == ("passed", "free")
    others = [dining.enqueue(store_id=room.store, people=2, at=world.pass_(seconds=1)) for _ in range(4)]
    dining.put_back(waiting_id=mine, actor=world.wang, at=world.at)
    assert [one.id for one in queries.line(store_id=room.store)] == [*others[:3], mine, others[3]]


def test_scanning_the_table_one_was_called_to_is_coming(room: DiningRoom) -> None:
    world = room.world
    mine = dining.enqueue(store_id=room.store, people=2, person_id=world.lin, at=world.at)
    dining.call(waiting_id=mine, table_id=room.tables["A1"], actor=world.wang, at=world.at)
    with refused("table.kept"):
        room.sit(world.he)
    visit = room.sit(world.lin)
    view = queries.waiting(waiting_id=mine)
    assert (view.state, view.visit_id) == ("seated", visit)


def test_the_estimate_rests_on_how_long_parties_stayed(room: DiningRoom) -> None:
    world = room.world
    assert queries.estimate(store_id=room.store, people=2, at=world.at) == queries.Estimate(0, 0, 0)  # a table is free
    for table in ("A1", "A2"):
        dining.seat(store_id=room.store, table_id=room.tables[table], at=world.at)
    usual = queries.estimate(store_id=room.store, people=2, at=world.at)
    assert usual == queries.Estimate(40, 65, 0)
    world.pass_(30)
    later = queries.estimate(store_id=room.store, people=2, at=world.at)
    assert later is not None
    assert (later.low, later.high) == (10, 35)
    behind = queries.estimate(store_id=room.store, people=2, ahead=2, at=world.at)
    assert behind is not None
    assert behind.low == 50
    for visit in {spot.visit_id for spot in queries.floor(store_id=room.store) if spot.visit_id}:
        dining.close(visit_id=visit, actor=world.wang, at=world.at)
    for _ in range(10):
        visit = dining.seat(store_id=room.store, table_id=room.tables["A1"], at=world.at)
        world.pass_(20)
        dining.close(visit_id=visit, actor=world.wang, at=world.at)
    for table in ("A1", "A2"):
        dining.seat(store_id=room.store, table_id=room.tables[table], at=world.at)
    assert queries.estimate(store_id=room.store, people=2, at=world.at) == queries.Estimate(20, 20, 12)


def test_waiting_by_hand() -> None:
    """Two tables, 10 and 40 minutes taken, 50 minutes a turn: free after 40, 10; the third in line gets the second turn of the first."""
    assert [turns.wait_s([600, 2400], 0, 3000, ahead) for ahead in range(4)] == [600, 2400, 3600, 5400]
    assert turns.wait_s([9000], 0, 3000, 0) == turns.SOON_S
    assert turns.wait_s([], 0, 3000, 0) is None
    assert turns.quartiles([4, 1, 3, 2]) == (1, 4)
