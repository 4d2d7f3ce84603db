"""The last few thousand possibilities, decided by mixed-integer programming (HiGHS, as scipy ships it)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array, vstack

from linli.engines.siting.problem import Costs

Pairs = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]


def useful_pairs(cost: Costs, prices: Costs, slack: float) -> Pairs:
    """The pairs (client, site) that a choice better than the best known can use: reduced cost within `slack` of the bound."""
    clients, sites = np.nonzero(cost - prices[:, None] <= slack)
    return clients, sites


def decide(cost: Costs, fixed: Costs, count: int, forced: npt.NDArray[np.bool_], pairs: Pairs) -> list[int]:
    """The sites of the best choice that uses only `pairs` and opens all of `forced`; none when there is no such choice."""
    clients, sites = pairs
    many, few, pair_count = cost.shape[0], cost.shape[1], len(clients)
    row = np.arange(pair_count)
    served = coo_array((np.ones(pair_count), (clients, row)), shape=(many, pair_count + few))
    opened = coo_array((np.ones(few), (np.zeros(few, dtype=int), pair_count + np.arange(few))), shape=(1, pair_count + few))
    ends = (np.concatenate([row, row]), np.concatenate([row, pair_count + sites]))
    linked = csr_array((np.repeat([1.0, -1.0], pair_count), ends), shape=(pair_count, pair_count + few))
    answer = milp(
        np.concatenate([cost[clients, sites], fixed]),
        integrality=np.concatenate([np.zeros(pair_count), np.ones(few)]),
        bounds=Bounds(np.concatenate([np.zeros(pair_count), forced.astype(float)]), np.ones(pair_count + few)),
        constraints=[
            LinearConstraint(vstack([served, opened]), np.append(np.ones(many), count), np.append(np.ones(many), count)),
            LinearConstraint(linked, -np.inf, 0),
        ],
        options={"mip_rel_gap": 0.0},
    )
    return [] if answer.x is None else [int(j) for j in np.flatnonzero(answer.x[pair_count:] > 0.5)]
