"""Services that can be booked, and how tables are: what they take, how far ahead, and what calling off costs."""

from __future__ import annotations

import re
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from linli.apps.catalog import operations, queries
from linli.apps.catalog.queries import OfferTerms, ServiceView, TableView
from linli.apps.stock import queries as calendar
from linli.fronts.web.merchant.frame import Room, done, number, page, room, wrong
from linli.kernel.errors import N_, Invalid, NotFound, Problem
from linli.kernel.money import Money, parse
from linli.platform import ids, reads

TIMED = ("service", "table")


def _terms(request: Room) -> list[OfferTerms]:
    """The store's offers that are booked for a time, in the order of its menu."""
    offers = [offer.id for offer in queries.menu(store_id=request.store.id).offers if offer.kind in TIMED]
    found = reads.one(queries.terms(offer_ids=offers)) if offers else {}
    return [found[key] for key in offers if key in found]


@require_http_methods(["GET", "HEAD"])
@room
def services(request: Room) -> HttpResponse:
    """What can be booked."""
    return page(request, "services", "bookings", offers=_terms(request))


@require_http_methods(["GET", "HEAD", "POST"])
@room
def service(request: Room, offer: str = "") -> HttpResponse:
    """One of them (a new one without `offer`); a POST saves it."""
    key = ids.unseal("of", offer) if offer else None
    found = next((one for one in _terms(request) if one.id == key), None)
    if key is not None and found is None:
        raise NotFound("offer.unknown", N_("There is no such offer."))
    kind = found.kind if found else "table" if request.GET.get("kind") == "table" else "service"
    typed, problem = request.POST.dict() if request.method == "POST" else _shown(found), None
    if request.method == "POST":
        try:
            _save(request, found, kind)
            return done(request, "saved", "services")
        except Problem as refused:
            problem = refused
    rooms = {one.label for one in calendar.resources(store_id=request.store.id) if one.kind == "room"}
    more = wrong(problem) if problem else {}
    return page(
        request, "service", "bookings", offer=found, kind=kind, typed=typed, status=problem.status if problem else 200,
        rooms=[("", "—"), *((label, label) for label in sorted(rooms) if label)],
        homes=[("", gettext("in the store")), ("1", gettext("at their home"))],
        **more,
    )  # fmt: skip


def _shown(found: OfferTerms | None) -> dict[str, Any]:
    own = found.own if found else None
    if found is None or not isinstance(own, (ServiceView, TableView)):
        return {
            "step": 15,
            "ahead_days": 14,
            "notice": 60,
            "minutes": 60,
            "turns": "2:75, 4:90, 8:120",
            "sittings": "11:00-14:00, 17:00-20:30",
        }
    typed: dict[str, Any] = {
        "name": found.name, "name_en": found.name_en, "price": Money(found.price).number, "step": own.step, "ahead_days": own.ahead_days,
        "notice": own.notice, "cancel": ", ".join(f"{ahead / 60:g}:{share / 100:g}" for ahead, share in own.cancel),
    }  # fmt: skip
    if isinstance(own, ServiceView):
        return typed | {"minutes": own.minutes, "before": own.before, "after": own.after, "skills": ", ".join(own.skills),
                        "room": own.room, "equipment": ", ".join(own.equipment), "at_home": "1" if own.at_home else ""}  # fmt: skip
    sittings = ", ".join(f"{a // 60:02d}:{a % 60:02d}-{b // 60:02d}:{b % 60:02d}" for a, b in own.sittings)
    return typed | {"sittings": sittings, "turns": ", ".join(f"{guests}:{stay}" for guests, stay in own.turns),
                    "deposit_from": own.deposit_from, "kept_minutes": own.kept_minutes}  # fmt: skip


@transaction.atomic
def _save(request: Room, found: OfferTerms | None, kind: str) -> None:
    post = request.POST
    say: dict[str, Any] = {"actor": request.actor, "at": request.at}
    name = post.get("name", "").strip()
    sections = queries.menu(store_id=request.store.id).sections
    before = queries.offer(offer_id=found.id) if found else None
    section = before.section_id if before else next(iter(s.id for s in sections if s.name == "预约"), None)
    if section is None:
        section = operations.save_section(store_id=request.store.id, name="预约", name_en="Bookings", **say)
    offer_id = operations.save_offer(
        store_id=request.store.id, offer_id=found.id if found else None, section_id=section, name=name, name_en=post.get("name_en", ""),
        price=parse(post.get("price", "") or "0"), description=before.description if before else "", kind=kind, **say,
    )  # fmt: skip
    common: dict[str, Any] = {
        "step": number(post.get("step", ""), 15), "ahead_days": number(post.get("ahead_days", ""), 14),
        "notice": number(post.get("notice", ""), 60), "cancel": _cancel(post.get("cancel", "")), **say,
    }  # fmt: skip
    if kind == "table":
        operations.save_tables(
            offer_id=offer_id, sittings=_times(post.get("sittings", "")), turns=_pairs(post.get("turns", ""), "turns"),
            deposit_from=number(post.get("deposit_from", ""), 1) or 0, kept_minutes=number(post.get("kept_minutes", ""), 15) or 0, **common,
        )  # fmt: skip
    else:
        operations.save_service(
            offer_id=offer_id, minutes=number(post.get("minutes", ""), 0) or 0, before=number(post.get("before", ""), 0) or 0,
            after=number(post.get("after", ""), 0) or 0, skills=_words(post.get("skills", "")), room=post.get("room", ""),
            equipment=_words(post.get("equipment", "")), at_home=bool(post.get("at_home")), **common,
        )  # fmt: skip


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[,，、\s]+", text) if word]


def _pairs(text: str, field: str) -> list[tuple[int, int]]:
    """`2:75, 4:90` as pairs. Raises Invalid."""
    found = []
    for piece in re.split(r"[,，]", text):
        if piece.strip():
            match = re.fullmatch(r"\s*(\d{1,3})\s*[:：]\s*(\d{1,4})\s*", piece)
            if match is None:
                raise Invalid("pairs.unreadable", N_("Write it like 2:75, 4:90."), field=field)
            found.append((int(match[1]), int(match[2])))
    return found


def _cancel(text: str) -> list[tuple[int, int]]:
    """`24:30, 2:100`: with less than 24 hours' notice 30 percent is kept. As minutes and hundredths of a percent."""
    return [(hours * 60, share * 100) for hours, share in _pairs(text, "cancel")]


def _times(text: str) -> list[tuple[int, int]]:
    found = []
    for piece in re.split(r"[,，]", text):
        if piece.strip():
            match = re.fullmatch(r"\s*(\d{1,2})[:：](\d{2})\s*[-–]\s*(\d{1,2})[:：](\d{2})\s*", piece)
            if match is None:
                raise Invalid("times.unreadable", N_("Write times like 11:00-14:00, 17:00-20:30."), field="sittings")
            found.append((int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])))
    return found
