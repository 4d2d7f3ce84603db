"""What others may know about what stores sell, and what it costs."""

from __future__ import annotations

from linli.apps.catalog.kinds import CODES, Agreed, LineWant, OfferTerms, ServiceView, TableView
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

__all__ = [
    "ALLERGENS", "CODES", "Agreed", "Dish", "GroupView", "LinePrice", "LineWant", "Menu", "OfferTerms", "OfferView", "OptionPick",
    "OptionView", "SectionView", "ServiceView", "TableView", "dishes", "groups", "menu", "offer", "offers", "price", "priced", "terms",
]  # fmt: skip
