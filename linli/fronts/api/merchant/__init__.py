"""What the staff of a store may do."""

from __future__ import annotations

from ninja import Router

from linli.fronts.api.merchant import bookings, dining, menu, orders, redemptions, store, voices

ROUTERS: tuple[tuple[str, Router], ...] = (
    ("/merchant/stores", store.router),
    ("/merchant/stores", orders.router),
    ("/merchant/stores", dining.router),
    ("/merchant/stores", menu.router),
    ("/merchant/stores", bookings.router),
    ("/merchant/stores", redemptions.router),
    ("/merchant/stores", voices.router),
)
