"""Passes as their owner and their store see them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from linli.apps.fulfilment import codes
from linli.apps.fulfilment.models import Pass, PassUse
from linli.platform.pages import Page, page


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
        row.valid_until, tuple(row.blackout), row.state, codes.code_of(row.id, row.salt),
    )  # fmt: skip


def passes(*, refs: Collection[str]) -> list[PassView]:
    """The passes of `refs`, oldest first. One statement."""
    return [view(row) for row in Pass.objects.filter(ref__in=list(refs)).order_by("id")]


def passes_of(*, person_id: int, cursor: str | None = None, limit: int = 20) -> Page[PassView]:
    """A person's passes, newest first. One statement."""
    return page(Pass.objects.filter(person_id=person_id), cursor=cursor, limit=limit, make=lambda rows: [view(row) for row in rows])


def pass_uses(*, store_id: int, limit: int = 20) -> list[PassUseView]:
    """What was used in the store lately, newest first. One statement."""
    rows = PassUse.objects.filter(store_id=store_id).select_related("used").order_by("-at", "-id")[:limit]
    return [PassUseView(row.pk, row.used.title, row.used.title_en, row.count, row.by, row.at) for row in rows]
