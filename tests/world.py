"""The cast: the same city, stores and dishes in every test that needs some.

Beijing on a Monday morning: 兰州牛肉面 (open 10 to 22), 夜宵烤串 (17 to 3 in the night), 前门烤鸭店 (two openings a day, far away).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from linli.apps.catalog import operations as catalog
from linli.apps.catalog.operations import GroupRow, OfferRow, OptionRow
from linli.apps.city import operations as cities
from linli.apps.merchants import operations as merchants
from linli.apps.merchants.operations import Ring, StoreRow
from linli.kernel.geo import Box, Point
from linli.kernel.time import Opening
from linli.kernel.week import every_day

MONDAY_NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)  # 12:00 in Beijing
DENGSHIKOU = Point(39.9165, 116.4180)
RINGS = (Ring(1500, 200, 1500), Ring(3000, 500, 2000), Ring(5000, 900, 3000))


def beijing() -> int:
    """The id of the city."""
    return cities.put_city(
        slug="beijing", name="北京", name_en="Beijing", currency="CNY", zone="Asia/Shanghai",
        centre=Point(39.9075, 116.3972), box=Box(39.4, 115.7, 41.1, 117.5), at=MONDAY_NOON - timedelta(days=1),
    )  # fmt: skip


def noodles(city_id: int) -> int:
    """兰州牛肉面: 400 m away, open 10:00 to 22:00, accepts by hand."""
    return merchants.bulk_put(city_id=city_id, at=MONDAY_NOON, rows=[
        StoreRow(
            external_ref="noodles", name="兰州牛肉面", name_en="Lanzhou Beef Noodles", point=Point(39.9200, 116.4190), cuisine="面馆",
            per_head=3200, rating=46, rating_count=120, tags=("老字号",), openings=every_day([(600, 1320)]), rings=RINGS, prep_minutes=12,
        )
    ])[0]  # fmt: skip


def skewers(city_id: int) -> int:
    """夜宵烤串: 1 km away, open 17:00 to 3:00 in the night."""
    return merchants.bulk_put(city_id=city_id, at=MONDAY_NOON, rows=[
        StoreRow(
            external_ref="skewers", name="夜宵烤串", name_en="Midnight Skewers", point=Point(39.9250, 116.4230), cuisine="烧烤",
            per_head=8800, rating=41, openings=every_day([(1020, 1620)]), rings=RINGS,
        )
    ])[0]  # fmt: skip


def duck(city_id: int) -> int:
    """前门烤鸭店: 2.5 km away, open 11:00 to 14:00 and 17:00 to 21:00, closed on Monday mornings."""
    hours = every_day([(1020, 1260)]) + tuple(Opening(day, 660, 840) for day in range(1, 7))
    return merchants.bulk_put(city_id=city_id, at=MONDAY_NOON, rows=[
        StoreRow(
            external_ref="duck", name="前门烤鸭店", name_en="Qianmen Roast Duck", point=Point(39.8980, 116.4000), cuisine="北京菜",
            per_head=19700, rating=38, openings=hours, rings=RINGS[:2], prep_minutes=25,
        )
    ])[0]  # fmt: skip


SIZE = GroupRow(
    external_ref="size", name="份量", name_en="Size", least=1, most=1,
    options=(OptionRow(name="小碗", name_en="Small"), OptionRow(name="大碗", name_en="Large", price=400)),
)  # fmt: skip
EXTRAS = GroupRow(
    external_ref="extras", name="加料", name_en="Extras", least=0, most=3,
    options=(OptionRow(name="煎蛋", name_en="Fried egg", price=300, most=2), OptionRow(name="香菜", name_en="Coriander")),
)  # fmt: skip


def noodle_menu(store_id: int) -> dict[str, int]:
    """The ids of the offers by reference: `beef` (26.00, size and extras), `tofu` (宫保豆腐, 18.00), `tea` (6.00)."""
    rows = [
        OfferRow(store_id=store_id, external_ref="beef", section="招牌", section_en="Signature", name="牛肉面", name_en="Beef noodles",
                 price=2600, allergens=("gluten",), groups=(SIZE, EXTRAS)),
        OfferRow(store_id=store_id, external_ref="tofu", section="热菜", name="宫保豆腐", name_en="Kung Pao tofu", price=1800,
                 was_price=2200, allergens=("soy", "peanuts"), daily_limit=20),
        OfferRow(store_id=store_id, external_ref="tea", section="饮料", name="酸梅汤", price=600, made_up_price=True),
    ]  # fmt: skip
    return dict(zip(("beef", "tofu", "tea"), catalog.bulk_put_menu(rows=rows, at=MONDAY_NOON), strict=True))
