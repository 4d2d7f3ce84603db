"""Being one transaction without paying for a savepoint inside a larger one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def joined() -> Iterator[None]:
    """The block is part of the surrounding transaction, or one of its own when there is none.

    For operations that refuse before they write: whoever catches their refusal in a larger transaction must find nothing half done,
    and no savepoint is there to undo it.
    """
    if connection.in_atomic_block:
        yield
    else:
        with transaction.atomic():
            yield
