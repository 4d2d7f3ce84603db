"""Differences of paired days, with an interval that knows how little a few days say."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from linli.simulator.experiment import paired
from linli.simulator.simulation import Asked


def days(*shares: float) -> list[dict[str, float]]:
    return [{"on_time_rate": share} for share in shares]


def test_what_the_same_days_differ_by_is_sure_though_days_differ_more() -> None:
    told = paired(days(0.50, 0.70, 0.90), days(0.55, 0.76, 0.95))[0]
    assert told.difference == pytest.approx(0.16 / 3)
    assert told.half == pytest.approx(4.3027 * 0.0057735 / 3**0.5, rel=1e-3)  # Student's t with two degrees of freedom
    assert told.sure


def test_what_goes_up_and_down_is_not_sure_and_one_day_says_nothing_of_it() -> None:
    assert not paired(days(0.5, 0.6, 0.7), days(0.7, 0.5, 0.75))[0].sure
    alone = paired(days(0.5), days(0.9))[0]
    assert (alone.half, alone.sure) == (None, False)


def test_days_without_a_figure_are_left_out_and_unpaired_ones_refused() -> None:
    assert paired([{"on_time_rate": None}], [{"on_time_rate": 0.5}]) == []
    for a, b in ((days(0.5), []), ([], []), (days(0.5, 0.6), days(0.5))):
        with pytest.raises(ValueError):
            paired(a, b)


@pytest.mark.parametrize("wrong", ["dispatch.nothing=1", "dispatch.late_weight=x", "dispatch.late_weight=-1", "dispatch.late_weight"])
def test_a_policy_that_cannot_be_is_said_before_anything_runs(wrong: str) -> None:
    with pytest.raises(CommandError):
        Asked(
            hours=1.0,
            orders=10,
            seed=1,
            start="2026-03-02T11:00",
            consumers=0,
            couriers=0,
            rides=0,
            json=None,
            speed="max",
            changes=(wrong,),
        ).day()
    with pytest.raises(CommandError):
        call_command("experiment", "--b", wrong)


def test_the_same_day_does_not_count_twice() -> None:
    with pytest.raises(CommandError, match="once"):
        call_command("experiment", "--seeds", "1", "1")
