"""What can be done to what is scarce: put it, hold it, sell it, book it, give it back."""

from __future__ import annotations

from linli.apps.stock.nights import set_rooms
from linli.apps.stock.operations.admitting import set_entries, set_pieces
from linli.apps.stock.operations.holds import (
    DAY_BEGINS,
    DAY_MINUTES,
    UNLIMITED,
    SupplyRow,
    Want,
    bulk_put_supplies,
    commit,
    expire,
    free_rest,
    give_back,
    hold,
    lock_held,
    lock_wants,
    put_supply,
    receive,
    release,
    set_count,
    set_daily_limit,
)
from linli.apps.stock.operations.moving import affected, move, remove_resource
from linli.apps.stock.operations.rota import add_day_off, remove_day_off, save_resource, set_shifts

__all__ = [
    "DAY_BEGINS", "DAY_MINUTES", "UNLIMITED", "SupplyRow", "Want", "add_day_off", "affected", "bulk_put_supplies", "commit",
    "expire", "free_rest", "give_back", "hold", "lock_held", "lock_wants", "move", "put_supply", "receive", "release",
    "remove_day_off", "remove_resource", "save_resource", "set_count", "set_daily_limit", "set_entries", "set_pieces",
    "set_rooms", "set_shifts",
]  # fmt: skip
