"""Tables that were booked and the tables that stand there: who has reserved finds a table, and nobody else sits at it before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import permutations
from random import Random
from typing import Any

import pytest

from linli.apps.dining import due, queries
from linli.apps.dining import operations as dining
from linli.apps.orders import operations as orders
from linli.apps.orders.queries import CheckoutWant, OrderView
from linli.kernel.actors import SYSTEM, Actor
from tests.salon import Salon, salon
from tests.town import World, refused


@dataclass
class Bistro:
    """The salon's other half: two tables for two, one for four, one for eight; its staff."""

    shop: Salon
    tables: dict[str, int]
    staff: Actor

    @property
    def at(self) -> datetime:
        return self.shop.world.at

    def reserve(self, hour: int, minute: int = 0, *, guests: int = 2, person_id: int = 0) -> OrderView:
        """Somebody books a table for today."""
        world, who = self.shop.world, person_id or self.shop.world.lin
        starts_at = self.shop.at(hour, minute, days=0)
        orders.add_line(person_id=who, store_id=self.shop.store, offer_id=self.shop.table, starts_at=starts_at, guests=guests, at=world.at)
        want = CheckoutWant(store_id=self.shop.store, mode="table", coupon_id=None)
        token = world.quote(want, person_id=who).token
        order = orders.place(person_id=who, want=want, quote_token=token, method="balance", idempotency_key=world.key(), at=world.at)
        return world.pay(order) if order.total else world.order(order)

    def seat(self, table: str) -> int:
        """Somebody from the street sits down."""
        return dining.seat(store_id=self.shop.store, table_id=self.tables[table], people=2, at=self.at)

    def lead(self, order: OrderView, *tables: str) -> int:
        """Lead who has reserved to their table."""
        chosen = [self.tables[name] for name in tables]
        return dining.seat_reservation(store_id=self.shop.store, order_id=order.id, table_ids=chosen, actor=self.staff, at=self.at)

    def coming(self) -> list[tuple[str, str, bool]]:
        """Time, planned tables, and whether they are kept already, of all who have reserved."""
        rows = queries.coming(store_id=self.shop.store, at=self.at)
        return [(f"{row.starts_at + timedelta(hours=8):%H:%M}", row.table, row.due) for row in rows]


@pytest.fixture
def bistro(world: World) -> Bistro:
    shop = salon(world)
    rows = (("A1", 2, "small"), ("A2", 2, "small"), ("B1", 4, "medium"))
    tables = {
        name: dining.save_table(store_id=shop.store, name=name, seats=seats, size=size, x=x, actor=Actor("operator"), at=world.at)
        for x, (name, seats, size) in enumerate(rows)
    }
    return Bistro(shop, tables, Actor("merchant", world.wang.person_id, shop.store))


@pytest.mark.django_db
def test_a_party_that_has_reserved_sits_at_a_real_table_and_its_order_goes_with_it(bistro: Bistro) -> None:
    world, order = bistro.shop.world, bistro.reserve(12, 30, guests=3)
    assert bistro.coming() == [("12:30", "B1", True)]
    with refused("reservation.unknown"):  # an hour before, nobody is led anywhere
        bistro.lead(order)
    world.pass_(50)
    visit = bistro.lead(order)
    view = queries.visit(visit_id=visit, at=world.at)
    assert (view.table, view.people, [guest.person_id for guest in view.guests]) == ("B1", 3, [world.lin])
    assert (world.order(order).state, bistro.coming()) == ("arrived", [])
    with refused("reservation.unknown"):
        bistro.lead(order)
    dining.close(visit_id=visit, actor=bistro.staff, at=world.at)
    assert world.order(order).state == "left"


@pytest.mark.django_db
def test_nobody_else_sits_where_somebody_who_has_reserved_would_go_without(bistro: Bistro) -> None:
    world = bistro.shop.world
    bistro.reserve(12, 15, guests=2)
    bistro.seat("A1")
    bistro.seat("A2")  # two can sit at the table for four as well, but at no other one any more
    with refused("table.due"):
        bistro.seat("B1")
    with refused("table.due"):
        dining.sit_down(table_id=bistro.tables["B1"], person_id=world.he, at=world.at)
    waiting = dining.enqueue(store_id=bistro.shop.store, people=2, at=world.at)
    with refused("table.due"):
        dining.call(waiting_id=waiting, table_id=bistro.tables["B1"], actor=bistro.staff, at=world.at)
    with refused("table.due"):
        dining.seat_party(waiting_id=waiting, table_id=bistro.tables["B1"], actor=bistro.staff, at=world.at)
    with refused("table.due"):
        dining.remove_table(store_id=bistro.shop.store, table_id=bistro.tables["B1"], actor=Actor("operator"), at=world.at)
    assert [spot.state for spot in queries.floor(store_id=bistro.shop.store)] == ["seated", "seated", "free"]


@pytest.mark.django_db
def test_a_table_is_given_away_long_before_and_once_they_are_too_late(bistro: Bistro) -> None:
    world = bistro.shop.world
    order = bistro.reserve(18, guests=4)
    bistro.seat("B1")  # at half past eleven: gone by six
    assert bistro.coming() == [("18:00", "B1", False)]
    dining.close(visit_id=queries.visit_at(table_id=bistro.tables["B1"]) or 0, actor=bistro.staff, at=world.at)
    world.pass_(6 * 60 + 30 + 15)  # a quarter past six, when it is still kept
    with refused("table.due"):
        bistro.seat("B1")
    world.pass_(1)
    bistro.seat("B1")
    with refused("reservation.unknown"):
        bistro.lead(order)


