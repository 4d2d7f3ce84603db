"""Who gets what of an order in the end."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum

from linli.apps.orders import modes
from linli.apps.orders.events import OrderCompleted
from linli.apps.orders.models import Order, OrderLine, OrderRefund
from linli.apps.orders.operations import desk, steps
from linli.apps.payments import operations as payments
from linli.apps.payments import queries as paying
from linli.apps.payments.operations import Share
from linli.kernel.actors import SYSTEM
from linli.kernel.money import share
from linli.platform import outbox, policies
from linli.platform.jobs import task
from linli.policy import money, promises


def _sums(order: Order) -> tuple[int, int, int, int]:
    """Discounts borne by the merchant and by the platform, refunds borne by the merchant and by the platform."""
    off = OrderLine.objects.filter(order=order, kind="discount").aggregate(merchant=Sum("by_merchant"), platform=Sum("by_platform"))
    back = OrderRefund.objects.filter(order=order).aggregate(all=Sum("amount"), merchant=Sum("by_merchant"))
    by_merchant = back["merchant"] or 0
    return off["merchant"] or 0, off["platform"] or 0, by_merchant, (back["all"] or 0) - by_merchant


def _store_part(order: Order) -> int:
    """What the store earns: goods and packaging, less its discounts, its refunds, the commission on the goods that remain, and, where it
    sells rides, what the driver gets."""
    off, _, back, _ = _sums(order)
    gross = max(0, order.goods + order.packaging - off - back)
    base = min(gross, max(0, order.goods - off - back))
    driver = order.courier_pay - order.tip if modes.MODES[order.mode].driver else 0
    return max(0, gross - share(base, Decimal(policies.whole(money.COMMISSION_BP, order.city_id)) / 10_000) - driver)


def left_to_store(order: Order) -> int:
    """The most that the store can bear of one more refund."""
    return _store_part(order)


def shares(order: Order) -> list[Share]:
    """What is held for the order, shared out to the last unit: store, courier, what the platform adds and what it keeps."""
    _, by_platform, _, platform_back = _sums(order)
    held = paying.intent(ref=steps.ref(order)).refundable
    fixed = [
        Share("store", order.store_id, _store_part(order)),
        Share("courier", order.courier_id or 0, order.courier_pay),
        Share("promotion", 0, -by_platform),
        Share("goodwill", 0, -platform_back),
    ]
    rest = Share("platform", 0, held - sum(part.amount for part in fixed))
    return [part for part in (*fixed, rest) if part.amount]


def make_good(order: Order, at: datetime) -> int:
    """Pay the store what policy grants it of its part in what it made and nobody came for; the money has gone back, so the platform
    bears it. Returns how much, in minor units: nothing for what nobody had paid or promised to."""
    amount = share(_store_part(order), Decimal(policies.whole(money.COOKED_BP, order.city_id)) / 10_000)
    if not amount or paying.intent(ref=steps.ref(order)).state != "captured":
        return 0
    parts = [Share("store", order.store_id, amount), Share("goodwill", 0, -amount)]
    return amount if payments.settle(ref=steps.ref(order), shares=parts, at=at) else 0


def keep(order: Order, amount: int, at: datetime, *, driver: tuple[int, int] | None = None) -> None:
    """What is kept of an order that was called off is shared out, as `share_kept` says; the rest has gone back already."""
    order.kept = amount
    order.save(update_fields=["kept"])
    steps.note(order, "keep", SYSTEM, at, {"amount": amount})
    if not (order.method in modes.OWED and paying.owed(refs=[steps.ref(order)])):
        share_kept(order, at, driver=driver)


def share_kept(order: Order, at: datetime, *, driver: tuple[int, int] | None = None) -> None:
    """What was kept is the store's, less the commission and what is promised to its `driver` (who, how much). What it does not cover of
    the driver's part the platform bears."""
    amount = order.kept
    fee = share(amount, Decimal(policies.whole(money.COMMISSION_BP, order.city_id)) / 10_000)
    who, earned = driver or (0, 0)
    store = max(0, amount - fee - earned)
    left = amount - store - earned
    rest = Share("platform", 0, left) if left >= 0 else Share("goodwill", 0, left)
    parts = [Share("store", order.store_id, store), Share("courier", who, earned), rest]
    payments.settle(ref=steps.ref(order), shares=[part for part in parts if part.amount], at=at)


@transaction.atomic
def complete(*, order_id: int, at: datetime) -> bool:
    """The person has it and has not complained: everybody gets their part. False when there is nothing to complete (yet)."""
    order = steps.locked(order_id)
    if order.disputed or not steps.can(order, "complete") or (order.method in modes.OWED and paying.owed(refs=[steps.ref(order)])):
        return False
    if order.method == desk.METHOD:
        desk.counted_as_taken(order, SYSTEM, at)
    payments.settle(ref=steps.ref(order), shares=shares(order), at=at)
    steps.step(order, "complete", SYSTEM, at, completed_at=at)
    outbox.tell(OrderCompleted(**steps.ids(order), total=order.total), at=at)
    return True


@task("orders.complete")
def _complete(*, at: datetime, order_id: int) -> None:
    complete(order_id=order_id, at=at)


def later(order: Order, at: datetime) -> None:
    """Complete the order some while after the person has had it."""
    after = timedelta(hours=policies.whole(promises.COMPLETE_AFTER_H, order.city_id))
    _complete.enqueue(run_at=max(at, (order.delivered_at or at) + after), at=at, order_id=order.id)


@transaction.atomic
def set_disputed(*, order_id: int, disputed: bool, at: datetime) -> None:
    """While an order is disputed it is not completed; once it no longer is, it is completed when its time has come."""
    order = steps.locked(order_id)
    order.disputed = disputed
    order.save(update_fields=["disputed"])
    if not disputed and order.state == modes.MODES[order.mode].done:
        later(order, at)
