"""What people are told when something happens to their orders, and what open pages hear at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from linli.apps.care.events import CaseAnswered, CaseDecided, CaseEscalated, CaseOpened
from linli.apps.city import queries as city
from linli.apps.community.events import ReviewAnswered, ReviewWritten
from linli.apps.dining.events import PartyCalled, PartyPassed
from linli.apps.fulfilment import queries as street
from linli.apps.fulfilment.events import RideDeviated
from linli.apps.merchants import queries as merchants
from linli.apps.notices import operations, rides
from linli.apps.notices.texts import TEXTS
from linli.apps.orders import queries as orders
from linli.apps.orders.events import (
    OrderAccepted,
    OrderCancelled,
    OrderCompleted,
    OrderDelivered,
    OrderExpired,
    OrderMoved,
    OrderOwed,
    OrderPaid,
    OrderPickedUp,
    OrderPlaced,
    OrderReady,
    OrderReassigned,
    OrderRefunded,
    OrderRefused,
    OrderWaits,
    PromiseMoved,
)
from linli.kernel.errors import NotFound
from linli.kernel.money import Money
from linli.platform import ids, policies, push
from linli.policy import notices as numbers

OrderNews = (
    OrderPlaced | OrderPaid | OrderAccepted | OrderReady | OrderPickedUp | OrderDelivered | OrderCompleted | OrderRefused | OrderCancelled
    | OrderExpired | OrderRefunded | OrderMoved | OrderReassigned | OrderWaits | OrderOwed
)  # fmt: skip
CaseNews = CaseOpened | CaseAnswered | CaseEscalated | CaseDecided


@lru_cache(maxsize=256)
def _city(city_id: int) -> city.CityView:
    return city.city(city_id=city_id)


def _clock(moment: datetime, city_id: int) -> str:
    return f"{moment.astimezone(ZoneInfo(_city(city_id).zone)):%H:%M}"


def _day(moment: datetime, city_id: int) -> str:
    return f"{moment.astimezone(ZoneInfo(_city(city_id).zone)):%m-%d %H:%M}"


def _money(amount: int, city_id: int) -> str:
    return str(Money(amount, _city(city_id).currency))


def _show(event: OrderNews, state: str, at: datetime) -> None:
    """Open pages about the order, of its store and of its city hear which state it is in."""
    data = {"order": ids.seal("or", event.order_id), "state": state}
    topics = (f"order:{event.order_id}", f"store:{event.store_id}", f"city:{event.city_id}")
    push.publish_all(topics=topics, event="order", data=data, at=at)


def _tell(event: OrderNews | CaseNews | ReviewAnswered, kind: str, at: datetime, **words: Any) -> None:
    """A message to the person, which leads to the order."""
    stores = merchants.staff_stores(store_ids=[event.store_id])
    name, name_en = (stores[0].name, stores[0].name_en) if stores else ("", "")
    operations.notify(
        person_id=event.person_id, kind=kind, ref=f"or:{event.order_id}", url=f"/orders/{ids.seal('or', event.order_id)}", at=at,
        words={"store": name, **words}, words_en={"store": name_en or name},
    )  # fmt: skip


def placed(event: OrderPlaced, at: datetime) -> None:
    """Nobody is told of what is not paid yet; the person's own pages follow."""
    push.publish(topic=f"order:{event.order_id}", event="order", data={"order": ids.seal("or", event.order_id), "state": "placed"}, at=at)


def paid(event: OrderPaid, at: datetime) -> None:
    """The store's bell rings; whoever called a ride for now is on its page."""
    if event.mode == "ride":
        order = orders.order(order_id=event.order_id)
        _show(event, order.state, at)
        if order.state == "confirmed":
            _tell(event, "ride.booked", at, time=_day(order.promise_from, event.city_id))
        return
    rules = orders.MODES[event.mode]
    _show(event, "paid" if rules.answered else "valid", at)
    later = {"cash": "order.confirmed", "tab": "order.tab", "desk": "order.desk", "later": "order.later"}
    kind = later.get(event.method) or ("order.paid" if rules.answered else "order.valid")
    _tell(event, kind, at, amount=_money(event.total, event.city_id))


def accepted(event: OrderAccepted, at: datetime) -> None:
    """It is being made."""
    _show(event, "accepted", at)
    if orders.MODES[event.mode].kitchen:
        _tell(event, "order.accepted", at, time=_clock(event.ready_at, event.city_id))
    else:
        _tell(event, "order.booked", at, time=_day(event.ready_at, event.city_id))


