"""The frame of every room of a store: who may come in, what stands at the side, and how an action answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from linli.apps.merchants import queries as merchants
from linli.apps.merchants.queries import StoreView
from linli.apps.orders import queries as orders
from linli.fronts.web.identity import Request, role_required
from linli.fronts.web.problems import toast, words
from linli.kernel.errors import N_, Invalid, Problem
from linli.platform import ids


class Room(Request):
    """A request of somebody who runs the store; `sealed` is the store's outside name."""

    store: StoreView
    sealed: str


@dataclass(frozen=True, slots=True)
class Way:
    """One way at the side."""

    name: str
    icon: str
    label: Any
    kinds: tuple[str, ...] = ()  # of stores; empty: all


WAYS = (
    Way("today", "home", _("Today")),
    Way("orders", "receipt", _("Orders")),
    Way("stays", "people", _("Guests"), ("hotel",)),
    Way("nights", "chart", _("Rooms and prices"), ("hotel",)),
    Way("floor", "table", _("Tables"), ("restaurant",)),
    Way("line", "walk", _("Waiting list"), ("restaurant",)),
    Way("bookings", "calendar", _("Bookings"), ("restaurant", "service")),
    Way("till", "check", _("Use a code")),
    Way("menu", "bowl", _("Menu and stock")),
    Way("passes", "ticket", _("Vouchers")),
    Way("hours", "clock", _("Opening hours")),
    Way("reviews", "star", _("Reviews")),
    Way("complaints", "message", _("Complaints")),
    Way("money", "wallet", _("Statement")),
    Way("staff", "people", _("Staff")),
    Way("settings", "gear", _("This store")),
)

# What an action has done, by the name that a page without scripts is led to.
DONE = {
    "accepted": _("Accepted."),
    "refused": _("Refused. The money goes back."),
    "ready": _("Marked as ready."),
    "handed": _("Handed over."),
    "served": _("Brought to the table."),
    "saved": _("Saved."),
    "removed": _("Removed."),
    "on": _("On sale again."),
    "off": _("Sold out."),
    "paused": _("Paused. No new orders come in."),
    "resumed": _("Open for orders again."),
    "replied": _("Sent."),
    "granted": _("Granted."),
    "added": _("Added."),
    "arrived": _("They are here."),
    "moved": _("Moved. They are told."),
    "done": _("Done."),
    "used": _("Used. It is at the top of today's list."),
    "noted": _("Noted. It counts for the member if they agreed to be known."),
    "no_show": _("Noted that nobody came."),
}

View = Callable[..., HttpResponseBase]


def room(view: View) -> View:
    """Let the people of the store in the address through (asked afresh each time), and load the store."""

    @role_required("merchant", scope="store")
    @wraps(view)
    def inside(request: Any, /, **kwargs: Any) -> HttpResponseBase:
        request.sealed = kwargs.pop("store")
        request.store = merchants.store(store_id=ids.unseal("st", request.sealed))
        return view(request, **kwargs)

    return inside


def page(request: Room, template: str, on: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """A page of the store with its side; one statement for the counts at the side."""
    waiting = orders.counts_for_store(store_id=request.store.id)
    count = {"orders": waiting["new"]}
    ways = [
        (way, f"/merchant/{request.sealed}/{way.name}", count.get(way.name, 0), way.name == on)
        for way in WAYS
        if not way.kinds or request.store.kind in way.kinds
    ]
    return render(request, f"merchant/{template}.html", {**frame(request), "ways": ways, "waiting": waiting, **context}, status=status)


def frame(request: Room) -> dict[str, Any]:
    """What every template of a store needs: the store, its outside name, whether it is open, what was just done."""
    return {
        "store": request.store,
        "sealed": request.sealed,
        "base": f"/merchant/{request.sealed}",
        "city": request.store,  # its zone is the page's
        "open": merchants.open_state(request.store, request.at),
        "said": DONE.get(str(request.GET.get("done", "")), ""),
        "now": request.at,
    }


def done(request: Room, what: str, where: str) -> HttpResponse:
    """Back to `where` (below the store's address), where `what` has been done is said."""
    return HttpResponseRedirect(f"/merchant/{request.sealed}/{where}?{urlencode({'done': what})}")


def said(response: HttpResponse, what: str) -> HttpResponse:
    """The answer to htmx, with what has been done as a toast."""
    return toast(response, str(DONE[what]))


def wrong(problem: Problem) -> dict[str, Any]:
    """A problem as a form shows it: the sentence, and the field that it belongs to (empty: the whole form)."""
    return {"problem": words(problem), "field": str(problem.params.get("field", ""))}


def by_htmx(request: HttpRequest) -> bool:
    """Whether a part of the page is asked for, not the page."""
    return bool(request.headers.get("HX-Request"))


def number(text: str, default: int | None = None) -> int | None:
    """The whole number somebody typed; `default` for nothing. Raises Problem for anything else."""
    text = text.strip()
    if not text:
        return default
    if not text.isascii() or not text.lstrip("-").isdigit() or len(text) > 9:
        raise Invalid("number.unreadable", N_("“%(text)s” is not a whole number."), text=text[:20])
    return int(text)
