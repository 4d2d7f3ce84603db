"""From a cart to an order: everything or nothing, and once for each idempotency key, however often it is asked."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError

from linli.apps.orders import basket, bill, checkout, hot, modes, queries
from linli.apps.orders.checkout import Checkout
from linli.apps.orders.events import OrderPlaced
from linli.apps.orders.models import Order
from linli.apps.orders.operations import confirming, owing, steps
from linli.apps.orders.queries.quotes import TOKEN
from linli.apps.orders.views import CheckoutWant, OrderLineView, OrderView, QuoteLine
from linli.apps.payments import operations as payments
from linli.apps.payments.queries import IntentView
from linli.apps.promotions import operations as promotions
from linli.apps.stock import operations as stock
from linli.apps.stock import queries as needs
from linli.apps.stock.operations import Want
from linli.kernel.actors import Actor
from linli.kernel.errors import N_, Conflict, Gone, Invalid, Problem
from linli.kernel.geo import metres
from linli.kernel.ids import new_id, new_ids
from linli.platform import outbox, policies, rows, security
from linli.platform.reads import dumps, moment
from linli.platform.writes import Raced, unit
from linli.policy import money, promises

HOLD_GRACE = timedelta(minutes=10)  # a hold outlives the time to pay, so that a payment in the last second finds its goods


def place(*, person_id: int, want: CheckoutWant, quote_token: str, method: str, idempotency_key: str, at: datetime) -> OrderView:
    """Order the person's cart as quoted, to be paid by `method`. The same key with the same wish gives the same order again, always,
    with what is to be paid for it.

    Raises Conflict "idempotency.mismatch" when the key was used for something else; Gone "quote.expired"; Conflict "quote.changed" when it
    would now cost or be something else; whatever problem the quote would show (closed, sold out, outside …); Invalid "method.unavailable".
    """
    check_key(idempotency_key)
    request = bill.digest([getattr(want, name) for name in want.__slots__], quote_token, method)
    try:
        return _quickly(person_id, want, quote_token, method, idempotency_key, request, at)
    except (Problem, Raced, IntegrityError):  # somebody was quicker, or this was asked before: once more, the key first and with locks
        return _carefully(person_id, want, quote_token, method, idempotency_key, request, at)


def check_key(key: str) -> None:
    """Raise Invalid for a key that is too short to be one's own, or too long."""
    if not 8 <= len(key) <= 80:
        raise Invalid("idempotency.key", N_("An idempotency key has 8 to 80 characters."), field="idempotency_key")


def _quickly(person_id: int, want: CheckoutWant, quote_token: str, method: str, key: str, request: str, at: datetime) -> OrderView:
    """Look and reckon first, holding nothing; then take the key, the lines and all else in one breath, if all is still as it was."""
    made, order_id = _agreed(person_id, want, quote_token, at, False), new_id(at)
    with unit():
        hot.claim_new(person_id, key, request, order_id)
        hot.take([(line.id, line.qty, basket.key_of(line)) for line in made.lines])
        order, lines, intent = _make(order_id, made, method, True)
        if order.state == made.mode.machine.initial:
            return queries.fresh(order, lines, intent)
    return queries.placed(order_id=order_id)


def _carefully(person_id: int, want: CheckoutWant, quote_token: str, method: str, key: str, request: str, at: datetime) -> OrderView:
    """Take the key first, so that a replay finds its order even when nothing is left, then the lines, then look."""
    with unit():
        order_id, fresh = claimed(person_id, key, request, at)
        if fresh:
            made = _agreed(person_id, want, quote_token, at, True)
            order, lines, intent = _make(order_id, made, method, False)
            if order.state == made.mode.machine.initial:
                return queries.fresh(order, lines, intent)
    return queries.placed(order_id=order_id)


def mismatch() -> Conflict:
    """What is said of a key that was used for something else."""
    return Conflict("idempotency.mismatch", N_("This was already sent with other content. Start again from the cart."))


