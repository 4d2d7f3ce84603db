"""Which buckets a stretch of time covers."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from linli.apps.stock.buckets import ALWAYS, covering, start_of

MOMENTS = st.integers(0, 9_000_000).map(lambda minutes: moment(1, 0) + timedelta(minutes=minutes - 4_000_000))
DAY = 24 * 60


def moment(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 5, day, hour, minute, tzinfo=UTC)


def test_units_have_one_bucket_for_ever() -> None:
    assert list(covering(moment(1, 9), moment(9, 9), 0)) == [ALWAYS]


def test_a_slot_that_is_touched_is_covered() -> None:
    assert list(covering(moment(1, 9, 10), moment(1, 10, 1), 30)) == [moment(1, 9), moment(1, 9, 30), moment(1, 10)]


def test_the_end_does_not_belong_to_the_interval() -> None:
    assert list(covering(moment(1, 9), moment(1, 9, 30), 30)) == [moment(1, 9)]


def test_a_day_may_begin_at_four() -> None:
    assert start_of(moment(2, 3, 59), DAY, 240) == moment(1, 4)
    assert start_of(moment(2, 4), DAY, 240) == moment(2, 4)


@given(start=MOMENTS, minutes=st.integers(1, 3000), grain=st.sampled_from([5, 15, 30, 60, DAY]), offset=st.integers(-720, 720))
def test_buckets_are_neighbours_and_hold_the_whole_interval(start: datetime, minutes: int, grain: int, offset: int) -> None:
    end = start + timedelta(minutes=minutes)
    starts = list(covering(start, end, grain, offset))
    assert starts[0] <= start < starts[0] + timedelta(minutes=grain)
    assert starts[-1] < end <= starts[-1] + timedelta(minutes=grain)
    assert all(b - a == timedelta(minutes=grain) for a, b in pairwise(starts))
