"""What others may know about what stores sell, and what it costs."""

from __future__ import annotations

from linli.apps.catalog.kinds import CODES, FARE, Agreed, LineWant, OfferTerms, ServiceView, TableView
from linli.apps.catalog.kinds.nights import check_in, check_out, ensure_nights, tonight
from linli.apps.catalog.kinds.room import WISHES
from linli.apps.catalog.queries.menus import (
    ALLERGENS,
    Dish,
    GroupView,
    Menu,
    OfferView,
    OptionView,
    SectionView,
    dishes,
    groups,
    menu,
    offer,
    offers,
)
from linli.apps.catalog.queries.passes import (
    TicketView,
    VoucherView,
    stores_selling,
    ticket_days,
    ticket_slots,
    timed_terms,
    timed_terms_of,
    voucher_until,
)
from linli.apps.catalog.queries.pricing import LinePrice, OptionPick, price, priced, terms
from linli.apps.catalog.queries.rides import RideClass, ride_classes
from linli.apps.catalog.queries.rooms import (
    BEDS,
    IN_ROOM,
    PAY,
    PlanView,
    RoomView,
    StayPrice,
    all_rate_days,
    priced_stay,
    rate_days,
    room,
    rooms,
    rooms_of,
    seasons,
    stay_price,
    usual_prices,
)

__all__ = [
    "ALLERGENS", "BEDS", "CODES", "FARE", "IN_ROOM", "PAY", "WISHES", "Agreed", "Dish", "GroupView", "LinePrice", "LineWant", "Menu",
    "OfferTerms", "OfferView", "OptionPick", "OptionView", "PlanView", "RideClass", "RoomView", "SectionView", "ServiceView",
    "StayPrice", "TableView", "TicketView", "VoucherView", "all_rate_days", "check_in", "check_out", "dishes", "ensure_nights",
    "groups", "menu", "offer", "offers", "price", "priced", "priced_stay", "rate_days", "ride_classes", "room", "rooms",
    "rooms_of", "seasons", "stay_price", "stores_selling", "terms", "ticket_days", "ticket_slots", "timed_terms", "timed_terms_of",
    "tonight", "usual_prices",
    "voucher_until",
]  # fmt: skip
