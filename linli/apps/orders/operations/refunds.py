"""Money given back while the order stands, and who pays for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F

from linli.apps.orders import modes
from linli.apps.orders.events import OrderRefunded
from linli.apps.orders.models import Order, OrderLine, OrderRefund
from linli.apps.orders.operations import owing, settling, steps
from linli.apps.payments import operations as payments
from linli.apps.payments.operations import Share
from linli.kernel.actors import Actor
from linli.kernel.errors import N_, Conflict, Forbidden, Invalid
from linli.kernel.money import Money
from linli.platform import outbox


@transaction.atomic
def refund_part(
    *, order_id: int, amount: int, reason: str, by: Actor, key: str, at: datetime, merchant_bears: bool = True,
    line_qtys: Mapping[int, int] | None = None,
) -> int:  # fmt: skip
    """Give `amount` of what was paid back; the store pays as far as its part goes (unless not `merchant_bears`), the platform the rest.

    Of an order that is still to be paid in cash, that much less is collected at the door. `line_qtys` (line id -> pieces) says what it is
    for. The same `key` counts once. Returns what has been given back in all.
    Raises Forbidden to anybody but store, support, operator and system, Conflict "refund.too_much" or in a state without refunds, Invalid.
    """
    order = steps.of(order_id, by)
    if by.role not in {"merchant", "support", "operator", "system"}:
        raise Forbidden("state.forbidden", N_("This is for somebody else to do."))
    known = OrderRefund.objects.filter(order=order, key=key).first()
    if known is not None:
        return _same(order, known, amount)
    _check(order, amount, reason)
    give_back(order, amount, reason, by, key, at, merchant_bears=merchant_bears, line_qtys=line_qtys)
    return order.refunded


def give_back(
    order: Order, amount: int, reason: str, by: Actor, key: str, at: datetime, *, merchant_bears: bool = True,
    line_qtys: Mapping[int, int] | None = None,
) -> None:  # fmt: skip
    """`refund_part` of an order that is locked and has not been refunded by this `key`."""
    by_merchant = min(amount, settling.left_to_store(order)) if merchant_bears else 0
    kept = OrderRefund.objects.create(order=order, key=key, amount=amount, by_merchant=by_merchant, reason=reason.strip(), at=at)
    _mark(order, line_qtys or {})
    order.refunded += amount
    order.save(update_fields=["refunded"])
    steps.collect_less(order, at)
    shares = [Share("store", order.store_id, by_merchant), Share("goodwill", 0, amount - by_merchant)]
    payments.refund(
        ref=steps.ref(order), amount=amount, reason=kept.reason, key=f"{steps.ref(order)}:{key}", by=by, at=at,
        borne_by=[share for share in shares if share.amount] if order.state == "completed" else (),
    )  # fmt: skip
    if order.due_at is not None:
        owing.look_again(order, at)
    steps.note(order, "refund", by, at, {"amount": amount, "reason": kept.reason})
    _tell(order, amount, kept.reason, at)


def _same(order: Order, known: OrderRefund, amount: int) -> int:
    if known.amount != amount:
        raise Conflict("idempotency.mismatch", N_("This was already sent with other content. Start again from the cart."))
    return order.refunded


def _check(order: Order, amount: int, reason: str) -> None:
    if not modes.MODES[order.mode].machine.permits(order.state, "refund"):
        raise Conflict("state.conflict", N_("This is not possible any more: it is already “%(state)s”."), state=order.state, event="refund")
    if amount <= 0:
        raise Invalid("refund.amount", N_("This amount cannot be refunded."), field="amount")
    if not reason.strip():
        raise Invalid("reason.missing", N_("Say why."), field="reason")
    if amount > order.total - order.refunded:
        left = Money(order.total - order.refunded, order.currency)
        raise Conflict("refund.too_much", N_("Only %(left)s can still be refunded."), left=str(left))


def _mark(order: Order, line_qtys: Mapping[int, int]) -> None:
    """Note which pieces were given back; the database keeps it from exceeding what was ordered."""
    for line_id, qty in sorted(line_qtys.items()):
        fits = OrderLine.objects.filter(pk=line_id, order=order, kind="item", qty__gte=F("refunded_qty") + qty)
        if qty < 1 or not fits.update(refunded_qty=F("refunded_qty") + qty):
            raise Conflict("refund.pieces", N_("That many pieces of it cannot be given back."))


def _tell(order: Order, amount: int, reason: str, at: datetime) -> None:
    outbox.tell(OrderRefunded(**steps.ids(order), amount=amount, reason=reason), at=at)
