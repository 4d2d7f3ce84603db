"""What care does when the street tells it something."""

from __future__ import annotations

from datetime import datetime

from linli.apps.care import operations
from linli.apps.fulfilment.events import RideDeviated
from linli.apps.orders import queries as orders
from linli.kernel.errors import Problem

# Both languages, since nobody has asked in one.
_NOTICED = "车辆偏离了常规路线（系统自动发现）。The car is off the usual way (noticed automatically)."


def deviated(event: RideDeviated, at: datetime) -> None:
    """Support looks at a ride that is far off its way."""
    kind, _, number = event.ref.partition(":")
    if kind != "or":
        return
    try:
        order = orders.order(order_id=int(number))
        operations.alarm(order_id=order.id, person_id=order.person_id, text=_NOTICED, at=at)
    except Problem:
        return  # the ride has ended meanwhile


REACTIONS = {RideDeviated: (deviated,)}
