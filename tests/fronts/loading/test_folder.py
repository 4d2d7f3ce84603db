"""Loading somebody's folder: good rows are put, every bad one is named with its line and reason, twice is as good as once."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from linli.apps.catalog import queries as catalog
from linli.apps.city import queries as cities
from linli.apps.discovery import queries as discovery
from linli.apps.merchants import queries as merchants
from linli.apps.merchants.queries import StoreView, open_state
from linli.apps.stock import queries as stock
from linli.fronts.commands.loading import load_folder

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)  # a Monday, 12:00 in Beijing

CITY = (
    "slug,name,name_en,currency,zone,lat,lng,south,west,north,east\n"
    "beijing,北京,Beijing,CNY,Asia/Shanghai,39.9,116.4,39.4,115.4,41.1,117.5\n"
)
STORES = (
    "ref,name,lat,lng,per_head,rating,cuisine,tags,facts,accepts,hours\n"
    'a,老王面馆,39.91,116.40,28,4.6,面馆,老字号|实惠,"{""since"": 1953}",yes,周一至周日 10:00-14:00 17:00-次日01:00\n'
    "b,小李火锅,39.92,116.41,88.50,,火锅,,,no,\n"
)
RINGS = "store,radius_m,fee,minimum\na,3000,5,20\na,1500,3,15.50\n"
OPTIONS = (
    "store,group,name,name_en,least,most,option,option_en,price,option_most\n"
    "a,size,份量,Size,1,1,小,Small,,1\na,size,份量,Size,1,1,大,Large,6,1\n"
)
MENU = (
    "store,ref,section,section_en,name,price,allergens,groups,daily\n"
    "a,1,面,Noodles,炸酱面,18,gluten|soy,size,60\n"
    "a,2,面,Noodles,凉面,16.5,,,\n"
    "b,1,锅底,Base,清汤锅,38,,,\n"
)
LANDMARKS = "kind,name,name_en,pinyin,lat,lng\nmetro,天安门东,Tian'anmen East,tiananmendong,39.9078,116.4011\n"
GOOD = {"city": CITY, "stores": STORES, "rings": RINGS, "options": OPTIONS, "menu": MENU, "landmarks": LANDMARKS}


def folder(path: Path, **files: str) -> Path:
    for name, text in {**GOOD, **files}.items():
        (path / f"{name}.csv").write_text(text, "utf8")
    return path


def store(ref: str) -> StoreView:
    city = cities.default_city()
    return next(view for view in merchants.all_stores(city_id=city.id) if view.external_ref == ref)


def test_a_good_folder_is_all_there(tmp_path: Path) -> None:
    report = load_folder(folder=folder(tmp_path), at=AT)
    assert report.bad == []
    assert report.loaded == {"stores": 2, "offers": 3, "groups": 1, "rooms": 0, "supplies": 1, "landmarks": 1}
    noodles = store("a")
    assert (noodles.per_head, noodles.rating, noodles.tags, noodles.facts, noodles.accepts) == (
        2800,
        46,
        ("老字号", "实惠"),
        {"since": 1953},
        True,
    )
    assert [(ring.radius_m, ring.fee, ring.minimum) for ring in noodles.rings] == [(1500, 300, 1550), (3000, 500, 2000)]
    assert open_state(noodles, AT).open
    assert not open_state(noodles, AT.replace(hour=7)).open
    assert open_state(noodles, AT.replace(hour=16, minute=30)).open  # half past midnight
    menu = catalog.menu(store_id=noodles.id)
    offers = {offer.name: offer for section in menu.sections for offer in section.offers}
    assert offers["炸酱面"].price == 1800
    assert set(offers["炸酱面"].allergens) == {"gluten", "soy"}
    assert [(option.name, option.price) for option in offers["炸酱面"].groups[0].options] == [("小", 0), ("大", 600)]
    assert stock.left(offer_ids=[offer.id for offer in offers.values()], at=AT)[offers["炸酱面"].id] == 60
    assert [mark.name for mark in cities.landmarks(city_id=cities.default_city().id, text="tian")] == ["天安门东"]
    found = discovery.search(city_id=cities.default_city().id, point=noodles.point, text="zhajiangmian", at=AT)
    assert [card.store.name for card in found.cards] == ["老王面馆"]


def test_loading_again_brings_the_same_things_up_to_date(tmp_path: Path) -> None:
    load_folder(folder=folder(tmp_path), at=AT)
    before = store("a").id
    report = load_folder(folder=folder(tmp_path, menu=MENU.replace("炸酱面,18", "炸酱面,19")), at=AT)
    assert report.bad == []
    assert store("a").id == before
    assert len(merchants.all_stores(city_id=cities.default_city().id)) == 2
    offers = [offer for section in catalog.menu(store_id=before).sections for offer in section.offers]
    assert sorted((offer.name, offer.price) for offer in offers) == [("凉面", 1650), ("炸酱面", 1900)]


@pytest.mark.parametrize(
    ("file", "row", "column", "reason"),
    [
        ("stores", "c,,39.9,116.4,,,,,,,", "name", "must not be empty"),
        ("stores", "a,老王二号,39.9,116.4,,,,,,,", "ref", "a row before has the same ref"),
        ("stores", "c,远,31.2,121.5,,,,,,,", "lat", "outside of 北京"),
        ("stores", "c,北,north,116.4,,,,,,,", "lat", "“north” is not a number"),
        ("stores", "c,非数,nan,116.4,,,,,,,", "lat", "not between"),
        ("stores", "c,贵,39.9,116.4,12.345,,,,,,", "per_head", "not an amount of money"),
        ("stores", "c,负,39.9,116.4,-5,,,,,,", "per_head", "below zero"),
        ("stores", "c,六星,39.9,116.4,,6,,,,,", "rating", "not between 0 and 5"),
        ("stores", "c,坏,39.9,116.4,,,,,[1],,", "facts", "not a JSON object"),
        ("stores", "c,也许,39.9,116.4,,,,,,maybe,", "accepts", "neither yes nor no"),
        ("stores", "c,何时,39.9,116.4,,,,,,,看心情", "hours", "No opening hours can be read"),
        ("stores", "c,短", "", "fewer cells"),
        ("stores", "c,长,39.9,116.4,,,,,,,,x,y", "", "more cells"),
        ("rings", "z,1000,3,15", "store", "no store of this folder"),
        ("rings", "a,1500,4,15", "radius_m", "a ring of that radius already"),
        ("rings", "b,,4,15", "radius_m", "must not be empty"),
        ("options", "a,size,份量,Size,1,1,大,Large,6,1", "option", "an option of that name already"),
        ("options", "a,s2,份量,Size,3,1,大,Large,6,1", "least", "least is more than most"),
        ("menu", "a,1,面,,又一碗,9,,,", "ref", "a row before has the same ref"),
        ("menu", "z,9,面,,无主,9,,,", "store", "no store of this folder"),
        ("menu", "a,9,面,,贵面,,,,", "price", "not an amount of money"),
        ("menu", "a,9,面,,怪面,9,kryptonite,,", "allergens", "“kryptonite” is none of"),
        ("menu", "a,9,面,,选面,9,,spice,", "groups", "no group “spice”"),
        ("menu", "a,9,面,,半份,9,,,2.5", "daily", "not a whole number"),
        ("landmarks", "castle,城堡,,,39.9,116.4", "kind", "must be one of"),
    ],
)
def test_a_bad_row_is_named_and_the_others_are_loaded(tmp_path: Path, file: str, row: str, column: str, reason: str) -> None:
    report = load_folder(folder=folder(tmp_path, **{file: GOOD[file] + row + "\n"}), at=AT)
    assert [(bad.file, bad.line, bad.column) for bad in report.bad] == [(f"{file}.csv", GOOD[file].count("\n") + 1, column)]
    assert reason in report.bad[0].reason
    assert report.loaded == {"stores": 2, "offers": 3, "groups": 1, "rooms": 0, "supplies": 1, "landmarks": 1}


def test_dishes_of_a_store_that_was_left_out_are_left_out_with_it(tmp_path: Path) -> None:
    report = load_folder(folder=folder(tmp_path, stores=STORES.replace("b,小李火锅,39.92", "b,小李火锅,99.92")), at=AT)
    assert [str(bad) for bad in report.bad] == [
        "stores.csv:3 lat: 99.92 is not between -90 and 90",
        "menu.csv:4 store: no store of this folder was loaded with the ref “b”",
    ]
    assert report.loaded["offers"] == 2


def test_files_that_cannot_be_read_are_reported_and_nothing_else_stops(tmp_path: Path) -> None:
    path = folder(tmp_path, rings="store,radius\na,1\n")
    (path / "menu.csv").write_bytes("store,name,price\na,面,1\n".encode("gb18030"))
    (path / "landmarks.csv").unlink()
    (path / "landmarks.csv.gz").write_bytes(b"no gzip at all")
    report = load_folder(folder=path, at=AT)
    assert [bad.file for bad in report.bad] == ["rings.csv", "menu.csv", "landmarks.csv.gz"]
    assert "lacks the columns" in report.bad[0].reason
    assert "UTF-8" in report.bad[1].reason
    assert report.loaded["stores"] == 2


def test_columns_nobody_knows_are_said_and_passed_over(tmp_path: Path) -> None:
    report = load_folder(folder=folder(tmp_path, rings="store,radius_m,fee,colour\na,900,2,red\n"), at=AT)
    assert [(bad.column, bad.line) for bad in report.bad] == [("colour", 1)]
    assert [ring.radius_m for ring in store("a").rings] == [900]


def test_gzipped_files_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    path = folder(tmp_path)
    (path / "menu.csv").unlink()
    (path / "menu.csv.gz").write_bytes(gzip.compress(MENU.encode("utf-8-sig")))
    report = load_folder(folder=path, at=AT)
    assert report.bad == []
    assert report.loaded["offers"] == 3


def test_hours_may_stand_in_a_file_of_their_own(tmp_path: Path) -> None:
    hours = "store,days,opens,closes\nb,周六至周日,11:00,23:00\nb,someday,11:00,12:00\nb,周日,22:00,24:00\nz,周一,9:00,10:00\n"
    report = load_folder(folder=folder(tmp_path, hours=hours), at=AT)
    assert [(bad.file, bad.line, bad.column) for bad in report.bad] == [("hours.csv", 3, "days"), ("hours.csv", 5, "store")]
    assert [(opening.weekday, opening.opens, opening.closes) for opening in store("b").hours.openings] == [(5, 660, 1380), (6, 660, 1440)]


def test_without_any_city_nothing_is_put(tmp_path: Path) -> None:
    path = folder(tmp_path)
    (path / "city.csv").unlink()
    report = load_folder(folder=path, city_slug="atlantis", at=AT)
    assert report.loaded == {}
    assert "there is no city “atlantis”" in report.bad[0].reason
    assert cities.cities() == []


def test_the_command_writes_the_report_and_says_by_its_code_that_rows_were_left_out(tmp_path: Path) -> None:
    path = folder(tmp_path, stores=STORES + "c,,39.9,116.4,,,,,,,\n")
    target = tmp_path / "report.json"
    with pytest.raises(CommandError, match="1 row") as caught:
        call_command("city", "load", str(path), "--json", str(target))
    assert caught.value.returncode == 2
    told = json.loads(target.read_text("utf8"))
    assert told["loaded"]["stores"] == 2
    assert told["bad"] == [{"file": "stores.csv", "line": 4, "column": "name", "reason": "it must not be empty"}]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        call_command("city", "load", str(tmp_path / "nowhere"))
