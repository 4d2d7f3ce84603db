"""Fitting a city's recommender: from the orders and deeds of those who agreed to it, judged on what they took last.

The fit is of `engines.recommend`; the arrays are written beside those of the versions before, and `discovery` serves them.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from linli.apps.accounts import queries as accounts
from linli.apps.city import queries as city
from linli.apps.community import queries as community
from linli.apps.discovery import operations as discovery
from linli.apps.discovery import queries as serving
from linli.apps.insight import judging, lake
from linli.apps.merchants import queries as merchants
from linli.apps.orders import queries as orders
from linli.apps.orders.queries import Taken
from linli.engines.recommend import Interactions, Model, Params, Settings
from linli.engines.recommend.judge import gains, top
from linli.engines.recommend.score import scores
from linli.engines.recommend.together import together
from linli.kernel.ids import new_id
from linli.platform import policies
from linli.policy import insight as insight_numbers
from linli.policy import recommend as numbers

log = logging.getLogger("linli.insight")

LEAST_PEOPLE, LEAST_PAIRS = 10, 30  # with fewer nothing can be learned
_CHOOSE_FROM = 200  # people with enough history to choose settings by; with fewer the settings of the literature are taken
_JUDGES, _SHOWN = 2_000, 10
_DEEDS_D = 60
_WAVES = 256  # of the graph, where there are as many stores and people


@dataclass(frozen=True)
class _City:
    """What a fit begins with. `stores` rise; `pairs` are (person, store), the latest last; `orders` those of everybody."""

    id: int
    stores: np.ndarray
    pairs: list[tuple[int, int]]
    orders: list[Taken]


def fit(*, city_id: int, at: datetime, only_this: bool = False, seed: int = 0) -> bool:
    """Fit, judge, write and serve a new version; False when there is too little to learn from. With `only_this` no older one is kept."""
    known = _known(city_id, at)
    people = sorted({person for person, _ in known.pairs})
    if len(people) < LEAST_PEOPLE or len(known.pairs) < LEAST_PAIRS:
        if only_this:
            discovery.retire_fits(city_id=city_id)
        return False
    number = {person: at_ for at_, person in enumerate(people)}
    rows = np.array([number[person] for person, _ in known.pairs])
    items = np.searchsorted(known.stores, [store for _, store in known.pairs])
    model, metrics = _fitted(rows, items, (len(people), len(known.stores)), seed)
    found = _verdict(city_id, model.settings, at, seed)
    held = found is not None and not only_this and found.worse(float(policies.value(numbers.MAY_LOSE, city_id)))
    version = new_id(at)
    _save(model, known, version, at)
    keep = 1 if only_this else policies.whole(numbers.VERSIONS)
    figures = metrics | ({"logged": found.figures(), "held_back": held} if found else {})
    discovery.publish_fit(city_id=city_id, version=version, metrics=figures, keep=keep, serve=not held, at=at)
    return True


def _verdict(city_id: int, settings: Settings, at: datetime, seed: int) -> judging.Verdict | None:
    """What a twin of the model, fitted to what was before the log, would have earned; None when nothing can be said."""
    lists = judging.seen(city_id=city_id, at=at)
    before = _known(city_id, at - judging.BACK - timedelta(days=1))
    people = sorted({person for person, _ in before.pairs})
    if len(lists) < policies.whole(numbers.JUDGED_BY) or len(people) < LEAST_PEOPLE or len(before.pairs) < LEAST_PAIRS:
        return None
    from linli.engines.recommend.fit import build

    number = {person: at_ for at_, person in enumerate(people)}
    rows = np.array([number[person] for person, _ in before.pairs])
    items = np.searchsorted(before.stores, [store for _, store in before.pairs])
    had = Interactions.of(rows, items, (len(people), len(before.stores)))
    twin = build(had, settings, Params(factors=min(_WAVES, *(side - 1 for side in (had.persons, had.count))), settings=settings), seed)

    def choose(one: judging.Seen) -> int:
        row, wanted = number.get(one.person_id), np.searchsorted(before.stores, one.stores)
        if row is None or wanted.max() >= len(before.stores):
            return 0  # of whom it knows nothing, it would do as was done
        return int(scores(twin, had.items[had.starts[row] : had.starts[row + 1]])[wanted].argmax())

    return judging.verdict(lists, choose, share=float(policies.value(numbers.SHUFFLED, city_id)))


def _known(city_id: int, at: datetime) -> _City:
    consenting = accounts.consenting()
    since = at - timedelta(days=policies.whole(numbers.HISTORY_D))
    taken = [order for order in orders.taken(city_id=city_id, since=since) if order.at <= at]
    stores = np.array(sorted(view.id for view in merchants.all_stores(city_id=city_id, kinds=("restaurant",))), dtype=np.int64)
    pairs = [(order.person_id, order.store_id) for order in taken if order.person_id in consenting]
    kept = [pair for pair in community.favourite_pairs(until=at) if pair[0] in consenting]  # what was let go again is not among them
    found = [*_deeds(city_id, at, consenting), *kept, *pairs]
    there = set(stores.tolist())
    unique = list(dict.fromkeys(reversed([pair for pair in found if pair[1] in there])))[::-1]
    return _City(city_id, stores, unique, taken)


def _deeds(city_id: int, at: datetime, consenting: Collection[int]) -> list[tuple[int, int]]:
    """What the lake says that people want: put into a cart, bought in the store, looked at on two days; programs are left out."""
    most, since = policies.whole(insight_numbers.BOT_A_DAY), (at - timedelta(days=_DEEDS_D)).date()
    rows = lake.ask(
        """, programs AS (
            SELECT person_id FROM deeds WHERE person_id > 0 GROUP BY person_id, CAST(received_at AS DATE) HAVING count(*) > ?)
        SELECT person_id, store_id FROM deeds
        WHERE person_id > 0 AND store_id > 0 AND city_id = ? AND person_id NOT IN (SELECT person_id FROM programs)
        GROUP BY person_id, store_id
        HAVING bool_or(kind IN ('cart', 'in_store_purchase')) OR count(DISTINCT CAST("at" AS DATE)) > 1
        ORDER BY max("at")""",
        most, city_id, since=since, until=at.date(),
    )  # fmt: skip
    return [(int(person), int(store)) for person, store in rows if int(person) in consenting]


def _fitted(rows: np.ndarray, items: np.ndarray, shape: tuple[int, int], seed: int) -> tuple[Model, dict[str, float]]:
    from linli.engines.recommend.fit import build, fit  # scipy: seconds and memory that only the worker spends

    whole = Interactions.of(rows, items, shape)
    able = int((np.diff(whole.starts) >= 5).sum())
    params = Params(factors=min(_WAVES, *(side - 1 for side in shape)), settings=None if able >= _CHOOSE_FROM else Settings())
    model = fit(whole, params, seed=seed)
    last = np.array([len(rows) - 1 - at for at in np.unique(rows[::-1], return_index=True)[1]])
    kept = np.ones(len(rows), dtype=np.bool_)
    kept[last] = False
    before = build(Interactions.of(rows[kept], items[kept], shape), model.settings, params, seed)
    return model, _judged(before, rows[kept], items[kept], items[last], whole)


def _judged(before: Model, rows: np.ndarray, items: np.ndarray, last: np.ndarray, whole: Interactions) -> dict[str, float]:
    """How often what somebody took last is among ten stores named from what they took before, against the ten most popular."""
    had = Interactions.of(rows, items, (whole.persons, whole.count))
    popular = np.diff(before.item_starts).astype(np.float64)
    judges = [person for person in range(whole.persons) if had.starts[person + 1] > had.starts[person]][:_JUDGES]
    personal, plain, named = [], [], set[int]()
    for person in judges:
        history = had.items[had.starts[person] : had.starts[person + 1]]
        shown, usual = top(scores(before, history), history, _SHOWN), top(popular, history, _SHOWN)
        named.update(shown.tolist())
        personal.append(gains(shown, last[person : person + 1]))
        plain.append(gains(usual, last[person : person + 1]))
    recall, ndcg = np.mean(personal, axis=0) if judges else (0.0, 0.0)
    return {
        "people": whole.persons, "pairs": len(whole.items), "judges": len(judges), "recall_10": round(float(recall), 4),
        "ndcg_10": round(float(ndcg), 4), "popular_recall_10": round(float(np.mean([p[0] for p in plain])) if plain else 0.0, 4),
        "coverage": round(len(named) / whole.count, 4),
    }  # fmt: skip


def _save(model: Model, known: _City, version: int, at: datetime) -> None:
    place = serving.fit_folder(city_id=known.id) / str(version)
    place.mkdir(parents=True, exist_ok=True)
    together((order.store_id, order.offers) for order in known.orders).save(place)
    np.save(place / "stores.npy", known.stores)
    np.save(place / "popular.npy", _popular(known.stores, known.orders, city.city(city_id=known.id).zone))
    model.save(place)


def _popular(stores: np.ndarray, taken: Sequence[Taken], zone: str) -> np.ndarray:
    """(parts of the day, items) How many orders, whoever placed them."""
    counts = np.zeros((serving.PARTS_OF_DAY, len(stores)), np.float32)
    for order in taken:
        item = int(np.searchsorted(stores, order.store_id))
        if item < len(stores) and stores[item] == order.store_id:
            counts[serving.part_of_day(order.at, zone), item] += 1
    return counts
