"""What the store does with an order: take it on, say that it is ready, hand it over; and the courier who is asked to bring it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from linli.apps.fulfilment import operations as fulfilment
from linli.apps.fulfilment.operations import Cooking, DropStop, PickupStop
from linli.apps.merchants import operations as keeping
from linli.apps.merchants import queries as merchants
from linli.apps.orders import modes, promise
from linli.apps.orders.events import OrderAccepted, OrderDelivered, OrderMoved, OrderReady
from linli.apps.orders.models import Order, OrderLine
from linli.apps.orders.operations import owing, settling, steps
from linli.apps.stock import operations as stock
from linli.kernel.actors import Actor
from linli.kernel.errors import N_, Invalid
from linli.kernel.time import Window
from linli.platform import limits, outbox, policies
from linli.platform.jobs import task
from linli.policy import security

LONGEST_PREP_MIN = 240
CALL_AHEAD = timedelta(minutes=45)  # a courier is asked for at the earliest this long before it is ready; who rides when is for dispatch
MOST_LOAD = 4  # every courier can carry that; a larger order would wait for somebody who never comes
_TRIES_S = 600


@transaction.atomic
def accept(*, order_id: int, actor: Actor, minutes: int | None = None, at: datetime) -> None:
    """The store takes the order on and expects to need `minutes` (its usual time when not said); a courier is asked for.

    Raises Conflict when it is not waiting for an answer (any more), Forbidden, NotFound, Invalid for senseless minutes.
    """
    if minutes is not None and not 0 <= minutes <= LONGEST_PREP_MIN:
        raise Invalid("prep.range", N_("Between 0 and %(most)s minutes."), most=LONGEST_PREP_MIN, field="minutes")
    order = steps.of(order_id, actor)
    take_on(order, actor, order.prep_s if minutes is None else minutes * 60, at)


def take_on(order: Order, actor: Actor, prep_s: int, at: datetime) -> None:
    """`accept` for an order that is locked."""
    mode = modes.MODES[order.mode]
    soon = at + timedelta(seconds=prep_s) if mode.kitchen else order.promise_from
    if mode.kitchen and order.scheduled_for is not None:
        window = Window(order.promise_from, order.promise_to)
        soon = max(soon, promise.ready_at(window, order.travel_s, promise.rules(order.city_id)))
    steps.step(order, "accept", actor, at, data={"ready_at": soon.isoformat()}, accepted_at=at, ready_at=soon)
    outbox.tell(OrderAccepted(**steps.ids(order), ready_at=soon, mode=order.mode), at=at)
    if mode.courier:
        if soon - CALL_AHEAD > at:
            call_later.enqueue(run_at=soon - CALL_AHEAD, at=at, order_id=order.id)
        else:
            call_courier(order, at)


def call_courier(order: Order, at: datetime) -> None:
    """Ask fulfilment to bring the order, which is locked; once."""
    if order.called_at is not None or order.ready_at is None or order.address is None:
        return
    store, drop, mode = merchants.store(store_id=order.store_id), order.address, modes.MODES[order.mode]
    kitchen = merchants.kitchen(store_id=order.store_id)
    pieces = sum(OrderLine.objects.filter(order=order, kind="item").values_list("qty", flat=True))
    fulfilment.request(
        ref=steps.ref(order), city_id=order.city_id,
        pickup=PickupStop(store_id=store.id, name=store.name, address=store.address, lat=store.point.lat, lng=store.point.lng),
        drop=_drop(order, drop), ready_at=order.ready_at,
        cooking=Cooking(_begun(order, order.ready_at), kitchen.drift, kitchen.spread) if mode.kitchen else None,
        promise_at=order.promise_to, load=_load(pieces), fee=order.courier_fee, tip=order.tip,
        cash_due=order.total - order.refunded if order.method == "cash" else 0, pickup_code=order.pickup_code, at=at,
    )  # fmt: skip
    order.called_at = at
    order.save(update_fields=["called_at"])


def _begun(order: Order, said: datetime) -> datetime:
    """When the kitchen begins, so as to be done when it has `said`: at once, or for later in time."""
    begun = order.accepted_at or said
    return max(begun, said - timedelta(seconds=order.prep_s)) if order.scheduled_for else begun


def _drop(order: Order, to: Mapping[str, Any]) -> DropStop:
    return DropStop(
        name=to["contact_name"], phone=to["phone"], address=to["place"], detail=to["detail"], lat=to["lat"], lng=to["lng"],
        code=order.drop_code,
    )  # fmt: skip


@task("orders.call_courier")
def call_later(*, at: datetime, order_id: int) -> None:
    """Ask for a courier when the time has come, if the order still stands."""
    order = steps.locked(order_id)
    if modes.MODES[order.mode].machine.permits(order.state, "work"):
        call_courier(order, at)


def _load(pieces: int) -> int:
    """How much of a courier's box an order takes: a unit for every four pieces, at most the smallest box, which it then has to itself."""
    return min(MOST_LOAD, max(1, -(-pieces // 4)))


@transaction.atomic
def mark_ready(*, order_id: int, actor: Actor, at: datetime) -> None:
    """Packed and waiting. Raises Conflict when it is not being prepared, Forbidden, NotFound."""
    order = steps.of(order_id, actor)
    said = order.ready_at
    steps.step(order, "ready", actor, at, ready_at=at)
    if modes.MODES[order.mode].kitchen and said is not None:
        begun = _begun(order, said)
        keeping.learn_kitchen(store_id=order.store_id, said_s=(said - begun).total_seconds(), taken_s=(at - begun).total_seconds(), at=at)
    if modes.MODES[order.mode].courier:
        call_courier(order, at)
        fulfilment.set_ready(ref=steps.ref(order), ready_at=at, ready=True, at=at)
    outbox.tell(OrderReady(**steps.ids(order), mode=order.mode), at=at)


def hand_over(*, order_id: int, code: str, actor: Actor, at: datetime) -> None:
    """The store gives the order to whoever says its code (pickup). Raises Invalid for a wrong one, TooMany after several, Conflict."""
    limits.hit(key=f"hand_over:{order_id}", limit=policies.whole(security.PICKUP_TRIES), per_s=_TRIES_S, at=at)
    with transaction.atomic():
        order = steps.of(order_id, actor)
        if code.strip() != order.pickup_code:
            raise Invalid("code.wrong", N_("This is not the code of this order."), field="code")
        steps.step(order, "hand_over", actor, at, picked_up_at=at, delivered_at=at)
        had(order, at)


def advance(
    *, order_id: int, event: str, actor: Actor, code: str = "", data: Mapping[str, Any] | None = None, at: datetime, **fields: Any
) -> None:
    """Carry out a step of the order's own mode (`Mode.moves`), for its code where that is to be said; `fields` are set with it.

    Raises Invalid for a step that its mode does not have and for a wrong code, TooMany after several; Conflict, Forbidden, NotFound.
    """
    limits.hit(key=f"advance:{order_id}", limit=policies.whole(security.PICKUP_TRIES), per_s=_TRIES_S, at=at)
    with transaction.atomic():
        order = steps.of(order_id, actor)
        mode = modes.MODES[order.mode]
        if event not in mode.moves:
            raise Invalid("event.unknown", N_("This cannot be done with this order."), field="event")
        if event in mode.proven and code.strip() != order.pickup_code:
            raise Invalid("code.wrong", N_("This is not the code of this order."), field="code")
        move(order, event, actor, dict(data or {}), at, fields)


def move(order: Order, event: str, actor: Actor, data: dict[str, Any], at: datetime, fields: dict[str, Any]) -> None:
    """Carry out a step of the order, which is locked, and tell."""
    mode, ahead = modes.MODES[order.mode], modes.MODES[order.mode].machine.find(order.state, event)
    if ahead is not None and ahead.to == mode.begun:
        fields["picked_up_at"] = at
    if ahead is not None and ahead.to == mode.done:
        fields["delivered_at"] = at
    steps.step(order, event, actor, at, data=data, **fields)
    outbox.tell(OrderMoved(**steps.ids(order), mode=order.mode, event=event, state=order.state), at=at)
    if order.state == mode.done:
        if at < order.promise_to:  # left early: what is not used can be sold again
            stock.free_rest(ref=steps.ref(order), since=at, at=at)
        had(order, at)


def had(order: Order, at: datetime) -> None:
    """The person has it: tell, and complete it after a while."""
    late_s = max(0, int((at - order.promise_to).total_seconds()))
    outbox.tell(OrderDelivered(**steps.ids(order), mode=order.mode, late_s=late_s), at=at)
    settling.later(order, at)
    if order.method == owing.METHOD:
        owing.ask(order, at)
