"""Vouchers and tickets of the store: what they are worth, when they cannot be used or when there is entry, and how many there are."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.apps.catalog import operations, queries
from linli.apps.catalog.queries import OfferView, TicketView, VoucherView
from linli.apps.stock import operations as stocking
from linli.apps.stock import queries as stock
from linli.fronts.web.merchant.frame import Room, done, number, page, room, wrong
from linli.kernel.errors import N_, Invalid, NotFound, Problem
from linli.kernel.money import Money, parse
from linli.platform import ids

KINDS = ("voucher", "ticket")
MORE = 1  # empty rows of blackout times below those that there are
SECTIONS = {"voucher": ("团购", "Vouchers"), "ticket": ("门票", "Tickets")}
FRESH: dict[str, dict[str, Any]] = {
    "voucher": {"uses": 1, "valid_days": 90, "most": 10},
    "ticket": {"opens": "09:00", "closes": "17:00", "slot_minutes": 120, "ahead_days": 14, "free_hours": 2, "late_percent": 50, "most": 5},
}


@require_GET
@room
def passes(request: Room) -> HttpResponse:
    """All of them."""
    own = {terms.id: terms.own for terms in queries.timed_terms(store_id=request.store.id)}
    offers = [offer for offer in queries.menu(store_id=request.store.id).offers if offer.kind in KINDS]
    left = stock.left(offer_ids=[offer.id for offer in offers if offer.kind == "voucher"], at=request.at)
    rows = [(offer, own.get(offer.id), _number_of(offer, left)) for offer in offers]
    return page(request, "passes", "passes", offers=rows)


def _number_of(offer: OfferView, left: Any) -> int | None:
    return left.get(offer.id) if offer.kind == "voucher" else stock.admits(offer_id=offer.id)


@require_http_methods(["GET", "HEAD", "POST"])
@room
def pass_(request: Room, offer: str = "") -> HttpResponse:
    """One of them (a new one without `offer`); a POST saves it."""
    found = _own(request, offer) if offer else None
    kind = found.kind if found else "ticket" if request.GET.get("kind") == "ticket" else "voucher"
    own = next((terms.own for terms in queries.timed_terms(store_id=request.store.id) if found and terms.id == found.id), None)
    problem: Problem | None = None
    if request.method == "POST":
        try:
            _save(request, found, kind)
            return done(request, "saved", "passes")
        except Problem as refused:
            problem = refused
    typed = request.POST.dict() if problem else _typed(request, found, own, kind)
    return page(
        request, "pass", "passes", offer=found, kind=kind, typed=typed, days=_days(request, own), **_blackouts(request, own),
        status=problem.status if problem else 200, **(wrong(problem) if problem else {}),
        slots=[(0, gettext("the whole day")), *((n, gettext("%(n)s minutes") % {"n": n}) for n in (30, 60, 90, 120, 180, 240))],
    )  # fmt: skip


def _own(request: Room, name: str) -> OfferView:
    found = queries.offer(offer_id=ids.unseal("of", name))
    if found.store_id != request.store.id or found.kind not in KINDS:
        raise NotFound("offer.unknown", N_("There is no such offer."))
    return found


@require_POST
@room
def sale(request: Room, offer: str) -> HttpResponse:
    """On sale, or not any more; what was sold stays good."""
    on = request.POST.get("on") == "1"
    operations.set_on_sale(offer_id=_own(request, offer).id, on=on, actor=request.actor, at=request.at)
    return done(request, "on" if on else "off", "passes")


@require_POST
@room
def remove(request: Room, offer: str) -> HttpResponse:
    """Sell it no more; what was sold stays good."""
    operations.remove_offer(offer_id=_own(request, offer).id, actor=request.actor, at=request.at)
    return done(request, "removed", "passes")


def _typed(request: Room, found: OfferView | None, own: Any, kind: str) -> dict[str, Any]:
    """What the fields hold at first."""
    if found is None:
        return FRESH[kind]
    kept = {"name": found.name, "name_en": found.name_en, "description": found.description, "price": Money(found.price).number}
    if isinstance(own, VoucherView):
        left = stock.left(offer_ids=[found.id], at=request.at)[found.id]
        return kept | {"uses": own.uses, "valid_days": own.valid_days, "valid_until": own.valid_until or "", "most": own.most,
                       "count": "" if left is None else left}  # fmt: skip
    if isinstance(own, TicketView):
        admits = stock.admits(offer_id=found.id)
        return kept | {"opens": _clock(own.opens), "closes": _clock(own.closes), "slot_minutes": own.slot_minutes, "most": own.most,
                       "ahead_days": own.ahead_days, "free_hours": f"{own.free_until / 60:g}", "late_percent": f"{own.late_bp / 100:g}",
                       "count": "" if admits is None else admits}  # fmt: skip
    return FRESH[kind] | kept


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _days(request: Room, own: Any) -> list[tuple[int, str, bool]]:
    """The days of the week, and whether there is no entry on them."""
    closed = {int(day) for day in request.POST.getlist("closed") if day.isdigit()} if request.method == "POST" else set()
    if request.method != "POST" and isinstance(own, TicketView):
        closed = set(own.closed_days)
    return [(day, str(WEEKDAYS_ABBR[day]), day in closed) for day in range(7)]


def _blackouts(request: Room, own: Any) -> dict[str, Any]:
    """The rows of times when a voucher cannot be used, with an empty one after them: hours of weekdays, and days."""
    if request.method == "POST":
        hours = [(row["weekdays"], row["start"], row["end"]) for row in _hour_rows(request)]
        spans = [(row["from"], row["to"]) for row in _day_rows(request)]
    else:
        rules = own.blackout if isinstance(own, VoucherView) else ()
        hours = [({*rule["weekdays"]}, _clock(rule.get("start", 0)), _clock(rule.get("end", 1440))) for rule in rules if "weekdays" in rule]
        spans = [(rule["from"], rule["to"]) for rule in rules if "from" in rule]
    hours += [(set(), "", "")] * MORE
    spans += [("", "")] * MORE
    names = [(day, str(WEEKDAYS_ABBR[day])) for day in range(7)]
    return {
        "hours": [([(day, name, day in chosen) for day, name in names], start, end) for chosen, start, end in hours],
        "spans": spans,
    }  # fmt: skip


def _hour_rows(request: Room) -> list[dict[str, Any]]:
    """The rows of weekdays and hours that say something."""
    post, found = request.POST, []
    for row in range(21):
        days = {int(day) for day in post.getlist(f"days-{row}") if day.isdigit()}
        start, end = post.get(f"start-{row}", "").strip(), post.get(f"end-{row}", "").strip()
        if days or start or end:
            found.append({"weekdays": days, "start": start, "end": end})
    return found


def _day_rows(request: Room) -> list[dict[str, str]]:
    """The rows of days that say something."""
    rows = [{"from": request.POST.get(f"from-{row}", "").strip(), "to": request.POST.get(f"to-{row}", "").strip()} for row in range(21)]
    return [{"from": row["from"] or row["to"], "to": row["to"] or row["from"]} for row in rows if row["from"] or row["to"]]


@transaction.atomic
def _save(request: Room, found: OfferView | None, kind: str) -> None:
    post = request.POST
    say: dict[str, Any] = {"actor": request.actor, "at": request.at}
    offer_id = operations.save_offer(
        store_id=request.store.id, offer_id=found.id if found else None, section_id=found.section_id if found else _section(request, kind),
        name=post.get("name", ""), name_en=post.get("name_en", ""), description=post.get("description", "")[:2000],
        price=_amount("price", post.get("price", "")), was_price=found.was_price if found else None, kind=kind, **say,
    )  # fmt: skip
    count = _whole("count", None)(post.get("count", ""))
    counted: dict[str, Any] = {"store_id": request.store.id, "offer_id": offer_id, "name": post.get("name", "").strip(), **say}
    if kind == "voucher":
        operations.set_voucher_terms(offer_id=offer_id, **_voucher(request), **say)
        stocking.set_pieces(count=count, **counted)
        return
    terms = _ticket(request)
    operations.set_ticket_terms(offer_id=offer_id, **terms, **say)
    slot, opens = terms["slot_minutes"], terms["opens"]
    stocking.set_entries(capacity=count, slot_minutes=slot, opens=opens, zone=request.store.zone, **counted)


def _section(request: Room, kind: str) -> int:
    """The heading that they stand under; made where there is none."""
    name, english = SECTIONS[kind]
    known = next((section.id for section in queries.menu(store_id=request.store.id).sections if section.name == name), None)
    say: dict[str, Any] = {"actor": request.actor, "at": request.at}
    return known or operations.save_section(store_id=request.store.id, name=name, name_en=english, **say)


def _voucher(request: Room) -> dict[str, Any]:
    post = request.POST
    blackout: list[dict[str, Any]] = [
        {
            "weekdays": sorted(row["weekdays"]),
            "start": _minute("start", row["start"] or "00:00"),
            "end": _minute("end", row["end"] or "24:00"),
        }
        for row in _hour_rows(request)
    ]  # fmt: skip
    return {
        "uses": _whole("uses", 1)(post.get("uses", "")), "valid_days": _whole("valid_days", 90)(post.get("valid_days", "")),
        "valid_until": _date("valid_until", post.get("valid_until", "")), "blackout": [*blackout, *_day_rows(request)],
        "most": _whole("most", 10)(post.get("most", "")),
    }  # fmt: skip


def _ticket(request: Room) -> dict[str, Any]:
    post = request.POST
    return {
        "opens": _minute("opens", post.get("opens", "")), "closes": _minute("closes", post.get("closes", "")),
        "slot_minutes": _whole("slot_minutes", 0)(post.get("slot_minutes", "")), "most": _whole("most", 5)(post.get("most", "")),
        "closed_days": [int(day) for day in post.getlist("closed") if day.isdigit()],
        "ahead_days": _whole("ahead_days", 14)(post.get("ahead_days", "")),
        "free_until": round(_decimal("free_hours", post.get("free_hours", "")) * 60),
        "late_bp": round(_decimal("late_percent", post.get("late_percent", "")) * 100),
    }  # fmt: skip


def _whole(field: str, default: int | None) -> Any:
    def read(text: str) -> int | None:
        try:
            return number(text, default)
        except Invalid as problem:
            raise Invalid(problem.code, problem.message, **problem.params, field=field) from None

    return read


def _decimal(field: str, text: str) -> float:
    try:
        found = float(text.strip() or "0")
    except ValueError:
        found = -1.0
    if not 0 <= found <= 10_000:
        raise Invalid("form.number", N_("“%(text)s” is not a number."), text=text[:20], field=field)
    return found


def _amount(field: str, text: str) -> int:
    try:
        return parse(text)
    except Invalid as problem:
        raise Invalid(problem.code, problem.message, **problem.params, field=field) from None


def _minute(field: str, text: str) -> int:
    """The minute of the day of `09:30`; 24:00 is its end. Raises Invalid."""
    hour, _, minute = text.strip().partition(":")
    if not (hour.isascii() and hour.isdigit() and minute[:2].isascii() and minute[:2].isdigit() and len(hour) <= 2):
        raise Invalid("time.unreadable", N_("“%(text)s” is not a time of the day, such as 09:30."), text=text[:20], field=field)
    return int(hour) * 60 + int(minute[:2])


def _date(field: str, text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        raise Invalid("form.day", N_("“%(text)s” is not a day."), text=text[:20], field=field) from None
