"""The bill: goods, packaging, delivery, discounts, tip. Pure; the total is the sum of its lines, because it is computed as that."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from linli.apps.orders.views import PickedOption, QuoteLine
from linli.apps.promotions.queries import Discount

# What fees are called, in both languages of the data (dish names are stored in both, too).
PACKAGING = ("打包费", "Packaging")
DELIVERY = ("配送费", "Delivery")
TIP = ("给骑手的小费", "Tip for the courier")


@dataclass(frozen=True, slots=True)
class Bill:
    """Lines and their sums by kind; `discount` is positive. `total == goods + packaging + delivery_fee + tip - discount`."""

    lines: tuple[QuoteLine, ...]

    def _sum(self, kind: str) -> int:
        return sum(line.amount for line in self.lines if line.kind == kind)

    @property
    def goods(self) -> int:
        return self._sum("item")

    @property
    def packaging(self) -> int:
        return self._sum("packaging")

    @property
    def delivery_fee(self) -> int:
        return self._sum("delivery")

    @property
    def discount(self) -> int:
        return -self._sum("discount")

    @property
    def tip(self) -> int:
        return self._sum("tip")

    @property
    def total(self) -> int:
        return sum(line.amount for line in self.lines)


def _fee(kind: str, titles: tuple[str, str], amount: int) -> Iterable[QuoteLine]:
    if amount:
        yield QuoteLine(kind, None, *titles, (), "", 1, amount, amount)


def _off(discount: Discount) -> QuoteLine:
    amount = -discount.amount
    return QuoteLine(
        "discount", None, discount.title, discount.title_en, (), "", 1, amount, amount, discount.by_merchant, discount.by_platform
    )


def bill(*, items: Sequence[QuoteLine], packaging: int, delivery_fee: int, discounts: Sequence[Discount], tip: int) -> Bill:
    """The bill in the order in which it is read. A fee of nothing has no line."""
    return Bill((
        *items,
        *_fee("packaging", PACKAGING, packaging),
        *_fee("delivery", DELIVERY, delivery_fee),
        *(_off(discount) for discount in discounts if discount.amount),
        *_fee("tip", TIP, tip),
    ))  # fmt: skip


def digest(*parts: object) -> str:
    """A short fingerprint of plain values and quote lines: equal if and only if they are."""
    text = json.dumps(parts, sort_keys=True, default=_plain, ensure_ascii=False)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


_VALUES = {kind: attrgetter(*kind.__slots__) for kind in (QuoteLine, PickedOption)}


def _plain(value: object) -> object:
    if isinstance(value, (QuoteLine, PickedOption)):
        return _VALUES[type(value)](value)
    return dict(value) if isinstance(value, Mapping) else str(value)
