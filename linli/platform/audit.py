"""The audit trail: who did what to what, when, why, and what it was before. Only ever added to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from linli.kernel.actors import Actor
from linli.platform.models import AuditEntry
from linli.platform.pages import Page, page


@dataclass(frozen=True, slots=True)
class EntryView:
    """One line of the trail; `before` and `after` are plain JSON."""

    id: int
    role: str
    person_id: int
    scope_id: int
    action: str
    subject: str
    before: Any
    after: Any
    reason: str
    at: datetime


def record(*, actor: Actor, action: str, subject: str, at: datetime, before: Any = None, after: Any = None, reason: str = "") -> None:
    """Add a line, in the caller's transaction. `action` is like `order.cancel`, `subject` like `or:123`."""
    AuditEntry.objects.create(
        role=actor.role, person_id=actor.person_id, scope_id=actor.scope_id, action=action, subject=subject,
        before=before, after=after, reason=reason[:500], at=at,
    )  # fmt: skip


def _view(row: AuditEntry) -> EntryView:
    return EntryView(row.pk, row.role, row.person_id, row.scope_id, row.action, row.subject, row.before, row.after, row.reason, row.at)


def entries(*, subject: str = "", action: str = "", person_id: int = 0, cursor: str | None = None, limit: int = 50) -> Page[EntryView]:
    """The trail, newest first, of one subject, one (group of) action, or one person where these are given."""
    rows = AuditEntry.objects.all()
    if subject:
        rows = rows.filter(subject=subject)
    if action:
        rows = rows.filter(action__startswith=action)
    if person_id:
        rows = rows.filter(person_id=person_id)
    return page(rows, cursor=cursor, limit=limit, make=lambda found: [_view(row) for row in found])
