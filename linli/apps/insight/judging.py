"""What a new model would have earned, from the lists that the one before it has shown, before it may answer.

In a share of the personal lists any of the stores stood first (`recommend.shuffled`), and each says how likely that was. So the log tells
what another choice of the first store is worth: whether the store that stood first was tapped or ordered at. Nothing is said of stores
that were on no list. The new model is judged by a twin that knows only what was before the log, or it would know the answers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from linli.apps.insight import lake
from linli.apps.insight.trials import TAKEN
from linli.engines.experiments import Estimate, Logged, doubly_robust, inverse_propensity, self_normalised
from linli.platform import policies
from linli.policy import insight as numbers
from linli.policy import recommend as policy

BACK = timedelta(days=14)  # the log that a model is judged by
MOST = 20_000  # lists, the latest
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Seen:
    """A list as somebody saw it: its personal `stores`, the likeliest first; which of them (`first`) stood first, how likely that was
    (`chance`), and whether it was taken up.
    """

    person_id: int
    stores: tuple[int, ...]
    first: int
    chance: float
    took: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the lists were worth (`live`, a share of them), and what they would have been with the new model by three estimates."""

    live: Estimate
    inverse: Estimate
    normalised: Estimate
    robust: Estimate

    def worse(self, may_lose: float) -> bool:
        """Whether it is surely worse by more than that; an estimate that rests on too little says nothing."""
        return self.robust.reliable and self.robust.high < self.live.value - may_lose

    def figures(self) -> dict[str, Any]:
        """As plain values."""
        found = {name: asdict(getattr(self, name)) for name in ("live", "inverse", "normalised", "robust")}
        return {name: {key: round(float(value), 5) for key, value in one.items()} for name, one in found.items()} | {
            "reliable": self.robust.reliable
        }


def seen(*, city_id: int, at: datetime) -> list[Seen]:
    """The personal lists of the last days that had a choice, the latest at the end."""
    most = policies.whole(numbers.BOT_A_DAY)
    rows = lake.ask(
        TAKEN + """SELECT listed, any_value(person_id), list(store_id ORDER BY chance DESC, place), arg_min(store_id, place),
            arg_min(chance, place), arg_min(took, place)
        FROM came WHERE section = 'for_you' AND person_id > 0 AND chance > 0 GROUP BY listed HAVING count(*) > 1
        ORDER BY min("at") DESC LIMIT ?""",
        most, city_id, MOST, since=(at - BACK).date(),
    )  # fmt: skip
    return [Seen(person, tuple(stores), stores.index(first), chance, bool(took)) for _, person, stores, first, chance, took in rows][::-1]


def verdict(lists: Sequence[Seen], choose: Callable[[Seen], int], *, share: float) -> Verdict | None:
    """What `choose` (the place in `stores` that it would put first) would have earned, with `share` of its lists shuffled as well.

    None while there are too few lists to say anything.
    """
    if len(lists) < policies.whole(policy.JUDGED_BY):
        return None
    chances = np.zeros((len(lists), max(len(one.stores) for one in lists)))
    for row, one in enumerate(lists):
        chances[row, : len(one.stores)] = share / len(one.stores)
        chances[row, choose(one)] += 1 - share
    column = {name: np.array([getattr(one, name) for one in lists]) for name in ("first", "chance", "took")}
    rows, reward = np.arange(len(lists)), column["took"].astype(np.float64)
    log = Logged(rows, column["first"], column["chance"], reward, chances.shape[1])
    asked: Callable[[npt.NDArray[np.int64]], Floats] = lambda contexts: chances[contexts]  # noqa: E731
    live = inverse_propensity(Logged(rows * 0, rows * 0, np.ones(len(rows)), reward, 1), lambda contexts: np.ones((len(contexts), 1)))
    return Verdict(live, inverse_propensity(log, asked), self_normalised(log, asked), doubly_robust(log, asked))
