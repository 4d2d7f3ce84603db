"""Times of appointments and tables in a town with summer time: on the days when an hour is skipped, or comes twice, by the wall and through
the night. What is offered can be held, once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from linli.apps.merchants import operations as merchants
from linli.apps.stock import operations as stock
from linli.apps.stock import queries
from linli.kernel.actors import SYSTEM
from linli.kernel.time import Opening
from linli.platform import invariants
from tests.salon import Salon, salon
from tests.town import build, refused

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)  # from two to three an hour is skipped; it comes twice
QUARTER = timedelta(minutes=15)
NIGHT = [(day, 22 * 60, 28 * 60) for day in range(7)]


def shop_before(day: date) -> Salon:
    """The salon in Berlin, two days before the clock changes."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=BERLIN) - timedelta(days=2)
    return salon(build(noon.astimezone(UTC), "Europe/Berlin"))


def moment(day: date, hour: int) -> datetime:
    """When the wall there shows that."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=BERLIN).astimezone(UTC)


def found(shop: Salon, offer_id: int, first: datetime, last: datetime, guests: int = 0) -> list[datetime]:
    slots = queries.free_slots(offer_id=offer_id, first=first, last=last, at=shop.world.at, guests=guests)
    starts = [slot.starts_at for slot in slots]
    assert all(early < late for early, late in pairwise(starts))
    return starts


def by_the_wall(starts: list[datetime]) -> list[str]:
    return [f"{start.astimezone(BERLIN):%H:%M}" for start in starts]


@pytest.mark.parametrize("day", [SPRING, AUTUMN])
def test_a_day_has_the_same_times_by_the_wall_before_on_and_after_the_change(day: date) -> None:
    shop = shop_before(day)
    for offer_id, guests in ((shop.cut, 0), (shop.colour, 0), (shop.table, 2), (shop.table, 4)):
        days = [day + timedelta(days=n) for n in (-1, 0, 1)]
        shown = [by_the_wall(found(shop, offer_id, moment(one, 0), moment(one + timedelta(days=1), 0), guests)) for one in days]
        assert shown[0] == shown[1] == shown[2] != []
    assert by_the_wall(found(shop, shop.cut, moment(day, 0), moment(day, 23)))[0] == "09:00"


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 5), (AUTUMN, 7)])
def test_a_night_has_as_many_times_as_it_really_has_hours(day: date, hours: int) -> None:
    shop = shop_before(day)
    say = {"actor": SYSTEM, "at": shop.world.at}
    merchants.set_hours(store_id=shop.store, openings=[Opening(*span) for span in NIGHT], **say)
    for who in (shop.ming, shop.mei):
        stock.set_shifts(store_id=shop.store, resource_id=who, work=NIGHT, **say)
    starts = found(shop, shop.cut, moment(day - timedelta(days=1), 22), moment(day, 4))
    assert len(starts) == (hours - 1) * 4 + 1  # 45 minutes and 15 to clean up
    assert {late - early for early, late in pairwise(starts)} == {QUARTER}
    shown = by_the_wall(starts)
    assert (shown[0], shown[-1]) == ("22:00", "03:00")
    assert shown.count("02:30") == (0 if hours == 5 else 2)
    each = [shop.line(shop.cut, start) for start in starts if start.astimezone(BERLIN).hour in (1, 2, 3)]
    held = 0
    for number, line in enumerate(each):  # two who cut and two chairs: whatever can be held is held twice in an hour, and no more
        for try_ in range(2):
            if number % 4 == 0:
                shop.hold(f"or:{number}{try_}", line)
                held += 1
    assert held == 2 * -(-len(each) // 4)
    with refused("slot.taken"):
        shop.hold("or:999", each[0])
    assert {name: said for name, said in invariants.check_all(shop.world.at).items() if said and name.startswith("stock.")} == {}
