"""What was earned."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from ninja import Router
from pydantic import AwareDatetime, Field

from linli.apps.fulfilment import queries
from linli.apps.payments import queries as money
from linli.fronts.api.courier.jobs import JobOut, job_out
from linli.fronts.api.door import COURIER, Request, endpoint
from linli.fronts.api.forms import JobId, Minor, Out
from linli.kernel.errors import N_, Invalid

router = Router(tags=["courier: earnings"])

_LONGEST = timedelta(days=93)


class PayOut(Out):
    """A component: base, distance, night, weather or tip."""

    job_id: JobId
    store: str
    kind: str
    amount: Minor
    at: datetime


class EarningsOut(Out):
    """What was earned between two moments; `payable` and `cash_held` are as of now."""

    total: Minor
    jobs: int
    on_duty_s: int
    lines: list[PayOut]
    payable: int = Field(description="What the platform owes me, less what I owe it.")
    cash_held: Minor = Field(description="Cash of orders that I carry.")


@endpoint(router, "GET", "/earnings", who=COURIER, out=EarningsOut, summary="My earnings")
def earnings(request: Request, start: AwareDatetime, end: AwareDatetime) -> EarningsOut:
    """Every component earned between two moments, at most a quarter of a year apart."""
    if not start < end <= start + _LONGEST:
        raise Invalid("period.senseless", N_("The period begins before it ends and is at most 93 days long."), field="end")
    courier_id = request.actor.person_id
    lines = queries.earnings(courier_id=courier_id, start=start, end=end)
    return EarningsOut(
        total=sum(line.amount for line in lines),
        jobs=len({line.job_id for line in lines}),
        on_duty_s=queries.shift_seconds(courier_id=courier_id, start=start, end=end, at=request.at),
        lines=[PayOut.of(line) for line in lines],
        payable=money.payable(kind="courier", owner=courier_id),
        cash_held=money.cash_held(courier_id=courier_id),
    )


@endpoint(router, "GET", "/history", who=COURIER, out=list[JobOut], summary="What I delivered")
def history(request: Request, before: AwareDatetime | None = None, limit: Annotated[int, Field(ge=1, le=100)] = 50) -> list[JobOut]:
    """Delivered jobs, newest first; pass the last `delivered_at` as `before` for the ones before it."""
    return [job_out(view) for view in queries.history(courier_id=request.actor.person_id, limit=limit, before=before)]
