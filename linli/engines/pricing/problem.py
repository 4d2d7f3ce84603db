"""A basket and the deals it may use. Amounts are minor units, rates basis points (1/10,000)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["full_reduction", "percent", "newcomer", "coupon", "delivery"]
Target = Literal["goods", "delivery"]

# Reductions are taken one after the other in this order; a percentage is taken of what the earlier ones left.
TURN: dict[str, int] = {"full_reduction": 0, "percent": 1, "newcomer": 2, "coupon": 3, "delivery": 4}


@dataclass(frozen=True, slots=True)
class Stack:
    """The stacking rule as data: the group of a deal (one of a group at most) and the groups that it suffers beside it (None: any)."""

    group: str
    beside: frozenset[str] | None = None

    def suffers(self, other: Stack) -> bool:
        """Whether the two may be used together."""
        if self.group == other.group:
            return False
        return (self.beside is None or other.group in self.beside) and (other.beside is None or self.group in other.beside)


@dataclass(frozen=True, slots=True)
class Deal:
    """One deal: a fixed sum off from a minimum on (`tiers` of minimum and sum), or `percent_bp` off up to `cap`."""

    id: int
    kind: Kind
    stack: Stack
    target: Target = "goods"
    tiers: tuple[tuple[int, int], ...] = ()
    percent_bp: int = 0
    minimum: int = 0
    cap: int | None = None
    coupon_id: int | None = None

    def off(self, gross: int, left: int) -> int:
        """What it takes off `left`, when the goods of the whole basket came to `gross`; the minimum is judged on the whole basket."""
        if gross < self.minimum:
            return 0
        fixed = max((off for least, off in self.tiers if gross >= least), default=0)
        taken = fixed + left * self.percent_bp // 10_000
        return max(0, min(taken, left, taken if self.cap is None else self.cap))


@dataclass(frozen=True, slots=True)
class Problem:
    """`goods` and `delivery_fee` before any deal; `must` is a coupon that the person insists on."""

    goods: int
    delivery_fee: int
    deals: tuple[Deal, ...] = field(default=())
    must: int | None = None
