"""At the same moment: people who take the same share of a bill, or split it; parties that are joined and moved. Each share is one person's,
no party sits where another does, nothing that was ordered is lost. With controls, where the guards are off."""

from __future__ import annotations

import pytest
from django.db.models import Count

from linli.apps.dining import operations as dining
from linli.apps.dining import queries
from linli.apps.dining.models import Seating, Share, Visit
from linli.apps.payments import queries as paying
from linli.kernel.actors import Actor
from linli.kernel.errors import Conflict
from tests.crowd import crowd, no_constraint, no_locks, outcomes
from tests.diningroom import DiningRoom, dining_room
from tests.town import build

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
MANY = 20


@pytest.fixture
def room() -> DiningRoom:
    return dining_room(build())


def people(room: DiningRoom) -> list[int]:
    world = room.world
    return [world.lin, world.he, world.zhao, world.qian, world.su.person_id, world.ou.person_id]


def party(room: DiningRoom) -> int:
    """Six at a table, who owe 136.00."""
    visit = room.meal()
    for person in people(room):
        room.sit(person)
    return visit


def take(room: DiningRoom, visit: int, share: int, person: int) -> int:
    return dining.take_share(visit_id=visit, share_id=share, person_id=person, at=room.world.at)


def split(room: DiningRoom, visit: int, person: int) -> list[int]:
    return dining.split_evenly(visit_id=visit, actor=Actor("consumer", person), ways=4, at=room.world.at)


def join_or_move(room: DiningRoom, what: str, visit: int, target: int) -> None:
    how = {"store_id": room.store, "visit_id": visit, "actor": room.world.wang, "at": room.world.at}
    if what == "join":
        dining.join(into=target, **how)
    else:
        dining.move(table_id=target, **how)


def owed(room: DiningRoom) -> int:
    """What is owed at all tables that somebody still sits at."""
    return sum(room.look(visit.id).owed for visit in Visit.objects.filter(closed_at=None))


def test_people_that_take_one_share(room: DiningRoom) -> None:
    visit = party(room)
    (share, *_) = split(room, visit, room.world.lin)
    each = [(room, visit, share, person) for person in people(room) for _ in range(3)]
    found = crowd(take, each)
    assert set(outcomes(found)) == {"done", "share.taken"}
    winner = Share.objects.get(pk=share).person_id
    assert {each[n][3] for n, (how, _) in enumerate(found) if how == "done"} == {winner}
    (intent,) = {key for how, key in found if how == "done"}
    assert paying.intent(intent_id=intent).person_id == winner
    room.sound()


def test_control_one_share_is_taken_by_several(room: DiningRoom) -> None:
    """Looked at, then written down, as it would be without the lock and the compare-and-set."""
    visit = party(room)
    (share, *_) = split(room, visit, room.world.lin)
    found = crowd(look_then_take, [(share, person) for person in people(room) for _ in range(3)], amid=no_locks)
    assert len({person for how, person in found if how == "done"}) > 1


def look_then_take(share: int, person: int) -> int:
    row = Share.objects.get(pk=share)
    if row.person_id is not None:
        raise Conflict("share.taken", "taken")
    row.person_id = person
    row.save(update_fields=["person_id"])
    return person


def test_people_that_split_one_bill(room: DiningRoom) -> None:
    visit = party(room)
    assert outcomes(crowd(split, [(room, visit, person) for person in people(room) for _ in range(3)])) == {"done": 1, "split.there": 17}
    assert sum(Share.objects.values_list("amount", flat=True)) == room.look(visit).owed


def test_control_one_bill_is_split_several_times(room: DiningRoom) -> None:
    visit = party(room)
    crowd(split, [(room, visit, person) for person in people(room) for _ in range(3)], amid=no_locks)
    assert sum(Share.objects.values_list("amount", flat=True)) > room.look(visit).owed


def two_parties(room: DiningRoom) -> tuple[int, int]:
    """Lin and He at A1 with a meal, Zhao at B1 with a dish."""
    first = room.meal()
    second = room.sit(room.world.zhao, "B1")
    room.pick(second, room.world.zhao)
    room.send(second, room.world.zhao)
    return first, second


def test_a_party_that_is_joined_and_moved(room: DiningRoom) -> None:
    first, second = two_parties(room)
    before, tables = owed(room), (room.tables["A2"], room.tables["C1"])
    each = [(room, "join", first, second)] * 5 + [(room, "join", second, first)] * 5
    each += [(room, "move", visit, table) for visit in (first, second) for table in tables for _ in range(3)]
    outcomes(crowd(join_or_move, each))
    assert Visit.objects.filter(closed_at=None).count() == 1
    assert owed(room) == before
    taken = Seating.objects.filter(until=None)
    assert not taken.values("table").annotate(count=Count("id")).filter(count__gt=1).exists()
    assert set(taken.values_list("visit__closed_at", flat=True)) == {None}  # nobody who is gone keeps a table
    assert {spot.state for spot in queries.floor(store_id=room.store)} >= {"free"}
    room.sound()


def test_control_parties_without_locks(room: DiningRoom) -> None:
    first, second = two_parties(room)
    with no_constraint(Seating, "dining_seating_once", until=room.world.at):
        crowd(join_or_move, [(room, "join", first, second), (room, "join", second, first)] * 10, amid=no_locks)
        assert Visit.objects.filter(closed_at=None).count() != 1 or Visit.objects.filter(joined__closed_at__isnull=False).exists()
