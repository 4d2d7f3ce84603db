"""A hotel for the town: 前门客栈 with two kinds of rooms, each sold by a plan that can be called off and by one that cannot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from linli.apps.catalog import operations as catalog
from linli.apps.catalog import queries as rooms
from linli.apps.catalog.operations import PlanRow, RoomRow
from linli.apps.discovery import operations as discovery
from linli.apps.merchants import operations as merchants
from linli.apps.merchants.operations import StoreRow
from linli.apps.orders import operations as orders
from linli.apps.orders.queries import CheckoutWant, OrderView
from linli.apps.stock import operations as stock
from linli.apps.stock import queries as left_of
from linli.kernel.actors import Actor
from linli.kernel.geo import Point
from tests.town import World

ZONE = "Asia/Shanghai"
FRIDAY = date(2026, 5, 22)  # two days after the town's Wednesday
PLANS = (
    PlanRow(external_ref="flex", name="灵活", name_en="Flexible", price=40_000, weekend_price=45_000, free_cancel_h=20, breakfasts=2),
    PlanRow(external_ref="saver", name="特惠", name_en="Saver", price=36_000, least_nights=2),
)  # fmt: skip


@dataclass
class Inn:
    """The hotel, its clerk, the offers of its rooms, and their plans by (room, key)."""

    town: World
    store_id: int
    clerk: Actor
    double: int
    family: int
    plans: dict[tuple[int, str], int]

    def put(
        self, person_id: int, *, first: date = FRIDAY, nights: int = 2, qty: int = 1, guests: int = 2, plan: str = "flex", **more: Any
    ) -> None:
        """Put rooms into somebody's cart."""
        line = self.line(first=first, nights=nights, qty=qty, guests=guests, plan=plan, **more)
        orders.add_line(person_id=person_id, store_id=self.store_id, at=self.town.at, **line)

    def line(
        self, *, first: date = FRIDAY, nights: int = 2, qty: int = 1, guests: int = 2, plan: str = "flex", **more: Any
    ) -> dict[str, Any]:
        """Rooms as a line of a cart."""
        return {
            "offer_id": self.double, "qty": qty, "guests": guests, "starts_at": rooms.check_in(zone=ZONE, first=first),
            "ends_at": rooms.check_out(zone=ZONE, last=first + timedelta(days=nights)),
            "details": {"plan": self.plans[self.double, plan], **more},
        }  # fmt: skip

    def book(self, person_id: int = 0, **how: Any) -> OrderView:
        """Book rooms and pay for them; the inn has not answered yet."""
        who, want = person_id or self.town.lin, CheckoutWant(store_id=self.store_id, mode="stay", coupon_id=None)
        self.put(who, **how)
        token = self.town.quote(want, person_id=who).token
        order = orders.place(
            person_id=who, want=want, quote_token=token, method="balance", idempotency_key=self.town.key(), at=self.town.at
        )
        return self.town.pay(order)

    def confirmed(self, **how: Any) -> OrderView:
        """A stay that the inn has confirmed."""
        order = self.book(**how)
        orders.accept(order_id=order.id, actor=self.clerk, at=self.town.at)
        self.town.pass_()
        return self.town.order(order)

    def left(self, first: date = FRIDAY, nights: int = 3) -> list[int]:
        """Double rooms left, night by night."""
        return [one.left for one in left_of.rooms_left(offer_ids=[self.double], zone=ZONE, first=first, nights=nights)[self.double]]


def open_inn(town: World, doubles: int = 2, ref: str = "inn") -> Inn:
    """The inn (one for each `ref`), found by searches, with so many double rooms and one family room."""
    store_id = merchants.bulk_put(city_id=town.city_id, at=town.at, rows=[
        StoreRow(external_ref=ref, kind="hotel", name="前门客栈", name_en="Qianmen Inn", point=Point(39.9, 116.4), rating=46,
                 facilities=("酒店各处提供wifi", "健身房"), facts={"hotel_type": "舒适型"})
    ])[0]  # fmt: skip
    double, family = catalog.bulk_put_rooms(at=town.at, rows=[
        RoomRow(store_id=store_id, external_ref="double", name="大床房", name_en="Double", sleeps=2, beds=(("double", 1),), plans=PLANS),
        RoomRow(store_id=store_id, external_ref="family", name="家庭房", name_en="Family", sleeps=4, child_bed=True, plans=PLANS[:1]),
    ])  # fmt: skip
    for offer_id, name, count in ((double, "大床房", doubles), (family, "家庭房", 1)):
        stock.put_supply(
            store_id=store_id, offer_id=offer_id, name=name, grain_minutes=1440, capacity=count, at=town.at,
            offset_minutes=left_of.night_offset(ZONE, FRIDAY),
        )  # fmt: skip
    discovery.rebuild(city_id=town.city_id, at=town.at)
    keys = {price: key for key, price in (("flex", 40_000), ("saver", 36_000))}
    found = rooms.rooms(store_ids=[store_id])[store_id]
    plans = {(room.offer_id, keys[plan.rate.price]): plan.id for room in found for plan in room.plans}
    return Inn(town, store_id, Actor("merchant", 777, store_id), double, family, plans)
