"""The demo's Beijing: how it is made from its sources, and that what is committed loads without a bad row."""

from __future__ import annotations

import csv
import gzip
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from linli.apps.accounts import queries as accounts
from linli.apps.catalog import queries as catalog
from linli.apps.city import queries as cities
from linli.apps.fulfilment import queries as fulfilment
from linli.apps.merchants import queries as merchants
from linli.fronts.commands.loading import load_folder
from linli.kernel.geo import Point, metres
from linli.simulator import demo
from linli.simulator.beijing import cuisines, dishes, english, rooms
from linli.simulator.beijing.convert import convert, mask
from linli.simulator.beijing.places import read_metro
from linli.simulator.demo.city import DATA

AT = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
STOPS = (
    "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station\n"
    "1,西直门,39.94,116.355,1,\n2,西直门 A出口,39.9412,116.355,2,1\n3,2号航站楼,40.08,116.58,1,\n4,没有位置,,,1,\n"
)
PLACE = {
    "地址": "北京市西城区", "地铁": "西直门地铁站A口", "电话": "010-66181705", "评分": 4.3, "营业时间": "周一至周日 10:00-次日1:00",
    "推荐菜": ["老字号", "宫保鸡丁", "炸酱面", "羊肉串", "酸梅汤", "其他"], "人均消费": 60, "酒店类型": "高档型", "酒店设施": ["wifi"],
    "价格": 500, "门票": 20, "游玩时间": "2小时",
}  # fmt: skip


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "metro_stops.txt").write_text(STOPS, "utf8")
    stores = {
        "甲饭馆(总店)": PLACE,
        "乙饭馆": {**PLACE, "地铁": "T2航站楼地铁站", "营业时间": "即将开业"},
        "丙饭馆": {**PLACE, "地铁": None},
    }
    (tmp_path / "restaurant_db.json").write_text(json.dumps(list(stores.items())), "utf8")
    (tmp_path / "hotel_db.json").write_text(json.dumps([("丁酒店", PLACE)]), "utf8")
    (tmp_path / "attraction_db.json").write_text(json.dumps([("戊公园", {**PLACE, "评分": None})]), "utf8")
    return tmp_path


