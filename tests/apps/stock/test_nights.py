"""Rooms by the night: from noon to noon whatever the clocks do, all nights or none, and never fewer than are taken."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.apps.catalog import queries as catalog
from linli.apps.stock import buckets, nights, operations, queries
from linli.apps.stock.operations import Want
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import Conflict, Invalid
from linli.platform import reads

AT = datetime(2026, 3, 2, 4, tzinfo=UTC)
MONDAY = date(2026, 3, 2)
ZONE = "Asia/Shanghai"
ROOM = 77

pytestmark = pytest.mark.django_db


def room(count: int = 2, offer_id: int = ROOM) -> None:
    operations.put_supply(
        store_id=1, offer_id=offer_id, name="大床房", grain_minutes=1440, capacity=count, at=AT, offset_minutes=nights.offset(ZONE, MONDAY)
    )


def book(ref: str, first: date, count: int, rooms: int = 1) -> None:
    start, end = catalog.check_in(zone=ZONE, first=first), catalog.check_out(zone=ZONE, last=first + timedelta(days=count))
    operations.hold(ref=ref, wants=[Want(ROOM, rooms, start, end)], expires_at=AT + timedelta(hours=1), at=AT)


def left(first: date = MONDAY, count: int = 4) -> list[int]:
    return [night.left for night in queries.rooms_left(offer_ids=[ROOM], zone=ZONE, first=first, nights=count)[ROOM]]


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Pacific/Auckland", "Asia/Kathmandu"])
def test_a_stay_covers_each_of_its_nights_once_also_when_the_clocks_change(zone: str) -> None:
    for day in (date(2026, 3, 6), date(2026, 3, 27), date(2026, 10, 23), date(2026, 9, 25), date(2026, 4, 3), date(2026, 10, 30)):
        start, end = catalog.check_in(zone=zone, first=day), catalog.check_out(zone=zone, last=day + timedelta(days=4))
        assert list(buckets.covering(start, end, 1440, nights.offset(zone, day))) == nights.starts(zone, day, 4)


def test_several_nights_are_held_all_or_none() -> None:
    room(count=1)
    book("a", MONDAY + timedelta(days=2), 1)
    with pytest.raises(Conflict):
        book("b", MONDAY, 4)
    assert left() == [1, 1, 0, 1]
    book("b", MONDAY, 2)
    assert left() == [0, 0, 0, 1]


def test_the_hotel_changes_how_many_it_sells_but_not_below_what_is_taken() -> None:
    room()
    book("a", MONDAY, 2, rooms=2)
    with pytest.raises(Conflict) as refused:
        operations.set_rooms(offer_id=ROOM, zone=ZONE, first=MONDAY, last=MONDAY + timedelta(days=3), count=1, actor=SYSTEM, at=AT)
    assert refused.value.params["taken"] == 2
    assert left() == [0, 0, 2, 2]
    operations.set_rooms(offer_id=ROOM, zone=ZONE, first=MONDAY, last=MONDAY + timedelta(days=2), count=5, actor=SYSTEM, at=AT)
    assert left() == [3, 3, 5, 2]
    for last, count in ((MONDAY - timedelta(days=1), 1), (MONDAY, -1), (MONDAY + timedelta(days=400), 1)):
        with pytest.raises(Invalid):
            operations.set_rooms(offer_id=ROOM, zone=ZONE, first=MONDAY, last=last, count=count, actor=SYSTEM, at=AT)


def test_what_is_short_is_found_for_all_hotels_with_one_statement() -> None:
    room(count=2)
    room(count=0, offer_id=78)
    room(count=9, offer_id=79)

    def short(rooms: int, first: date = MONDAY, count: int = 2) -> set[int]:
        return reads.one(queries.rooms_short(zone=ZONE, first=first, nights=count, rooms=rooms))

    assert (short(1), short(3)) == ({78}, {ROOM, 78})
    book("a", MONDAY + timedelta(days=1), 1, rooms=2)
    assert short(1) == {ROOM, 78}
    assert short(1, count=1) == {78}
    operations.set_rooms(offer_id=78, zone=ZONE, first=MONDAY, last=MONDAY + timedelta(days=1), count=3, actor=SYSTEM, at=AT)
    assert short(2, count=1) == set()
    with CaptureQueriesContext(
        connection,
    ) as statements:
        short(2, count=5)
    assert len(statements) == 1
