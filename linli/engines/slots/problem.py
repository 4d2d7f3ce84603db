"""A search for times on a grid of equal grains; what is found; and an independent look at it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Left = npt.NDArray[np.int16]
Mask = npt.NDArray[np.bool_]
Grains = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Role:
    """A part that somebody or something has to play: any one of the candidates `keys`, `qty` of it.

    `left[k, g]` is how much of candidate k is free in grain g; it is needed from `before` grains ahead of the start until `after` grains
    past the end.
    """

    name: str
    keys: tuple[int, ...]
    left: Left
    qty: int = 1
    before: int = 0
    after: int = 0

    def __post_init__(self) -> None:
        if self.left.ndim != 2 or self.left.shape[0] != len(self.keys) or min(self.qty - 1, self.before, self.after) < 0:
            raise ValueError(f"{self.name}: a row for each candidate, one or more of it, no negative margin")


@dataclass(frozen=True)
class Problem:
    """Starts wanted: every `step` grains (counted from `phase`) in `[first, last)`, of something `length` grains long.

    All of it has to lie in grains that are `open`, and every role needs a candidate. `begin`, if given, says in which grains it may begin.
    """

    open: Mask
    length: int
    step: int
    phase: int
    first: int
    last: int
    roles: tuple[Role, ...]
    begin: Mask | None = None

    def __post_init__(self) -> None:
        if self.length < 1 or self.step < 1:
            raise ValueError("a booking takes time, and so does a step")
        if any(role.left.shape[1] != self.grains for role in self.roles):
            raise ValueError("every role is on the same grid")

    @property
    def grains(self) -> int:
        """How long the grid is."""
        return len(self.open)


@dataclass(frozen=True)
class Result:
    """The `starts` (grains, ascending), and `who[r][k, i]`: whether candidate k of role r is free for the whole of start i."""

    starts: Grains
    who: tuple[Mask, ...]


def runs(mask: Mask, length: int) -> Mask:
    """For each grain whether `length` grains from it on are all true; false where the grid ends before."""
    grains = mask.shape[-1]
    found = np.zeros(mask.shape, dtype=np.bool_)
    if length > grains:
        return found
    ahead = np.zeros((*mask.shape[:-1], grains + 1), dtype=np.int32)
    np.cumsum(mask, axis=-1, out=ahead[..., 1:])
    found[..., : grains - length + 1] = ahead[..., length:] - ahead[..., : grains + 1 - length] == length
    return found


def check(problem: Problem, result: Result) -> list[str]:
    """What is wrong with `result`: every start is looked at grain by grain, and so is every one that is missing."""
    wrong, starts = [], set(result.starts.tolist())
    for start in range(max(0, problem.first), min(problem.last, problem.grains)):
        possible = (start - problem.phase) % problem.step == 0 and _possible(problem, start)
        if possible != (start in starts):
            wrong.append(f"grain {start} is {'' if possible else 'im'}possible")
    wrong += [f"grain {start} is outside" for start in starts if not problem.first <= start < problem.last]
    return wrong


def _possible(problem: Problem, start: int) -> bool:
    end = start + problem.length
    if problem.begin is not None and not problem.begin[start]:
        return False
    if end > problem.grains or not all(problem.open[grain] for grain in range(start, end)):
        return False
    for role in problem.roles:
        span = range(start - role.before, end + role.after)
        if span[0] < 0 or span[-1] >= problem.grains:
            return False
        if not any(all(row[grain] >= role.qty for grain in span) for row in role.left):
            return False
    return True
