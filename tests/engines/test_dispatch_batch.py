"""Many routes priced at once cost what the exact search finds for each."""

from __future__ import annotations

import math

import numpy as np
import pytest

from linli.engines.dispatch.batch import cheapest
from linli.engines.dispatch.params import Params
from linli.engines.dispatch.problem import Courier, Order, Stop
from linli.engines.dispatch.route import best_route, stops_of

PARAMS = Params()


def place(rng: np.random.Generator) -> tuple[float, float]:
    return float(39.9 + rng.normal(0, 0.02)), float(116.4 + rng.normal(0, 0.02))


def pair(rng: np.random.Generator, number: int) -> tuple[Courier, tuple[Stop, ...]]:
    own: list[Stop] = []
    for k in range(int(rng.integers(0, 3))):
        if rng.random() < 0.5:
            own.append(Stop(k, "pickup", place(rng), float(rng.uniform(0, 900)), int(rng.integers(1, 3))))
        own.append(Stop(k, "drop", place(rng), float(rng.uniform(300, 2_000)), own[-1].load if own and own[-1].order == k else 1))
    store, due = place(rng), float(rng.uniform(0, 900))
    new = [Order(90 + k, 1, store, place(rng), due, due + 1_200, int(rng.integers(1, 3))) for k in range(int(rng.integers(1, 3)))]
    return Courier(number, place(rng), 0.25, int(rng.integers(2, 6)), tuple(own)), stops_of(new)


@pytest.mark.parametrize("seed", range(5))
def test_it_finds_what_the_search_finds(seed: int) -> None:
    rng = np.random.default_rng(seed)
    pairs = [pair(rng, number) for number in range(40)]
    costs, arrives, _ = cheapest(pairs, 0.0, PARAMS)
    for (courier, extra), cost, arrive in zip(pairs, costs, arrives, strict=True):
        route = best_route(courier, extra, 0.0, PARAMS)
        if route is None:
            assert math.isinf(cost)
            continue
        assert cost == pytest.approx(route.cost.total)
        assert arrive == pytest.approx(next(visit.arrive for visit in route.visits if visit.stop.order == extra[0].order))


def test_of_no_pairs_there_is_nothing_to_say() -> None:
    costs, arrives, _ = cheapest([], 0.0, PARAMS)
    assert len(costs) == len(arrives) == 0
