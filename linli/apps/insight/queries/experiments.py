"""How the experiment of the home page stands: arms, the difference with bounds that hold at every look, and whether the split is whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import isfinite

from linli.apps.insight.looking import MEASURES
from linli.apps.insight.models import Look as LookRow
from linli.engines.experiments import Guardrail, Look, Moments, breached, compare, sample_ratio_p
from linli.platform import policies
from linli.policy import recommend as policy

GUARD = Guardrail("bad_reviews", margin=0.02, up_is_good=False)
SPLIT_BROKEN = 0.001


@dataclass(frozen=True, slots=True)
class ArmView:
    """An arm: the people who saw it, and the mean of each measure a person."""

    name: str
    people: int
    means: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class MeasureView:
    """A measure: personal less popular, with bounds that hold at all looks together (None: nothing can be said yet)."""

    name: str
    difference: float
    low: float | None
    high: float | None
    p_value: float
    decided: bool


@dataclass(frozen=True, slots=True)
class ExperimentView:
    """An experiment as it stood at its last look. `split_p` below .001 means that assignment or logging is broken."""

    running: bool
    share: float
    looked_at: datetime | None
    looks: int
    arms: tuple[ArmView, ...]
    measures: tuple[MeasureView, ...]
    split_p: float
    split_broken: bool
    guard_breached: bool


def experiment(*, city_id: int, name: str = "home") -> ExperimentView:
    """How the experiment stands. Two statements."""
    share = float(policies.value(policy.PERSONAL_SHARE, city_id))
    rows = list(LookRow.objects.filter(experiment=name, city_id=city_id).order_by("at"))
    if not rows:
        return ExperimentView(0 < share < 1, share, None, 0, (), (), 1.0, False, False)
    latest = {row.arm: row for row in rows if row.at == rows[-1].at}
    popular, personal = (latest.get(arm) for arm in ("popular", "personal"))
    both = [row for row in (popular, personal) if row]
    found = _measures(rows, popular, personal) if popular and personal else ()
    split = sample_ratio_p([row.people for row in both], [1 - share, share]) if len(both) == 2 and 0 < share < 1 else 1.0
    looks = {measure.name: measure for measure in found}
    guard = looks.get(GUARD.name)
    broken = guard is not None and guard.low is not None and guard.high is not None and breached(GUARD, _look(guard))
    moments = len({row.at for row in rows})
    arms = tuple(ArmView(row.arm, row.people, tuple((m, _moments(row, m).mean) for m in MEASURES)) for row in both)
    return ExperimentView(0 < share < 1, share, rows[-1].at, moments, arms, tuple(found), split, split < SPLIT_BROKEN, broken)


def _measures(rows: Sequence[LookRow], popular: LookRow, personal: LookRow) -> tuple[MeasureView, ...]:
    """The p-value of a measure is the least of its looks'."""
    by_moment: dict[datetime, dict[str, LookRow]] = {}
    for row in rows:
        by_moment.setdefault(row.at, {})[row.arm] = row
    pairs = [(arms["popular"], arms["personal"]) for arms in by_moment.values() if len(arms) == 2]
    made = []
    for name in MEASURES:
        last = compare(_moments(popular, name), _moments(personal, name))
        least = min(compare(_moments(one, name), _moments(other, name)).p_value for one, other in pairs)
        low, high = (bound if isfinite(bound) else None for bound in (last.low, last.high))
        made.append(MeasureView(name, last.difference, low, high, least, least < 0.05))
    return tuple(made)


def _moments(row: LookRow, name: str) -> Moments:
    total, squares, count = row.measures.get(name, (0.0, 0.0, 0))
    return Moments(int(count), float(total), float(squares))


def _look(measure: MeasureView) -> Look:
    return Look(measure.difference, measure.low or 0.0, measure.high or 0.0, measure.p_value, measure.decided)
