"""Money in integer minor units. Never a float; a split never loses a unit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from linli.kernel.errors import N_, Invalid

# ISO 4217 exponents of the currencies in use; two is the default of the standard.
EXPONENTS = {"CNY": 2, "USD": 2, "EUR": 2, "GBP": 2, "HKD": 2, "JPY": 0, "KRW": 0}
SYMBOLS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "HKD": "HK$", "JPY": "¥", "KRW": "₩"}


def split(amount: int, weights: Sequence[int]) -> list[int]:
    """`amount` shared out by `weights` (non-negative, not all zero) by the largest remainder; the parts sum to `amount`.

    Ties go to the earlier part, so the same input always gives the same split. Negative amounts split like positive ones.
    """
    total = sum(weights)
    if total <= 0 or min(weights) < 0:
        raise ValueError("weights must be non-negative and not all zero")
    size = abs(amount)
    parts = [size * weight // total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(size * weights[i] % total), i))
    for i in by_remainder[: size - sum(parts)]:
        parts[i] += 1
    return parts if amount >= 0 else [-part for part in parts]


def share(amount: int, rate: Decimal) -> int:
    """`amount` times `rate`, in whole minor units, half to even (the banker's rule, so that many small shares do not drift)."""
    return int((Decimal(amount) * rate).to_integral_value(ROUND_HALF_EVEN))


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount of minor units of one currency."""

    amount: int
    currency: str = "CNY"

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not mix")

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.amount - other.amount, self.currency)

    def __mul__(self, times: int) -> Money:
        return Money(self.amount * times, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def split(self, weights: Sequence[int]) -> list[Money]:
        """The amount shared out by `weights`; see `split`."""
        return [Money(part, self.currency) for part in split(self.amount, weights)]

    @property
    def number(self) -> str:
        """The amount in major units as text, such as `38.50`, without a symbol."""
        exponent = EXPONENTS.get(self.currency, 2)
        sign, size = ("-" if self.amount < 0 else ""), abs(self.amount)
        if exponent == 0:
            return f"{sign}{size}"
        whole, part = divmod(size, 10**exponent)
        return f"{sign}{whole}.{part:0{exponent}d}"

    def __str__(self) -> str:
        return f"{'-' if self.amount < 0 else ''}{SYMBOLS.get(self.currency, self.currency + ' ')}{self.number.lstrip('-')}"


def parse(text: str, currency: str = "CNY") -> int:
    """The minor units that a person wrote as `38`, `38.5` or `¥38.50`. Raises Invalid for anything else."""
    exponent = EXPONENTS.get(currency, 2)
    cleaned = text.strip().removeprefix(SYMBOLS.get(currency, "")).strip()
    if not re.fullmatch(rf"-?\d{{1,12}}(\.\d{{1,{exponent or 1}}})?", cleaned, re.ASCII):
        raise Invalid("money.unreadable", N_("“%(text)s” is not an amount of money."), text=text[:40])
    scaled = Decimal(cleaned) * 10**exponent
    if scaled != scaled.to_integral_value():
        raise Invalid("money.unreadable", N_("“%(text)s” is not an amount of money."), text=text[:40])
    return int(scaled)
