"""Where couriers who have nothing to do should wait: near the stores that have been busy, and away from each other."""

from __future__ import annotations

import numpy as np

from linli.engines.mealday.fleet import Fleet
from linli.engines.mealday.params import Params
from linli.engines.mealday.space import Floats, Ints, Space


def ahead(space: Space, fleet: Fleet, params: Params, at: int, idle: Ints, demand: Floats) -> list[tuple[int, int]]:
    """Couriers to move and stores to move them to; one after the other, so that two do not fill the same gap.

    The gain of a move is by how many minutes the nearest idle courier comes nearer to the next order, on average.
    """
    idle = idle[fleet.off[idle] > at + params.look_min / 2]
    total = demand.sum()
    targets = np.argsort(-demand, kind="stable")[: int(params.ahead_stores)]
    if not len(idle) or not total:
        return []
    weight, away, moves = demand / total, fleet.away[idle].astype(float), []
    to = space.store_to_store[targets].astype(float)
    moved = np.zeros(len(idle), bool)
    for _ in range(int(params.ahead_moves)):
        ranked = np.sort(away, axis=0)
        second = ranked[1] if len(away) > 1 else np.full(away.shape[1], params.look_min)
        others = np.where(away == ranked[0], second, ranked[0])
        now = np.maximum(0.0, others - away) @ weight
        then = np.maximum(0.0, others[:, None, :] - to[None, :, :]) @ weight
        leg = away[:, targets]
        gain = then - now[:, None] - params.ahead_travel * leg
        gain[(leg > params.ahead_min) | (leg == 0)] = 0.0
        gain[moved] = 0.0
        best = int(gain.argmax())
        i, j = divmod(best, len(targets))
        if gain[i, j] <= params.ahead_gain:
            break
        moves.append((int(idle[i]), int(targets[j])))
        away[i], moved[i] = to[j], True
    return moves
