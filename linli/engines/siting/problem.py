"""The siting problem, its parameters, its result, and an independent check of it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Costs = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Problem:
    """Open `count` of the sites so that serving every client from the cheapest open one costs least (the weighted p-median).

    `cost[i, j]` is what serving client i from site j costs (demand times distance, in the caller's unit); infinite where j cannot.
    `fixed[j]` is the cost of having site j open, in the same unit. `whole` says that all costs are whole numbers: a bound may be
    rounded up then.
    """

    cost: Costs
    count: int
    fixed: Costs | None = None
    whole: bool = False

    def __post_init__(self) -> None:
        clients, sites = self.cost.shape
        if not clients or not 1 <= self.count <= sites:
            raise ValueError(f"{self.count} of {sites} sites for {clients} clients is no problem to solve")
        if np.isnan(self.cost).any() or (self.cost < 0).any():
            raise ValueError("costs must be numbers from zero upward")
        if not np.isfinite(self.cost).any(axis=1).all():
            raise ValueError("a client cannot be served from any site")
        if self.fixed is not None and (self.fixed.shape != (sites,) or not np.isfinite(self.fixed).all()):
            raise ValueError("fixed costs must be one finite number a site")


@dataclass(frozen=True)
class Params:
    """How long to try. A try ends early when the gap is closed."""

    ascents: int = 900  # steps of the dual ascent
    patience: int = 120  # steps without a better bound before the ascent gives up
    pace: float = 0.5  # of the way to the best value known, to begin with
    memory: float = 0.85  # how much of the direction so far is kept at each step
    starts: int = 3  # perturbed restarts of the exchange search
    again: int = 2  # ascents after the first, on the sites that are left
    nodes: int = 4_000  # nodes of the closing search
    node_ascents: int = 150  # steps of the dual ascent in each of them
    pairs: int = 4_000  # so few possibilities, this near to the best value, are decided by mixed-integer programming
    near: float = 0.001
    gap: float = 0.0  # relative gap that is good enough

    def __post_init__(self) -> None:
        if min(self.ascents, self.patience, self.starts) < 1 or self.nodes < 0 or not 0 <= self.gap < 1:
            raise ValueError("parameters of siting are out of their bounds")


@dataclass(frozen=True)
class Result:
    """The sites to open (sorted), who serves whom, what it costs, and a proven lower bound on what any choice costs."""

    sites: tuple[int, ...]
    served_by: npt.NDArray[np.int64]
    value: float
    bound: float
    steps: dict[str, int] = field(default_factory=dict)

    @property
    def gap(self) -> float:
        """How far `value` can be from the optimum, relative to it; 0 means proven optimal."""
        return max(0.0, (self.value - self.bound) / self.value) if self.value else 0.0


def value_of(problem: Problem, sites: tuple[int, ...]) -> float:
    """What opening `sites` costs in all."""
    fixed = float(problem.fixed[list(sites)].sum()) if problem.fixed is not None else 0.0
    return float(problem.cost[:, list(sites)].min(axis=1).sum()) + fixed


def check(problem: Problem, result: Result) -> list[str]:
    """What is wrong with `result` as an answer to `problem`; an empty list when nothing is. Shares no code with the solver."""
    faults = []
    if len(set(result.sites)) != problem.count or not all(0 <= j < problem.cost.shape[1] for j in result.sites):
        return ["not the right number of different sites"]
    if not set(result.served_by.tolist()) <= set(result.sites):
        faults.append("a client is served from a site that is not open")
    total = sum(problem.cost[i, j] for i, j in enumerate(result.served_by.tolist()))
    total += sum(problem.fixed[j] for j in result.sites) if problem.fixed is not None else 0.0
    if not np.isclose(total, result.value, rtol=1e-9, atol=1e-9):
        faults.append(f"the value is {total}, not {result.value}")
    if result.bound > result.value * (1 + 1e-9) + 1e-9:
        faults.append("the bound is above the value")
    return faults
