"""A hold takes all it wants or nothing, ends with its time, and everything it does is in the book."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from linli.apps.stock import operations as stock
from linli.apps.stock import queries
from linli.apps.stock.operations import SupplyRow, Want
from linli.kernel.actors import Actor
from linli.kernel.errors import Conflict
from linli.platform import invariants
from tests.town import refused

NOW = datetime(2026, 5, 20, 3, 30, tzinfo=UTC)
LATER = NOW + timedelta(minutes=15)
OWNER = Actor("merchant", 7, 1)
DAY = 24 * 60
pytestmark = pytest.mark.django_db


def supply(offer_id: int, capacity: int, *, grain: int = 0, offset: int = 0) -> None:
    row = SupplyRow(1, offer_id, f"offer {offer_id}", grain, capacity, offset)
    stock.bulk_put_supplies(rows=[row], at=NOW)


def left(*offers: int, at: datetime = NOW) -> tuple[int | None, ...]:
    return tuple(queries.left(offer_ids=offers, at=at).values())


def hold(ref: str, *wants: Want, at: datetime = NOW) -> None:
    stock.hold(ref=ref, wants=wants, expires_at=at + timedelta(minutes=15), at=at)


def sound() -> bool:
    names = ("stock.holds_add_up", "stock.book_adds_up", "stock.holds_end")
    found = invariants.check_all(NOW)
    return all(found[name] == [] for name in names)


def test_hold_commit_give_back() -> None:
    supply(11, 5)
    hold("or:1", Want(11, 3))
    assert left(11) == (2,)
    stock.commit(ref="or:1", at=NOW)
    stock.commit(ref="or:1", at=NOW)  # again is no harm
    assert left(11) == (2,)
    stock.give_back(ref="or:1", offer_qtys={11: 1}, at=NOW)
    assert left(11) == (3,)
    stock.give_back(ref="or:1", offer_qtys={11: 99}, at=NOW)  # never more than were sold
    assert left(11) == (5,)
    kinds = [(row.kind, row.qty) for row in queries.movements(offer_id=11)]
    assert kinds == [("returned", 2), ("returned", 1), ("sold", 3), ("held", 3), ("opening", 5)]
    assert sound()


def test_all_or_nothing() -> None:
    supply(11, 5)
    supply(12, 1)
    with pytest.raises(Conflict) as short:
        hold("or:1", Want(11, 2), Want(12, 2))
    assert short.value.params["items"] == [{"offer_id": 12, "name": "offer 12", "wanted": 2, "left": 1}]
    assert left(11, 12) == (5, 1)
    assert queries.held(ref="or:1") == []
    assert sound()


def test_what_has_no_supply_is_not_limited() -> None:
    hold("or:1", Want(99, 1000))
    stock.commit(ref="or:1", at=NOW)
    assert left(99) == (None,)


def test_two_lines_of_one_offer_are_counted_together() -> None:
    supply(11, 3)
    with refused("stock.short"):
        hold("or:1", Want(11, 2), Want(11, 2))
    hold("or:1", Want(11, 2), Want(11, 1))
    assert left(11) == (0,)


def test_released_once() -> None:
    supply(11, 5)
    hold("or:1", Want(11, 3))
    assert stock.release(ref="or:1", at=NOW)
    assert not stock.release(ref="or:1", at=NOW)
    assert left(11) == (5,)
    with refused("stock.released"):
        stock.commit(ref="or:1", at=NOW)
    assert sound()


def test_a_hold_ends_with_its_time() -> None:
    supply(11, 5)
    hold("or:1", Want(11, 3))
    hold("or:2", Want(11, 1), at=NOW + timedelta(minutes=5))
    assert stock.expire(at=LATER - timedelta(seconds=1)) == 0
    assert stock.expire(at=LATER) == 1
    assert left(11) == (4,)
    assert sound()


def test_the_same_owner_does_not_hold_twice() -> None:
    supply(11, 5)
    hold("or:1", Want(11, 1))
    with refused("stock.held"):
        hold("or:1", Want(11, 1))
    assert left(11) == (4,)


def test_an_interval_is_every_slot_it_covers() -> None:
    supply(11, 2, grain=30)
    hold("a", Want(11, 1, NOW, NOW + timedelta(minutes=90)))
    hold("b", Want(11, 1, NOW + timedelta(minutes=60), NOW + timedelta(minutes=120)))
    with refused("stock.short"):
        hold("c", Want(11, 1, NOW + timedelta(minutes=30), NOW + timedelta(minutes=75)))
    hold("c", Want(11, 1, NOW, NOW + timedelta(minutes=60)))
    assert queries.free(offer_id=11, start=NOW, end=NOW + timedelta(minutes=120)) == 0
    assert queries.free(offer_id=11, start=NOW + timedelta(minutes=90), end=NOW + timedelta(minutes=120)) == 1
    stock.release(ref="b", at=NOW)
    assert queries.free(offer_id=11, start=NOW + timedelta(minutes=60), end=NOW + timedelta(minutes=120)) == 1
    assert sound()


def test_nights_begin_when_the_supply_says() -> None:
    supply(11, 1, grain=DAY, offset=240)
    hold("guest", Want(11, 1, NOW, NOW + timedelta(days=2)))
    assert left(11, at=NOW + timedelta(days=1)) == (0,)
    assert left(11, at=NOW + timedelta(days=3)) == (1,)


def test_a_daily_limit_is_new_every_day() -> None:
    stock.set_daily_limit(store_id=1, offer_id=11, name="noodles", limit=3, at=NOW)
    hold("or:1", Want(11, 3))
    assert left(11) == (0,)
    stock.set_daily_limit(store_id=1, offer_id=11, name="noodles", limit=1, at=NOW)  # what is held stays held
    assert left(11) == (0,)
    assert left(11, at=NOW + timedelta(days=1)) == (1,)
    stock.set_daily_limit(store_id=1, offer_id=11, name="noodles", limit=None, at=NOW)
    assert left(11) == (None,)
    hold("or:2", Want(11, 50))
    assert sound()


def test_a_daily_limit_said_again_leaves_what_was_counted_by_hand() -> None:
    stock.set_daily_limit(store_id=1, offer_id=11, name="noodles", limit=20, at=NOW)
    stock.set_count(offer_id=11, count=3, actor=OWNER, at=NOW)
    stock.set_daily_limit(store_id=1, offer_id=11, name="beef noodles", limit=20, at=NOW)
    assert left(11) == (3,)
    assert left(11, at=NOW + timedelta(days=1)) == (20,)


def test_counting_says_what_can_still_be_sold() -> None:
    supply(11, 5)
    hold("or:1", Want(11, 2))
    stock.set_count(offer_id=11, count=10, actor=OWNER, at=NOW)
    assert left(11) == (10,)
    stock.set_count(offer_id=11, count=0, actor=OWNER, at=NOW)
    assert left(11) == (0,)
    stock.release(ref="or:1", at=NOW)
    assert left(11) == (2,)
    stock.receive(offer_id=11, qty=4, ref="delivery 8", at=NOW)
    assert left(11) == (6,)
    assert sound()


def test_senseless_wishes_change_nothing() -> None:
    supply(11, 5)
    for want in (Want(11, 0), Want(11, -1), Want(11, 1, NOW, NOW - timedelta(hours=1))):
        with refused("stock.want"):
            hold("or:1", want)
    with refused("stock.count"):
        stock.set_count(offer_id=11, count=-1, actor=OWNER, at=NOW)
    with refused("stock.unknown"):
        stock.set_count(offer_id=99, count=1, actor=OWNER, at=NOW)
    with refused("stock.count"):
        supply(12, -1)
    assert left(11, 12) == (5, None)


def test_putting_a_supply_again_keeps_its_count() -> None:
    supply(11, 5)
    hold("or:1", Want(11, 2))
    supply(11, 5)
    assert left(11) == (3,)
    assert [(view.offer_id, view.left) for view in queries.supplies(store_id=1, at=NOW)] == [(11, 3)]


def test_a_broken_count_is_found() -> None:
    from linli.apps.stock.models import Bucket

    supply(11, 5)
    hold("or:1", Want(11, 2))
    Bucket.objects.update(held=1)
    assert not sound()
