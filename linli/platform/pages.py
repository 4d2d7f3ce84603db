"""Long lists in pages: newest first, each page starting where the last one ended, whatever was added meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet

from linli.platform.ids import seal, unseal

T = TypeVar("T")
M = TypeVar("M", bound=Model)

LONGEST = 100


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some items, and the cursor for the ones after them (None at the end)."""

    items: tuple[T, ...]
    next_cursor: str | None


def page(rows: QuerySet[M, Any], *, cursor: str | None, limit: int, make: Callable[[list[M]], list[T]]) -> Page[T]:
    """One page of `rows` by descending primary key, in one statement plus what `make` does with the page's rows.

    `make` turns all rows of a page into items at once, so that it can fetch what it needs in one go.
    Raises NotFound for a cursor that is not one of ours.
    """
    if cursor:
        rows = rows.filter(pk__lt=unseal("cu", cursor))
    limit = max(1, min(limit, LONGEST))
    found = list(rows.order_by("-pk")[: limit + 1])
    kept = found[:limit]
    following = seal("cu", kept[-1].pk) if len(found) > limit else None
    return Page(tuple(make(kept)), following)
