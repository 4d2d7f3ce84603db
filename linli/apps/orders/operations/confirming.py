"""Paid, or to be paid at the door: what was held is sold, and the store is asked."""

from __future__ import annotations

from datetime import datetime, timedelta

from linli.apps.merchants import queries as merchants
from linli.apps.merchants.queries import StoreTerms
from linli.apps.orders import modes
from linli.apps.orders.events import OrderPaid, PromiseMoved
from linli.apps.orders.models import Order
from linli.apps.orders.operations import closing, driving, passes, steps, working
from linli.apps.stock import operations as stock
from linli.apps.stock.queries import HoldView
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import Gone
from linli.platform import outbox, policies, reads, writes
from linli.policy import promises


def confirm(*, order: Order, method: str, at: datetime, store: StoreTerms | None = None, hold: HoldView | None = None) -> None:
    """The order, locked and placed, is paid by `method`. If its hold has been let go meanwhile, it is cancelled and the money goes back.

    Its store and its hold are read unless they have just been, in the caller's unit.
    """
    try:
        stock.commit(ref=steps.ref(order), at=at, hold=hold)
    except Gone:
        closing.close(order, "cancel", SYSTEM, "stock", at)
        return
    if not modes.MODES[order.mode].answered:
        later = driving.booked_for_later(order, at)
        steps.step(order, "book" if later else "confirm", SYSTEM, at, data={"method": method}, paid_at=at, method=method)
        if modes.MODES[order.mode].codes:
            writes.send()
            passes.give_out(order, at)
        outbox.tell(OrderPaid(**steps.ids(order), total=order.total, method=method, accept_by=at, mode=order.mode), at=at)
        if modes.MODES[order.mode].driver:
            writes.send()
            driving.hail_in_time(order, at) if later else driving.hail(order, at)
        return
    store = store or reads.one(merchants.terms(store_id=order.store_id))
    if store is None:
        raise merchants.unknown()
    opening = merchants.open_state(store, at)
    begins = at if opening.open or opening.next_at is None else opening.next_at
    accept_by = begins + timedelta(minutes=policies.whole(promises.ACCEPT_WITHIN_MIN, order.city_id))
    moved = _moved(order, at)
    steps.step(order, "confirm", SYSTEM, at, data={"method": method}, paid_at=at, method=method, accept_by=accept_by, **moved)
    if moved:
        outbox.tell(PromiseMoved(order_id=order.id, person_id=order.person_id, **moved), at=at)
    outbox.tell(OrderPaid(**steps.ids(order), total=order.total, method=method, accept_by=accept_by, mode=order.mode), at=at)
    if store.accepts:
        writes.send()
        working.take_on(order, SYSTEM, order.prep_s, at)
    else:
        closing.unanswered.enqueue(run_at=accept_by, at=at, order_id=order.id)


def _moved(order: Order, at: datetime) -> dict[str, datetime]:
    """The promise counts from payment: whoever pays ten minutes later is promised a window ten minutes later."""
    waited = timedelta(minutes=(at - order.placed_at) // timedelta(minutes=1))
    if order.scheduled_for is not None or not waited or modes.MODES[order.mode].time != "now_or_slot":
        return {}
    return {"promise_from": order.promise_from + waited, "promise_to": order.promise_to + waited}