def test_the_same_sources_make_the_same_files(source: Path, tmp_path: Path) -> None:
    convert(source, tmp_path / "a")
    convert(source, tmp_path / "b")
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert "stores.csv.gz" in names
    assert all((tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes() for name in names)


@pytest.mark.django_db
def test_what_was_converted_loads_and_says_what_is_made_up(source: Path, tmp_path: Path) -> None:
    counts = convert(source, tmp_path / "out")
    assert counts["restaurant without a known metro exit, left out"] == 1
    assert counts["hours unreadable, assumed"] == 1
    report = load_folder(folder=tmp_path / "out", at=AT)
    assert report.bad == []
    stores = {store.name: store for store in merchants.all_stores(city_id=cities.default_city().id)}
    assert set(stores) == {"甲饭馆(总店)", "乙饭馆", "丁酒店", "戊公园"}
    first = stores["甲饭馆(总店)"]
    assert metres(first.point, Point(39.9412, 116.355)) <= 300
    assert first.approximate
    assert first.facts["position"] == "near 西直门 A口"
    assert "prices" in first.facts["made_up"]
    assert first.tags == ("老字号",)
    assert (first.rating, first.phone, first.per_head) == (43, "010-66****05", 6000)
    assert metres(stores["乙饭馆"].point, Point(40.08, 116.58)) <= 420
    assert stores["乙饭馆"].facts["hours_assumed"] is True
    offers = {offer.name: offer for section in catalog.menu(store_id=first.id).sections for offer in section.offers}
    assert set(offers) == {"宫保鸡丁", "炸酱面", "羊肉串", "酸梅汤"}
    assert all(offer.made_up_price for offer in offers.values())
    assert "peanuts" in offers["宫保鸡丁"].allergens
    assert offers["宫保鸡丁"].name_en == "Kung Pao chicken"
    assert {group.name for group in offers["炸酱面"].groups} == {"面型", "加料"}


def test_the_metro_of_a_gtfs_feed(source: Path) -> None:
    metro = read_metro(source / "metro_stops.txt")
    assert set(metro.stations) == {"西直门", "2号航站楼"}
    assert metro.place("西直门地铁站2号线A口", "x") is not None
    assert metro.place("月球地铁站A口", "x") is None
    assert metro.place(None, "x") is None
    spots = {metro.place("西直门地铁站A口", f"店{i}") for i in range(50)}
    assert len(spots) == 50


@pytest.mark.parametrize(
    ("name", "menu", "cuisine"),
    [
        ("全聚德烤鸭店(前门店)", ["烤鸭"], "烤鸭"),
        ("蜀香园", ["毛血旺", "水煮鱼"], "川菜"),
        ("无名小馆", ["红烧鸡块"], "家常菜"),
        ("庆丰包子铺(月坛店)", ["包子"], "快餐"),
    ],
)
def test_cuisines(name: str, menu: list[str], cuisine: str) -> None:
    assert cuisines.cuisine(name, menu) == cuisine


def test_prices_follow_the_price_per_head_and_the_part_of_the_menu() -> None:
    def price(dish: str, per_head: int) -> int:
        return dishes.price("s", dish, per_head, dishes.kind_of(dish, "北京菜"))

    assert price("烤鸭", 150) > price("糖醋里脊", 150) > price("酸梅汤", 150)
    assert price("糖醋里脊", 200) > price("糖醋里脊", 40)
    assert all(price(dish, 60) % 100 == 0 for dish in ("烤鸭", "炸酱面", "羊肉串"))


def test_names_in_english_and_hidden_phone_numbers() -> None:
    assert english.store("全聚德烤鸭店(前门店)") == "Quanjude Roast Duck (Qianmen)"
    assert english.dish("葱烧海参") == "Scallion-braised sea cucumber"
    assert mask("65240000") == "65****00"
    assert mask("010-66181705,010-1") == "010-66****05"
    assert "1" not in mask("12345")


def test_the_plans_that_are_not_paid_when_booking_are_what_is_generated() -> None:
    hotels = {row["ref"]: json.loads(row["facts"]).get("hotel_type") for row in _rows("stores")}
    plans = [tuple(row.values()) for row in _rows("plans")]
    made, kept = [], [plan for plan in plans if plan[2] in ("desk", "later")]
    for store, room, key, _, _, price, _, breakfasts, hours, *_ in plans:
        if key == "flexible":
            more = rooms.paid_otherwise(store, room, str(hotels[store]), int(price), int(breakfasts), int(hours))
            made += [tuple(str(value) for value in plan) for plan in more]
    assert made == kept
    assert {plan[-1] for plan in plans} == {"now", "at_hotel", "later"}


def _rows(name: str) -> list[dict[str, str]]:
    text = gzip.decompress((DATA / f"{name}.csv.gz").read_bytes()).decode()
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.slow
@pytest.mark.django_db
def test_the_demo_city_is_all_there() -> None:
    report = demo.load(at=AT, consumers=6, couriers=3)
    assert report.bad == []
    city = cities.default_city()
    stores = merchants.all_stores(city_id=city.id)
    assert (city.slug, len(stores)) == ("beijing", 2089 + 16)  # real places, and made-up ones for appointments
    assert all(store.approximate and store.origin for store in stores)
    assert sum(bool(store.hours.openings) for store in stores if store.kind == "restaurant") == 675
    assert len({store.point for store in stores}) > 2000
    courier = accounts.person_by_phone(phone="13800000003")
    assert courier is not None
    assert fulfilment.courier(courier_id=courier.id).vehicle == "ebike"
    selling = catalog.stores_selling()
    assert [store_id for store_id in selling if not accounts.staff(role="merchant", scope_id=store_id)] == []  # somebody takes the codes
    assert len(selling) > 100
    again = demo.load(at=AT, consumers=6, couriers=3)
    assert again.loaded["campaigns"] == 0
    assert len(merchants.all_stores(city_id=city.id)) == len(stores)
