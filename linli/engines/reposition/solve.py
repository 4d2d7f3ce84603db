"""Who should wait where: the most that can be served of what is expected, for the least way.

The k-th worker of a zone is needed with the chance that k or more ask, a Poisson tail. Every worker with nothing to do takes one such
place: in its own zone for no way, in another for the way there. That is one assignment, solved exactly; as the chances fall with k, the
places of a zone are filled from the first. (The newsvendor's marginal value; fleets in zones as in Braverman et al., 2019, "Empty-car
routing in ridesharing systems".)
"""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.special import gammainc

from linli.engines.dispatch.space import straight_from
from linli.engines.reposition.params import Params
from linli.engines.reposition.problem import Move, Problem, Result, Worker

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_LEAST = 1e-9  # places that are needed more rarely than this are none


def solve(problem: Problem, params: Params) -> Result:
    """The moves that gain most, each within `most_s`; the same problem has the same answer. Time grows with free workers times places."""
    idle = [worker for worker in problem.workers if worker.free_s <= 0]
    if not idle or not problem.zones:
        return Result(())
    zone, needed = _places(problem, params)
    if not len(zone):
        return Result(())
    own, seconds = _ways(problem, params, idle)
    here = own[:, None] == zone[None, :]
    gain = needed * params.worth_s - np.where(here, 0.0, seconds[:, zone])
    gain[~here & (seconds[:, zone] > params.most_s)] = -1.0
    rows, columns = linear_sum_assignment(np.hstack([gain, np.zeros((len(idle), len(idle)))]), maximize=True)
    standing = Counter(problem.zone_of(worker.place) for worker in problem.workers if worker.free_s <= params.soon_s)
    expected = {one.id: one.expected for one in problem.zones}
    moves = []
    for i, j in zip(rows.tolist(), columns.tolist(), strict=True):
        if j < len(zone) and not here[i, j] and gain[i, j] > 0:
            target, left = problem.zones[int(zone[j])], problem.zone_of(idle[i].place)
            otherwise = float(gammainc(standing[left], expected.get(left, 0.0)))
            standing[left] -= 1
            moves.append(Move(idle[i].id, target.id, target.place, float(seconds[i, zone[j]]), float(needed[j]), otherwise))
    return Result(tuple(moves))


def _places(problem: Problem, params: Params) -> tuple[Ints, Floats]:
    """By place its zone (a row of the problem) and how likely it is needed; those who are free soon have taken the first ones."""
    soon = Counter(problem.zone_of(worker.place) for worker in problem.workers if 0 < worker.free_s <= params.soon_s)
    free = sum(worker.free_s <= 0 for worker in problem.workers)
    zone, needed = [np.empty(0, np.int64)], [np.empty(0)]
    for number, one in enumerate(problem.zones):
        chance = np.asarray(
            gammainc(np.arange(soon[one.id] + 1, soon[one.id] + free + 1), one.expected), np.float64
        )  # P(a Poisson count >= rank)
        chance = chance[chance > _LEAST]
        zone.append(np.full(len(chance), number, np.int64))
        needed.append(chance)
    return np.concatenate(zone), np.concatenate(needed)


def _ways(problem: Problem, params: Params, idle: list[Worker]) -> tuple[Ints, Floats]:
    """Each free worker's zone (-1: none that is given) and seconds to each zone's place."""
    number = {zone.id: at for at, zone in enumerate(problem.zones)}
    own = np.array([number.get(problem.zone_of(worker.place), -1) for worker in idle], np.int64)
    places = np.array([worker.place for worker in idle])
    return own, np.stack([straight_from(places, zone.place) for zone in problem.zones], axis=1) * params.pace
