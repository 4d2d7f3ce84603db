"""Who works in the store and when, and what rooms, equipment and tables there are: everything that bookings are made of."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from linli.apps.catalog import queries as catalog
from linli.apps.orders import operations as orders
from linli.apps.stock import operations
from linli.apps.stock import queries as calendar
from linli.apps.stock.queries import Rota
from linli.fronts.web import feeds
from linli.fronts.web.merchant.frame import Room, done, number, page, room, wrong
from linli.fronts.web.merchant.hours import DAYS
from linli.kernel import time as clocks
from linli.kernel.errors import N_, Invalid, NotFound, Problem
from linli.kernel.time import DAY_MINUTES
from linli.platform import ids

KINDS = (("staff", _("Staff")), ("room", _("Room")), ("equipment", _("Equipment")), ("table", _("Tables of one size")))


@require_http_methods(["GET", "HEAD", "POST"])
@room
def team(request: Room) -> HttpResponse:
    """Everybody and everything; a POST adds one more."""
    typed, problem = request.POST.dict() if request.method == "POST" else {}, None
    if request.method == "POST":
        try:
            made = operations.save_resource(store_id=request.store.id, actor=request.actor, at=request.at, **_fields(request))
            return done(request, "added", f"team/{ids.seal('rs', made)}")
        except Problem as refused:
            problem = refused
    found = calendar.rota(store_id=request.store.id, at=request.at)
    more = wrong(problem) if problem else {}
    return page(request, "team", "bookings", rota=found, kinds=KINDS, typed=typed, status=problem.status if problem else 200, **more)


def _fields(request: Room) -> dict[str, Any]:
    post = request.POST
    return {
        "kind": post.get("kind", ""), "name": post.get("name", ""), "name_en": post.get("name_en", ""), "label": post.get("label", ""),
        "skills": [word for word in re.split(r"[,，、\s]+", post.get("skills", "")) if word],
        "capacity": number(post.get("capacity", ""), 1) or 0,
        "seats": number(post.get("seats", ""), 0) or 0, "joins": number(post.get("joins", ""), 1) or 0,
    }  # fmt: skip


def _own(request: Room, member: str) -> Rota:
    key = ids.unseal("rs", member)
    found = next((one for one in calendar.rota(store_id=request.store.id, at=request.at) if one.member.id == key), None)
    if found is None:
        raise NotFound("resource.unknown", N_("There is no such person or thing here."))
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@room
def member(request: Room, member: str) -> HttpResponse:
    """One of them: name, skills, the week; a POST saves all of it."""
    rota, problem = _own(request, member), None
    if request.method == "POST":
        try:
            key = rota.member.id
            say: dict[str, Any] = {"store_id": request.store.id, "actor": request.actor, "at": request.at}
            operations.save_resource(
                resource_id=key, person_id=rota.member.person_id, **{**_fields(request), "kind": rota.member.kind}, **say
            )
            if rota.member.kind == "staff":
                operations.set_shifts(resource_id=key, work=_spans(request, "work"), rest=_spans(request, "rest"), **say)
            return done(request, "saved", f"team/{member}")
        except Problem as refused:
            problem = refused
    ahead = len(operations.affected(resource_id=rota.member.id, at=request.at))
    week = [(n, name, _shown(rota, n, False), _shown(rota, n, True)) for n, name in enumerate(DAYS)]
    more = wrong(problem) if problem else {}
    return page(
        request, "member", "bookings", rota=rota, one=rota.member, week=week, key=member, ahead=ahead,
        feed=feeds.address(request.at, staff=rota.member.id),
        status=problem.status if problem else 200, **more,
    )  # fmt: skip


def _shown(rota: Rota, weekday: int, rest: bool) -> str:
    spans = [shift for shift in rota.shifts if shift.weekday == weekday and shift.rest == rest]
    return ", ".join(f"{_text(shift.begins)}-{_text(shift.ends)}" for shift in spans)


def _text(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _spans(request: Room, name: str) -> list[tuple[int, int, int]]:
    """What the week's lines say, such as `09:00-12:00, 13:00-18:00`. Raises Invalid for what cannot be read."""
    found = []
    for weekday, day in enumerate(DAYS):
        for text in re.split(r"[,，;；]", request.POST.get(f"{name}_{weekday}", "")):
            if not text.strip():
                continue
            match = re.fullmatch(r"\s*(\d{1,2})[:：](\d{2})\s*[-–~至]\s*(\d{1,2})[:：](\d{2})\s*", text)
            if match is None:
                raise Invalid(
                    "shift.unreadable", N_("%(day)s: write times like 09:00-12:00, 13:00-18:00."), day=str(day), field=f"{name}_{weekday}"
                )
            begins, ends = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
            found.append((weekday, begins, ends if ends > begins else ends + DAY_MINUTES))
    return found


@require_POST
@room
def off(request: Room, member: str) -> HttpResponse:
    """They are away from one time to another."""
    rota = _own(request, member)
    starts_at, ends_at = (_local(request.POST.get(name, ""), request.store.zone, name) for name in ("from", "to"))
    operations.add_day_off(
        store_id=request.store.id, resource_id=rota.member.id, starts_at=starts_at, ends_at=ends_at,
        reason=request.POST.get("reason", ""), actor=request.actor, at=request.at,
    )  # fmt: skip
    return done(request, "added", f"team/{member}")


def _local(text: str, zone: str, field: str) -> datetime:
    try:
        return clocks.moment(datetime.fromisoformat(text).replace(tzinfo=None), zone)
    except ValueError:
        raise Invalid("form.moment", N_("This time cannot be read."), field=field) from None


@require_POST
@room
def back(request: Room, member: str, number: int) -> HttpResponse:
    """They are there after all."""
    operations.remove_day_off(
        store_id=request.store.id, resource_id=_own(request, member).member.id, off_id=number, actor=request.actor, at=request.at
    )  # fmt: skip
    return done(request, "removed", f"team/{member}")


@require_POST
@room
def gone(request: Room, member: str) -> HttpResponse:
    """They do not work here any more; what they are booked for goes to others, if that is wished."""
    one = _own(request, member).member
    titles = {offer.id: offer.name for offer in catalog.menu(store_id=request.store.id).offers}
    orders.remove_staff(
        store_id=request.store.id, resource_id=one.id, reassign=bool(request.POST.get("reassign")), titles=titles, actor=request.actor,
        at=request.at,
    )  # fmt: skip
    return done(request, "removed", "team")
