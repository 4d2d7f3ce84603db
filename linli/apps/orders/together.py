"""Several carts on their way to become orders together: each judged by its own rules, agreed on as one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from linli.apps.orders import checkout, modes
from linli.apps.orders.bill import digest
from linli.apps.orders.checkout import Checkout
from linli.apps.orders.views import CheckoutWant
from linli.kernel.errors import N_, Conflict, Invalid, Problem
from linli.kernel.money import Money
from linli.platform import policies
from linli.policy import money

MOST_PARTS = 10


@dataclass(frozen=True)
class Together:
    """The parts in the order of their stores and modes, which is the order they are placed in."""

    parts: tuple[Checkout, ...]

    @property
    def total(self) -> int:
        """What all parts cost, minor units."""
        return sum(part.bill.total for part in self.parts)

    @property
    def now(self) -> tuple[Checkout, ...]:
        """The parts that are paid in the one payment; the others are paid at the hotel or afterwards, each by its own terms."""
        return tuple(part for part in self.parts if part.pay not in modes.PAID_BY)

    @property
    def due_now(self) -> int:
        """What the one payment is, minor units."""
        return sum(part.bill.total for part in self.now)

    @property
    def digest(self) -> str:
        """The fingerprint of all that is agreed on."""
        return digest("together", *(part.digest for part in self.parts))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with any part, or with all of them together."""
        return (*(problem for part in self.parts for problem in part.problems), *self._sum())

    def _sum(self) -> Iterator[Problem]:
        most = policies.whole(money.ORDER_MAX, self.parts[0].store.city_id) * len(self.parts)
        if len({part.city.currency for part in self.parts}) > 1:
            yield Conflict("checkout.currencies", N_("What is paid in different currencies cannot be paid together."))
        elif self.total > most:
            yield Conflict(
                "order.too_large", N_("One order can cost at most %(most)s."), most=str(Money(most, self.parts[0].city.currency))
            )

    @property
    def methods(self) -> tuple[str, ...]:
        """The ways to pay that every part allows that is paid now; not in cash, which is one store's. None where nothing is."""
        first, *others = [part.methods for part in self.now] or [[]]
        return tuple(code for code in first if code not in modes.UNCHARGED and all(code in codes for codes in others))


def in_turn(wants: Sequence[CheckoutWant]) -> list[CheckoutWant]:
    """The wants in the order they are placed in. Raises Invalid for none, too many, or two for the same store and mode."""
    if not 1 <= len(wants) <= MOST_PARTS:
        raise Invalid("checkout.parts", N_("Between 1 and %(most)s carts can be ordered together."), most=MOST_PARTS, field="parts")
    if len({(want.store_id, want.mode) for want in wants}) < len(wants):
        raise Invalid("checkout.twice", N_("The same cart is in it twice."), field="parts")
    return sorted(wants, key=lambda want: (want.store_id, want.mode))


def prepare(*, person_id: int, wants: Sequence[CheckoutWant], at: datetime, take: bool = False) -> Together:
    """Read and judge each part, as `checkout.prepare` does; a coupon is for one of them. Raises Invalid, NotFound."""
    parts: list[Checkout] = []
    for want in in_turn(wants):
        taken = [discount for part in parts for discount in part.discounts]
        beside = sum(part.bill.total for part in parts if part.pay == "later")
        parts.append(checkout.prepare(person_id=person_id, want=want, at=at, take=take, look=not take, taken=taken, beside=beside))
    return Together(tuple(parts))
