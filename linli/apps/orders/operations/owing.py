"""Stays that are paid afterwards: owed from check-out (or from being called off too late) on, and shared out once that is paid."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from django.db import transaction

from linli.apps.accounts import operations as accounts
from linli.apps.orders import credit, modes
from linli.apps.orders.events import OrderOwed
from linli.apps.orders.models import Order
from linli.apps.orders.operations import settling, steps
from linli.apps.payments import operations as payments
from linli.apps.payments import queries as paying
from linli.kernel.actors import SYSTEM, Actor
from linli.kernel.errors import N_, Conflict, Invalid
from linli.kernel.ids import new_id
from linli.platform import outbox, policies, writes
from linli.platform.jobs import task
from linli.policy import promises, stays

METHOD = "later"
TOLD = "owed"  # the step that says that its person was asked or reminded
LONGEST_REASON = 200
DUE = "due:"  # refs of the payments of what is owed: `due:<order>:<number>`


def ensure_within(order: Order) -> None:
    """Raise Conflict "later.limit" when with this order, which is just being placed, its person would owe too much. Orders of one person
    that are placed at the same moment wait here for each other."""
    writes.send()
    lock(order.person_id)
    for problem in credit.too_much(credit.owed(order.person_id), order.city_id, order.currency):
        raise problem


def lock(person_id: int) -> None:
    """Have the person's orders that are paid afterwards wait for each other. To be called before anything of stock is locked, so that two
    never wait for each other in a ring."""
    accounts.lock(person_id=person_id)


def ask(order: Order, at: datetime) -> None:
    """Ask for what is owed for the order, which is locked: now, shortly before it is due, and when it is."""
    left = amount(order)
    if not left:
        return
    order.due_at = credit.due_at(city_id=order.city_id, since=at)
    order.save(update_fields=["due_at"])
    _tell(order, left, "asked", at)
    soon = order.due_at - timedelta(days=policies.whole(stays.LATER_REMIND_D, order.city_id))
    if soon > at:
        _remind.enqueue(run_at=soon, at=at, order_id=order.id)
    _collect.enqueue(run_at=order.due_at, at=at, order_id=order.id)


@task("orders.owed_soon")
def _remind(*, at: datetime, order_id: int) -> None:
    """Say what is still to be paid."""
    order = steps.locked(order_id)
    left = amount(order)
    if order.due_at is not None and at < order.due_at and left:
        _tell(order, left, "soon", at)


@task("orders.owed")
def _collect(*, at: datetime, order_id: int) -> None:
    """It is due: take it from the balance, if there is as much on it, or say that it is overdue."""
    order = steps.locked(order_id)
    left = amount(order)
    if order.due_at is None or not left:
        return
    if paying.balance(person_id=order.person_id, currency=order.currency) >= left:
        _tell(order, left, "taken", at)
        payments.start(intent_id=_intent(order, left, at), person_id=order.person_id, method="balance", at=at)
    else:
        _tell(order, left, "overdue", at)


@transaction.atomic
def begin_to_pay(*, order_id: int, actor: Actor, at: datetime) -> int:
    """The id of the intent to pay what is owed for one's stay; asked again it is the same one, as long as as much is owed.

    Raises Conflict "later.not_owed" when nothing is owed (any more); NotFound.
    """
    order = steps.of(order_id, actor)
    left = amount(order)
    if order.method != METHOD or not left:
        raise Conflict("later.not_owed", N_("Nothing is to be paid for this stay."))
    return _intent(order, left, at)


def _intent(order: Order, left: int, at: datetime) -> int:
    """The open intent for what is `left` to pay, or a new one; one for another amount is given up."""
    for found in paying.standing(prefix=f"{DUE}{order.id}:"):
        if found.state == "captured" or (found.amount == left and found.expires_at > at):
            return found.id
        payments.cancel(ref=found.ref, at=at)
    return payments.open_intent(
        ref=f"{DUE}{order.id}:{new_id(at)}", person_id=order.person_id, amount=left, currency=order.currency,
        methods=[code for code in paying.offered(city_id=order.city_id, amount=left, mode=order.mode) if code not in modes.UNCHARGED],
        expires_at=at + timedelta(minutes=policies.whole(promises.PAY_WITHIN_MIN, order.city_id)), at=at,
    ).id  # fmt: skip


@transaction.atomic
def paid_afterwards(*, ref: str, at: datetime) -> None:
    """The payment `ref` has come in: it pays off what is owed; what is more goes back. Heard again it changes nothing."""
    order = steps.locked(int(ref.removeprefix(DUE).partition(":")[0]))
    paid = payments.pay_off(ref=ref, parts=[(steps.ref(order), order.total)], at=at)
    if paid:
        steps.note(order, "pay", SYSTEM, at, {"amount": paid})
    look_again(order, at)


@transaction.atomic
def close_debt(*, order_id: int, how: Literal["paid", "written_off"], reason: str, actor: Actor, at: datetime) -> int:
    """An operator says that what is owed was paid to us in some other way, or that it is given up, at the platform's cost; then the parties
    get their parts. Returns how much it was, minor units.

    Raises Conflict "later.not_owed" when nothing is due (any more), Invalid without a reason, NotFound.
    """
    order = steps.locked(order_id)
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise Invalid("reason.missing", N_("Say why."), field="reason")
    if order.method != METHOD or order.due_at is None or not amount(order):
        raise Conflict("later.not_owed", N_("Nothing is to be paid for this stay."))
    for begun in paying.standing(prefix=f"{DUE}{order.id}:"):
        if begun.state == "open":
            payments.cancel(ref=begun.ref, at=at)
    closed = payments.close_debt(ref=steps.ref(order), how=how, reason=reason.strip(), by=actor, at=at, currency=order.currency)
    steps.note(order, "pay" if how == "paid" else "write_off", actor, at, {"amount": closed, "reason": reason.strip()})
    told = "paid" if how == "paid" else "given_up"
    outbox.tell(OrderOwed(**steps.ids(order), amount=closed, due_at=order.due_at, step=told), at=at)
    look_again(order, at)
    return closed


def look_again(order: Order, at: datetime) -> None:
    """If nothing is owed any more for the order, which is locked, nothing is due, and the parties get their parts when it is time."""
    if amount(order) or order.due_at is None:
        return
    order.due_at = None
    order.save(update_fields=["due_at"])
    if order.state == modes.MODES[order.mode].done:
        settling.later(order, at)
    elif order.kept:
        settling.share_kept(order, at)


def amount(order: Order) -> int:
    """What is owed for the order, minor units. One statement."""
    ref = steps.ref(order)
    return paying.owed(refs=[ref], currency=order.currency).get(ref, 0)


def _tell(order: Order, left: int, step: str, at: datetime) -> None:
    if order.due_at is not None:
        steps.note(order, TOLD, SYSTEM, at, {"step": step, "amount": left})
        outbox.tell(OrderOwed(**steps.ids(order), amount=left, due_at=order.due_at, step=step), at=at)
