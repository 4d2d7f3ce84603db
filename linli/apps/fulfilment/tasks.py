"""What happens by itself: a dispatch tick for each city every few seconds, and clearing away."""

from __future__ import annotations

from datetime import datetime, timedelta

from linli.apps.city import queries as city
from linli.apps.fulfilment import operations
from linli.platform import clock, jobs, policies
from linli.policy import dispatch


@jobs.every("fulfilment.see_to_ticks", seconds=30)
def see_to_ticks(*, at: datetime) -> None:
    """See to it that every city ticks; a tick books the next one itself."""
    for place in city.cities():
        key, following = f"tick:{place.id}", at + timedelta(seconds=policies.whole(dispatch.TICK_S, place.id))
        tick_city.enqueue(run_at=at, at=at, key=key, city_id=place.id)
        jobs.hasten(key=key, run_at=following)


@jobs.task("fulfilment.tick", transactional=False, retries=2)
def tick_city(*, at: datetime, city_id: int) -> None:
    """One tick; it is safe to do twice, and it must not hold a transaction open while it thinks."""
    following = at + timedelta(seconds=policies.whole(dispatch.TICK_S, city_id))
    tick_city.enqueue(run_at=following, at=at, key=f"tick:{city_id}", city_id=city_id)
    operations.tick(city_id=city_id, at=at, pace=clock.speed())
    operations.match_rides(city_id=city_id, at=at, pace=clock.speed())


@jobs.every("fulfilment.advise_waiting", seconds=180, transactional=False)
def advise_waiting(*, at: datetime) -> None:
    """Tell couriers with nothing to do where to wait."""
    for place in city.cities():
        operations.advise_waiting(city_id=place.id, at=at)


@jobs.every("fulfilment.unfound", seconds=60, transactional=False)
def see_to_unfound(*, at: datetime) -> None:
    """Tell of meals that nobody comes for; each in a transaction of its own."""
    for place in city.cities():
        operations.see_to_unfound(city_id=place.id, at=at)


@jobs.every("fulfilment.prune", seconds=3600)
def prune(*, at: datetime) -> None:
    """Clear away old tracks and decisions."""
    operations.prune(at=at)


@jobs.every("fulfilment.lapse_passes", seconds=300)
def lapse_passes(*, at: datetime) -> None:
    """End the codes whose time is over; what was not used of them is given back."""
    operations.lapse_passes(at=at)
