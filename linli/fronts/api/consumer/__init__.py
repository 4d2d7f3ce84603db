"""What anybody and consumers may do."""

from __future__ import annotations

from ninja import Router

from linli.fronts.api.consumer import (
    auth,
    bookings,
    carts,
    checkouts,
    complaints,
    coupons,
    dining,
    discovery,
    favourites,
    knowing,
    me,
    messages,
    orders,
    passes,
    payments,
    places,
    reviews,
    rides,
    stores,
)

ROUTERS: tuple[tuple[str, Router], ...] = (
    ("/auth", auth.router),
    ("/me", me.router),
    ("", places.router),
    ("", stores.router),
    ("", discovery.router),
    ("", knowing.router),
    ("", carts.router),
    ("", checkouts.router),
    ("", passes.router),
    ("", bookings.router),
    ("", dining.router),
    ("/orders", orders.router),
    ("/rides", rides.router),
    ("", payments.router),
    ("", coupons.router),
    ("", complaints.router),
    ("", reviews.router),
    ("", favourites.router),
    ("", messages.router),
)
