"""Who eats alike, what goes with what, and who still comes: found anew every day from the orders of those who agreed to it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.db import transaction

from linli.apps.accounts import queries as accounts
from linli.apps.insight.models import Group, Rule
from linli.apps.merchants import queries as merchants
from linli.apps.orders import queries as orders
from linli.apps.orders.queries import Taken
from linli.engines.recommend import Interactions
from linli.platform import policies
from linli.policy import recommend as numbers

LEAST_PEOPLE = 40  # with fewer a group would be a few people who might be guessed
_FEWEST_IN_A_GROUP = 10
_MARKS, _APART = 3, 1.2  # cuisines that name a group, and how many times as often as everybody it must have them
_CHANCE = 0.01  # of all rules together (Bonferroni)
_AHEAD_D = 30.0


def group_people(*, city_id: int, at: datetime) -> None:
    """Write down the groups and rules of the city anew; none when there are too few people."""
    since = at - timedelta(days=policies.whole(numbers.HISTORY_D))
    known = accounts.consenting()
    taken = [order for order in orders.taken(city_id=city_id, since=since) if order.person_id in known]
    of: dict[int, list[Taken]] = defaultdict(list)
    for order in taken:
        of[order.person_id].append(order)
    cuisines = {view.id: view.cuisine for view in merchants.stores(ids={order.store_id for order in taken}).values()}
    few = len(of) < LEAST_PEOPLE
    groups = [] if few else _groups(city_id, of, cuisines, at)
    rules = [] if few else _rules(city_id, of, cuisines, at)
    with transaction.atomic():
        Group.objects.filter(city_id=city_id).delete()
        Rule.objects.filter(city_id=city_id).delete()
        Group.objects.bulk_create(groups)
        Rule.objects.bulk_create(rules)


def _groups(city_id: int, of: Mapping[int, Sequence[Taken]], cuisines: Mapping[int, str], at: datetime) -> list[Group]:
    from linli.engines.segments.people import Crowd, group  # scipy; only the worker comes here

    people = sorted(of)
    kinds = sorted({cuisines.get(order.store_id, "") for several in of.values() for order in several})
    rows = [(row, kinds.index(cuisines.get(order.store_id, ""))) for row, person in enumerate(people) for order in of[person]]
    shape = (len(people), len(kinds))
    who, what = np.array(rows).T
    found = group(Interactions.of(who, what, shape), Crowd(factors=min(8, len(kinds) - 1), fewest=3, most=8, asked=2_000))
    coming = _coming(people, of, at)
    everybody = _shares([order for person in people for order in of[person]], cuisines)
    made = []
    for number in range(len(found.centres)):
        inside = [row for row in range(len(people)) if found.of[row] == number]
        if len(inside) < _FEWEST_IN_A_GROUP:
            continue
        theirs = [order for row in inside for order in of[people[row]]]
        marks = _marks(_shares(theirs, cuisines), everybody)
        made.append(
            Group(city_id=city_id, number=number, people=len(inside), marks=marks, facts=_facts(theirs, coming[inside]), made_at=at)
        )
    return made


def _shares(taken: Sequence[Taken], cuisines: Mapping[int, str]) -> dict[str, float]:
    counts = Counter(cuisines.get(order.store_id, "") for order in taken)
    return {name: count / len(taken) for name, count in counts.items() if name}


def _marks(mine: Mapping[str, float], everybody: Mapping[str, float]) -> list[list[Any]]:
    """What sets the group apart: cuisines it has much more often than everybody, weighed by how much that explains."""
    apart = {name: share / everybody[name] for name, share in mine.items()}
    worth = sorted((name for name in mine if apart[name] >= _APART), key=lambda name: -mine[name] * np.log(apart[name]))
    return [[name, round(apart[name], 2)] for name in worth[:_MARKS]]


def _coming(people: Sequence[int], of: Mapping[int, Sequence[Taken]], at: datetime) -> np.ndarray:
    """(people, 2) How likely each is still a customer, and how many orders they are expected to place within 30 days."""
    from linli.engines.segments.lifetime import History, fit

    days = [[(at - order.at).total_seconds() / 86_400 for order in of[person]] for person in people]
    first = np.array([max(several) for several in days])
    last = np.array([min(several) for several in days])
    history = History(np.array([len(several) - 1.0 for several in days]), first - last, first)
    model = fit(history)
    return np.stack([model.alive(history), model.expected(history, _AHEAD_D)], axis=1)


def _facts(taken: Sequence[Taken], coming: np.ndarray) -> dict[str, Any]:
    goods = float(np.mean([order.goods for order in taken]))
    alive, expected = (float(mean) for mean in coming.mean(axis=0))
    return {"usual": round(goods), "alive": round(alive, 3), "orders_30": round(expected, 2), "worth_30": round(expected * goods)}


def _rules(city_id: int, of: Mapping[int, Sequence[Taken]], cuisines: Mapping[int, str], at: datetime) -> list[Rule]:
    """Kinds of food that the same people order, beyond chance: Fisher's exact test, one-sided, for all rules together."""
    from scipy.stats import hypergeom

    from linli.engines.segments.rules import Params, mine

    baskets = [sorted({cuisines.get(order.store_id, "") for order in several} - {""}) for several in of.values()]
    found = mine(baskets, Params(support=max(0.01, 5 / len(baskets)), confidence=0.2, longest=3)).rules
    made = []
    for rule in found:
        chance = float(hypergeom.sf(rule.count - 1, rule.baskets, rule.left_count, rule.right_count))
        if rule.lift > 1 and chance * len(found) < _CHANCE:
            made.append(Rule(
                city_id=city_id, left=list(rule.left), right=list(rule.right), support=rule.count / rule.baskets,
                confidence=rule.confidence, lift=rule.lift, chance=chance, made_at=at,
            ))  # fmt: skip
    return made
