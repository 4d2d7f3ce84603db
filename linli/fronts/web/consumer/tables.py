"""At a table: scan its code, pick together, send to the kitchen, share the bill."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linli.apps.catalog import queries as catalog
from linli.apps.dining import operations, queries
from linli.apps.dining.queries import VisitView
from linli.apps.merchants import queries as merchants
from linli.apps.stock import queries as stock
from linli.fronts.web.consumer import forms
from linli.fronts.web.consumer.carts import options_of
from linli.fronts.web.consumer.here import here
from linli.fronts.web.consumer.pages import page, part, wants_part
from linli.fronts.web.consumer.stores import dish, sections_of
from linli.fronts.web.identity import Request, signed_in
from linli.fronts.web.problems import toast
from linli.kernel.errors import N_, NotFound
from linli.platform import ids, push

COURSES = ((1, gettext_lazy("Starters")), (2, gettext_lazy("Mains")), (3, gettext_lazy("Desserts")))
SAID = {
    "picked": gettext_lazy("Picked for the table"),
    "sent": gettext_lazy("Sent to the kitchen"),
    "bill": gettext_lazy("The staff know that you want to pay"),
    "split": gettext_lazy("The bill is split"),
    "undone": gettext_lazy("The bill is not split any more"),
    "dropped": gettext_lazy("You do not pay that now"),
}


@never_cache
@require_GET
def scan(request: Request, token: str) -> HttpResponse:
    """What somebody sees who has scanned the code of a table. A guest of its visit goes straight there."""
    table = queries.scanned(token=token, at=request.at)
    if request.identity is not None:
        mine = queries.open_visit_of(table_id=table.id, person_id=request.identity.person_id)
        if mine is not None:
            return HttpResponseRedirect(f"/visits/{ids.seal('vi', mine)}")
    taken = queries.visit_at(table_id=table.id) is not None
    store = merchants.store(store_id=table.store_id)
    return page(request, "scanned.html", {"table": table, "store": store, "taken": taken, "token": token})


@signed_in
@require_POST
def sit(request: Request, token: str) -> HttpResponse:
    """Sit down at the table, or to those who sit there."""
    table = queries.scanned(token=token, at=request.at)
    people = forms.whole(request.POST, "people")
    visit = operations.sit_down(table_id=table.id, person_id=request.actor.person_id, people=people, at=request.at)
    return HttpResponseRedirect(f"/visits/{ids.seal('vi', visit)}")


def _visit(request: Request, name: str) -> VisitView:
    """The visit, if the person is a guest of it. Raises NotFound."""
    return queries.visit(visit_id=ids.unseal("vi", name), person_id=request.actor.person_id, at=request.at)


def _context(request: Request, view: VisitView) -> dict[str, Any]:
    me = request.actor.person_id
    picked = [(number, label, found) for number, label in COURSES if (found := [pick for pick in view.picks if pick.course == number])]
    owner = {guest.person_id: guest for guest in view.guests}
    return {
        "visit": view, "vi": ids.seal("vi", view.id), "me": owner.get(me), "courses": COURSES, "picked": picked, "names": view.names,
        "store": merchants.store(store_id=view.store_id), "share": view.open_of(me), "said": SAID.get(request.GET.get("said", ""), ""),
    }  # fmt: skip


@signed_in
@never_cache
@require_GET
def visit(request: Request, visit: str) -> HttpResponse:
    """The menu and the table's cart; by htmx only what is going on at the table."""
    view = _visit(request, visit)
    if view.joined_id is not None:
        return HttpResponseRedirect(f"/visits/{ids.seal('vi', view.joined_id)}")
    context = _context(request, view)
    if wants_part(request):
        return part(request, "parts/at_table.html", context)
    sections, *_ = sections_of(view.store_id, request)
    live = push.topic_token(f"visit:{view.id}") if view.closed_at is None else ""
    return page(request, "at_table.html", {**context, "sections": sections, "live": live, "here": here(request)})


@signed_in
@require_GET
def offer(request: Request, visit: str, of: str) -> HttpResponse:
    """How the dish is to be."""
    view, found = _visit(request, visit), catalog.offer(offer_id=ids.unseal("of", of))
    if found.store_id != view.store_id:
        raise NotFound("offer.unknown", N_("There is no such offer."))
    left = stock.left(offer_ids=[found.id], at=request.at)
    context = {
        "dish": dish(found, left.get(found.id)), "store_id": view.store_id, "vi": visit, "courses": COURSES,
        "course": forms.whole(request.GET, "course", 2),
    }  # fmt: skip
    return part(request, "parts/offer_sheet.html", context) if wants_part(request) else page(request, "offer.html", context)


