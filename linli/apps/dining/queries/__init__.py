"""What others may know about tables, visits and the line."""

from __future__ import annotations

from linli.apps.dining.models import SIZES
from linli.apps.dining.queries.floor import floor, has_tables, qr_text, scanned, stores_with_tables, table, tables, token
from linli.apps.dining.queries.line import estimate, line, next_up, waiting, waiting_of
from linli.apps.dining.queries.reservations import coming, spare_tables
from linli.apps.dining.queries.visits import open_visit_of, share, sits_at, visit, visit_at
from linli.apps.dining.views import Estimate, GuestView, PickView, ReservationView, ShareView, Spot, TableView, VisitView, WaitingView

__all__ = [
    "SIZES", "Estimate", "GuestView", "PickView", "ReservationView", "ShareView", "Spot", "TableView", "VisitView", "WaitingView",
    "coming", "estimate", "floor", "has_tables", "line", "next_up", "open_visit_of", "qr_text", "scanned", "share", "sits_at",
    "spare_tables", "stores_with_tables", "table", "tables", "token", "visit", "visit_at", "waiting", "waiting_of",
]  # fmt: skip
