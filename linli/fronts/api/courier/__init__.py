"""What couriers may do."""

from __future__ import annotations

from ninja import Router

from linli.fronts.api.courier import duty, earnings, jobs, rides

ROUTERS: tuple[tuple[str, Router], ...] = (
    ("/courier", duty.router),
    ("/courier", jobs.router),
    ("/courier", rides.router),
    ("/courier", earnings.router),
)
