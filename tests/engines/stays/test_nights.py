"""Nights are priced to the fen, and a search over many hotels finds what a night-by-night sum finds."""

from datetime import date
from random import Random

import pytest

from linli.engines.stays import (
    SORTS,
    Day,
    Days,
    Hotel,
    Plan,
    Problem,
    Rate,
    Room,
    Season,
    Table,
    check,
    last_free_moment,
    nights,
    rank,
)  # fmt: skip
from linli.kernel.geo import Point

MONDAY = date(2026, 3, 2)
HOME = Point(39.9, 116.4)


def test_weekends_seasons_single_days_and_long_stays_each_have_their_say() -> None:
    rate = Rate(30_000, 36_000, long_nights=5, long_percent=8)
    seasons = (Season(date(2026, 3, 6), date(2026, 3, 6), 150),)
    days = {date(2026, 3, 3): Day(9_999), date(2026, 3, 6): Day(None)}

    week = nights(rate, MONDAY, 6, days=days, seasons=seasons)

    assert [night.usual for night in week] == [30_000, 9_999, 30_000, 30_000, 54_000, 36_000]
    assert [night.price for night in week] == [27_600, 9_199, 27_600, 27_600, 49_680, 33_120]
    assert [night.price for night in nights(rate, MONDAY, 2, days=days)] == [30_000, 9_999]
    assert nights(rate, MONDAY, 1, days={MONDAY: Day(None, closed=True)})[0].price is None


def _city(rng: Random, count: int) -> Table:
    plan_id = iter(range(1, 10_000))
    hotels = []
    for key in range(1, count + 1):
        rooms = []
        for turn in range(rng.randint(1, 3)):
            plans = tuple(
                Plan(next(plan_id), Rate(rng.randint(100, 900) * 100, rng.randint(100, 900) * 100, rng.choice((1, 1, 2, 3)), 14,
                                         rng.choice((None, 3, 5)), rng.randint(0, 20)),
                     rng.randint(0, 2), rng.choice((None, 0, 20)))
                for _ in range(rng.randint(1, 3))
            )  # fmt: skip
            rooms.append(Room(key * 10 + turn, rng.randint(1, 4), plans))
        season = (Season(date(2026, 3, 3), date(2026, 3, 5), rng.randint(80, 160)),) if rng.random() < 0.3 else ()
        names = frozenset(name for name in ("gym", "pool", "wifi") if rng.random() < 0.5)
        point = (39.9 + rng.uniform(-0.1, 0.1), 116.4 + rng.uniform(-0.1, 0.1))
        hotels.append(Hotel(key, *point, rng.randint(35, 50), rng.randint(2, 5), names, f"hotel {key}", tuple(rooms), season))
    return Table.of(hotels)


@pytest.mark.parametrize("seed", range(6))
def test_every_answer_is_what_a_sum_night_by_night_finds(seed: int) -> None:
    rng = Random(seed)
    table = _city(rng, 60)
    told = {(rng.choice(table.plan.tolist()), rng.randint(0, 6)): rng.choice((-1, 0, 12_300)) for _ in range(80)}
    days = Days.of([(*key, price) for key, price in told.items()])
    full = set(rng.sample(table.offer.tolist(), 20))
    for sort in SORTS:
        problem = Problem(
            first=MONDAY, nights=rng.randint(1, 4), guests=rng.randint(1, 3), rooms=rng.randint(1, 3), near=HOME, full=full, days=days,
            facilities=("gym",) if seed % 2 else (), breakfast=seed % 3 == 0, sort=sort, limit=100,
        )  # fmt: skip
        found = rank(table, problem)
        assert found.hits
        assert check(table, problem, found) == []
        assert len(found.hits) == found.total


def test_the_check_would_notice_a_wrong_sum() -> None:
    table = _city(Random(1), 10)
    problem = Problem(first=MONDAY, nights=2, guests=1, near=HOME)
    cheaper = Problem(first=MONDAY, nights=1, guests=1, near=HOME)
    assert check(table, problem, rank(table, cheaper))


def test_sorted_as_asked_and_paged_without_gaps() -> None:
    table = _city(Random(3), 80)

    def asked(**more: object) -> list[tuple[int, int, float]]:
        problem = Problem(first=MONDAY, nights=2, guests=2, near=HOME, **more)  # type: ignore[arg-type]
        return [(hit.store_id, hit.each, hit.metres) for hit in rank(table, problem).hits]

    prices = [each for _, each, _ in asked(sort="price", limit=80)]
    away = [metres for _, _, metres in asked(sort="distance", limit=80)]
    assert prices == sorted(prices)
    assert away == sorted(away)
    assert asked(limit=10) + asked(skip=10, limit=70) == asked(limit=80)
    assert all(metres <= 4_000 for _, _, metres in asked(radius_m=4_000, limit=80))


def test_what_can_no_longer_be_cancelled_for_nothing_is_not_found_as_such() -> None:
    table = _city(Random(5), 60)
    early, late, never = (
        Problem(first=MONDAY, nights=1, guests=1, near=HOME, free_cancel=True, notice_h=hours, limit=100) for hours in (20.5, 20.0, 0.0)
    )
    assert rank(table, early).total > rank(table, late).total > rank(table, never).total == 0
    for problem in (early, late, never):
        assert check(table, problem, rank(table, problem)) == []


def test_sold_out_hotels_are_counted_and_not_shown() -> None:
    table = _city(Random(4), 20)
    everything = Problem(first=MONDAY, nights=1, guests=1, near=HOME, limit=50)
    nothing = Problem(first=MONDAY, nights=1, guests=1, near=HOME, full=table.offer.tolist())
    assert rank(table, nothing).total == 0
    assert rank(table, nothing).full == rank(table, everything).total


def test_a_plan_without_free_cancelling_has_no_last_moment() -> None:
    from datetime import UTC, datetime

    noon = datetime(2026, 3, 2, 6, tzinfo=UTC)
    assert last_free_moment(noon, None) is None
    assert last_free_moment(noon, 6) == datetime(2026, 3, 2, 0, tzinfo=UTC)
