"""Verbs of eating in."""

from __future__ import annotations

from linli.apps.dining.operations.floor import add_table, free_table, join, move, remove_table, renew_code, save_table, split_off
from linli.apps.dining.operations.paying import (
    ask_bill,
    drop_share,
    forgive,
    pay_at_counter,
    share_over,
    share_own,
    share_paid,
    share_rest,
    split_evenly,
    take_share,
    undo_split,
)
from linli.apps.dining.operations.picking import MOST_PICKS, add_pick, send, set_pick
from linli.apps.dining.operations.reservations import seat_reservation
from linli.apps.dining.operations.visits import ABOUT_NOW, close, heard, seat, sit_down
from linli.apps.dining.operations.waiting import call, enqueue, leave, pass_by, pass_late, put_back, seat_party

__all__ = [
    "ABOUT_NOW", "MOST_PICKS", "add_pick", "add_table", "ask_bill", "call", "close", "drop_share", "enqueue", "forgive", "free_table",
    "heard", "join", "leave", "move", "pass_by", "pass_late", "pay_at_counter", "put_back", "remove_table", "renew_code", "save_table",
    "seat", "seat_party", "seat_reservation", "send", "set_pick", "share_over", "share_own", "share_paid", "share_rest", "sit_down",
    "split_evenly", "split_off", "take_share", "undo_split",
]  # fmt: skip
