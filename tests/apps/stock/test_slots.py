"""A time is offered if and only if everything that it needs is free; and what is offered can be held, once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from linli.apps.stock import operations as stock
from linli.apps.stock import queries
from linli.apps.stock.grid import grid_of
from linli.engines.slots import Problem, Role, check, solve
from linli.kernel.actors import SYSTEM, Actor
from linli.platform import invariants
from tests.salon import Salon, salon
from tests.town import World, refused

PLACES = st.lists(st.integers(-1, 3), min_size=24, max_size=24)


@pytest.fixture
def shop(world: World) -> Salon:
    return salon(world)


def broken(at: datetime) -> list[str]:
    """What the rules of the stock say against it."""
    return [said for name, all_said in invariants.check_all(at).items() if name.startswith("stock.") for said in all_said]


def times(shop: Salon, offer_id: int, *, days: int = 1, **how: object) -> list[str]:
    found = queries.free_slots(
        offer_id=offer_id,
        first=shop.at(0, days=days),
        last=shop.at(0, days=days + 1),
        at=shop.world.at,
        **how,  # type: ignore[arg-type]
    )
    return [f"{slot.starts_at + timedelta(hours=8):%H:%M}" for slot in found]


@given(
    open_=st.lists(st.booleans(), min_size=24, max_size=24),
    rows=st.lists(PLACES, min_size=1, max_size=3), others=st.lists(PLACES, max_size=2),
    length=st.integers(1, 6), step=st.integers(1, 4), before=st.integers(0, 2), after=st.integers(0, 2), first=st.integers(0, 8),
)  # fmt: skip
def test_every_start_and_no_other_is_found(
    open_: list[bool], rows: list[list[int]], others: list[list[int]], length: int, step: int, before: int, after: int, first: int
) -> None:
    def role(name: str, left: list[list[int]], qty: int) -> Role:
        grid = np.array(left, dtype=np.int16).reshape(len(left), 24)
        return Role(name, tuple(range(len(left))), grid, qty, before, after)

    problem = Problem(np.array(open_), length, step, 1 % step, first, 24, (role("staff", rows, 1), role("room", others or rows, 2)))
    assert check(problem, solve(problem)) == []


def test_a_day_shows_what_staff_rest_and_closing_leave(shop: Salon) -> None:
    cut = times(shop, shop.cut)
    assert cut[0] == "09:00"
    assert "11:00" in cut  # 45 minutes and 15 to clean up end at twelve
    assert "11:15" not in cut
    assert cut[-1] == "17:00"
    assert times(shop, shop.colour)[-1] == "16:00"


def test_what_is_held_is_not_offered_and_a_second_one_goes_to_somebody_else(shop: Salon) -> None:
    nine = shop.at(9)
    shop.hold("or:1", shop.line(shop.cut, nine))
    shop.hold("or:2", shop.line(shop.cut, nine))
    assert {row.lead_id for rows in queries.bookings_of(refs=["or:1", "or:2"]).values() for row in rows} == {shop.ming, shop.mei}
    with refused("slot.taken"):
        shop.hold("or:3", shop.line(shop.cut, nine))
    assert "09:00" not in times(shop, shop.cut)
    stock.release(ref="or:1", at=shop.world.at)
    assert "09:00" in times(shop, shop.cut)
    assert not broken(shop.world.at)


def test_a_chosen_one_is_taken_and_whoever_cannot_do_it_is_not(shop: Salon) -> None:
    assert times(shop, shop.colour, staff=shop.ming) == []
    assert times(shop, shop.cut, staff=shop.mei) == times(shop, shop.cut)
    shop.hold("or:1", shop.line(shop.cut, shop.at(9), staff=shop.mei))
    assert "09:00" not in times(shop, shop.cut, staff=shop.mei)
    assert "09:00" in times(shop, shop.cut)


def test_equipment_and_room_limit_it_too(shop: Salon) -> None:
    stock.save_resource(store_id=shop.store, resource_id=shop.chair, kind="room", name="椅", label="chair", actor=SYSTEM, at=shop.world.at)
    shop.hold("or:1", shop.line(shop.cut, shop.at(9)))
    assert "09:00" not in times(shop, shop.cut)
    assert "10:00" in times(shop, shop.cut)


def test_a_time_across_closing_or_rest_is_refused_in_words(shop: Salon) -> None:
    with refused("slot.closed"):
        shop.hold("or:1", shop.line(shop.cut, shop.at(20, 45)))
    with refused("slot.taken"):
        shop.hold("or:1", shop.line(shop.cut, shop.at(11, 30)))
    with refused("slot.taken"):
        shop.hold("or:1", shop.line(shop.cut, shop.at(9, 5)))  # not one of the steps
    with refused("booking.past"):
        shop.line(shop.cut, shop.world.at - timedelta(hours=1))
    with refused("booking.soon"):
        shop.line(shop.cut, shop.world.at + timedelta(minutes=30))
    with refused("booking.far"):
        shop.line(shop.cut, shop.world.at + timedelta(days=40))
    assert queries.bookings(store_id=shop.store, first=shop.at(0, days=0), last=shop.at(0, days=60)) == []


def test_all_of_a_series_or_none(shop: Salon) -> None:
    shop.hold("or:1", shop.line(shop.cut, shop.at(9, days=15), staff=shop.mei))
    weekly = [shop.line(shop.cut, shop.at(9, days=1 + 7 * week), staff=shop.mei) for week in range(3)]
    with refused("slot.taken"):
        shop.hold("or:2", *weekly)
    assert "09:00" in times(shop, shop.cut, staff=shop.mei)
    shop.hold("or:2", *weekly[:2])
    assert len(queries.bookings_of(refs=["or:2"])["or:2"]) == 2


def test_two_at_the_same_time_in_one_order_get_one_each(shop: Salon) -> None:
    shop.hold("or:1", shop.line(shop.cut, shop.at(9)), shop.line(shop.cut, shop.at(9)))
    assert {row.lead_id for row in queries.bookings_of(refs=["or:1"])["or:1"]} == {shop.ming, shop.mei}


def test_the_way_between_two_visits_counts(shop: Salon) -> None:
    near, far = [39.9042, 116.4003], [39.9900, 116.4900]  # 12 km: far more than half an hour by ebike
    shop.hold("or:1", shop.line(shop.clean, shop.at(9), place=near))
    assert queries.free_slots(offer_id=shop.clean, first=shop.at(10), last=shop.at(10, 5), at=shop.world.at) != []
    with refused("slot.taken"):
        shop.hold("or:2", shop.line(shop.clean, shop.at(10), place=far))
    shop.hold("or:2", shop.line(shop.clean, shop.at(10), place=near))
    with refused("booking.place"):
        shop.line(shop.clean, shop.at(13))


def test_moving_is_all_or_nothing_and_the_book_adds_up(shop: Salon) -> None:
    at = shop.world.at
    shop.hold("or:1", shop.line(shop.cut, shop.at(9), staff=shop.mei))
    stock.commit(ref="or:1", at=at)
    shop.hold("or:2", shop.line(shop.cut, shop.at(14), staff=shop.mei))
    (mine,) = queries.bookings_of(refs=["or:1"])["or:1"]
    with refused("slot.taken"):
        stock.move(booking_id=mine.id, line=shop.line(shop.cut, shop.at(14), staff=shop.mei), at=at)
    assert queries.booking(booking_id=mine.id).starts_at == shop.at(9)
    stock.move(booking_id=mine.id, line=shop.line(shop.cut, shop.at(9, 15), staff=shop.mei), at=at)  # its own time is in nobody's way
    assert "10:15" in times(shop, shop.cut, staff=shop.mei)
    assert "10:00" not in times(shop, shop.cut, staff=shop.mei)
    assert "09:00" not in times(shop, shop.cut, staff=shop.mei)
    stock.move(booking_id=mine.id, line=shop.line(shop.cut, shop.at(16)), at=at)
    assert "09:00" in times(shop, shop.cut, staff=shop.mei)
    assert not broken(at)
    stock.give_back(ref="or:1", at=at)
    with refused("booking.over"):
        stock.move(booking_id=mine.id, line=shop.line(shop.cut, shop.at(9)), at=at)


def test_who_is_booked_is_not_taken_away_unless_others_take_over(shop: Salon) -> None:
    at, say = shop.world.at, {"store_id": shop.store, "actor": SYSTEM, "at": shop.world.at}
    shop.hold("or:1", shop.line(shop.cut, shop.at(9), staff=shop.mei))
    with refused("staff.booked"):
        stock.remove_resource(resource_id=shop.mei, reassign=False, titles={}, **say)  # type: ignore[arg-type]
    with refused("staff.booked"):
        stock.add_day_off(resource_id=shop.mei, starts_at=shop.at(0), ends_at=shop.at(23), **say)  # type: ignore[arg-type]
    assert stock.affected(resource_id=shop.mei, at=at) == ["or:1"]
    assert stock.remove_resource(resource_id=shop.mei, reassign=True, titles={}, **say) == ["or:1"]  # type: ignore[arg-type]
    assert [row.lead_id for row in queries.bookings_of(refs=["or:1"])["or:1"]] == [shop.ming]
    assert "09:00" not in times(shop, shop.cut)
    assert not broken(at)
    with refused("staff.gone"):
        shop.hold("or:2", shop.line(shop.cut, shop.at(14), staff=shop.mei))


def test_nobody_is_taken_away_when_the_others_are_busy(shop: Salon) -> None:
    say = {"store_id": shop.store, "actor": SYSTEM, "at": shop.world.at}
    shop.hold("or:1", shop.line(shop.cut, shop.at(9)), shop.line(shop.cut, shop.at(9)))
    with refused("slot.taken"):
        stock.remove_resource(resource_id=shop.mei, reassign=True, titles={}, **say)  # type: ignore[arg-type]
    assert shop.mei in {one.id for one in queries.resources(store_id=shop.store)}
    with refused("store.forbidden"):
        stock.remove_resource(resource_id=shop.mei, reassign=True, titles={}, **say | {"actor": Actor("merchant", 1, 2)})  # type: ignore[arg-type]


def test_a_party_gets_the_smallest_table_and_small_ones_are_joined_for_a_large_one(shop: Salon) -> None:
    for ref, guests, lead in (("or:1", 2, shop.twos), ("or:2", 3, shop.fours), ("or:3", 2, shop.twos)):
        shop.hold(ref, shop.line(shop.table, shop.at(12), guests=guests))
        assert queries.bookings_of(refs=[ref])[ref][0].lead_id == lead
    with refused("slot.taken"):
        shop.hold("or:4", shop.line(shop.table, shop.at(12), guests=2))
    stock.release(ref="or:1", at=shop.world.at)
    stock.release(ref="or:3", at=shop.world.at)
    shop.hold("or:4", shop.line(shop.table, shop.at(12), guests=4))  # two for two pushed together
    assert queries.bookings_of(refs=["or:4"])["or:4"][0].lead_id == shop.twos
    assert shop.line(shop.table, shop.at(12), guests=4).amount == 0
    assert shop.line(shop.table, shop.at(12), guests=6).amount == 12000
    with refused("booking.guests"):
        shop.line(shop.table, shop.at(12), guests=9)
    assert "14:15" not in times(shop, shop.table, guests=2)
    assert "14:00" in times(shop, shop.table, guests=2)


def test_the_grid_goes_by_the_clock_on_the_wall_when_it_changes() -> None:
    spring = grid_of(datetime(2026, 3, 29, 0, 0, tzinfo=UTC), datetime(2026, 3, 29, 6, 0, tzinfo=UTC), "Europe/Berlin")
    early = spring.weekly([(6, 60, 240)])  # from one to four on that Sunday: two hours, since two o'clock is skipped
    assert [int(i) for i in np.flatnonzero(early)] == list(range(24))
    autumn = grid_of(datetime(2026, 10, 24, 22, 0, tzinfo=UTC), datetime(2026, 10, 25, 6, 0, tzinfo=UTC), "Europe/Berlin")
    assert int(autumn.weekly([(6, 60, 240)]).sum()) == 4 * 12


def test_looking_takes_the_same_few_statements(shop: Salon) -> None:
    def count() -> int:
        from django.db import connection

        with CaptureQueriesContext(connection) as seen:
            times(shop, shop.cut)
        return len(seen)

    before = count()
    for number in range(4):
        shop.hold(f"or:{number}", shop.line(shop.cut, shop.at(9 + number % 2, days=1 + number)))
    assert count() == before <= 8
