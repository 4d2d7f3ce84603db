"""The best legal combination, by looking at every one: the sets are small (one deal of a group at most), so the answer is exact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from linli.engines.pricing.problem import TURN, Deal, Problem


@dataclass(frozen=True, slots=True)
class Taken:
    """A deal and what it takes off."""

    deal: Deal
    amount: int


@dataclass(frozen=True, slots=True)
class Result:
    """The deals of the best combination in the order in which they are taken; empty when none helps (or none has the coupon)."""

    taken: tuple[Taken, ...]

    @property
    def total(self) -> int:
        """What all of them take off, minor units."""
        return sum(taken.amount for taken in self.taken)


def apply(problem: Problem, deals: tuple[Deal, ...]) -> Result:
    """What `deals` take off one after the other; those that take nothing are left out."""
    left = {"goods": problem.goods, "delivery": problem.delivery_fee}
    taken = []
    for deal in sorted(deals, key=lambda deal: (TURN[deal.kind], deal.id, deal.coupon_id or 0)):
        amount = deal.off(problem.goods, left[deal.target])
        if amount:
            left[deal.target] -= amount
            taken.append(Taken(deal, amount))
    return Result(tuple(taken))


def legal(deals: tuple[Deal, ...]) -> bool:
    """Whether every two of `deals` suffer each other."""
    return all(one.stack.suffers(other.stack) for one, other in combinations(deals, 2))


def _sets(groups: list[list[Deal]], chosen: tuple[Deal, ...] = ()) -> Iterator[tuple[Deal, ...]]:
    """Every legal choice of at most one deal from each group."""
    if not groups:
        yield chosen
        return
    yield from _sets(groups[1:], chosen)
    for deal in groups[0]:
        if all(deal.stack.suffers(other.stack) for other in chosen):
            yield from _sets(groups[1:], (*chosen, deal))


def solve(problem: Problem) -> Result:
    """The legal combination that takes off most; between equals the one with fewer deals, then the one with the older ones.

    With `problem.must` only combinations in which that coupon takes something off count. Deterministic, so no seed and no stop.
    """
    groups: dict[str, list[Deal]] = {}
    for deal in sorted(problem.deals, key=lambda deal: (deal.id, deal.coupon_id or 0)):
        if deal.off(problem.goods, problem.goods if deal.target == "goods" else problem.delivery_fee):
            groups.setdefault(deal.stack.group, []).append(deal)
    best = Result(())
    for chosen in _sets(list(groups.values())):
        result = apply(problem, chosen)
        if problem.must is not None and problem.must not in {taken.deal.coupon_id for taken in result.taken}:
            continue
        if (result.total, -len(result.taken)) > (best.total, -len(best.taken) if best.taken else 0):
            best = result
    return best


def check(problem: Problem, result: Result) -> list[str]:
    """What is wrong with `result`, found without trusting `solve`; empty when it is feasible."""
    wrong = []
    deals = tuple(taken.deal for taken in result.taken)
    if not legal(deals):
        wrong.append("two deals do not suffer each other")
    if any(deal not in problem.deals for deal in deals):
        wrong.append("a deal from nowhere")
    for target, most in (("goods", problem.goods), ("delivery", problem.delivery_fee)):
        if sum(taken.amount for taken in result.taken if taken.deal.target == target) > most:
            wrong.append(f"more taken off {target} than it costs")
    if any(taken.amount <= 0 for taken in result.taken):
        wrong.append("a deal that takes nothing off")
    return wrong
