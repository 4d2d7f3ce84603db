"""Tips given after delivery, each paid by an intent of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linli.apps.orders.models import OrderTip
from linli.kernel.errors import N_, NotFound


@dataclass(frozen=True, slots=True)
class TipView:
    """A tip of `amount` minor units that somebody set out to give; `paid_at` once the order has heard that it was paid."""

    id: int
    order_id: int
    amount: int
    paid_at: datetime | None

    @property
    def ref(self) -> str:
        """What payments knows it by."""
        return f"tip:{self.id}"


def tips(*, order_id: int) -> list[TipView]:
    """The tips for an order that came after it, oldest first, unpaid ones too. One statement."""
    return [_view(row) for row in OrderTip.objects.filter(order_id=order_id).order_by("id")]


def tip(*, tip_id: int) -> TipView:
    """One tip. Raises NotFound."""
    row = OrderTip.objects.filter(pk=tip_id).first()
    if row is None:
        raise NotFound("tip.unknown", N_("There is no such tip."))
    return _view(row)


def _view(row: OrderTip) -> TipView:
    return TipView(row.pk, row.order_id, row.amount, row.paid_at)
