"""`linli experiment`: the same simulated days under two policies, and what can be said of the difference."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, stdev
from typing import Any

from django.core.management import CommandError
from scipy.stats import t as student

from linli.simulator.headless import Day

# What is compared: figure of a simulated day, and how it is called.
FIGURES: tuple[tuple[str, str], ...] = (
    ("on_time_rate", "on time, share"),
    ("minutes_median", "payment to door, median min"),
    ("minutes_p90", "payment to door, p90 min"),
    ("promised_median", "payment to the promise's end, median min"),
    ("delivered", "delivered"),
    ("left_over", "left over when couriers go home"),
    ("courier_pay_per_hour", "courier earns an hour on duty, fen"),
    ("idle_share", "courier without work, share of duty"),
    ("courier_pay_per_delivery", "courier cost a delivery, fen"),
    ("deliveries_per_courier_hour", "deliveries an hour on duty"),
)
MORE_IS_BETTER = frozenset({"on_time_rate", "delivered", "courier_pay_per_hour", "deliveries_per_courier_hour"})
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure under both policies, means over the days, and the mean of the paired differences with its confidence interval.

    `half` is half the interval's width, None for a single day. `sure` says that the interval does not hold nought.
    """

    figure: str
    words: str
    a: float
    b: float
    difference: float
    half: float | None

    @property
    def sure(self) -> bool:
        """Whether the interval leaves out nought."""
        return self.half is not None and abs(self.difference) > self.half


def paired(a: Sequence[Mapping[str, Any]], b: Sequence[Mapping[str, Any]]) -> list[Difference]:
    """What B has more than A of each figure, over days that are the same but for the policy (Student's t over the pairs).

    Raises ValueError when there is not one day of B for each of A. Days without a figure are left out of it.
    """
    if len(a) != len(b) or not a:
        raise ValueError("paired days are needed, at least one")
    found = []
    for name, words in FIGURES:
        pairs = [(float(x[name]), float(y[name])) for x, y in zip(a, b, strict=True) if x.get(name) is not None and y.get(name) is not None]
        if pairs:
            gaps = [y - x for x, y in pairs]
            half = float(student.ppf((1 + CONFIDENCE) / 2, len(gaps) - 1)) * stdev(gaps) / len(gaps) ** 0.5 if len(gaps) > 1 else None
            found.append(Difference(name, words, mean(x for x, _ in pairs), mean(y for _, y in pairs), mean(gaps), half))
    return found


@dataclass(frozen=True, slots=True)
class Plan:
    """What is tried: a day as the words of `linli city simulate`, the seeds, and the changed numbers of each policy by its name."""

    words: tuple[str, ...]
    seeds: tuple[int, ...]
    arms: Mapping[str, tuple[str, ...]]


def make_city(day: Day, home: Path) -> None:
    """The city from which each day of `run` begins, made in `home` from nothing."""
    shutil.rmtree(home, ignore_errors=True)
    base = home / "city"
    base.mkdir(parents=True)
    _linli(base, "experiment", "--prepare", str(day.consumers), str(day.couriers), day.start.isoformat())


def run(plan: Plan, home: Path, *, tell: Callable[[str], None]) -> dict[str, list[dict[str, Any]]]:
    """The figures of each day by policy. Each day begins with a copy of the city of `make_city`, in a process of its own."""
    days: dict[str, list[dict[str, Any]]] = {arm: [] for arm in plan.arms}
    for seed in plan.seeds:
        for arm, changes in plan.arms.items():
            tell(f"seed {seed}, policy {arm}")
            days[arm].append(_day(plan, home, seed, changes))
    return days


@dataclass(frozen=True, slots=True)
class Tuned:
    """What was found for one number: the value that was best on the training days, and what it is worth on the others.

    `taken` says that on the other days, too, it is better than the value in force, beyond chance; else the number should stay as it is.
    """

    change: str
    trained: Difference
    checked: Difference

    @property
    def taken(self) -> bool:
        """Whether it is better on days that had no part in choosing it."""
        gain = self.checked.difference if self.checked.figure in MORE_IS_BETTER else -self.checked.difference
        return self.checked.sure and gain > 0


def best(days: Mapping[str, Sequence[Mapping[str, Any]]], figure: str) -> tuple[str, Difference] | None:
    """The policy that improves `figure` most over the policy named "" (as it is), and by how much; None when none does."""
    found: list[tuple[float, str, Difference]] = []
    for arm in days:
        gaps = [one for one in paired(days[""], days[arm]) if one.figure == figure] if arm else []
        found += [(gap.difference if figure in MORE_IS_BETTER else -gap.difference, arm, gap) for gap in gaps]
    gain, arm, gap = max(found, key=lambda one: one[0], default=(0.0, "", None))
    return (arm, gap) if gap is not None and gain > 0 else None


def tune(
    words: tuple[str, ...], changes: Sequence[str], figure: str, train: Sequence[int], check: Sequence[int], home: Path, *,
    tell: Callable[[str], None],
) -> Tuned | None:  # fmt: skip
    """Try each change on the training days, and the best of them on the others; None when none is better than what is in force."""
    tried = run(Plan(words, tuple(train), {"": (), **{change: (change,) for change in changes}}), home, tell=tell)
    chosen = best(tried, figure)
    if chosen is None:
        return None
    other = run(Plan(words, tuple(check), {"": (), chosen[0]: (chosen[0],)}), home, tell=tell)
    gap = next(one for one in paired(other[""], other[chosen[0]]) if one.figure == figure)
    return Tuned(chosen[0], chosen[1], gap)


def _day(plan: Plan, home: Path, seed: int, changes: Sequence[str]) -> dict[str, Any]:
    place, answer = home / "day", home / "day.json"
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(home / "city", place)
    words = [*plan.words, "--seed", str(seed), "--json", str(answer), "--here", "--prepared", *(f"--set={change}" for change in changes)]
    answer.unlink(missing_ok=True)
    _linli(place, "city", "simulate", *words, answer=answer)
    figures: dict[str, Any] = json.loads(answer.read_text("utf8"))
    used = figures.get("courier_utilisation")
    return {"seed": seed, "idle_share": None if used is None else 1 - used, "left_over": len(figures["unexplained"]), **figures}


def _linli(home: Path, *words: str, answer: Path | None = None) -> None:
    """Run a command; one that wrote its `answer` is done, though it may have ended with what nobody can explain: bad policies do that."""
    environment = {**os.environ, "LINLI_HOME": str(home), "LINLI_DATABASE_URL": "sqlite:", "LINLI_DEMO": "1", "LINLI_REDIS_URL": ""}
    done = subprocess.run([sys.executable, "-m", "linli", *words], env=environment, check=False, capture_output=True, text=True)
    if done.returncode and not (answer and answer.exists()):
        raise CommandError(f"{' '.join(words[:2])} ended with {done.returncode}: {done.stderr[-600:] or done.stdout[-600:]}")