def reassigned(event: OrderReassigned, at: datetime) -> None:
    """Somebody else looks after the guest, at the same time."""
    when = _day(event.starts_at, event.city_id)
    if event.staff:
        _tell(event, "order.reassigned", at, staff=event.staff, time=when)
    else:
        _tell(event, "order.reassigned_open", at, time=when)


def ready(event: OrderReady, at: datetime) -> None:
    """Whoever collects it themselves is told to come."""
    _show(event, "ready", at)
    if orders.MODES[event.mode].says == "counter":
        _tell(event, "order.ready", at)


def picked_up(event: OrderPickedUp, at: datetime) -> None:
    """It is on its way; and if it will be later than promised, that is said now and not at the door."""
    _show(event, "picked_up", at)
    _tell(event, "order.picked_up", at)
    try:
        job, eta = street.job(ref=f"or:{event.order_id}"), street.eta(ref=f"or:{event.order_id}", at=at)
    except NotFound:
        return
    if eta.to_at - job.promise_at >= timedelta(minutes=policies.whole(numbers.ETA_SHIFT_MIN, event.city_id)):
        _tell(event, "order.late", at, time=_clock(eta.from_at, event.city_id), until=_clock(eta.to_at, event.city_id))


def delivered(event: OrderDelivered, at: datetime) -> None:
    """The person has it; of a ride its last step tells."""
    if event.mode == "ride":
        return
    done = orders.MODES[event.mode].done
    _show(event, done, at)
    _tell(event, f"order.{done}" if f"order.{done}" in TEXTS else "order.had", at)


def moved(event: OrderMoved, at: datetime) -> None:
    """Open pages follow; whoever rides hears who comes, that the car is there, and what the ride came to."""
    _show(event, event.state, at)
    if event.mode != "ride":
        return
    if event.event in rides.TOLD:
        total = orders.order(order_id=event.order_id).total
        _tell(event, rides.TOLD[event.event], at, plate=rides.plate(event.order_id), amount=_money(total, event.city_id))
    rides.tell_contact(event, at)


def deviated(event: RideDeviated, at: datetime) -> None:
    """Whoever rides hears that the car is off the way, and that support knows."""
    kind, _, number = event.ref.partition(":")
    if kind == "or":
        order = orders.order(order_id=int(number))
        operations.notify(
            person_id=order.person_id,
            kind="ride.deviated",
            ref=order.ref,
            url=f"/rides/{ids.seal('or', order.id)}",
            at=at,
            words={},
            words_en={},
        )


def completed(event: OrderCompleted, at: datetime) -> None:
    """Over; there is nothing to say."""
    _show(event, "completed", at)


def refused(event: OrderRefused, at: datetime) -> None:
    """The store cannot make it."""
    _show(event, "refused", at)
    kind = "order.refused" if event.refund else "order.refused_free"
    _tell(event, kind, at, reason=orders.reason_words(event.reason), amount=_money(event.refund, event.city_id))


def cancelled(event: OrderCancelled, at: datetime) -> None:
    """Called off. Whoever did it themselves is told only where the money goes."""
    _show(event, "cancelled", at)
    amount = _money(event.refund, event.city_id)
    if event.role != "consumer":
        _tell(
            event,
            "order.cancelled" if event.refund else "order.cancelled_free",
            at,
            reason=orders.reason_words(event.reason),
            amount=amount,
        )
    elif event.refund:
        _tell(event, "order.called_off", at, amount=amount)


def expired(event: OrderExpired, at: datetime) -> None:
    """Nobody paid in time."""
    _show(event, "expired", at)
    _tell(event, "order.expired", at)


def refunded(event: OrderRefunded, at: datetime) -> None:
    """A part goes back."""
    _show(event, "refunded", at)
    _tell(event, "order.refunded", at, reason=orders.reason_words(event.reason), amount=_money(event.amount, event.city_id))


def waits(event: OrderWaits, at: datetime) -> None:
    """Too few couriers: that is said, and until when it is tried."""
    _tell(event, "order.unfound", at, time=_clock(event.until, event.city_id))


OWED = {"asked": "owed.asked", "soon": "owed.soon", "taken": "owed.taken", "overdue": "owed.overdue", "paid": "owed.paid",
        "given_up": "owed.given_up"}  # fmt: skip


