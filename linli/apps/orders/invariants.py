"""What must always hold about orders: the bill adds up, the money agrees, goods are held while they should be, and nobody is forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from linli.apps.orders.models import Order, OrderLine, OrderRefund
from linli.apps.orders.modes import DONE
from linli.apps.orders.states import CLOSED
from linli.apps.payments import queries as paying
from linli.apps.stock import queries as stock
from linli.kernel import ids
from linli.platform import policies
from linli.platform.invariants import rule
from linli.policy import promises

GRACE = timedelta(minutes=15)  # jobs run within seconds; this long means that one was lost
LONGEST_RIDE = timedelta(hours=6)
LONGEST_KITCHEN = timedelta(hours=12)
WATCHED = timedelta(days=1)
BEYOND = timedelta(hours=1)
CHUNK = 400
SHOWN = 20


@rule("orders.total_is_sum_of_lines")
def total_is_sum_of_lines(at: datetime) -> list[str]:
    """The total of every order is the sum of its lines, and its parts are the sums by kind."""
    lines = OrderLine.objects.filter(order=OuterRef("pk")).order_by().values("order")

    def summed(**which: str) -> Coalesce:
        return Coalesce(Subquery(lines.filter(**which).annotate(sum=Sum("amount")).values("sum")), 0)

    rows = Order.objects.annotate(every=summed(), items=summed(kind="item"), off=summed(kind="discount"))
    wrong = rows.filter(~Q(total=F("every")) | ~Q(goods=F("items")) | ~Q(discount=-F("off")))
    return [f"order {row.number}: the total {row.total} is not the sum of its lines, {row.every}" for row in wrong[:SHOWN]]


@rule("orders.refunds_add_up")
def refunds_add_up(at: datetime) -> list[str]:
    """What a standing order says was given back is the sum of its refunds."""
    parts = OrderRefund.objects.filter(order=OuterRef("pk")).order_by().values("order").annotate(sum=Sum("amount")).values("sum")
    wrong = Order.objects.exclude(state__in=CLOSED).annotate(back=Coalesce(Subquery(parts), 0)).exclude(refunded=F("back"))
    return [f"order {row.number}: refunded {row.refunded}, its refunds say {row.back}" for row in wrong[:SHOWN]]


def _chunks(rows: QuerySet[Order]) -> Iterator[list[Order]]:
    found: Iterable[Order] = rows.order_by("id").iterator(chunk_size=CHUNK)
    walker = iter(found)
    while chunk := list(islice(walker, CHUNK)):
        yield chunk


@rule("orders.money_agrees")
def money_agrees(at: datetime) -> list[str]:
    """Every order was paid what it cost, and given back what it says was given back; one that ended keeps no money."""
    wrong: list[str] = []
    for chunk in _chunks(Order.objects.exclude(state="placed").only("id", "number", "state", "total", "refunded", "kept", "paid_at")):
        intents = paying.intents(refs=[f"or:{order.id}" for order in chunk])
        for order in chunk:
            intent = intents.get(f"or:{order.id}")
            captured, refunded = (intent.captured_amount, intent.refunded) if intent else (0, 0)
            if order.paid_at is not None and (captured < order.total or captured - refunded != order.total - order.refunded):
                wrong.append(f"order {order.number}: cost {order.total} less {order.refunded}, paid {captured} less {refunded}")
            elif order.state in CLOSED and captured != refunded + order.kept:
                wrong.append(f"order {order.number} is {order.state} and keeps {captured - refunded}, not {order.kept}")
    return wrong[:SHOWN]


@rule("orders.goods_agree")
def goods_agree(at: datetime) -> list[str]:
    """A waiting order holds its goods, a standing one has bought them, a closed one holds nothing."""
    wrong: list[str] = []
    for chunk in _chunks(Order.objects.filter(Q(closed_at=None) | Q(closed_at__gte=at - timedelta(days=1))).only("id", "number", "state")):
        states = stock.states(refs=[f"or:{order.id}" for order in chunk])
        for order in chunk:
            state = states.get(f"or:{order.id}")
            if state == "held" and order.state != "placed":
                wrong.append(f"order {order.number} is {order.state} and still holds goods")
            if state == "released" and order.state not in CLOSED and order.state != "placed":
                wrong.append(f"order {order.number} is {order.state} without its goods")
    return wrong[:SHOWN]


@rule("orders.paid_is_confirmed")
def paid_is_confirmed(at: datetime) -> list[str]:
    """What has been paid is an order, and one that no longer waits for its money."""
    waiting = dict(_named(paying.captured(start=at - WATCHED, end=at - GRACE)))
    states = dict(Order.objects.filter(pk__in=waiting).values_list("pk", "state"))
    nameless = [f"{ref} was paid and there is no such order" for pk, ref in waiting.items() if pk not in states]
    return (nameless + [f"{ref} was paid and is still “placed”" for pk, ref in waiting.items() if states.get(pk) == "placed"])[:SHOWN]


def _named(refs: Iterable[str]) -> Iterator[tuple[int, str]]:
    """The numbers of the orders that are named."""
    for ref in refs:
        kind, _, number = ref.partition(":")
        if kind == "or":
            yield int(number), ref


@rule("orders.holds_have_an_order")
def holds_have_an_order(at: datetime) -> list[str]:
    """Nothing is held for an order that there is not."""
    held = dict(_named(stock.standing(since=at)))
    there = set(Order.objects.filter(pk__in=held).values_list("pk", flat=True))
    return [f"{ref} holds goods and there is no such order" for pk, ref in held.items() if pk not in there][:SHOWN]


@rule("orders.promises_kept", promise=True)
def promises_kept(at: datetime) -> list[str]:
    """Of the deliveries of the last day, in each city with enough of them, the promised share came in time."""
    recent = Order.objects.filter(pk__gte=ids.since(at - WATCHED - timedelta(days=policies.whole(promises.SCHEDULE_AHEAD_D))))
    had = recent.filter(mode="delivery", delivered_at__gt=at - WATCHED, delivered_at__lte=at).order_by().values("city_id")
    wrong = []
    for row in had.annotate(count=Count("id"), kept=Count("id", filter=Q(delivered_at__lte=F("promise_to")))):
        wanted = policies.value(promises.ON_TIME, row["city_id"])
        if row["count"] >= policies.whole(promises.KEPT_LEAST, row["city_id"]) and row["kept"] < wanted * row["count"]:
            wrong.append(f"city {row['city_id']}: {row['kept']} of {row['count']} deliveries came in time, {wanted:.0%} are promised")
    return wrong


@rule("orders.nobody_waits_an_hour", promise=True)
def nobody_waits_an_hour(at: datetime) -> list[str]:
    """No order that was taken on is an hour beyond its promise."""
    late = Order.objects.filter(state__in=("paid", "accepted", "ready", "picked_up"), promise_to__lt=at - BEYOND).order_by("promise_to")
    return [f"order {row.number} was promised for {row.promise_to:%F %R} and is “{row.state}”" for row in late[:SHOWN]]


@rule("orders.nobody_is_forgotten")
def nobody_is_forgotten(at: datetime) -> list[str]:
    """No order waits longer in a state than that state can last."""
    completed = timedelta(hours=policies.whole(promises.COMPLETE_AFTER_H))
    stuck = (
        Q(state="placed", pay_by__lt=at - GRACE)
        | Q(state="paid", accept_by__lt=at - GRACE)
        | Q(state__in=("accepted", "ready"), ready_at__lt=at - LONGEST_KITCHEN)
        | Q(state="picked_up", picked_up_at__lt=at - LONGEST_RIDE)
        | Q(state__in=sorted(DONE), disputed=False, due_at=None, delivered_at__lt=at - completed - GRACE)
    )
    return [f"order {row.number} has been “{row.state}” for too long" for row in Order.objects.filter(stuck).order_by("id")[:SHOWN]]
