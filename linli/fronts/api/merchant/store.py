"""The store itself: how it stands, its hours, its pauses, its money."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Router
from pydantic import AwareDatetime, Field

from linli.apps.merchants import operations, queries
from linli.apps.orders import queries as orders
from linli.apps.payments import queries as money
from linli.fronts.api.consumer.stores import OpeningOut, OpenOut, StoreOut
from linli.fronts.api.door import MERCHANT, Request, endpoint
from linli.fronts.api.forms import In, Minor, Out, StoreId
from linli.kernel.errors import N_, Invalid
from linli.kernel.time import Opening
from linli.platform import push

router = Router(tags=["merchant: store"])


class DeskOut(Out):
    """How the store stands: `waiting` counts the orders of each tab that want work; `payable` is what the platform owes it."""

    store: StoreOut
    open: OpenOut
    paused_until: datetime | None
    accepts: bool = Field(description="New orders are accepted by themselves.")
    openings: list[OpeningOut]
    waiting: dict[str, int]
    payable: Minor
    live: str = Field(description="An address that streams the store's news (Server-Sent Events).")


class EditIn(In):
    """What to change; what is left out stays."""

    name: str | None = Field(None, min_length=1, max_length=120)
    name_en: str | None = Field(None, max_length=120)
    address: str | None = Field(None, max_length=200)
    phone: str | None = Field(None, max_length=40)
    prep_minutes: int | None = Field(None, ge=0, le=240)
    accepts: bool | None = None


class OpeningIn(In):
    """One opening: weekday 0 is Monday, minutes of the local day; `closes` may pass 1,440."""

    weekday: int = Field(ge=0, le=6)
    opens: int = Field(ge=0, lt=1440)
    closes: int = Field(gt=0, le=2880)


class HoursIn(In):
    """The week."""

    openings: list[OpeningIn] = Field(max_length=50)


class PauseIn(In):
    """Until when no orders are taken."""

    until: AwareDatetime


class EntryOut(Out):
    """A line of the account: `amount` is positive when the store gains."""

    at: datetime
    kind: str
    ref: str
    amount: int
    other: str


class StatementPage(Out):
    """Some lines, newest first."""

    items: list[EntryOut]
    next_cursor: str | None


def desk_out(store_id: int, at: datetime) -> DeskOut:
    """How the store stands now."""
    view = queries.store(store_id=store_id)
    return DeskOut(
        store=StoreOut.of(view),
        open=OpenOut.of(queries.open_state(view, at)),
        paused_until=view.paused_until,
        accepts=view.accepts,
        openings=[OpeningOut.of(opening) for opening in view.hours.openings],
        waiting=orders.counts_for_store(store_id=store_id),
        payable=money.payable(kind="store", owner=store_id),
        live=f"/live?t={push.topic_token(f'store:{store_id}')}",
    )


@endpoint(router, "GET", "/{store}", who=MERCHANT, out=DeskOut, summary="How the store stands")
def desk(request: Request, store: StoreId) -> DeskOut:
    """Whether it is open, what wants work, what is owed, and where its news is streamed."""
    return desk_out(store, request.at)


@endpoint(router, "PATCH", "/{store}", who=MERCHANT, out=DeskOut, summary="Change the store")
def edit(request: Request, store: StoreId, body: EditIn) -> DeskOut:
    """Changes what is given."""
    changes: dict[str, Any] = body.model_dump(exclude_none=True)
    operations.edit_store(store_id=store, changes=changes, actor=request.actor, at=request.at)
    return desk_out(store, request.at)


@endpoint(router, "PUT", "/{store}/hours", who=MERCHANT, out=DeskOut, summary="Change the hours")
def hours(request: Request, store: StoreId, body: HoursIn) -> DeskOut:
    """Replaces the weekly opening hours."""
    operations.set_hours(store_id=store, openings=[_opening(line) for line in body.openings], actor=request.actor, at=request.at)
    return desk_out(store, request.at)


def _opening(line: OpeningIn) -> Opening:
    if line.closes <= line.opens:
        raise Invalid("hours.order", N_("An opening ends after it begins; past midnight it ends after 24:00."), field="openings")
    return Opening(line.weekday, line.opens, line.closes)


@endpoint(router, "PUT", "/{store}/pause", who=MERCHANT, out=DeskOut, summary="Pause")
def pause(request: Request, store: StoreId, body: PauseIn) -> DeskOut:
    """Takes no orders until then."""
    operations.pause(store_id=store, until=body.until, actor=request.actor, at=request.at)
    return desk_out(store, request.at)


@endpoint(router, "DELETE", "/{store}/pause", who=MERCHANT, out=DeskOut, summary="Take orders again")
def resume(request: Request, store: StoreId) -> DeskOut:
    """Ends a pause."""
    operations.resume(store_id=store, actor=request.actor, at=request.at)
    return desk_out(store, request.at)


@endpoint(router, "GET", "/{store}/statement", who=MERCHANT, out=StatementPage, summary="The store's account")
def statement(
    request: Request, store: StoreId, start: AwareDatetime | None = None, end: AwareDatetime | None = None, cursor: str | None = None,
    limit: Annotated[int, Field(ge=1, le=100)] = 50,
) -> StatementPage:  # fmt: skip
    """Every line of what the store earned and was paid, newest first."""
    page = money.statement(kind="store", owner=store, start=start, end=end, cursor=cursor, limit=limit)
    return StatementPage(items=[EntryOut.of(view) for view in page.items], next_cursor=page.next_cursor)
