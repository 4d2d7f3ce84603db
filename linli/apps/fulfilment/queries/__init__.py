"""Reading couriers, jobs, plans, promises, earnings and ticks."""

from __future__ import annotations

from linli.apps.fulfilment.queries.approach import approach_s, leaves_s
from linli.apps.fulfilment.queries.couriers import courier, couriers, earnings, history, live, shift_seconds, track
from linli.apps.fulfilment.queries.fare_tokens import KeptFare, KeptFares, fares_for
from linli.apps.fulfilment.queries.jobs import drops, expected_pay, job, jobs, jobs_by_id, offers, open_jobs, waiting
from linli.apps.fulfilment.queries.passes import (
    PassUseView,
    PassView,
    pass_of,
    pass_uses,
    passes,
    passes_of,
    refusal,
    usable_count,
    uses_of,
    worth,
)
from linli.apps.fulfilment.queries.plans import eta, plan, routes
from linli.apps.fulfilment.queries.rides import (
    CancelTerms,
    ClassFare,
    DriverView,
    Estimate,
    RideView,
    Zone,
    cancel_terms,
    estimate,
    ride,
    rides_of,
    zones,
)
from linli.apps.fulfilment.queries.ticks import (
    Replay,
    TickRow,
    TickView,
    WhatIf,
    explain,
    explanations,
    replay,
    tick,
    ticks,
    ticks_of,
    what_if,
)
from linli.apps.fulfilment.queries.views import CourierView, EtaView, JobView, Live, PayLineView, StopView, TrackPoint

__all__ = [
    "CancelTerms", "ClassFare", "CourierView", "DriverView", "Estimate", "EtaView", "JobView", "KeptFare", "KeptFares", "Live",
    "PassUseView", "PassView", "PayLineView", "Replay", "RideView", "StopView", "TickRow", "TickView", "TrackPoint", "WhatIf",
    "Zone", "approach_s", "cancel_terms", "courier", "couriers", "drops", "earnings", "estimate", "eta", "expected_pay", "explain",
    "explanations", "fares_for", "history", "job", "jobs", "jobs_by_id", "leaves_s", "live", "offers", "open_jobs", "pass_of", "pass_uses",
    "passes", "passes_of", "plan", "refusal", "replay", "ride", "rides_of", "routes", "shift_seconds", "tick", "ticks", "ticks_of",
    "track", "usable_count", "uses_of", "waiting", "what_if", "worth", "zones",
]  # fmt: skip