def owed(event: OrderOwed, at: datetime) -> None:
    """A stay that is paid afterwards is to be paid, or no longer; the person's pages follow."""
    _show(event, "owed", at)
    due = f"{event.due_at.astimezone(ZoneInfo(_city(event.city_id).zone)):%m-%d}"
    _tell(event, OWED[event.step], at, amount=_money(event.amount, event.city_id), due=due)


def promise_moved(event: PromiseMoved, at: datetime) -> None:
    """Open pages show the new window."""
    window = {"promise_from": event.promise_from.isoformat(), "promise_to": event.promise_to.isoformat()}
    push.publish(topic=f"order:{event.order_id}", event="promise", data={"order": ids.seal("or", event.order_id), **window}, at=at)


def _show_case(event: CaseNews, state: str, at: datetime) -> None:
    data = {"case": ids.seal("cs", event.case_id), "order": ids.seal("or", event.order_id), "state": state}
    push.publish_all(topics=(f"order:{event.order_id}", f"store:{event.store_id}", "support:0"), event="case", data=data, at=at)


def case_opened(event: CaseOpened, at: datetime) -> None:
    """The store and support see it."""
    _show_case(event, "open", at)


def case_answered(event: CaseAnswered, at: datetime) -> None:
    """The person hears that somebody has answered; not of what they said themselves."""
    _show_case(event, "answered", at)
    if event.role == "merchant":
        _tell(event, "case.answered", at)
    elif event.role != "consumer":
        _tell(event, "case.supported", at)


def case_escalated(event: CaseEscalated, at: datetime) -> None:
    """Support sees it."""
    _show_case(event, "escalated", at)


def case_decided(event: CaseDecided, at: datetime) -> None:
    """The person hears how it ended, unless they ended it."""
    _show_case(event, event.state, at)
    if event.refund:
        store = merchants.stores(ids=[event.store_id])[event.store_id]
        _tell(event, "case.granted", at, amount=_money(event.refund, store.city_id))
    elif event.state != "withdrawn":
        _tell(event, "case.closed", at)


def reviewed(event: ReviewWritten, at: datetime) -> None:
    """The store sees it."""
    push.publish(topic=f"store:{event.store_id}", event="review", data={"review": ids.seal("rv", event.review_id)}, at=at)


def review_answered(event: ReviewAnswered, at: datetime) -> None:
    """The author hears of the answer."""
    _tell(event, "review.answered", at)


def _tell_party(event: PartyCalled | PartyPassed, kind: str, at: datetime, **words: Any) -> None:
    """A message to whoever took a number by phone."""
    if not event.person_id:
        return
    store = merchants.store(store_id=event.store_id)
    operations.notify(
        person_id=event.person_id, kind=kind, ref=f"wa:{event.waiting_id}", url=f"/waiting/{ids.seal('wa', event.waiting_id)}", at=at,
        words={"store": store.name, "number": event.number, **words}, words_en={"store": store.name_en or store.name},
    )  # fmt: skip


def called(event: PartyCalled, at: datetime) -> None:
    """There is a table, for some minutes."""
    city_id = merchants.store(store_id=event.store_id).city_id
    _tell_party(event, "dining.called", at, time=_clock(event.there_by, city_id))


def passed(event: PartyPassed, at: datetime) -> None:
    """They were not there in time."""
    _tell_party(event, "dining.passed", at)


REACTIONS = {
    OrderPlaced: (placed,),
    OrderPaid: (paid,),
    OrderMoved: (moved,),
    OrderReassigned: (reassigned,),
    OrderAccepted: (accepted,),
    OrderReady: (ready,),
    OrderPickedUp: (picked_up,),
    OrderDelivered: (delivered,),
    OrderCompleted: (completed,),
    RideDeviated: (deviated,),
    OrderRefused: (refused,),
    OrderCancelled: (cancelled,),
    OrderExpired: (expired,),
    OrderRefunded: (refunded,),
    OrderWaits: (waits,),
    OrderOwed: (owed,),
    PromiseMoved: (promise_moved,),
    CaseOpened: (case_opened,),
    CaseAnswered: (case_answered,),
    CaseEscalated: (case_escalated,),
    CaseDecided: (case_decided,),
    PartyCalled: (called,),
    PartyPassed: (passed,),
    ReviewWritten: (reviewed,),
    ReviewAnswered: (review_answered,),
}
