"""Complaints about orders, and what became of them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from ninja import Router
from pydantic import Field

from linli.apps.care import operations, queries
from linli.apps.care.queries import CaseView
from linli.fronts.api import pictures
from linli.fronts.api.door import CONSUMER, Request, endpoint
from linli.fronts.api.forms import Amount, CaseId, In, LineId, Minor, OrderId, Out, StoreId
from linli.platform import files

router = Router(tags=["complaints"])


class PieceIn(In):
    """So many pieces of a line."""

    line_id: LineId
    qty: int = Field(ge=1, le=99)


class ComplainIn(In):
    """What is wrong."""

    kind: Literal["late", "missing", "wrong", "quality", "courier", "other", "lost", "safety"]
    text: str = Field("", max_length=1000)
    lines: list[PieceIn] = Field(default=[], max_length=60, description="What is meant.")
    wanted: Amount | None = Field(None, description="How much should come back; null: what those pieces cost.")
    photos: pictures.Names = []


class SayIn(In):
    """Words."""

    text: str = Field(min_length=1, max_length=1000)


class EscalateIn(In):
    """Why support should decide, if there is more to say."""

    text: str = Field("", max_length=1000)


class PieceOut(Out):
    """So many pieces of a line."""

    line_id: LineId
    qty: int


class SaidOut(Out):
    """Something said."""

    role: str
    text: str
    at: datetime


class CaseOut(Out):
    """A complaint; the first answer is due at `reply_due_at`, the solution at `solve_due_at`."""

    id: CaseId
    order_id: OrderId
    order_number: str
    store_id: StoreId
    store_name: str
    kind: str
    text: str
    photos: list[str]
    wanted: Minor
    state: str
    instant: bool = Field(description="Granted at once, by rule.")
    refund_amount: Minor
    resolution: str
    decided_by: str
    opened_at: datetime
    reply_due_at: datetime
    replied_at: datetime | None
    solve_due_at: datetime
    solved_at: datetime | None
    pieces: list[PieceOut]
    messages: list[SaidOut]


class CasePage(Out):
    """Some complaints, newest first."""

    items: list[CaseOut]
    next_cursor: str | None


class PhotoOut(Out):
    """The name to send along."""

    name: str


def case_out(view: CaseView) -> CaseOut:
    """A complaint as a document."""
    plain = {name: getattr(view, name) for name in CaseOut.model_fields if name != "pieces"}
    return CaseOut.model_validate(plain | {"pieces": [{"line_id": line, "qty": qty} for line, qty in view.lines.items()]})


def _mine(request: Request, case_id: int) -> CaseOut:
    return case_out(queries.case(case_id=case_id, person_id=request.actor.person_id))


@endpoint(router, "POST", "/photos", who=CONSUMER, out=PhotoOut, status=201, summary="Send a photo", takes="image/jpeg")
def photo(request: Request) -> PhotoOut:
    """Keeps a JPEG, PNG or WebP (the body itself, at most 12 MB) for a complaint or a review, without where and with what it was taken."""
    return PhotoOut(name=files.keep_picture(request.read(), folder=pictures.FOLDER))


@endpoint(router, "POST", "/orders/{order}/complaints", who=CONSUMER, out=CaseOut, status=201, summary="Complain")
def complain(request: Request, order: OrderId, body: ComplainIn) -> CaseOut:
    """Opens a complaint about one's own order. A small wish of a trusted person is granted at once."""
    view = operations.complain(
        order_id=order, person_id=request.actor.person_id, kind=body.kind, text=body.text,
        lines={piece.line_id: piece.qty for piece in body.lines}, wanted=body.wanted, photos=pictures.checked(body.photos), at=request.at,
    )  # fmt: skip
    return case_out(view)


@endpoint(router, "GET", "/complaints", who=CONSUMER, out=CasePage, summary="My complaints")
def complaints(request: Request, cursor: str | None = None, limit: Annotated[int, Field(ge=1, le=50)] = 20) -> CasePage:
    """One's own complaints, newest first; what was said is left out."""
    page = queries.cases_of(person_id=request.actor.person_id, cursor=cursor, limit=limit)
    return CasePage(items=[case_out(view) for view in page.items], next_cursor=page.next_cursor)


@endpoint(router, "GET", "/complaints/{case}", who=CONSUMER, out=CaseOut, summary="A complaint")
def complaint(request: Request, case: CaseId) -> CaseOut:
    """One's own complaint with what was said."""
    return _mine(request, case)


@endpoint(router, "POST", "/complaints/{case}/messages", who=CONSUMER, out=CaseOut, status=201, summary="Say something")
def say(request: Request, case: CaseId, body: SayIn) -> CaseOut:
    """Adds to one's own complaint."""
    operations.answer(case_id=case, actor=request.actor, text=body.text, at=request.at)
    return _mine(request, case)


@endpoint(router, "POST", "/complaints/{case}/escalate", who=CONSUMER, out=CaseOut, summary="Ask support to decide")
def escalate(request: Request, case: CaseId, body: EscalateIn) -> CaseOut:
    """Takes it from the store to support."""
    operations.escalate(case_id=case, actor=request.actor, text=body.text, at=request.at)
    return _mine(request, case)


@endpoint(router, "POST", "/complaints/{case}/withdraw", who=CONSUMER, out=CaseOut, summary="Withdraw")
def withdraw(request: Request, case: CaseId) -> CaseOut:
    """One no longer complains."""
    operations.withdraw(case_id=case, person_id=request.actor.person_id, at=request.at)
    return _mine(request, case)
