"""Complaints that want a decision."""

from __future__ import annotations

from datetime import timedelta

from ninja import Router
from pydantic import Field

from linli.apps.care import operations, queries
from linli.fronts.api.consumer.complaints import CaseOut, case_out
from linli.fronts.api.door import SUPPORT, Request, endpoint
from linli.fronts.api.forms import Amount, CaseId, CityId, In, Out
from linli.platform import push

router = Router(tags=["support: complaints"])


class WordsIn(In):
    """Words; a `note` is seen by staff only."""

    text: str = Field(min_length=1, max_length=1000)
    note: bool = False


class DecideIn(In):
    """How much goes back (0 declines), why, and who pays (null: as the kind of complaint says)."""

    refund: Amount
    text: str = Field(min_length=1, max_length=1000)
    merchant_bears: bool | None = None


class QueueOut(Out):
    """What waits, how the clocks of the last 7 days were kept (hundredths of a percent), and where news is streamed."""

    cases: list[CaseOut]
    counted: int
    replied_bp: int
    solved_bp: int
    live: str


def _case(case_id: int) -> CaseOut:
    return case_out(queries.case(case_id=case_id, notes=True))


@endpoint(router, "GET", "/cases", who=SUPPORT, out=QueueOut, summary="Complaints that wait")
def queue(request: Request, city_id: CityId | None = None, escalated_only: bool = False) -> QueueOut:
    """Escalated ones first, then by whichever clock runs out first."""
    kept = queries.attainment(since=request.at - timedelta(days=7), city_id=city_id)
    return QueueOut(
        cases=[case_out(view) for view in queries.queue(city_id=city_id, escalated_only=escalated_only)],
        counted=kept.cases,
        replied_bp=kept.replied_bp,
        solved_bp=kept.solved_bp,
        live=f"/live?t={push.topic_token('support:0')}",
    )


@endpoint(router, "GET", "/cases/{case}", who=SUPPORT, out=CaseOut, summary="Any complaint")
def case(request: Request, case: CaseId) -> CaseOut:
    """A complaint with what was said, notes included."""
    return _case(case)


@endpoint(router, "POST", "/cases/{case}/messages", who=SUPPORT, out=CaseOut, status=201, summary="Answer, or note")
def answer(request: Request, case: CaseId, body: WordsIn) -> CaseOut:
    """Says something to the person, or to colleagues."""
    operations.answer(case_id=case, actor=request.actor, text=body.text, at=request.at, note=body.note)
    return _case(case)


@endpoint(router, "POST", "/cases/{case}/decide", who=SUPPORT, out=CaseOut, summary="Decide")
def decide(request: Request, case: CaseId, body: DecideIn) -> CaseOut:
    """Ends it. Audited."""
    operations.decide(
        case_id=case, actor=request.actor, refund=body.refund, text=body.text, at=request.at, merchant_bears=body.merchant_bears
    )
    return _case(case)