def claimed(person_id: int, key: str, request: str, at: datetime) -> tuple[int, bool]:
    """The order id that belongs to the key, and whether it is ours to make. Who comes second waits here for the first."""
    mine = new_id(at)
    taken = hot.claim(person_id, key, request, mine)
    if taken is None:
        return mine, True
    order_id, digest = taken
    if digest != request:
        raise mismatch()
    return order_id, False


def _agreed(person_id: int, want: CheckoutWant, quote_token: str, at: datetime, take: bool) -> Checkout:
    """The checkout as it is now, its lines out of the cart if they are to be taken, if it is what was quoted."""
    shown = quoted(quote_token, at)
    made = checkout.prepare(person_id=person_id, want=want, at=at, take=take, look=False)
    agree(shown, made.problems, made.digest, made.bill.total)
    return made


def quoted(token: str, at: datetime) -> str:
    """The fingerprint of what was quoted. Raises Gone "quote.expired", Invalid "quote.forged"."""
    try:
        return str(security.read(TOKEN, token, at=at).get("g"))
    except Gone:
        raise Gone("quote.expired", N_("This price has expired. Look at the new one and order again.")) from None
    except Problem:
        raise Invalid("quote.forged", N_("This is not a price of ours. Start again from the cart.")) from None


def agree(shown: str, problems: Sequence[Problem], digest: str, total: int) -> None:
    """Raise what stands in the way now, or Conflict "quote.changed" when it is no longer what was shown."""
    for problem in problems:
        raise problem
    if shown != digest:
        raise Conflict("quote.changed", N_("Something has changed since you were shown the price. Look at it again."), total=total)


def _make(order_id: int, made: Checkout, method: str, just_read: bool) -> tuple[Order, list[OrderLineView], IntentView]:
    """Redeem, hold, ask for the money, write it all down; what was `just_read` is believed, and checked by writing."""
    order = order_of(order_id, made, method)
    methods = _methods(order, made.methods)
    if order.method == owing.METHOD:
        owing.lock(order.person_id)
    if made.discounts:
        promotions.redeem(ref=steps.ref(order), person_id=order.person_id, discounts=made.discounts, at=made.at, just_read=just_read)
    wants = wants_of(made)
    shelf = made.shelf if just_read else None
    stock.hold(ref=steps.ref(order), wants=wants, expires_at=order.pay_by + HOLD_GRACE, at=made.at, shelf=shelf)
    lines = write(order, made)
    outbox.tell(OrderPlaced(**steps.ids(order), mode=order.mode, total=order.total), at=made.at)
    return order, lines, _ask_for_money(order, methods, made.at)


def write(order: Order, made: Checkout) -> list[OrderLineView]:
    """The order, its lines and its first step, written down."""
    hot.put(order)
    lines = _put_lines(order, made)
    steps.note(order, "place", Actor("consumer", order.person_id), made.at, {"total": order.total})
    return lines


def wants_of(made: Checkout) -> list[Want]:
    """What has to be held: dishes of the day they are wanted, all that a booking needs for its own time."""
    wants: list[Want] = []
    for line in made.lines:
        if line.kind == "dish":
            wants.append(Want(line.offer_id, line.qty, made.want.scheduled_for))
        else:
            wants += needs.of_line(made.prices[line.id], made.at)
    return wants


def _put_lines(order: Order, made: Checkout) -> list[OrderLineView]:
    """The lines of the bill, written down; as views, since nobody has to read them back."""
    views = [_line(key, line) for key, line in zip(new_ids(made.at, len(made.bill.lines)), made.bill.lines, strict=True)]
    hot.put_lines([
        (row.id, order.id, row.kind, row.offer_id, row.title, row.title_en, dumps(basket.kept(row.options)),
         row.note, row.qty, row.unit, row.amount, row.by_merchant, row.by_platform, _moment(row.starts_at), _moment(row.ends_at),
         row.guests, dumps(dict(row.details)))
        for row in views
    ])  # fmt: skip
    return views


def _moment(at: datetime | None) -> Any:
    return None if at is None else moment(at)


