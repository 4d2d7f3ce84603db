"""All starts at once: sums along the grid say where everything needed is free for long enough."""

from __future__ import annotations

import numpy as np

from linli.engines.slots.problem import Mask, Problem, Result, Role, runs


def solve(problem: Problem) -> Result:
    """Every start that is possible, exactly; time grows with candidates times grains."""
    grid = np.arange(problem.grains)
    possible = (grid >= problem.first) & (grid < problem.last) & ((grid - problem.phase) % problem.step == 0)
    possible &= runs(problem.open, problem.length)
    if problem.begin is not None:
        possible &= problem.begin
    fits = [_fits(role, problem.length) for role in problem.roles]
    for fit in fits:
        possible &= fit.any(axis=0)
    starts = np.flatnonzero(possible)
    return Result(starts, tuple(fit[:, starts] for fit in fits))


def _fits(role: Role, length: int) -> Mask:
    """For each candidate and start whether it is free from before to after."""
    free = runs(role.left >= role.qty, role.before + length + role.after)
    if not role.before:
        return free
    fits = np.zeros_like(free)
    fits[:, role.before :] = free[:, : -role.before]
    return fits
