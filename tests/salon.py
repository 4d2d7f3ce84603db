"""A hairdresser's beside the noodle shop: two people with scissors, one of whom can colour, one dryer; and tables to book."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from linli.apps.catalog import operations as catalog
from linli.apps.catalog import queries as menus
from linli.apps.catalog.operations import OfferRow
from linli.apps.catalog.queries import LinePrice, LineWant
from linli.apps.merchants import operations as merchants
from linli.apps.merchants.operations import StoreRow
from linli.apps.stock import operations as stock
from linli.apps.stock.queries import of_line
from linli.kernel.actors import SYSTEM
from linli.kernel.geo import Point
from linli.kernel.time import Opening
from tests.town import World

WORK = [(day, 9 * 60, 18 * 60) for day in range(7)]
LUNCH = [(day, 12 * 60, 13 * 60) for day in range(7)]
CANCEL = [(1440, 3000), (120, 10_000)]


@dataclass
class Salon:
    """Its store and offers, and who works there."""

    world: World
    store: int
    cut: int
    colour: int
    clean: int
    table: int
    ming: int
    mei: int
    chair: int
    dryer: int
    twos: int
    fours: int

    def at(self, hour: int, minute: int = 0, *, days: int = 1) -> datetime:
        """A time by the clock on the wall in the salon, `days` after today."""
        return self.world.at.replace(hour=0, minute=0) + timedelta(days=days, hours=hour - 8, minutes=minute)

    def line(self, offer_id: int, starts_at: datetime, *, guests: int = 0, **details: Any) -> LinePrice:
        """What a line for it is."""
        want = LineWant(offer_id, 1, (), starts_at, None, guests, details)
        return menus.price(store_id=self.store, lines=[want], at=self.world.at)[0]

    def hold(self, ref: str, *lines: LinePrice) -> None:
        """Hold all of them."""
        at = self.world.at
        stock.hold(ref=ref, wants=[want for line in lines for want in of_line(line, at)], expires_at=at + timedelta(minutes=30), at=at)


def salon(world: World) -> Salon:
    """Open it."""
    at, every = world.at, tuple(Opening(day, 9 * 60, 21 * 60) for day in range(7))
    store = merchants.bulk_put(city_id=world.city_id, at=at, rows=[
        StoreRow(external_ref="salon", kind="service", name="剪刀手", name_en="Scissors", point=Point(39.9042, 116.4003), cuisine="美发",
                 openings=every, accepts=True)
    ])[0]  # fmt: skip
    rows = [
        OfferRow(store_id=store, external_ref=ref, section="预约", name=name, name_en=english, price=price, kind=kind)
        for ref, name, english, price, kind in (
            ("cut", "剪发", "Haircut", 8800, "service"), ("colour", "染发", "Colouring", 38800, "service"),
            ("clean", "上门保洁", "Cleaning at home", 12000, "service"), ("table", "订座", "Table", 2000, "table"),
        )
    ]  # fmt: skip
    cut, colour, clean, table = catalog.bulk_put_menu(rows=rows, at=at)
    say = {"actor": SYSTEM, "at": at}
    catalog.save_service(offer_id=cut, minutes=45, after=15, skills=["cut"], room="chair", cancel=CANCEL, **say)
    catalog.save_service(offer_id=colour, minutes=120, skills=["cut", "colour"], room="chair", equipment=["dryer"], **say)
    catalog.save_service(offer_id=clean, minutes=60, skills=["clean"], at_home=True, step=30, **say)
    catalog.save_tables(offer_id=table, sittings=[(660, 840), (1020, 1200)], turns=[(2, 75), (4, 90), (8, 120)], deposit_from=5, **say)
    there = {"store_id": store, **say}
    ming = stock.save_resource(kind="staff", name="小明", name_en="Ming", skills=["cut", "clean"], **there)
    mei = stock.save_resource(kind="staff", name="小美", name_en="Mei", skills=["cut", "colour"], **there)
    for who in (ming, mei):
        stock.set_shifts(resource_id=who, work=WORK, rest=LUNCH, **there)
    chair = stock.save_resource(kind="room", name="剪发椅", label="chair", capacity=2, **there)
    dryer = stock.save_resource(kind="equipment", name="烘干机", label="dryer", **there)
    twos = stock.save_resource(kind="table", name="两人桌", name_en="For two", seats=2, capacity=2, joins=2, **there)
    fours = stock.save_resource(kind="table", name="四人桌", name_en="For four", seats=4, capacity=1, **there)
    return Salon(world, store, cut, colour, clean, table, ming, mei, chair, dryer, twos, fours)
