"""Being one transaction without paying for a savepoint inside a larger one; and what to say when the database has no time for one."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import Error, OperationalError, connection, transaction

from linli.kernel.errors import N_, Unavailable

log = logging.getLogger("linli.transactions")

RETRY_AFTER_S = 2
# PostgreSQL, appendix A: serialization failure, deadlock, lock not available, too many connections, cancelled for its time.
_CROWDED = frozenset({"40001", "40P01", "55P03", "53300", "57014"})
# And: shut down by an administrator, ended after a crash, not yet (or no longer) taking connections.
_AWAY = frozenset({"57P01", "57P02", "57P03"})


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


def crowded(error: BaseException) -> Unavailable | None:
    """The refusal for a transaction that waited for its turn in vain, all of which is undone; None for any other error."""
    cause = error.__cause__ if isinstance(error, OperationalError) else None
    if getattr(cause, "sqlite_errorname", "") == "SQLITE_BUSY" or getattr(cause, "sqlstate", "") in _CROWDED:
        return Unavailable(
            "database.busy", N_("Very many people are here just now. Nothing was changed; please try again."), retry_after_s=RETRY_AFTER_S
        )
    return None


def away(error: BaseException | None) -> Unavailable | None:
    """The refusal while the database's server is gone or coming back; None for any other error.

    Whether a transaction that was about to end has taken effect is not known then: whoever asks again with the same key is told.
    """
    if not isinstance(error, Error):
        return None
    state = getattr(error.__cause__, "sqlstate", None)
    lost = connection.vendor == "postgresql" and (connection.connection is None or connection.connection.closed)
    if state in _AWAY or (state or "").startswith("08") or (state is None and lost):
        log.error("database.away", extra={"reason": str(error)})
        return Unavailable(
            "database.away", N_("We cannot get at our books just now. Please try again in a moment."), retry_after_s=RETRY_AFTER_S
        )
    return None
