"""The operator on duty: looks at deliveries that nobody has taken for too long, assigns them by hand, or calls the order off."""

from __future__ import annotations

from datetime import datetime, timedelta

from linli.apps.fulfilment import operations as fulfilment
from linli.apps.fulfilment import queries as street
from linli.apps.fulfilment.queries import CourierView, JobView, Live
from linli.apps.orders import operations as orders
from linli.kernel.actors import Actor
from linli.kernel.errors import Problem
from linli.kernel.geo import metres
from linli.simulator.world.world import World

_LOOKS_EVERY_S = 300
_PATIENCE = timedelta(minutes=12)
_HOPELESS = timedelta(minutes=75)
_TOO_MANY = 3
_REASON = "no_courier"


def sit_down(world: World, at: datetime) -> None:
    """Look at the street every few minutes from now on."""

    def look(at: datetime) -> None:
        world.soon(at, _LOOKS_EVERY_S, look)
        seen = street.live(city_id=world.setting.city_id, at=at)
        for job in seen.jobs:
            if job.state == "waiting" and not job.rides and job.ready and at - job.created_at > _PATIENCE:
                _see_to(world, job, seen, at)

    world.soon(at, _LOOKS_EVERY_S, look)


def _see_to(world: World, job: JobView, seen: Live, at: datetime) -> None:
    actor = Actor("operator")
    order_id = int(job.ref.partition(":")[2])
    courier = _nearest(world, job, seen)
    try:
        if courier is not None:
            world.decide(at, "dispatcher", "assigns by hand")
            fulfilment.assign(job_id=job.id, courier_id=courier.id, actor=actor, at=at, reason="nobody near took it")
            world.couriers[courier.id].sent(job.id, order_id, at)
        elif at - job.created_at > _HOPELESS:
            world.decide(at, "dispatcher", "calls an order off")
            orders.cancel(order_id=order_id, actor=actor, reason=_REASON, at=at)
    except Problem as problem:
        world.refusals[f"dispatcher: {problem.code}"] += 1


def _nearest(world: World, job: JobView, seen: Live) -> CourierView | None:
    """The nearest courier of the crowd who can still carry something."""
    free = [
        (metres(view.point, job.pickup), view.id, view)
        for view in seen.couriers
        if view.on and not view.drives and view.point and view.id in world.couriers and len(world.couriers[view.id].jobs) < _TOO_MANY
    ]
    return min(free)[2] if free else None
