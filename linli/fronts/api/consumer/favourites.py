"""Stores and dishes that somebody keeps."""

from __future__ import annotations

from datetime import datetime

from ninja import Router

from linli.apps.community import operations, queries
from linli.fronts.api.door import CONSUMER, Request, endpoint
from linli.fronts.api.forms import Done, In, OfferId, Out, StoreId

router = Router(tags=["favourites"])


class FavouriteIn(In):
    """A store, or one of its offers."""

    store_id: StoreId
    offer_id: OfferId | None = None


class FavouriteOut(Out):
    """A store that is kept, or one of its offers (null: the store)."""

    store_id: StoreId
    offer_id: OfferId | None
    kept_at: datetime


@endpoint(router, "GET", "/me/favourites", who=CONSUMER, out=list[FavouriteOut], summary="What I keep")
def favourites(request: Request) -> list[FavouriteOut]:
    """Everything that the person keeps, the latest first."""
    found = queries.favourites(person_id=request.actor.person_id)
    return [FavouriteOut(store_id=one.store_id, offer_id=one.offer_id or None, kept_at=one.kept_at) for one in found]


@endpoint(router, "PUT", "/me/favourites", who=CONSUMER, out=Done, summary="Keep a store or a dish")
def keep(request: Request, body: FavouriteIn) -> Done:
    """Keeps it; what is kept already stays."""
    operations.keep(person_id=request.actor.person_id, store_id=body.store_id, offer_id=body.offer_id or 0, at=request.at)
    return Done()


@endpoint(router, "DELETE", "/me/favourites/{store}", who=CONSUMER, out=Done, summary="Let it go")
def drop(request: Request, store: StoreId, offer_id: OfferId | None = None) -> Done:
    """It is kept no more; nor if it never was."""
    operations.drop(person_id=request.actor.person_id, store_id=store, offer_id=offer_id or 0)
    return Done()
