"""Passes as their owner and their store see them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from linli.apps.fulfilment import codes
from linli.apps.fulfilment.models import Pass, PassUse
from linli.kernel.errors import N_, Conflict, Gone, NotFound, Problem
from linli.platform.pages import Page, page

EARLY = timedelta(minutes=30)  # how long before its slot a ticket lets one in
ENDED = ("used", "void", "lapsed")


@dataclass(frozen=True, slots=True)
class PassView:
    """A pass: `used` of `uses` times used; `state` valid, used, void or lapsed. The code is for its owner alone."""

    id: int
    ref: str
    person_id: int
    store_id: int
    offer_id: int
    title: str
    title_en: str
    uses: int
    used: int
    valid_from: datetime | None
    valid_until: datetime
    blackout: tuple[Mapping[str, Any], ...]
    state: str
    code: str
    zone: str

    @property
    def left(self) -> int:
        """How often it can still be used."""
        return self.uses - self.used if self.state == "valid" else 0

    @property
    def spaced(self) -> str:
        """The code as it is read out, in groups of four."""
        return " ".join(self.code[start : start + 4] for start in range(0, len(self.code), 4))


@dataclass(frozen=True, slots=True)
class PassUseView:
    """That a pass was used at a till."""

    id: int
    title: str
    title_en: str
    count: int
    by: str
    at: datetime


def view(row: Pass) -> PassView:
    """The pass with its code."""
    return PassView(
        row.id, row.ref, row.person_id, row.store_id, row.offer_id, row.title, row.title_en, row.uses, row.used, row.valid_from,
        row.valid_until, tuple(row.blackout), row.state, codes.code_of(row.id, row.salt), row.zone,
    )  # fmt: skip


def passes(*, refs: Collection[str]) -> list[PassView]:
    """The passes of `refs`, oldest first. One statement."""
    return [view(row) for row in Pass.objects.filter(ref__in=list(refs)).order_by("id")]


def passes_of(*, person_id: int, ended: bool | None = None, cursor: str | None = None, limit: int = 20) -> Page[PassView]:
    """A person's passes, newest first; all of them, those that are over, or those that are not. One statement."""
    rows = Pass.objects.filter(person_id=person_id)
    rows = rows if ended is None else rows.filter(state__in=ENDED) if ended else rows.filter(state="valid")
    return page(rows, cursor=cursor, limit=limit, make=lambda rows: [view(row) for row in rows])


def usable_count(*, person_id: int) -> int:
    """How many passes somebody has that are not used up. One statement."""
    return Pass.objects.filter(person_id=person_id, state="valid").count()


def pass_of(*, pass_id: int, person_id: int) -> PassView:
    """One pass of the person. Raises NotFound."""
    row = Pass.objects.filter(pk=pass_id, person_id=person_id).first()
    if row is None:
        raise NotFound("pass.unknown", N_("There is no such voucher."))
    return view(row)


def refusal(pass_: PassView, at: datetime) -> Problem | None:
    """What is against using the pass at `at`, besides how often it was used: over, too early, or a time when it cannot be used."""
    if pass_.state in ("void", "lapsed") or pass_.valid_until <= at:
        return Gone("pass.over", N_("This code is no longer valid."))
    if pass_.valid_from is not None and at < pass_.valid_from - EARLY:
        return Conflict("pass.early", N_("This ticket is for another time."), valid_from=pass_.valid_from.isoformat())
    now = at.astimezone(ZoneInfo(pass_.zone))
    if any(_forbids(rule, now) for rule in pass_.blackout):
        return Conflict("pass.blackout", N_("This voucher cannot be used at this time; its rules say when it can."))
    return None


def _forbids(rule: Mapping[str, Any], now: datetime) -> bool:
    if "from" in rule:
        return date.fromisoformat(rule["from"]) <= now.date() <= date.fromisoformat(rule["to"])
    return now.weekday() in rule["weekdays"] and rule.get("start", 0) <= now.hour * 60 + now.minute < rule.get("end", 1440)


def worth(*, ref: str) -> tuple[int, int]:
    """What the codes of `ref` are worth that were not used, and what all of them were, minor units. One statement."""
    return unused(Pass.objects.filter(ref=ref))


def unused(rows: Iterable[Pass]) -> tuple[int, int]:
    """See `worth`."""
    found = list(rows)
    return (
        sum(row.value * (row.uses - row.used) // row.uses for row in found if row.state in ("valid", "lapsed")),
        sum(row.value for row in found),
    )  # fmt: skip


def pass_uses(*, store_id: int, since: datetime | None = None, limit: int = 20) -> list[PassUseView]:
    """What was used in the store lately, or from `since` on, newest first. One statement."""
    found = PassUse.objects.filter(store_id=store_id) if since is None else PassUse.objects.filter(store_id=store_id, at__gte=since)
    return [_use(row) for row in found.select_related("used").order_by("-at", "-id")[:limit]]


def uses_of(*, pass_id: int) -> list[PassUseView]:
    """When a pass was used, newest first. One statement."""
    return [_use(row) for row in PassUse.objects.filter(used_id=pass_id).select_related("used").order_by("-at", "-id")]


def _use(row: PassUse) -> PassUseView:
    return PassUseView(row.pk, row.used.title, row.used.title_en, row.count, row.by, row.at)
