"""Two hundred people at the same moment for one hour of one hairdresser, for whoever is free, and for the last tables: as many get one as
there are, the rest are told in words, and nobody is in two places at once. With a control, where more is given away than there is."""

from __future__ import annotations

from collections import Counter

import pytest

from linli.apps.stock import queries as calendar
from linli.apps.stock.models import Bucket
from linli.platform import invariants
from tests.crowd import crowd, no_constraint, outcomes
from tests.faults.test_two_hundred_at_once import CROWD, given_away, looking_at_the_shelf_first
from tests.salon import Salon, salon
from tests.town import build

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def shop() -> Salon:
    return salon(build())


def cut(shop: Salon, number: int, staff: int) -> None:
    chosen = {"staff": staff} if staff else {}
    shop.hold(f"or:{number}", shop.line(shop.cut, shop.at(9), **chosen))


def sit(shop: Salon, number: int, guests: int) -> None:
    shop.hold(f"or:{number}", shop.line(shop.table, shop.at(12), guests=guests))


def leads(shop: Salon) -> Counter[int]:
    return Counter(row.lead_id for row in calendar.bookings(store_id=shop.store, first=shop.at(0), last=shop.at(23)))


def sound(shop: Salon) -> bool:
    broken = {name: said for name, said in invariants.check_all(shop.world.at).items() if said and name.startswith("stock.")}
    assert broken == {}
    return True


def test_one_hour_of_one_hairdresser(shop: Salon) -> None:
    found = outcomes(crowd(cut, [(shop, number, shop.mei) for number in range(CROWD)]))
    assert found == {"done": 1, "slot.taken": CROWD - 1}
    assert leads(shop) == {shop.mei: 1}
    assert sound(shop)


def test_one_hour_of_whoever_is_free(shop: Salon) -> None:
    found = outcomes(crowd(cut, [(shop, number, 0) for number in range(CROWD)]))
    assert found == {"done": 2, "slot.taken": CROWD - 2}
    assert leads(shop) == {shop.ming: 1, shop.mei: 1}
    assert sound(shop)


def test_the_last_tables(shop: Salon) -> None:
    found = outcomes(crowd(sit, [(shop, number, 3) for number in range(CROWD)]))
    assert found == {"done": 2, "slot.taken": CROWD - 2}  # the one for four, and two for two pushed together
    assert leads(shop) == {shop.fours: 1, shop.twos: 1}
    assert sound(shop)


def test_control_one_hour_without_locks_and_constraint(shop: Salon) -> None:
    with no_constraint(Bucket, "stock_bucket_enough", held=0):
        assert given_away(crowd(cut, [(shop, number, shop.mei) for number in range(CROWD)], amid=looking_at_the_shelf_first)) > 1
