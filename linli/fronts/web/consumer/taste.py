"""What is known of the reader: taking it down as they go, showing it to them, and letting them correct, pause and delete it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, cast

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.apps.accounts import operations as accounts_operations
from linli.apps.accounts import queries as accounts
from linli.apps.discovery import operations as discovery_operations
from linli.apps.discovery import queries as discovery
from linli.apps.discovery.operations import STAGES, Change
from linli.apps.discovery.queries import Recommended
from linli.apps.insight import operations as insight
from linli.apps.insight.operations import Deed
from linli.apps.merchants import queries as merchants
from linli.fronts.web.consumer.here import here
from linli.fronts.web.consumer.pages import page
from linli.fronts.web.identity import Request, address_of, signed_in
from linli.kernel.errors import N_, Invalid, Problem
from linli.platform import ids, limits, policies
from linli.policy import insight as numbers

LARGEST = 20_000  # letters of what a page tells at once
_CHANGES = ("less", "more", "hide", "show", "pause", "resume", "stage")
_NUMBERS = {"place", "seconds"}
_WORDS = {"kind", "key", "section", "text", "arm"}


def shown(stores: Sequence[Recommended], request: Request) -> insight.Shown | None:
    """The list as the page carries it along, to say that it was seen."""
    return insight.shown(stores=stores, person_id=request.identity.person_id if request.identity else None, at=request.at)


@require_POST
def deeds(request: Request) -> HttpResponse:
    """What a page says was looked at, searched and tapped; it waits for no answer, so there is none. Raises Invalid and TooMany."""
    sent = _read(request.POST.get("deeds", ""))
    who = f"p{request.identity.person_id}" if request.identity else address_of(request)
    if who:
        limit = policies.whole(numbers.EVENTS_PER_MIN)
        limits.hit(key=f"deeds:{who}", limit=limit, per_s=60, at=request.at, cost=max(1, len(sent)))
    made = [deed for one in sent for deed in _deeds(one, request)]
    person_id = request.identity.person_id if request.identity else None
    insight.note(city_id=here(request).city.id, person_id=person_id, deeds=made, at=request.at)
    return HttpResponse(status=204)


def _read(text: str) -> list[dict[str, Any]]:
    try:
        sent = json.loads(text) if len(text) <= LARGEST else None
    except (ValueError, RecursionError):
        sent = None
    if not isinstance(sent, list) or not all(isinstance(one, dict) for one in sent):
        raise Invalid("deed.unreadable", N_("That cannot be read."), field="deeds")
    return sent


def _deeds(sent: dict[str, Any], request: Request) -> list[Deed]:
    """A list that was seen is a deed for each of its stores, all else one."""
    if "shown" not in sent:
        return [_deed(sent, request)]
    person_id = request.identity.person_id if request.identity else None
    return insight.exposures(token=str(sent["shown"]), person_id=person_id, at=request.at)


def _deed(sent: dict[str, Any], request: Request) -> Deed:
    """One deed as a page tells it. Raises Invalid for what is not as it should be, NotFound for a store or dish that is none."""
    words = {name: sent.get(name, "") for name in _WORDS}
    counts = {name: sent.get(name, 0) for name in _NUMBERS}
    if not all(isinstance(word, str) for word in words.values()) or not all(type(count) is int for count in counts.values()):
        raise Invalid("deed.unreadable", N_("That cannot be read."), field="deeds")
    store, offer, listed = (str(sent.get(name, "")) for name in ("store", "offer", "listed"))
    return Deed(
        at=request.at, store_id=ids.unseal("st", store) if store else 0, offer_id=ids.unseal("of", offer) if offer else 0,
        listed=ids.unseal(insight.LIST, listed) if listed else 0, **cast(Any, words), **cast(Any, counts),
    )  # fmt: skip


@signed_in
@require_GET
@never_cache
def code(request: Request) -> HttpResponse:
    """The reader's code for tills: what they buy in a store counts, too, if they agreed to be known."""
    person_id = request.actor.person_id
    context = {"code": insight.member_code(person_id=person_id, at=request.at), "agreed": accounts.consent(person_id=person_id).given}
    return page(request, "my_code.html", context, tab="me")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def taste(request: Request) -> HttpResponse:
    """What Linli thinks of the reader and where that is from; a POST changes one thing of it."""
    if request.method != "POST":
        return _page(request)
    try:
        _change(request, request.POST.get("change", ""))
    except Problem as problem:
        return _page(request, problem)
    return HttpResponseRedirect("/me/taste")


def _change(request: Request, change: str) -> None:
    person_id = request.actor.person_id
    if change in {"agree", "delete"}:
        accounts_operations.set_consent(
            person_id=person_id, purpose=accounts.PERSONALISATION, given=change == "agree", at=request.at
        )  # fmt: skip
        return
    if change not in _CHANGES:
        raise Invalid("taste.change", N_("That cannot be changed."), field="change")
    store = request.POST.get("store", "")
    discovery_operations.correct(
        person_id=person_id, change=cast(Change, change), what=request.POST.get("what", ""),
        store_id=ids.unseal("st", store) if store else 0,
    )  # fmt: skip


def _page(request: Request, problem: Problem | None = None) -> HttpResponse:
    person_id = request.actor.person_id
    agreed = accounts.consent(person_id=person_id)
    known = discovery.taste(person_id=person_id) if agreed.given else None
    wanted = [*known.took[:8], *known.seen, *known.hidden] if known else []
    stores = merchants.stores(ids=wanted)
    context = {
        "agreed": agreed, "taste": known, "stages": [(stage, stage or gettext("I do not say")) for stage in STAGES],
        "forget_h": policies.whole(numbers.FORGET_H),
        "likes": [(name, round(share * 100)) for name, share in known.likes] if known else [],
        **{name: [stores[store] for store in getattr(known, name, ())[:8] if store in stores] for name in ("took", "seen", "hidden")},
    }  # fmt: skip
    return page(request, "taste.html", context, tab="me", status=problem.status if problem else 200)
