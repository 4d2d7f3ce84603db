"""Differences of paired days, with an interval that knows how little a few days say."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from linli.simulator import experiment
from linli.simulator.experiment import best, paired, tune
from linli.simulator.management.commands import experiment as command
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


def test_each_step_of_a_ladder_goes_on_from_the_one_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[tuple[str, ...]] = []

    def day(plan: experiment.Plan, home: Path, seed: int, changes: Sequence[str]) -> dict[str, Any]:
        tried.append(tuple(changes))
        return {"minutes_p90": 60 - 10 * len(changes) + seed}

    monkeypatch.setattr(experiment, "_day", day)
    monkeypatch.setattr(command, "make_city", lambda day, home: None)
    kept, seeds = tmp_path / "told.json", ("--seeds", "1", "2", "--json", str(tmp_path / "told.json"))
    call_command("experiment", *seeds, "--b", "dispatch.bundle_max=1", "--then", "dispatch.bundle_max=2,dispatch.commit_slack_s=60")
    third = ("dispatch.bundle_max=1", "dispatch.bundle_max=2", "dispatch.commit_slack_s=60")
    assert tried == 2 * [(), ("dispatch.bundle_max=1",), third]
    steps = [(row["from"], row["to"], row["difference"]) for row in json.loads(kept.read_text("utf8"))["differences"]]
    assert steps == [("A", "B", -10), ("B", "C", -20), ("A", "C", -30)]
    with pytest.raises(CommandError):
        call_command("experiment", "--then", "dispatch.nothing=1")


def test_the_value_that_serves_best_is_chosen_on_some_days_and_checked_on_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """2 shortens every day by a minute; 3 shortens the training days by five and is worse on all others."""

    def day(plan: experiment.Plan, home: Path, seed: int, changes: Sequence[str]) -> dict[str, Any]:
        minutes = {(): 0.0, ("x=2",): -1.0, ("x=3",): -5.0 if seed < 10 else 2.0}[tuple(changes)]
        return {"minutes_p90": 40 + seed + minutes + 0.1 * (seed % 2)}

    monkeypatch.setattr(experiment, "_day", day)
    lucky = tune((), ["x=2", "x=3"], "minutes_p90", [1, 2, 3], [11, 12, 13], tmp_path, tell=str)
    assert lucky is not None
    assert (lucky.change, lucky.trained.difference, lucky.checked.difference) == ("x=3", pytest.approx(-5), pytest.approx(2))
    assert not lucky.taken
    sound = tune((), ["x=2"], "minutes_p90", [1, 2, 3], [11, 12, 13], tmp_path, tell=str)
    assert sound is not None
    assert sound.change == "x=2"
    assert sound.taken
    assert best({"": days(0.5), "x=2": days(0.4)}, "on_time_rate") is None


def test_days_that_chose_a_value_cannot_check_it() -> None:
    with pytest.raises(CommandError, match="other seeds"):
        call_command("tune", "dispatch.late_weight", "2", "--train", "1", "2", "--check", "2", "3")
    with pytest.raises(CommandError, match="no policy number"):
        call_command("tune", "dispatch.nothing", "2")
    with pytest.raises(CommandError, match="two at least"):
        call_command("tune", "dispatch.late_weight", "2", "--check", "9")
