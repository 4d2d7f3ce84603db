"""Before signing in: what is near, searching, a store, another place."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linli.apps.catalog import operations as catalog
from linli.apps.city.operations import LandmarkRow, put_landmarks
from linli.apps.merchants import operations as merchants
from linli.kernel.geo import Point
from linli.platform.ids import seal
from tests.fronts.consumer.conftest import HTMX, browser
from tests.town import World


def test_home_shows_what_delivers_here(town: World, visitor: Client) -> None:
    html = visitor.get("/").content.decode()
    assert "Chen&#x27;s Noodles" in html
    assert "Wang&#x27;s Dumplings" in html
    assert f"/stores/{seal('st', town.noodles)}" in html


def test_a_place_without_stores_says_what_to_do(town: World, visitor: Client) -> None:
    visitor.cookies["here"] = "39.9900,116.4900,Suburb,Suburb"
    html = visitor.get("/").content.decode()
    assert "No store delivers here yet" in html
    assert 'href="/place"' in html


@pytest.mark.parametrize("cookie", ["nonsense", "999,999,x,x", "31.2,121.4,Shanghai,Shanghai", "nan,nan,a,b", ""])
def test_a_place_that_makes_no_sense_counts_as_none(town: World, visitor: Client, cookie: str) -> None:
    visitor.cookies["here"] = cookie
    assert "Little City" in visitor.get("/").content.decode()


def test_one_can_stand_somewhere_else(town: World, visitor: Client) -> None:
    row = LandmarkRow(kind="metro", name="北口", name_en="North Gate", pinyin="bei kou", point=Point(39.905, 116.401))
    put_landmarks(city_id=town.city_id, rows=[row], at=town.at)
    assert "North Gate" in visitor.get("/place?q=bei").content.decode()
    answer = visitor.post("/place", {"lat": "39.905", "lng": "116.401", "name": "北口", "name_en": "North Gate", "next": "/search"})
    assert answer.headers["Location"] == "/search"
    assert "North Gate" in visitor.get("/").content.decode()


@pytest.mark.parametrize(("lat", "lng"), [("", ""), ("x", "1"), ("31.2", "121.4"), ("999", "0")])
def test_nowhere_is_refused(town: World, visitor: Client, lat: str, lng: str) -> None:
    answer = visitor.post("/place", {"lat": lat, "lng": lng})
    assert answer.status_code == 422
    assert "here" not in answer.cookies


def test_going_on_never_leaves_the_site(town: World, visitor: Client) -> None:
    answer = visitor.post("/place", {"lat": "39.905", "lng": "116.401", "name": "a", "next": "https://elsewhere.example/"})
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize("text", ["牛肉面", "niurou", "noodles", "nrm"])
def test_search_by_chinese_pinyin_english_and_initials(town: World, visitor: Client, text: str) -> None:
    html = visitor.get("/search", {"q": text}).content.decode()
    assert "Chen&#x27;s Noodles" in html
    assert "Wang&#x27;s Dumplings" not in html


def test_search_filters_and_sorts(town: World, visitor: Client) -> None:
    for sort in ("smart", "distance", "rating", "price", "time", "nonsense"):
        assert visitor.get("/search", {"sort": sort, "open": "1", "mode": "delivery", "fee": "800"}).status_code == 200
    assert "Nothing found" in visitor.get("/search", {"q": "nothing like it"}).content.decode()
    assert "Nothing found" in visitor.get("/search", {"fee": "0", "mode": "delivery"}).content.decode()
    assert visitor.get("/search", {"band": "x"}).status_code == 422
    assert visitor.get("/search", {"cursor": "cu-forged"}).status_code == 404


def test_a_part_of_the_search_is_only_the_answers(town: World, visitor: Client) -> None:
    part = visitor.get("/search", {"q": "noodles"}, HTTP_HX_TARGET="found", **HTMX).content.decode()
    assert "Chen&#x27;s Noodles" in part
    assert "<html" not in part


def test_the_store_shows_its_menu_with_allergens_and_what_is_sold_out(town: World, visitor: Client) -> None:
    catalog.set_on_sale(offer_id=town.dishes["拍黄瓜"], on=False, actor=town.chen, at=town.at)
    town.limit("素面", 3)
    html = visitor.get(f"/stores/{seal('st', town.noodles)}").content.decode()
    assert "Beef noodles" in html
    assert "Gluten" in html
    assert "Sold out" in html
    assert "3 left" in html


def test_a_closed_store_says_when_it_opens(town: World, visitor: Client) -> None:
    merchants.set_hours(store_id=town.noodles, openings=[], actor=town.chen, at=town.at)
    html = visitor.get(f"/stores/{seal('st', town.noodles)}").content.decode()
    assert "closed now" in html


@pytest.mark.parametrize("address", ["/stores/st-0000000000000", "/stores/nothing", "/orders/or-zzzzzzzzzzzzz/x", "/nowhere"])
def test_what_is_not_there_is_said_kindly(town: World, visitor: Client, address: str) -> None:
    answer = visitor.get(address)
    assert answer.status_code == 404
    assert "Nothing here" in answer.content.decode()


def test_statements_stay_few_whatever_the_size(town: World, visitor: Client) -> None:
    lin = browser(town, town.lin)
    town.paid()
    visitor.get("/")  # what every process keeps for a minute
    for client, address, most in (
        (visitor, "/", 13),
        (lin, "/", 17),
        (visitor, f"/stores/{seal('st', town.noodles)}", 13),
        (lin, f"/stores/{seal('st', town.noodles)}", 14),
    ):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get(address).status_code == 200
        assert len(seen) <= most, [query["sql"][:90] for query in seen]


def test_a_misspelt_question_offers_a_better_one(town: World, visitor: Client) -> None:
    html = visitor.get("/search?q=niuroumain").content.decode()
    assert "Something like it" in html
    assert '<a href="?q=%E7%89%9B%E8%82%89%E9%9D%A2">牛肉面</a>?' in html
    html = visitor.get("/search?q=noddles&without=milk&without=eggs").content.decode()
    assert html.count('name="without" value="milk" checked') == html.count('name="without" value="eggs" checked') == 1


def test_suggestions_are_choices_for_the_field(town: World, visitor: Client) -> None:
    answer = visitor.get("/search/suggestions?q=niu", headers=HTMX)
    assert "<option" in answer.content.decode()
    assert "牛肉面" in answer.content.decode()
    assert visitor.get("/search/suggestions?q=%3Cscript%3E").content.decode().strip() == ""


def test_the_search_page_says_why_a_store_stands_there(town: World, lin: Client) -> None:
    html = lin.get("/search", {"q": "牛肉面"}).content.decode()
    assert "the strongest first: fits your words · near you." in html
    assert "also by what you like" not in html
    for elsewhere in ("/search?q=牛肉面&sort=distance", "/"):
        assert "fits your words" not in lin.get(elsewhere).content.decode()