@pytest.mark.django_db
def test_tables_are_put_together_and_others_chosen_with_clear_words(bistro: Bistro) -> None:
    world = bistro.shop.world
    many, few = bistro.reserve(12, 15, guests=4), bistro.reserve(12, 15, guests=2, person_id=world.he)
    assert sorted(bistro.coming()) == [("12:15", "A1", True), ("12:15", "B1", True)]
    world.pass_(40)
    with refused("reservation.small"):
        bistro.lead(many, "A1")
    visit = bistro.lead(many, "A1", "A2")  # these two want to sit by the window
    assert queries.visit(visit_id=visit, at=world.at).table == "A1+A2"
    how: Any = {"store_id": bistro.shop.store, "actor": bistro.staff, "at": world.at}
    with refused("table.due"):
        dining.add_table(visit_id=visit, table_id=bistro.tables["B1"], **how)
    with refused("table.due"):
        dining.move(visit_id=visit, table_id=bistro.tables["B1"], **how)
    with refused("table.taken"):
        bistro.lead(few, "A1")
    assert queries.visit(visit_id=bistro.lead(few), at=world.at).table == "B1"
    assert bistro.coming() == []


@pytest.mark.django_db
def test_parties_that_are_put_together_keep_what_they_have_reserved(bistro: Bistro) -> None:
    world = bistro.shop.world
    mine, theirs = bistro.reserve(12, 15), bistro.reserve(12, 15, person_id=world.he)
    world.pass_(40)
    first, second = bistro.lead(mine, "A1"), bistro.lead(theirs, "A2")
    dining.join(store_id=bistro.shop.store, visit_id=second, into=first, actor=bistro.staff, at=world.at)
    dining.close(visit_id=first, actor=bistro.staff, at=world.at)
    assert (world.order(mine).state, world.order(theirs).state) == ("left", "left")


@pytest.mark.django_db
def test_scanning_is_arriving_for_whoever_has_reserved(bistro: Bistro) -> None:
    world = bistro.shop.world
    order = bistro.reserve(12, 15, guests=3)
    world.pass_(40)
    with refused("table.due"):
        dining.sit_down(table_id=bistro.tables["B1"], person_id=world.he, at=world.at)
    visit = dining.sit_down(table_id=bistro.tables["B1"], person_id=world.lin, at=world.at)
    assert (world.order(order).state, queries.visit(visit_id=visit, at=world.at).table) == ("arrived", "B1")


@pytest.mark.django_db
def test_who_called_off_is_not_waited_for(bistro: Bistro) -> None:
    order = bistro.reserve(12, 15, guests=4)
    with refused("table.due"):
        bistro.seat("B1")
    orders.cancel(order_id=order.id, actor=SYSTEM, reason="test", at=bistro.at)
    bistro.seat("B1")


NOON = datetime(2026, 5, 20, 4, 0).astimezone()


def _best(spots: Sequence[due.Spot], wants: Sequence[due.Want]) -> int:
    """How many can be seated at most, one table each, by trying everything."""
    places = list(range(len(spots))) + [-1] * len(wants)
    fits = lambda want, k: k >= 0 and spots[k].seats >= want.guests and spots[k].room == want.room and spots[k].free_at <= want.starts_at  # noqa: E731
    return max(sum(fits(want, k) for want, k in zip(wants, some, strict=True)) for some in set(permutations(places, len(wants))))


def test_in_one_sitting_nobody_goes_without_who_could_have_been_seated() -> None:
    rng = Random(4)
    for _ in range(150):
        spots = [
            due.Spot(n, rng.choice((2, 2, 4, 6)), rng.random() < 0.2, NOON + timedelta(minutes=rng.choice((0, 0, 0, 90)))) for n in range(4)
        ]
        wants = [due.Want(n, NOON, NOON + timedelta(hours=1), rng.randint(1, 6), 1, rng.random() < 0.2) for n in range(3)]
        found = due.plan(spots, wants)
        assert len(found) == _best(spots, wants)
        assert len({key for keys in found.values() for key in keys}) == sum(map(len, found.values()))


def test_a_table_serves_two_reservations_one_after_the_other() -> None:
    spots = [due.Spot(1, 4, False, NOON)]
    hour = timedelta(hours=1)
    wants = [due.Want(n, NOON + n * hour, NOON + (n + 1) * hour, 2, 1, False) for n in range(3)]
    assert due.plan(spots, wants) == {0: (1,), 1: (1,), 2: (1,)}
    assert due.plan(spots, [*wants, due.Want(9, NOON + hour / 2, NOON + hour, 4, 1, False)]) == {9: (1,), 1: (1,), 2: (1,)}


def test_few_tables_are_put_together() -> None:
    spots = [due.Spot(n, seats, False, NOON) for n, seats in enumerate((2, 4, 4, 4))]
    want = due.Want(7, NOON, NOON + timedelta(hours=1), 10, 3, False)
    assert sorted(due.plan(spots, [want])[7]) == [0, 1, 2]
    assert due.plan(spots, [due.Want(7, NOON, NOON + timedelta(hours=1), 10, 2, False)]) == {}
