"""Which new stores get the few places that are kept for them: those that promise most by what came of showing them, and by chance.

Thompson sampling with a prior fitted to the new stores there are, so one that nobody has seen is believed to be like the others. How
likely each was to be chosen is told with it, for the log.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from linli.apps.discovery.models import Trial
from linli.apps.merchants import queries as merchants
from linli.engines.experiments import Bandit
from linli.platform import policies
from linli.policy import recommend as policy

MOST = 40  # stores that take part, the nearest
_DRAWS = 128


@dataclass(frozen=True, slots=True)
class Known:
    """The stores of a city that were listed lately, and (shown, taken) of those that were shown as new."""

    listed: frozenset[int]
    trials: Mapping[int, tuple[int, int]]


_kept: dict[int, tuple[datetime, Known]] = {}


def known(city_id: int, at: datetime) -> Known:
    """What is known of the city's new stores; kept for a minute. Two statements."""
    minute = at.replace(second=0, microsecond=0)
    kept = _kept.get(city_id)
    if kept is None or kept[0] != minute:
        since = at - timedelta(days=policies.whole(policy.NEW_D, city_id))
        rows = Trial.objects.filter(city_id=city_id).values_list("store_id", "shown", "taken")
        found = Known(merchants.listed_since(city_id=city_id, since=since), {store: (shown, taken) for store, shown, taken in rows})
        kept = _kept[city_id] = (minute, found)
    return kept[1]


def forget() -> None:
    """Look anew at the next question."""
    _kept.clear()


def deal(trials: Mapping[int, tuple[int, int]], stores: Sequence[int], count: int, city_id: int, seed: int) -> list[tuple[int, float]]:
    """At most `count` of the nearest `stores`, each with how likely it was to be among them."""
    stores = stores[:MOST]
    if not stores or count < 1:
        return []
    bandit = Bandit(len(stores), seed=seed, batch=_DRAWS, explore=float(policies.value(policy.ANYHOW, city_id)))
    for arm, store in enumerate(stores):
        bandit.shown[arm], bandit.clicked[arm] = trials.get(store, (0, 0))
    return [(stores[choice.arm], choice.propensity) for choice in bandit.slate(count)]
