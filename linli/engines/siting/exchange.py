"""Good choices: greedy opening, then the best exchange of one site for another until none helps.

Teitz and Bart 1968; evaluated for all exchanges at once as in Resende and Werneck 2007,
"A fast swap-based local search procedure for location problems".
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from linli.engines.siting.problem import Costs

Sites = npt.NDArray[np.int64]


def greedy(cost: Costs, fixed: Costs, count: int) -> Sites:
    """`count` sites, each the one that saves most after those before it."""
    nearest = np.full(cost.shape[0], np.inf)
    chosen: list[int] = []
    for _ in range(count):
        value = np.minimum(cost, nearest[:, None]).sum(axis=0) + fixed
        value[chosen] = np.inf
        best = int(np.argmin(value)) if np.isfinite(value).any() else int(np.flatnonzero(~np.isin(np.arange(cost.shape[1]), chosen))[0])
        chosen.append(best)
        nearest = np.minimum(nearest, cost[:, best])
    return np.array(chosen)


def improve(cost: Costs, fixed: Costs, sites: Sites, most: int = 2_000) -> tuple[Sites, float]:
    """`sites` after exchanging one for another while that lowers the cost; with the cost reached."""
    sites = sites.copy()
    rows = np.arange(cost.shape[0])
    for _ in range(most):
        change, leave, enter = _best_exchange(cost, fixed, sites, rows)
        if change >= -1e-9:
            break
        sites[leave] = enter
    return sites, float(cost[:, sites].min(axis=1).sum() + fixed[sites].sum())


def _best_exchange(cost: Costs, fixed: Costs, sites: Sites, rows: npt.NDArray[np.int64]) -> tuple[float, int, int]:
    """(change of cost, position that leaves, site that enters) of the best exchange."""
    open_costs = cost[:, sites]
    first_at = open_costs.argmin(axis=1)
    first = open_costs[rows, first_at]
    if len(sites) > 1:
        open_costs = open_costs.copy()
        open_costs[rows, first_at] = np.inf
        second = open_costs.min(axis=1)
    else:
        second = np.full(len(rows), np.inf)
    gain = np.minimum(cost - first[:, None], 0.0).sum(axis=0)  # everybody may go to the one that enters
    order = np.argsort(first_at, kind="stable")
    loss_rows = np.minimum(cost[order], second[order][:, None]) - first[order][:, None]
    np.maximum(loss_rows, 0.0, out=loss_rows)
    starts = np.searchsorted(first_at[order], np.arange(len(sites)))
    present = np.flatnonzero(np.diff(np.append(starts, len(rows))) > 0)
    loss = np.zeros((len(sites), cost.shape[1]))
    loss[present] = np.add.reduceat(loss_rows, starts[present], axis=0)
    change = gain[None, :] + loss + fixed[None, :] - fixed[sites][:, None]
    change[:, sites] = np.inf
    leave, enter = np.unravel_index(int(np.argmin(change)), change.shape)
    return float(change[leave, enter]), int(leave), int(enter)
