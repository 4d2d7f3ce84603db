"""Reading couriers, jobs, plans, promises, earnings and ticks."""

from __future__ import annotations

from linli.apps.fulfilment.queries.couriers import courier, couriers, earnings, history, live, shift_seconds, track
from linli.apps.fulfilment.queries.jobs import expected_pay, job, jobs, jobs_by_id, offers, open_jobs, waiting
from linli.apps.fulfilment.queries.plans import eta, plan
from linli.apps.fulfilment.queries.ticks import Replay, TickRow, TickView, explain, explanations, replay, tick, ticks, ticks_of
from linli.apps.fulfilment.queries.views import (
    CourierView,
    EtaView,
    JobView,
    Live,
    PayLineView,
    StopView,
    TrackPoint,
)

__all__ = [
    "CourierView", "EtaView", "JobView", "Live", "PayLineView", "Replay", "StopView", "TickRow", "TickView", "TrackPoint", "courier",
    "couriers", "earnings", "eta", "expected_pay", "explain", "explanations", "history", "job", "jobs", "jobs_by_id", "live", "offers",
    "open_jobs", "plan", "replay", "shift_seconds", "tick", "ticks", "ticks_of", "track", "waiting",
]  # fmt: skip