def _back(request: Request, name: str, said: str = "", where: str = "") -> HttpResponse:
    """After a change: the table anew for htmx, else back to it."""
    if not wants_part(request):
        return HttpResponseRedirect(f"/visits/{name}{where}" + (f"?said={said}" if said else ""))
    response = part(request, "parts/at_table.html", _context(request, _visit(request, name)))
    response["HX-Trigger"] = "sheet:done"
    return toast(response, str(SAID[said])) if said else response


@signed_in
@require_POST
def add(request: Request, visit: str) -> HttpResponse:
    """Put a dish into the table's cart."""
    offer_id = forms.sealed(request.POST, "offer", "of")
    operations.add_pick(
        visit_id=ids.unseal("vi", visit), person_id=request.actor.person_id, offer_id=offer_id or 0, options=options_of(request.POST),
        qty=forms.whole(request.POST, "qty", 1), note=request.POST.get("note", ""), course=forms.whole(request.POST, "course", 2),
        at=request.at,
    )  # fmt: skip
    return _back(request, visit, "picked")


@signed_in
@require_POST
def change(request: Request, visit: str, pick: str) -> HttpResponse:
    """Change how many, or for which course."""
    qty = forms.whole(request.POST, "qty") if request.POST.get("qty") else None
    course = forms.whole(request.POST, "course") if request.POST.get("course") else None
    operations.set_pick(
        pick_id=ids.unseal("pk", pick), visit_id=ids.unseal("vi", visit), actor=request.actor, qty=qty, course=course, at=request.at
    )
    return _back(request, visit)


@signed_in
@require_POST
def send(request: Request, visit: str) -> HttpResponse:
    """Send a course, or everything, to the kitchen."""
    course = forms.whole(request.POST, "course") or None
    operations.send(visit_id=ids.unseal("vi", visit), actor=request.actor, course=course, at=request.at)
    return _back(request, visit, "sent")


@signed_in
@never_cache
@require_GET
def bill(request: Request, visit: str) -> HttpResponse:
    """The bill and how to share it; by htmx only the part that changes."""
    view = _visit(request, visit)
    context = {**_context(request, view), "ways": range(2, min(31, max(3, len(view.guests) + 1, view.people + 1)))}
    if wants_part(request):
        return part(request, "parts/table_bill.html", context)
    live = push.topic_token(f"visit:{view.id}") if view.closed_at is None else ""
    return page(request, "table_bill.html", {**context, "live": live})


@signed_in
@require_POST
def ask_bill(request: Request, visit: str) -> HttpResponse:
    """Tell the staff that one wants to pay."""
    operations.ask_bill(visit_id=ids.unseal("vi", visit), actor=request.actor, at=request.at)
    return HttpResponseRedirect(f"/visits/{visit}/bill?said=bill")


@signed_in
@require_POST
def pay(request: Request, visit: str) -> HttpResponse:
    """Begin to pay one's own, the rest, or one of the equal shares; on to the cashier."""
    who: dict[str, Any] = {"visit_id": ids.unseal("vi", visit), "person_id": request.actor.person_id, "at": request.at}
    if share_id := forms.sealed(request.POST, "share", "sh"):
        intent = operations.take_share(share_id=share_id, **who)
    elif request.POST.get("way") == "rest":
        intent = operations.share_rest(**who)
    else:
        intent = operations.share_own(**who)
    return HttpResponseRedirect(f"/pay/{ids.seal('in', intent)}")


@signed_in
@require_POST
def split(request: Request, visit: str) -> HttpResponse:
    """Split the bill evenly, or undo that."""
    visit_id = ids.unseal("vi", visit)
    if request.POST.get("undo"):
        operations.undo_split(visit_id=visit_id, actor=request.actor, at=request.at)
        return HttpResponseRedirect(f"/visits/{visit}/bill?said=undone")
    operations.split_evenly(visit_id=visit_id, actor=request.actor, ways=forms.whole(request.POST, "ways", 2), at=request.at)
    return HttpResponseRedirect(f"/visits/{visit}/bill?said=split")


@signed_in
@require_POST
def drop(request: Request, visit: str) -> HttpResponse:
    """Do not pay what one has begun to."""
    operations.drop_share(visit_id=ids.unseal("vi", visit), person_id=request.actor.person_id, at=request.at)
    return HttpResponseRedirect(f"/visits/{visit}/bill?said=dropped")
