"""Verbs of payments."""

from __future__ import annotations

from linli.apps.payments.adapters.base import NextStep
from linli.apps.payments.operations.asking import ask
from linli.apps.payments.operations.callbacks import ACCEPTED, acknowledge, record_callback
from linli.apps.payments.operations.intents import cancel, expire, open_address, open_intent, start, top_up, wind_up
from linli.apps.payments.operations.reconciliation import clear_difference, reconcile
from linli.apps.payments.operations.refunds import refund
from linli.apps.payments.operations.settlement import Share, collect_cash, give_balance, hand_in_cash, pay_out, settle
from linli.apps.payments.operations.sharing import open_shared
from linli.apps.payments.operations.tabs import close_debt, pay_off, take_at_counter

__all__ = [
    "ACCEPTED", "NextStep", "Share", "acknowledge", "ask", "cancel", "clear_difference", "close_debt", "collect_cash", "expire",
    "give_balance", "hand_in_cash", "open_address", "open_intent", "open_shared", "pay_off",
    "pay_out", "reconcile", "record_callback", "refund", "settle", "start",
    "take_at_counter", "top_up", "wind_up",
]  # fmt: skip
