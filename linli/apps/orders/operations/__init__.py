"""Verbs of orders."""

from __future__ import annotations

from linli.apps.orders.operations.alone import place_alone
from linli.apps.orders.operations.carrying import courier_arrived, courier_found, delivered, lost, paid, picked_up, waits
from linli.apps.orders.operations.carts import (
    MOST_PIECES,
    Pick,
    Reordered,
    add_line,
    clear_cart,
    clear_mode,
    fill_cart,
    reorder,
    set_line,
)
from linli.apps.orders.operations.closing import cancel, expire, expire_unpaid, no_show, refuse
from linli.apps.orders.operations.desk import take_at_desk
from linli.apps.orders.operations.driving import driver_lost, rider_missing, unmatched
from linli.apps.orders.operations.owing import DUE, begin_to_pay, close_debt, paid_afterwards
from linli.apps.orders.operations.passes import lapsed, used
from linli.apps.orders.operations.placing import place
from linli.apps.orders.operations.refunds import refund_part
from linli.apps.orders.operations.rescheduling import remove_staff, reschedule
from linli.apps.orders.operations.settling import complete, set_disputed
from linli.apps.orders.operations.tabs import place_on_tab, tab_paid
from linli.apps.orders.operations.tips import add_tip, tipped
from linli.apps.orders.operations.together import expire_together, paid_together, place_all
from linli.apps.orders.operations.working import accept, advance, hand_over, mark_ready

__all__ = [
    "DUE", "MOST_PIECES", "Pick", "Reordered", "accept", "add_line", "add_tip", "advance", "begin_to_pay", "cancel", "clear_cart",
    "clear_mode", "close_debt", "complete", "courier_arrived", "courier_found", "delivered", "driver_lost", "expire", "expire_together",
    "expire_unpaid", "fill_cart", "hand_over", "lapsed", "lost", "mark_ready", "no_show", "paid", "paid_afterwards", "paid_together",
    "picked_up", "place", "place_all", "place_alone", "place_on_tab", "refund_part", "refuse", "remove_staff", "reorder", "reschedule",
    "rider_missing", "set_disputed", "set_line", "tab_paid", "take_at_desk", "tipped", "unmatched", "used", "waits",
]  # fmt: skip
