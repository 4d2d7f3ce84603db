"""Vouchers of restaurants and made-up places, and entry tickets of Beijing's sights. The places are real, the offers are made up."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from linli.apps.accounts import operations as accounts
from linli.apps.catalog import operations as catalog
from linli.apps.catalog import queries as menus
from linli.apps.catalog.operations import OfferRow
from linli.apps.merchants import queries as merchants
from linli.apps.merchants.queries import StoreView
from linli.apps.stock import operations as stock
from linli.kernel.actors import SYSTEM
from linli.simulator.demo import people
from linli.simulator.demo.cast import HOUSE_OF_PERSONA

SIGHTS, HOUSES = 60, 40  # how many sell something
NINE, FIVE, SLOT = 9 * 60, 17 * 60, 120
ROOM = {True: 400, False: 150}  # places in a slot of a sight that is known to many, and of others
KNOWN = 46  # tenths of a star, from which on it is
PIECES = 300
WEEKEND = [{"weekdays": [4, 5], "start": 17 * 60, "end": 21 * 60}]  # Friday and Saturday evenings
MUSEUM = "博物馆"  # closed on Mondays, as most are


@dataclass(frozen=True, slots=True)
class Pass:
    """A voucher or a ticket to be sold: its row, and its terms."""

    row: OfferRow
    terms: dict[str, Any]
    pieces: int


def put_all(*, city_id: int, houses: Sequence[StoreView], at: datetime) -> dict[str, int]:
    """Put them on the shelves; what is there already stays as it is. How many stores sell which."""
    sights = sorted(
        (store for store in merchants.all_stores(city_id=city_id, kinds=("sight",)) if store.per_head),
        key=lambda store: (-store.rating, store.id),
    )[:SIGHTS]
    eating = sorted(houses, key=lambda store: (store.name != HOUSE_OF_PERSONA, -store.rating, store.id))[:HOUSES]
    cutting = [store for store in merchants.all_stores(city_id=city_id, kinds=("service",)) if store.facts.get("made_up")]
    offers = [found for store in sights for found in _tickets(store)]
    offers += [found for store in eating for found in _meals(store)] + [found for store in cutting for found in _cards(store)]
    done = {terms.id for store in (*sights, *eating, *cutting) for terms in menus.timed_terms(store_id=store.id) if terms.own is not None}
    ids = catalog.bulk_put_menu(rows=[offer.row for offer in offers], at=at)
    zones = {store.id: store.zone for store in (*sights, *eating, *cutting)}
    for offer_id, offer in zip(ids, offers, strict=True):
        if offer_id not in done:
            _put(offer_id, offer, zones[offer.row.store_id], at)
    (gate,) = people.crowd("gate", 1, random.Random(0), at)
    for store in (*sights, *cutting):  # whoever sells codes has somebody who takes them
        accounts.grant_role(person_id=gate.id, role="merchant", scope_id=store.id, by=SYSTEM, at=at)
    return {"sights with tickets": len(sights), "stores with vouchers": len(eating) + len(cutting)}


def _put(offer_id: int, offer: Pass, zone: str, at: datetime) -> None:
    say: dict[str, Any] = {"actor": SYSTEM, "at": at}
    where: dict[str, Any] = {"store_id": offer.row.store_id, "offer_id": offer_id, "name": offer.row.name, **say}
    if offer.row.kind == "voucher":
        catalog.set_voucher_terms(offer_id=offer_id, **offer.terms, **say)
        stock.set_pieces(count=offer.pieces, **where)
        return
    catalog.set_ticket_terms(offer_id=offer_id, **offer.terms, **say)
    slot, opens = offer.terms["slot_minutes"], offer.terms["opens"]
    stock.set_entries(capacity=offer.pieces, slot_minutes=slot, opens=opens, zone=zone, **where)


def _row(store: StoreView, ref: str, kind: str, names: tuple[str, str], price: int, description: str) -> OfferRow:
    heading = ("门票", "Tickets") if kind == "ticket" else ("团购", "Vouchers")
    return OfferRow(store_id=store.id, external_ref=f"made-{ref}", section=heading[0], section_en=heading[1], name=names[0],
                    name_en=names[1], price=price, kind=kind, description=description, made_up_price=True)  # fmt: skip


def _tickets(store: StoreView) -> Iterator[Pass]:
    opens, closes = _hours(store)
    terms = {"opens": opens, "closes": closes, "slot_minutes": SLOT if closes - opens >= SLOT else 0, "ahead_days": 14,
             "closed_days": [0] if MUSEUM in store.name else [], "free_until": 120, "late_bp": 5000, "most": 5}  # fmt: skip
    room = ROOM[store.rating >= KNOWN]
    yield Pass(_row(store, "ticket", "ticket", ("成人票", "Adult"), store.per_head, "凭码入场，无需换票。"), terms, room)
    yield Pass(_row(store, "ticket-half", "ticket", ("优待票", "Reduced, with a card"), max(100, store.per_head // 2),
                    "学生和60岁以上老人适用，入场时查验证件。"), terms, room)  # fmt: skip


def _hours(store: StoreView) -> tuple[int, int]:
    """From when to when one can go in, minutes of the day, on whole hours; nine to five where nobody has written it down."""
    days = sorted({(opening.opens // 60 * 60, min(1440, opening.closes) // 60 * 60) for opening in store.hours.openings})
    day = next(((opens, closes) for opens, closes in days if closes - opens >= 60), (NINE, FIVE))
    return (NINE, FIVE) if day == (0, 1440) else day


def _meals(store: StoreView) -> Iterator[Pass]:
    each = max(3000, store.per_head) // 100 * 100
    yield Pass(_row(store, "set-for-two", "voucher", ("双人套餐", "Set meal for two"), each * 2 * 85 // 100 // 100 * 100,
                    "到店堂食，含招牌菜、主食和饮品各两份。"),
               {"uses": 1, "valid_days": 90, "blackout": WEEKEND if store.id % 2 else [], "most": 5}, PIECES)  # fmt: skip
    yield Pass(_row(store, "worth-100", "voucher", ("100元代金券", "Voucher worth ¥100"), 8800, "到店买单时抵100元，不找零。"),
               {"uses": 1, "valid_days": 60, "most": 10}, PIECES)  # fmt: skip


def _cards(store: StoreView) -> Iterator[Pass]:
    yield Pass(_row(store, "three-times", "voucher", ("三次卡", "Card for three visits"), store.per_head * 270 // 100 // 100 * 100,
                    "店内单次项目用三次，可分次使用，也可多人同用。"),
               {"uses": 3, "valid_days": 180, "most": 3}, PIECES)  # fmt: skip
