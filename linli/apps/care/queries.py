"""Complaints as their person, the store and support see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Q, Sum

from linli.apps.care.models import Case, CaseMessage
from linli.apps.care.states import CASE, OVER
from linli.apps.orders import queries as orders
from linli.kernel.errors import N_, NotFound
from linli.platform import policies
from linli.platform.pages import Page, page
from linli.policy import money

TRUST_DAYS = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class CaseMessageView:
    """Something said; `note` is for staff only."""

    role: str
    person_id: int
    text: str
    note: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class CaseView:
    """A complaint; amounts in minor units; `lines` maps order line ids to pieces. `messages` are left out of lists."""

    id: int
    order_id: int
    person_id: int
    store_id: int
    city_id: int
    order_number: str
    store_name: str
    kind: str
    text: str
    photos: tuple[str, ...]
    wanted: int
    state: str
    instant: bool
    refund_amount: int
    resolution: str
    decided_by: str
    opened_at: datetime
    reply_due_at: datetime
    replied_at: datetime | None
    solve_due_at: datetime
    solved_at: datetime | None
    lines: dict[int, int]
    messages: tuple[CaseMessageView, ...] = ()

    @property
    def over(self) -> bool:
        """Whether it is decided or withdrawn."""
        return self.state in OVER

    def actions(self, role: str) -> tuple[str, ...]:
        """What somebody in `role` may do with it now."""
        return CASE.events(self.state, role)

    def breached(self, at: datetime) -> bool:
        """Whether one of its two clocks has run out."""
        return (self.replied_at or at) > self.reply_due_at or (self.solved_at or at) > self.solve_due_at


@dataclass(frozen=True, slots=True)
class Attainment:
    """How the two clocks were kept: cases counted, share answered in time and solved in time, in hundredths of a percent."""

    cases: int
    replied_bp: int
    solved_bp: int


_PLAIN = tuple(name for name in CaseView.__dataclass_fields__ if name not in {"photos", "lines", "messages"})


def _views(rows: Sequence[Case], *, notes: bool = False, messages: bool = False) -> list[CaseView]:
    said: dict[int, list[CaseMessageView]] = defaultdict(list)
    if messages:
        for row in CaseMessage.objects.filter(case__in=rows).order_by("id"):
            if notes or not row.note:
                said[row.case_id].append(CaseMessageView(row.role, row.person_id, row.text, row.note, row.at))
    return [
        CaseView(
            **{name: getattr(row, name) for name in _PLAIN}, photos=tuple(row.photos),
            lines={int(key): qty for key, qty in row.lines.items()}, messages=tuple(said[row.id]),
        )
        for row in rows
    ]  # fmt: skip


def case(*, case_id: int, person_id: int | None = None, store_id: int | None = None, notes: bool = False) -> CaseView:
    """The complaint with what was said (`notes`: also among staff). Raises NotFound, also when not of the person or store given."""
    rows = Case.objects.filter(id=case_id)
    if person_id is not None:
        rows = rows.filter(person_id=person_id)
    if store_id is not None:
        rows = rows.filter(store_id=store_id)
    found = _views(list(rows), notes=notes, messages=True)
    if not found:
        raise NotFound("case.unknown", N_("There is no such complaint."))
    return found[0]


def cases_of(*, person_id: int, cursor: str | None = None, limit: int = 20) -> Page[CaseView]:
    """A person's complaints, newest first."""
    return page(Case.objects.filter(person_id=person_id), cursor=cursor, limit=limit, make=_views)


def cases_for_order(*, order_id: int) -> list[CaseView]:
    """The complaints about an order, newest first."""
    return _views(list(Case.objects.filter(order_id=order_id).order_by("-id")))


def for_store(*, store_id: int, open_only: bool = False, cursor: str | None = None, limit: int = 50) -> Page[CaseView]:
    """The complaints about a store's orders, newest first."""
    rows = Case.objects.filter(store_id=store_id)
    return page(rows.exclude(state__in=OVER) if open_only else rows, cursor=cursor, limit=limit, make=_views)


def queue(*, city_id: int | None = None, escalated_only: bool = False, limit: int = 100) -> list[CaseView]:
    """What waits for a decision: escalated ones first, then by whichever clock runs out first."""
    rows = Case.objects.exclude(state__in=OVER)
    rows = rows.filter(city_id=city_id) if city_id is not None else rows
    rows = rows.filter(state="escalated") if escalated_only else rows
    return sorted(
        _views(list(rows.order_by("solve_due_at", "id")[:limit])),
        key=lambda view: (view.state != "escalated", view.solve_due_at if view.replied_at else view.reply_due_at),
    )


def open_count(*, city_id: int) -> int:
    """How many complaints wait for a decision. One statement."""
    return Case.objects.filter(city_id=city_id).exclude(state__in=OVER).count()


def attainment(*, since: datetime, city_id: int | None = None) -> Attainment:
    """How the clocks of the complaints opened from `since` on were kept, of those whose clock has been stopped. One statement."""
    rows = Case.objects.filter(opened_at__gte=since)
    rows = rows.filter(city_id=city_id) if city_id is not None else rows
    found = rows.aggregate(
        all=Count("id"), replied=Count("id", filter=Q(replied_at__isnull=False)), solved=Count("id", filter=Q(solved_at__isnull=False)),
        replied_well=Count("id", filter=Q(replied_at__lte=F("reply_due_at"))),
        solved_well=Count("id", filter=Q(solved_at__lte=F("solve_due_at"))),
    )  # fmt: skip
    return Attainment(found["all"], _bp(found["replied_well"], found["replied"]), _bp(found["solved_well"], found["solved"]))


def _bp(part: int, whole: int) -> int:
    return 10_000 * part // whole if whole else 10_000


def trusted(*, person_id: int, city_id: int) -> bool:
    """Whether the person gets small refunds at once: enough orders completed, and not a complaint about too many of them."""
    done = orders.completed_count(person_id=person_id)
    complaints = Case.objects.filter(person_id=person_id).count()
    enough, most_bp = policies.whole(money.TRUST_ORDERS, city_id), policies.whole(money.TRUST_CASES_BP, city_id)
    return done >= enough and complaints * 10_000 <= most_bp * done


def instant_left(*, person_id: int, city_id: int, at: datetime) -> int:
    """How much the person can still be refunded at once: the limit of 30 days less what they had."""
    had = Case.objects.filter(person_id=person_id, instant=True, opened_at__gt=at - TRUST_DAYS).aggregate(sum=Sum("refund_amount"))["sum"]
    return max(0, policies.whole(money.INSTANT_REFUND_30D, city_id) - (had or 0))
