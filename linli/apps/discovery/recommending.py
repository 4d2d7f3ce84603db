"""What somebody may like around a point: picked by the fitted model from what is open and delivers, each with its reason."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

import numpy as np

from linli.apps.discovery import trying
from linli.apps.discovery.fitted import PARTS, Fitted
from linli.apps.discovery.models import Taste
from linli.engines.experiments import Arm, Experiment, assign
from linli.engines.recommend.rank import Listing, rank
from linli.platform import policies
from linli.policy import recommend as policy

EXPERIMENT = "home"
_STARTS_H = (5, 10, 15, 21)  # of the parts of the day
Reason = Literal["took", "seen", "popular", "new"]
Order = Literal["personal", "popular"]


@dataclass(frozen=True, slots=True)
class Pick:
    """A store with why it is here: because of stores that the person `took` from or has `seen` (`because`), because many order there
    at this time of day, or because few have tried it yet.
    """

    store_id: int
    reason: Reason
    because: tuple[int, ...] = ()
    chance: float = 1.0  # of a personal one: to stand first; of a new one: to be in the list


def arm_of(person_id: int, city_id: int) -> Order:
    """Which order of the home page the person sees: fixed by who they are, in the share that policy says."""
    share = float(policies.value(policy.PERSONAL_SHARE, city_id))
    if not 0 < share < 1:
        return "personal" if share else "popular"
    experiment = Experiment(EXPERIMENT, (Arm("popular", 1 - share), Arm("personal", share)))
    return "personal" if assign(experiment, person_id) == "personal" else "popular"


def running(city_id: int) -> bool:
    """Whether people see different orders of the home page just now."""
    return 0 < float(policies.value(policy.PERSONAL_SHARE, city_id)) < 1


def part_of_day(at: datetime, zone: str) -> int:
    """0 to 3 for morning, noon, evening and night there."""
    hour = at.astimezone(ZoneInfo(zone)).hour
    return (sum(hour >= start for start in _STARTS_H) - 1) % PARTS


def picks(
    fitted: Fitted, around: Sequence[int], taste: Taste | None, part: int, known: trying.Known, city_id: int, seed: int
) -> list[Pick]:  # fmt: skip
    """The best of the stores `around`, the best first; more than are shown, for some may drop out.

    Without a `taste` (or history) it is what is ordered there most at this part of the day.
    """
    hidden = set(taste.hidden) if taste else set()
    stores = [store for store in around if store not in hidden]
    want = 2 * policies.whole(policy.SHOWN, city_id)
    history = [*taste.took, *taste.seen] if taste else []
    chosen = _personal(fitted, stores, history, taste, want, city_id) if len(fitted.items(history)) else []
    kept = {pick.store_id for pick in chosen}
    chosen += [pick for pick in _popular(fitted, stores, part, want) if pick.store_id not in kept | set(history)][: want - len(chosen)]
    return _with_newcomers(fitted, chosen, stores, {*history}, known, city_id, seed)


def _personal(
    fitted: Fitted, stores: Sequence[int], history: Sequence[int], taste: Taste | None, want: int, city_id: int
) -> list[Pick]:  # fmt: skip
    candidates = np.unique(fitted.items(stores))
    if not len(candidates):
        return []
    listing = Listing(count=want, variety=float(policies.value(policy.VARIETY, city_id)), pool=5 * want)
    found = rank(fitted.model, fitted.items(history), listing, candidates=candidates)
    took = set(taste.took) if taste else set()
    made = []
    for one in found:
        because = tuple(int(fitted.stores[item]) for item in one.because)
        if one.score > 0 and because:
            made.append(Pick(int(fitted.stores[one.item]), "took" if because[0] in took else "seen", because))
    return made


def _popular(fitted: Fitted, stores: Sequence[int], part: int, want: int) -> list[Pick]:
    items = fitted.items(stores)
    worth = fitted.popular[part][items] + 0.1 * fitted.popular.sum(axis=0)[items]
    order = np.argsort(-worth, kind="stable")[: 2 * want]
    return [Pick(int(fitted.stores[items[at]]), "popular") for at in order if worth[at] > 0]


def _with_newcomers(
    fitted: Fitted, chosen: list[Pick], stores: Sequence[int], history: Collection[int], known: trying.Known, city_id: int, seed: int
) -> list[Pick]:  # fmt: skip
    """Every so many places one for a store that few have tried: no more than that is explored."""
    every, least = policies.whole(policy.NEWCOMER_EVERY, city_id), policies.whole(policy.KNOWN_AFTER, city_id)
    away = {pick.store_id for pick in chosen} | set(history)
    tried = fitted.tried_by(stores)
    waiting = [store for store, count in zip(stores, tried, strict=True) if count < least and store not in away][: trying.MOST]
    turns = max(1, len(chosen) // every) if chosen and waiting else 0
    for turn, (store, chance) in enumerate(trying.deal(known.trials, waiting, turns, city_id, seed)):
        chosen.insert((turn + 1) * every - 1, Pick(store, "new", chance=chance))
    return chosen


def newcomers(around: Sequence[int], away: Collection[int], known: trying.Known, city_id: int, seed: int) -> list[Pick]:
    """Which of the new stores `around` (the nearest first) are shown as such, without those that are to be `away`."""
    stores = [store for store in around if store in known.listed and store not in away]
    dealt = trying.deal(known.trials, stores, policies.whole(policy.NEW_SHOWN, city_id), city_id, seed)
    return [Pick(store, "new", chance=chance) for store, chance in dealt]


def shuffled(picks: Sequence[Pick], city_id: int, seed: int) -> list[Pick]:
    """In a share of the lists any of the personal picks stands first; each says how likely it was to.

    Only the order changes, so it costs little; and it tells what those in second place would have earned in the first.
    """
    personal = [place for place, pick in enumerate(picks) if pick.reason in {"took", "seen"}]
    if len(personal) < 2:
        return list(picks)
    share, rng = float(policies.value(policy.SHUFFLED, city_id)), np.random.default_rng(seed)
    alike = share / len(personal)
    made = [replace(pick, chance=1 - share + alike if place == personal[0] else alike) if place in personal else pick
            for place, pick in enumerate(picks)]  # fmt: skip
    if rng.random() < share:
        first, other = personal[0], personal[int(rng.integers(len(personal)))]
        made[first], made[other] = made[other], made[first]
    return made
