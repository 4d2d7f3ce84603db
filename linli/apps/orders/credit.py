"""Who may pay for a stay afterwards, and until when: a short good record, nothing overdue, and not too much at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q, Sum

from linli.apps.orders.models import Order
from linli.apps.orders.states import CLOSED
from linli.kernel.errors import N_, Conflict, Forbidden, Problem
from linli.kernel.money import Money
from linli.platform import policies
from linli.policy import stays


def due_at(*, city_id: int, since: datetime) -> datetime:
    """Until when it is to be paid if the stay ends, or was called off, at `since`."""
    return since + timedelta(days=policies.whole(stays.LATER_D, city_id))


def owed(person_id: int) -> int:
    """What the person owes or is going to owe for stays that are paid afterwards, at the most, minor units. One statement."""
    running = Q(method="later") & ~Q(state__in=("completed", *sorted(CLOSED)))
    rows = Order.objects.filter(running | Q(due_at__isnull=False), person_id=person_id)
    most = F("total") - F("refunded")  # of one that was called off all but what was kept has been given back
    return int(rows.aggregate(sum=Sum(most))["sum"] or 0)


@dataclass(frozen=True, slots=True)
class Standing:
    """How somebody stands: what is owed (minor units), how many orders are completed (as far as they count), the stay that is overdue (its
    order and hotel), and what the city's policy asks for."""

    city_id: int
    owed: int
    done: int
    least: int
    overdue: tuple[int, str] | None

    def problems(self, *, amount: int, currency: str) -> Iterator[Problem]:
        """What keeps the person from paying `amount` (minor units) afterwards, and what would make it possible. Pure but for the policy."""
        if self.overdue is not None:
            yield Conflict(
                "later.overdue", N_("The stay at “%(store)s” is still to be paid. Pay it first, then you can pay afterwards again."),
                store=self.overdue[1], order_id=self.overdue[0],
            )  # fmt: skip
        if self.done < self.least:
            yield Forbidden(
                "later.record",
                N_("Paying afterwards is for guests with at least %(least)s completed orders; you have %(done)s so far."),
                least=self.least, done=self.done,
            )  # fmt: skip
        yield from too_much(self.owed + amount, self.city_id, currency)


def standing(*, person_id: int, city_id: int, at: datetime) -> Standing:
    """How the person stands now. Three statements."""
    mine = Order.objects.filter(person_id=person_id)
    overdue = mine.filter(due_at__lt=at).order_by("due_at").values_list("id", "store_name").first()
    least = policies.whole(stays.LATER_ORDERS, city_id)
    done = mine.filter(state="completed")[:least].count()
    return Standing(city_id, owed(person_id), done, least, overdue)


def too_much(amount: int, city_id: int, currency: str) -> Iterator[Problem]:
    """Whether `amount` (minor units) is more than one person may owe at once; pure but for the policy."""
    most = policies.whole(stays.LATER_MOST, city_id)
    if amount > most:
        yield Conflict(
            "later.limit", N_("With this %(owed)s would be owed for stays; at most %(most)s can be at once."),
            most=str(Money(most, currency)), owed=str(Money(amount, currency)),
        )  # fmt: skip
