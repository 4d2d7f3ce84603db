"""What people say about the store: complaints and reviews, and the store's answers."""

from __future__ import annotations

from typing import Annotated

from ninja import Router
from pydantic import Field

from linli.apps.care import operations as care
from linli.apps.care import queries as cases
from linli.apps.community import operations as community
from linli.apps.community import queries as reviews
from linli.fronts.api.consumer.complaints import CaseOut, CasePage, SayIn, case_out
from linli.fronts.api.consumer.reviews import ReviewOut, ReviewPage
from linli.fronts.api.door import MERCHANT, Request, endpoint
from linli.fronts.api.forms import CaseId, Done, In, ReviewId, StoreId

router = Router(tags=["merchant: voices"])


class GrantIn(In):
    """How much goes back, and the words that go with it."""

    refund: int = Field(ge=1, le=100_000_000, description="Minor units; only support can decline.")
    text: str = Field(min_length=1, max_length=1000)


def _theirs(request: Request, case_id: int) -> CaseOut:
    return case_out(cases.case(case_id=case_id, store_id=request.actor.scope_id))


@endpoint(router, "GET", "/{store}/complaints", who=MERCHANT, out=CasePage, summary="Complaints about the store")
def complaints(
    request: Request, store: StoreId, open_only: bool = False, cursor: str | None = None, limit: Annotated[int, Field(ge=1, le=100)] = 50
) -> CasePage:
    """Newest first; what was said is left out."""
    page = cases.for_store(store_id=store, open_only=open_only, cursor=cursor, limit=limit)
    return CasePage(items=[case_out(view) for view in page.items], next_cursor=page.next_cursor)


@endpoint(router, "GET", "/{store}/complaints/{case}", who=MERCHANT, out=CaseOut, summary="A complaint about the store")
def complaint(request: Request, store: StoreId, case: CaseId) -> CaseOut:
    """A complaint with what was said."""
    return _theirs(request, case)


@endpoint(router, "POST", "/{store}/complaints/{case}/messages", who=MERCHANT, out=CaseOut, status=201, summary="Answer a complaint")
def answer(request: Request, store: StoreId, case: CaseId, body: SayIn) -> CaseOut:
    """Says something; the first words stop the first clock."""
    care.answer(case_id=case, actor=request.actor, text=body.text, at=request.at)
    return _theirs(request, case)


@endpoint(router, "POST", "/{store}/complaints/{case}/grant", who=MERCHANT, out=CaseOut, summary="Grant a complaint")
def grant(request: Request, store: StoreId, case: CaseId, body: GrantIn) -> CaseOut:
    """Gives money back and ends it."""
    care.decide(case_id=case, actor=request.actor, refund=body.refund, text=body.text, at=request.at)
    return _theirs(request, case)


@endpoint(router, "GET", "/{store}/reviews", who=MERCHANT, out=ReviewPage, summary="Reviews to answer")
def to_answer(
    request: Request, store: StoreId, unanswered: bool = True, cursor: str | None = None, limit: Annotated[int, Field(ge=1, le=100)] = 50
) -> ReviewPage:
    """Reviews, newest first; only those without an answer unless asked otherwise."""
    page = reviews.reviews(store_id=store, unanswered=unanswered, cursor=cursor, limit=limit)
    return ReviewPage(items=[ReviewOut.of(view) for view in page.items], next_cursor=page.next_cursor)


@endpoint(router, "PUT", "/{store}/reviews/{review}/reply", who=MERCHANT, out=Done, summary="Answer a review")
def reply(request: Request, store: StoreId, review: ReviewId, body: SayIn) -> Done:
    """The store's answer, or its new wording."""
    community.reply(review_id=review, actor=request.actor, text=body.text, at=request.at)
    return Done()
