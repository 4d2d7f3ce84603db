"""Vouchers and tickets that the noodle shop sells in tests, and how somebody comes by one."""

from __future__ import annotations

from typing import Any

from linli.apps.catalog import operations as catalog
from linli.apps.catalog import queries as menus
from linli.apps.fulfilment import queries as street
from linli.apps.fulfilment.queries import PassView
from linli.apps.orders import operations as orders
from linli.apps.orders.queries import CheckoutWant, OrderView
from linli.apps.stock import operations as stock
from tests.town import World

PRICE = 10_000


def offer(world: World, kind: str, name: str, price: int = PRICE) -> int:
    section = menus.menu(store_id=world.noodles).sections[0].id
    return catalog.save_offer(store_id=world.noodles, section_id=section, name=name, price=price, kind=kind, actor=world.chen, at=world.at)


def voucher(world: World, count: int | None = None, **terms: Any) -> int:
    found = offer(world, "voucher", "双人套餐券")
    catalog.set_voucher_terms(offer_id=found, actor=world.chen, at=world.at, **terms)
    stock.set_pieces(store_id=world.noodles, offer_id=found, name="套餐", count=count, actor=world.chen, at=world.at)
    return found


def ticket(world: World, *, capacity: int | None = 3, **terms: Any) -> int:
    """A sight open from nine to five, in slots of two hours, so many to each."""
    found = offer(world, "ticket", "门票", 6_000)
    hours = {"opens": 9 * 60, "closes": 17 * 60, "slot_minutes": 120, **terms}
    catalog.set_ticket_terms(offer_id=found, actor=world.chen, at=world.at, **hours)
    admit(world, found, capacity, hours["slot_minutes"], hours["opens"])
    return found


def admit(world: World, found: int, capacity: int | None, slot: int = 120, opens: int = 9 * 60) -> None:
    stock.set_entries(
        store_id=world.noodles, offer_id=found, name="门票", capacity=capacity, slot_minutes=slot, opens=opens, zone="Asia/Shanghai",
        actor=world.chen, at=world.at,
    )  # fmt: skip


def buy(world: World, found: int, qty: int = 1, **when: Any) -> OrderView:
    orders.add_line(person_id=world.lin, store_id=world.noodles, offer_id=found, qty=qty, at=world.at, **when)
    want = CheckoutWant(store_id=world.noodles, mode="voucher", coupon_id=None)
    return world.pay(world.place({}, want=want))


def codes(order: OrderView) -> list[PassView]:
    return street.passes(refs=[order.ref])
