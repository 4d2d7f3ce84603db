"""Orders that come to nothing: whatever was held, redeemed, asked for or paid goes back where it came from, in the same transaction."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from django.db import transaction

from linli.apps.fulfilment import operations as fulfilment
from linli.apps.fulfilment import queries as street
from linli.apps.orders import charges, modes
from linli.apps.orders.events import OrderCancelled, OrderExpired, OrderRefused
from linli.apps.orders.models import Order, OrderLine
from linli.apps.orders.operations import owing, refunds, settling, steps, working
from linli.apps.payments import operations as payments
from linli.apps.payments import queries as paying
from linli.apps.promotions import operations as promotions
from linli.apps.stock import operations as stock
from linli.kernel.actors import SYSTEM, Actor
from linli.kernel.errors import N_, Conflict, Forbidden, Invalid
from linli.platform import outbox, policies
from linli.platform.jobs import task
from linli.policy import promises

LONGEST_REASON = 200
Ending = Literal["cancel", "refuse", "expire", "no_show", "lapse"]


@transaction.atomic
def cancel(*, order_id: int, actor: Actor, reason: str, at: datetime) -> None:
    """Call the order off; what was paid goes back, less what its mode's rules keep of it. The consumer may while its state permits it,
    and needs no reason at first. What is to be paid together with others and is not paid yet is called off together with them.

    Raises Forbidden "cancel.too_late", Invalid "reason.missing", Conflict when it is over or on its way, NotFound.
    """
    together = _unpaid_with(order_id)
    order = steps.of(order_id, actor)
    machine = modes.MODES[order.mode].machine
    if actor.role == "consumer" and not machine.permits(order.state, "cancel") and order.state not in machine.final:
        raise Forbidden("cancel.too_late", N_("It is too late to cancel this order. If something is wrong, tell us."), state=order.state)
    _need_reason(reason, needed=not _free(order, actor, at))
    for each in together if order.state == "placed" else ():
        if each.id != order.id:
            close(each, "cancel", actor, reason, at)
    _call_it_off(order, actor, reason, at)


def _call_it_off(order: Order, actor: Actor, reason: str, at: datetime) -> None:
    if modes.MODES[order.mode].codes and order.paid_at is not None:
        end_codes(order, "cancel", actor, reason, at)
    else:
        close(order, "cancel", actor, reason, at)


def end_codes(order: Order, ending: Ending, actor: Actor, reason: str, at: datetime) -> None:
    """End the codes of an order, which is locked. With none used it is closed; otherwise what is unused goes back and the rest was had."""
    unused, worth = fulfilment.void(ref=steps.ref(order), state="lapsed" if ending == "lapse" else "void", at=at)
    if unused == worth:
        close(order, ending, actor, reason, at)
        return
    if back := (order.total - order.refunded) * unused // worth:
        refunds.give_back(order, back, reason or "unused", SYSTEM, "unused", at)
    steps.step(order, "redeem", SYSTEM, at, delivered_at=at)
    working.had(order, at)


def _unpaid_with(order_id: int) -> list[Order]:
    """All that would be paid together with the order, locked in the order of ids: until it is paid it is called off together, too."""
    mine = Order.objects.filter(pk=order_id).values("checkout_id")
    found = list(Order.objects.select_for_update().filter(checkout_id__in=mine, state="placed").order_by("id"))
    if found:
        stock.lock_held(refs=[steps.ref(each) for each in found])
    return found


def _free(order: Order, actor: Actor, at: datetime) -> bool:
    if actor.role == "system" or order.state == "placed":
        return True
    free = timedelta(minutes=policies.whole(promises.FREE_CANCEL_MIN, order.city_id))
    return actor.role == "consumer" and order.paid_at is not None and at <= order.paid_at + free


@task("orders.unanswered")
def unanswered(*, at: datetime, order_id: int) -> None:
    """Cancel an order that its store has not answered in time."""
    order = steps.locked(order_id)
    if order.state == "paid" and order.accept_by is not None and order.accept_by <= at:
        close(order, "cancel", SYSTEM, "unanswered", at)


def _need_reason(reason: str, *, needed: bool) -> None:
    if needed and not reason.strip():
        raise Invalid("reason.missing", N_("Say why."), field="reason")
    if len(reason) > LONGEST_REASON:
        raise Invalid("reason.long", N_("A reason has at most %(most)s characters."), most=LONGEST_REASON, field="reason")


@transaction.atomic
def refuse(*, order_id: int, actor: Actor, reason: str, at: datetime) -> None:
    """The store cannot make it; what was paid goes back whole. Raises Invalid without a reason, Conflict, Forbidden, NotFound."""
    _need_reason(reason, needed=True)
    close(steps.of(order_id, actor), "refuse", actor, reason, at)


@transaction.atomic
def no_show(*, order_id: int, actor: Actor, at: datetime) -> None:
    """Nobody came: the rules of calling off count as if it had been called off just now.

    Raises Conflict "no_show.early" until some while after it began, and as its table says; Forbidden, NotFound.
    """
    order = steps.of(order_id, actor)
    late = timedelta(minutes=policies.whole(promises.NO_SHOW_MIN, order.city_id))
    if at < order.promise_from + late:
        raise Conflict("no_show.early", N_("Wait a little: somebody may still come."), minutes=late.total_seconds() // 60)
    close(order, "no_show", actor, "no_show", at)


def expire(*, order_id: int, at: datetime) -> bool:
    """End an order that nobody paid; False when it is no longer waiting for that."""
    with transaction.atomic():
        order = steps.locked(order_id)
        if not steps.can(order, "expire"):
            return False
        close(order, "expire", SYSTEM, "", at)
        return True


def expire_unpaid(*, at: datetime, limit: int = 200) -> int:
    """End the orders whose payment is over without one; how many. Whether it is, payments knows: it asks the provider first."""
    late = dict(Order.objects.filter(state="placed", pay_by__lte=at).order_by("pay_by").values_list("id", "pay_by")[:limit])
    intents = paying.intents(refs=[f"or:{order_id}" for order_id in late])
    over = [key for key in late if (found := intents.get(f"or:{key}")) is None or found.state in ("expired", "cancelled")]
    return sum(expire(order_id=order_id, at=at) for order_id in over)


def close(
    order: Order, ending: Ending, actor: Actor, reason: str, at: datetime, *, fee: int = 0, driver: tuple[int, int] | None = None
) -> None:
    """End the order, which is locked, and give everything back, but for what calling it off costs by its rules, or `fee`.

    `driver` is whom of that so much was promised. Raises Conflict when its table has no such end or it is on board.
    """
    was, ref = order.state, steps.ref(order)
    role = actor.role
    steps.step(order, ending, actor, at, data={"reason": reason}, closed_at=at, cancel_reason=reason.strip(), cancelled_by=role)
    fee = fee or _fee(order, was, ending, actor, at)
    if order.called_at is not None and driver is None:
        driver = _call_off(order, was, at, fee)
    promotions.give_back(ref=ref, at=at)  # campaigns before goods before money, as in placing, so that the two never wait for each other
    if not stock.release(ref=ref, at=at) and modes.MODES[order.mode].machine.permits(was, "restock"):
        stock.give_back(ref=ref, at=at)
    kept = 0 if order.method in modes.PAID_THERE else min(fee, order.total - order.refunded)
    owed = owing.amount(order) if order.method in modes.UNCHARGED else 0
    back = money_back(order, reason or ending, actor, at, kept=kept)
    back -= min(back, owed)  # what was not paid yet is forgiven, and does not go back
    if kept or driver:
        settling.keep(order, kept, at, driver=driver)
    if order.method == owing.METHOD:
        owing.ask(order, at)
    _tell(order, ending, role, reason, back, at)


def _fee(order: Order, was: str, ending: Ending, actor: Actor, at: datetime) -> int:
    """What calling off costs whoever ordered: when they do it themselves, or do not come (a ticket that is not used is worth no more than
    one that is given back at the last moment)."""
    if order.paid_at is None or not (ending in ("no_show", "lapse") or (ending == "cancel" and actor.role == "consumer")):
        return 0
    if modes.MODES[order.mode].driver and order.called_at is not None:
        return street.cancel_terms(ref=steps.ref(order), at=at).fee
    lines = OrderLine.objects.filter(order=order, kind="item")
    paid = order.total - order.refunded
    return charges.fee(mode=order.mode, state=was, city_id=order.city_id, paid=paid, lines=lines, at=at)


def _call_off(order: Order, was: str, at: datetime, fee: int) -> tuple[int, int] | None:
    """Call the courier off; the driver and what is for the driver of the `fee`, if it is one."""
    if was == "picked_up":  # too late for that; but nothing is to be collected at the door any more
        if order.method == "cash":
            fulfilment.set_cash_due(ref=steps.ref(order), amount=0, at=at)
        return None
    try:
        earned = fulfilment.cancel(ref=steps.ref(order), at=at, fee=fee if modes.MODES[order.mode].driver else 0)
    except Conflict:
        raise Conflict("cancel.on_board", N_("The courier has it already; it cannot be called off any more.")) from None
    return (order.courier_id, earned) if order.courier_id is not None and earned else None


def money_back(order: Order, reason: str, actor: Actor, at: datetime, *, kept: int = 0) -> int:
    """Give up the order's payment, or send back all that was paid and is not back yet, but for what is `kept`; returns how much that is."""
    ref = steps.ref(order)
    try:
        payments.cancel(ref=ref, at=at)
        return 0
    except Conflict as paid:
        if paid.code != "intent.captured":
            raise
    rest = paying.intent(ref=ref).refundable - kept
    if rest:
        payments.refund(ref=ref, amount=rest, reason=reason, key=f"{ref}:close", by=actor, at=at)
        order.refunded += rest
        order.save(update_fields=["refunded"])
    return rest


def _tell(order: Order, ending: Ending, role: str, reason: str, back: int, at: datetime) -> None:
    ids = steps.ids(order)
    if ending == "refuse":
        outbox.tell(OrderRefused(**ids, reason=reason, refund=back), at=at)
    elif ending == "expire":
        outbox.tell(OrderExpired(**ids), at=at)
    else:
        outbox.tell(OrderCancelled(**ids, role=role, reason=reason, refund=back), at=at)
