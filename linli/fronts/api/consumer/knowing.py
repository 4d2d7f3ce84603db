"""What people do, told by programs of theirs; and what is known of them, to see, correct, pause and delete."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from ninja import Router
from pydantic import Field

from linli.apps.accounts import operations as accounts_operations
from linli.apps.accounts import queries as accounts
from linli.apps.city import queries as city
from linli.apps.discovery import operations as discovery_operations
from linli.apps.discovery import queries as discovery
from linli.apps.insight import operations as insight
from linli.apps.insight.operations import Deed
from linli.fronts.api.door import ANYBODY, CONSUMER, Request, endpoint
from linli.fronts.api.forms import CityId, Done, In, ListId, OfferId, Out, StoreId
from linli.fronts.web.identity import address_of
from linli.platform import limits, policies
from linli.policy import insight as numbers

router = Router(tags=["knowing"])


class DeedIn(In):
    """Something that somebody did."""

    kind: Literal["view", "search", "click", "cart", "dwell", "exposure"]
    key: str = Field(min_length=8, max_length=64, description="Your own name for it; sent again it counts once.")
    ago_s: Annotated[int, Field(ge=0, le=172_800)] = Field(0, description="How many seconds ago it was.")
    store_id: StoreId | None = None
    offer_id: OfferId | None = None
    section: str = Field("", max_length=40, pattern="^[a-z0-9._-]*$", description="The list it happened in, or the experiment.")
    place: Annotated[int, Field(ge=0, le=10_000)] = Field(0, description="The place in that list, 1 for the first.")
    seconds: Annotated[int, Field(ge=0, le=3600)] = Field(0, description="How long, of a dwell.")
    text: str = Field("", max_length=200, description="What was searched.")
    arm: str = Field("", max_length=40, pattern="^[a-z0-9._-]*$", description="Which arm was shown, of an exposure.")
    listed: ListId | None = Field(None, description="The list that was clicked in.")
    shown: str = Field("", max_length=4000, description="The list that was seen, of an exposure: all else is in it.")


class DeedsIn(In):
    """Up to fifty of them."""

    events: Annotated[list[DeedIn], Field(min_length=1, max_length=50)]
    city_id: CityId | None = None


class ConsentIn(In):
    """The answer."""

    agree: bool


class ConsentOut(Out):
    """The answer as it stands; `changed_at` is null while nobody has answered."""

    given: bool
    changed_at: datetime | None


class LikeOut(Out):
    """A cuisine and its share of the orders."""

    cuisine: str
    share: float


class TasteOut(Out):
    """What is known of the person; `facts` are plain values found out from orders."""

    likes: list[LikeOut]
    less: list[str]
    took: list[StoreId]
    seen: list[StoreId]
    hidden: list[StoreId]
    facts: dict[str, Any]
    stage: str
    paused: bool


class TasteIn(In):
    """One correction: `less` or `more` of the cuisine `what`, `hide` or `show` a store, `pause` or `resume`, the `stage` of life `what`."""

    change: Literal["less", "more", "hide", "show", "pause", "resume", "stage"]
    what: str = Field("", max_length=40)
    store_id: StoreId | None = None


@endpoint(router, "POST", "/events", who=ANYBODY, out=Done, status=202, summary="Tell what was done")
def events(request: Request, body: DeedsIn) -> Done:
    """Takes down views, searches, clicks and the like. The person is written down only with a token and their consent; orders, reviews
    and purchases in a store are noted where they happen.
    """
    person_id = request.identity.person_id if request.identity else None
    if who := f"p{person_id}" if person_id else address_of(request):
        limit = policies.whole(numbers.EVENTS_PER_MIN)
        limits.hit(key=f"deeds:{who}", limit=limit, per_s=60, at=request.at, cost=len(body.events))
    city_id = body.city_id or city.default_city().id
    insight.note(
        city_id=city_id,
        person_id=person_id,
        deeds=[deed for one in body.events for deed in _deeds(one, person_id, request.at)],
        at=request.at,
    )
    return Done()


def _deeds(sent: DeedIn, person_id: int | None, at: datetime) -> list[Deed]:
    return insight.exposures(token=sent.shown, person_id=person_id, at=at) if sent.shown else [_deed(sent, at)]


def _deed(sent: DeedIn, at: datetime) -> Deed:
    return Deed(
        kind=sent.kind, key=sent.key, at=at - timedelta(seconds=sent.ago_s), store_id=sent.store_id or 0, offer_id=sent.offer_id or 0,
        section=sent.section, place=sent.place, seconds=sent.seconds, text=sent.text, arm=sent.arm,
        listed=sent.listed or 0,
    )  # fmt: skip


@endpoint(router, "GET", "/me/personalisation", who=CONSUMER, out=ConsentOut, summary="Did I agree to be known?")
def consent(request: Request) -> ConsentOut:
    """Whether the person agreed that what they do here is kept and chooses what they see."""
    return ConsentOut.of(accounts.consent(person_id=request.actor.person_id))


@endpoint(router, "PUT", "/me/personalisation", who=CONSUMER, out=ConsentOut, summary="Agree to be known, or take that back")
def set_consent(request: Request, body: ConsentIn) -> ConsentOut:
    """Keeps the answer. Taking it back deletes what is known: at once what is shown, within the promised hours everywhere."""
    accounts_operations.set_consent(
        person_id=request.actor.person_id, purpose=accounts.PERSONALISATION, given=body.agree, at=request.at
    )  # fmt: skip
    return ConsentOut.of(accounts.consent(person_id=request.actor.person_id))


@endpoint(router, "GET", "/me/taste", who=CONSUMER, out=TasteOut, summary="What is known of me")
def taste(request: Request) -> TasteOut:
    """Everything that is kept about the person's tastes; empty without their consent."""
    return _known(request.actor.person_id)


@endpoint(router, "PATCH", "/me/taste", who=CONSUMER, out=TasteOut, summary="Correct what is known of me")
def correct(request: Request, body: TasteIn) -> TasteOut:
    """Changes one thing and returns what is known then."""
    discovery_operations.correct(
        person_id=request.actor.person_id, change=body.change, what=body.what, store_id=body.store_id or 0
    )  # fmt: skip
    return _known(request.actor.person_id)


def _known(person_id: int) -> TasteOut:
    agreed = accounts.consent(person_id=person_id).given
    known = discovery.taste(person_id=person_id) if agreed else None
    if known is None:
        return TasteOut(likes=[], less=[], took=[], seen=[], hidden=[], facts={}, stage="", paused=False)
    likes = [LikeOut(cuisine=name, share=share) for name, share in known.likes]
    return TasteOut(
        likes=likes, less=list(known.less), took=list(known.took), seen=list(known.seen), hidden=list(known.hidden),
        facts=dict(known.facts), stage=known.stage, paused=known.paused,
    )  # fmt: skip
