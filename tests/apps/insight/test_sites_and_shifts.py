"""Where another site would help most, and how many couriers a day needs: from what the city has had, and nothing from too little."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from linli.apps.city import operations as city
from linli.apps.city import queries as cities
from linli.apps.insight import operations
from linli.kernel.actors import Actor
from linli.kernel.errors import Invalid
from linli.kernel.geo import Point
from tests import world
from tests.apps.fulfilment.street import NOON, wanted

pytestmark = pytest.mark.django_db
NORTH, SOUTH = Point(39.97, 116.40), Point(39.87, 116.40)
LATER = NOON + timedelta(days=1)


@pytest.fixture
def place(db: None) -> int:
    """Thirty deliveries of one noon to the north and ten to the south."""
    found = world.beijing()
    for number in range(40):
        wanted(found, f"or:{number}", drop=NORTH if number % 4 else SOUTH)
    return found


def test_the_first_site_goes_where_most_is_brought_and_the_next_where_it_is_missing(place: int) -> None:
    operations.propose_sites(city_id=place, kind="locker", count=1, days=7, at=LATER)
    (first,) = cities.sites(city_id=place, kind="locker")
    assert first.point.lat == pytest.approx(NORTH.lat, abs=0.01)
    assert first.share == 1.0
    city.decide_site(site_id=first.id, event="open", actor=Actor("operator", 1), at=LATER)
    operations.propose_sites(city_id=place, kind="locker", count=1, days=7, at=LATER)
    opened, second = cities.sites(city_id=place, kind="locker")
    run = cities.last_siting(city_id=place, kind="locker")
    assert run is not None
    assert second.point.lat == pytest.approx(SOUTH.lat, abs=0.01)
    assert second.share == 0.25
    assert run.before_s is not None
    assert run.before_s > run.after_s
    assert run.gap == 0.0
    worth = operations.without_site(city_id=place, kind="locker", site_id=second.id, days=7, at=LATER)
    assert worth.without_s == pytest.approx(run.before_s)
    assert worth.with_s == pytest.approx(run.after_s)
    alone = operations.without_site(city_id=place, kind="locker", site_id=opened.id, days=7, at=LATER)
    assert alone.without_s is not None
    assert alone.without_s > worth.without_s


def test_too_little_to_go_by_and_senseless_numbers_are_said(place: int) -> None:
    for wrong in ({"count": 0}, {"count": 21}, {"days": 0}, {"days": 400}, {"kind": "palace"}):
        with pytest.raises(Invalid):
            operations.propose_sites(city_id=place, at=LATER, **({"kind": "locker", "count": 1, "days": 7} | wrong))  # type: ignore[arg-type]
    with pytest.raises(Invalid):
        operations.propose_sites(city_id=place, kind="locker", count=1, days=7, at=LATER + timedelta(days=60))
    with pytest.raises(Invalid):
        operations.without_site(city_id=place, kind="locker", site_id=5, days=7, at=LATER)
    assert cities.sites(city_id=place, kind="locker") == []


def test_a_plan_of_shifts_expects_what_has_been(place: int) -> None:
    rows = operations.plan_shifts(city_id=place, day=date(2026, 3, 9), days=28, at=LATER)
    assert len(rows) == 48
    busiest = max(rows, key=lambda row: row.mean)
    assert (busiest.at.hour, busiest.at.minute, round(busiest.mean)) == (12, 0, 40)
    assert busiest.low <= 40 <= busiest.high
    assert busiest.couriers == 32  # 40 deliveries at two and a half an hour each
    assert busiest.couriers <= busiest.couriers_busy
    assert busiest.cells[0][0].lat == pytest.approx(NORTH.lat, abs=0.01)
    assert sum(row.mean for row in rows if row.at.hour < 11) == 0


def test_without_a_whole_day_there_is_no_plan(place: int) -> None:
    assert operations.plan_shifts(city_id=place, day=date(2026, 3, 3), days=28, at=NOON + timedelta(hours=1)) == []
    with pytest.raises(Invalid):
        operations.plan_shifts(city_id=place, day=date(2026, 3, 3), days=0, at=LATER)
