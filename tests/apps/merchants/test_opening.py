"""When a store is open: over midnight, on a pause, over summer time, always the same as the calendar."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.time import Opening, WeeklyHours
from linli.kernel.week import every_day, open_window

OPENINGS = st.builds(
    lambda day, opens, length: Opening(day, opens, min(2880, opens + length)), st.integers(0, 6), st.integers(0, 1439), st.integers(1, 1500)
)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 20), timezones=st.just(UTC)).map(lambda at: at.replace(microsecond=0))


@given(
    openings=st.lists(OPENINGS, max_size=6, unique_by=lambda o: (o.weekday, o.opens)),
    at=MOMENTS,
    zone=st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York", "UTC"]),
)
def test_the_quick_way_says_what_the_calendar_says(openings: list[Opening], at: datetime, zone: str) -> None:
    hours = WeeklyHours(tuple(openings), zone)
    is_open, until, opens_next = open_window(hours, at)
    expected = hours.open_until(at)
    assert is_open == (expected is not None)
    if expected is None:
        assert opens_next == hours.opens_next(at)
    else:
        assert until == (expected if expected - at <= timedelta(days=6) else None)


def at(hour: int, minute: int = 0, day: int = 2) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_a_place_that_closes_after_midnight_is_open_then() -> None:
    hours = WeeklyHours(every_day([(17 * 60, 27 * 60)]), "Asia/Shanghai")
    assert open_window(hours, at(2, 59)) == (True, at(3), None)
    assert open_window(hours, at(3)) == (False, None, at(17))
    assert open_window(hours, at(23)) == (True, at(3, day=3), None)


def test_sunday_night_runs_into_monday() -> None:
    hours = WeeklyHours((Opening(6, 20 * 60, 26 * 60),), "Asia/Shanghai")
    assert open_window(hours, at(1)) == (True, at(2), None)  # 2 March 2026 is a Monday
    assert open_window(hours, at(2)) == (False, None, at(20, day=8))


def test_round_the_clock_has_no_end() -> None:
    assert open_window(WeeklyHours(every_day([(0, 1440)]), "Asia/Shanghai"), at(12)) == (True, None, None)


def test_a_place_without_hours_never_opens() -> None:
    assert open_window(WeeklyHours((), "Asia/Shanghai"), at(12)) == (False, None, None)