def _methods(order: Order, offered: Sequence[str]) -> tuple[str, ...]:
    """How the order may be paid: as wished, or, if that fails in the cashier, in any other way that takes money now."""
    if order.total and order.method not in offered:
        raise Invalid("method.unavailable", N_("This order cannot be paid in that way."), field="method")
    if order.method in modes.UNCHARGED:
        return (order.method,)
    return tuple(code for code in offered if code not in modes.UNCHARGED)


def _ask_for_money(order: Order, methods: tuple[str, ...], at: datetime) -> IntentView:
    """Open the intent. Nothing to pay, or paid at the door, the desk or afterwards: the order is confirmed at once."""
    intent = payments.open_intent(
        ref=steps.ref(order), person_id=order.person_id, amount=order.total, currency=order.currency, methods=methods,
        expires_at=order.pay_by, at=at, new=True,
    )  # fmt: skip
    uncharged = order.method in modes.UNCHARGED
    if order.method == owing.METHOD:
        owing.ensure_within(order)
    if uncharged and order.total:
        payments.start(intent_id=intent.id, person_id=order.person_id, method=order.method, at=at)
    if uncharged or not order.total:
        confirming.confirm(order=order, method=order.method if order.total else "none", at=at)
    return intent


def order_of(order_id: int, made: Checkout, method: str) -> Order:
    """The order of a checkout, not written yet."""
    paper, promised, at = made.bill, made.promised, made.at
    pay_within = timedelta(minutes=policies.whole(promises.PAY_WITHIN_MIN, made.store.city_id))
    return rows.fresh(
        Order, id=order_id, number=_number(order_id, at, made.city.zone),
        person_id=made.person_id, city_id=made.store.city_id, store_id=made.store.id,
        store_name=made.store.name, store_name_en=made.store.name_en, mode=made.mode.code, state=made.mode.machine.initial,
        currency=made.city.currency, goods=paper.goods, packaging=paper.packaging, delivery_fee=paper.delivery_fee,
        discount=paper.discount, tip=paper.tip, total=paper.total, placed_at=at, pay_by=at + pay_within,
        scheduled_for=made.want.scheduled_for if made.mode.time == "now_or_slot" else made.begins_at,
        promise_from=promised.start, promise_to=promised.end, prep_s=made.prep_s,
        travel_s=made.travel_s, courier_fee=_courier_fee(made), address=_kept(made), remark=made.want.remark.strip(),
        utensils=made.want.utensils, pickup_code=_code(), drop_code=_drop_code(made), method=method,
    )  # fmt: skip


def _number(order_id: int, at: datetime, zone: str) -> str:
    """What people read out to each other: the day where it was placed, and eight digits of the identifier."""
    return f"{at.astimezone(ZoneInfo(zone)):%m%d}{order_id % 10_000_019:08d}"


def _code() -> str:
    return f"{secrets.randbelow(10_000):04d}"


def _drop_code(made: Checkout) -> str:
    """What the person says at the door: the end of the phone number that the courier was given."""
    digits = made.address.phone[-4:] if made.address else ""
    return digits if len(digits) == 4 and digits.isdigit() else _code()


def _courier_fee(made: Checkout) -> int:
    if not made.mode.courier or made.address is None:
        return 0
    base, per_km = (policies.whole(number, made.store.city_id) for number in (money.COURIER_BASE, money.COURIER_PER_KM))
    return base + round(metres(made.store.point, made.address.point) * per_km / 1000)


def _kept(made: Checkout) -> dict[str, object] | None:
    where = made.address
    if where is None:
        return None
    return {"contact_name": where.contact_name, "phone": where.phone, "place": where.place, "detail": where.detail, "lat": where.lat,
            "lng": where.lng}  # fmt: skip


def _line(key: int, line: QuoteLine) -> OrderLineView:
    return OrderLineView(
        key, line.kind, line.offer_id, line.title, line.title_en, line.options, line.note, line.qty, line.unit, line.amount,
        line.by_merchant, line.by_platform, 0, line.starts_at, line.ends_at, line.guests, line.details,
    )  # fmt: skip
