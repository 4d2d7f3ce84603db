"""The kinds of offers, a registry: a new one is a closed module of this folder and an entry here. See `docs/adding-a-kind.md`."""

from __future__ import annotations

from linli.apps.catalog.kinds.base import Agreed as Agreed
from linli.apps.catalog.kinds.base import Kind as Kind
from linli.apps.catalog.kinds.base import LineWant as LineWant
from linli.apps.catalog.kinds.base import OfferTerms as OfferTerms
from linli.apps.catalog.kinds.dish import DISH
from linli.apps.catalog.kinds.ride import FARE as FARE
from linli.apps.catalog.kinds.ride import RIDE
from linli.apps.catalog.kinds.room import ROOM
from linli.apps.catalog.kinds.service import SERVICE
from linli.apps.catalog.kinds.service import ServiceView as ServiceView
from linli.apps.catalog.kinds.table import TABLE
from linli.apps.catalog.kinds.table import TableView as TableView
from linli.apps.catalog.kinds.ticket import TICKET
from linli.apps.catalog.kinds.voucher import VOUCHER

CODES = ("dish", "table", "service", "room", "voucher", "ticket", "ride")  # what the database takes
KINDS = {kind.code: kind for kind in (DISH, RIDE, ROOM, SERVICE, TABLE, VOUCHER, TICKET)}


def columns() -> str:
    """SQL for the own terms of an offer `o`, whatever its kind: one JSON value, NULL where the kind has none."""
    cases = " ".join(f"WHEN '{kind.code}' THEN ({kind.columns})" for kind in KINDS.values() if kind.columns)
    return f"CASE o.kind {cases} END" if cases else "NULL"
