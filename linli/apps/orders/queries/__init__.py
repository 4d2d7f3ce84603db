"""What others may know about carts, quotes and orders."""

from __future__ import annotations

from linli.apps.orders.credit import Standing, due_at, standing
from linli.apps.orders.modes import FOR_KIND, MODES, PAID_BY, Mode
from linli.apps.orders.queries.calling_off import CallOff, call_off
from linli.apps.orders.queries.carts import cart, carts, parts, tab_cart
from linli.apps.orders.queries.debts import DebtView, Reminder, debts
from linli.apps.orders.queries.figures import StoreDay, store_day
from linli.apps.orders.queries.orders import (
    TABS,
    DueView,
    board,
    completed_count,
    counts,
    counts_for_store,
    due,
    for_city,
    for_store,
    fresh,
    late_count,
    open_of,
    order,
    orders,
    orders_of,
    placed,
    rides_ahead,
    search,
    together_of,
    told_with,
    unknown,
)
from linli.apps.orders.queries.promises import KeptShare, kept_share
from linli.apps.orders.queries.quotes import quote, quote_all, scheduled_slots
from linli.apps.orders.queries.taken import Taken, taken
from linli.apps.orders.queries.tips import TipView, tip, tips
from linli.apps.orders.reasons import words as reason_words
from linli.apps.orders.views import (
    CartBrief,
    CartLineView,
    CartView,
    CheckoutWant,
    DropAddress,
    OrderEventView,
    OrderLineView,
    OrderRefundView,
    OrderView,
    PickedOption,
    Quote,
    QuoteLine,
    Slot,
    TabLine,
    TogetherQuote,
)

__all__ = [
    "FOR_KIND", "MODES", "PAID_BY", "TABS", "CallOff", "CartBrief", "CartLineView", "CartView", "CheckoutWant", "DebtView", "DropAddress",
    "DueView", "KeptShare", "Mode", "OrderEventView", "OrderLineView", "OrderRefundView", "OrderView", "PickedOption", "Quote",
    "QuoteLine", "Reminder", "Slot", "Standing", "StoreDay", "TabLine", "Taken", "TipView", "TogetherQuote", "board", "call_off", "cart",
    "carts", "completed_count", "counts", "counts_for_store", "debts", "due", "due_at", "for_city", "for_store", "fresh", "kept_share",
    "late_count", "open_of", "order", "orders", "orders_of", "parts", "placed", "quote", "quote_all", "reason_words", "rides_ahead",
    "scheduled_slots", "search", "standing", "store_day", "tab_cart", "taken", "tip", "tips", "together_of", "told_with", "unknown",
]  # fmt: skip
