"""What others may know about what stores sell, and what it costs."""

from __future__ import annotations

from linli.apps.catalog.kinds import CODES, FARE, Agreed, LineWant, OfferTerms, ServiceView, TableView
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
from linli.apps.catalog.queries.pricing import LinePrice, OptionPick, price, priced, terms
from linli.apps.catalog.queries.rides import RideClass, ride_classes

__all__ = [
    "ALLERGENS",
    "CODES",
    "FARE",
    "Agreed",
    "Dish",
    "GroupView",
    "LinePrice",
    "LineWant",
    "Menu",
    "OfferTerms",
    "OfferView",
    "OptionPick",
    "OptionView",
    "RideClass",
    "SectionView",
    "ServiceView",
    "TableView",
    "dishes",
    "groups",
    "menu",
    "offer",
    "offers",
    "price",
    "priced",
    "ride_classes",
    "terms",
]  # fmt: skip
