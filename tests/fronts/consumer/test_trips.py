"""The page that plans days out: made from the address alone, changed by its links, kind to what cannot be."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from linli.apps.discovery.queries import trips
from linli.apps.merchants import operations as merchants
from linli.apps.merchants.load import StoreRow
from linli.kernel.geo import Point
from linli.platform.ids import seal
from tests.town import World

SIGHTS = (("天坛公园", 39.905, "2小时 - 4小时"), ("小城博物馆", 39.909, "1小时"), ("老街", 39.912, "1小时"))


@pytest.fixture
def sights(town: World) -> dict[str, str]:
    """The outside names of the town's sights."""
    rows = [
        StoreRow(external_ref=name, name=name, point=Point(lat, 116.41), kind="sight", per_head=1_000, rating=47, facts={"visit": visit})
        for name, lat, visit in SIGHTS
    ]
    trips._places.cache_clear()
    return {
        row.name: seal("st", number)
        for row, number in zip(rows, merchants.bulk_put(city_id=town.city_id, rows=rows, at=town.at), strict=True)
    }


@pytest.fixture
def ask(town: World, sights: dict[str, str]) -> str:
    """A wish for tomorrow."""
    return f"/trip?starts={town.at.date().isoformat()}&days=1&party=2&budget=500"


def links(html: str, words: str) -> list[str]:
    return [unescape(found) for found in re.findall(rf'href="(/trip[^"]*)"[^>]*>{words}<', html)]


def planned(html: str) -> str:
    """The part of the page that is the plan."""
    return html[html.index('class="card rows trip"') : html.index("Back at")]


def test_the_form_is_there_for_everybody(visitor: Client, sights: dict[str, str]) -> None:
    page = visitor.get("/trip").content.decode()
    assert "Make a plan" in page
    assert "Back at" not in page


def test_a_plan_has_meals_sights_times_and_a_sum(visitor: Client, ask: str) -> None:
    page = visitor.get(ask).content.decode()
    for words in ("天坛公园", "小城博物馆", "老街", "Lunch", "Dinner", "Altogether", "min on foot", "Old streets"):
        assert words in page
    assert re.search(r"\d\d:\d\d<small", page)


def test_a_plan_can_be_kept_as_it_is_shown(lin: Client, ask: str, sights: dict[str, str]) -> None:
    page = lin.get(f"/trip?days=1&budget=500&drop={sights['老街']}").content.decode()
    form = page[page.index('action="/trips"') :].partition("</form>")[0]
    sent = [(name, unescape(value)) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form)]
    kept = lin.post("/trips", {name: value for name, value in sent if name != "csrfmiddlewaretoken"})
    assert kept.status_code == 302
    assert "老街" not in lin.get(kept["Location"]).content.decode().partition("Add a place")[0]


def test_what_is_not_wanted_goes_and_the_rest_stays(visitor: Client, ask: str, sights: dict[str, str]) -> None:
    page = visitor.get(ask).content.decode()
    without = next(link for link in links(page, "Not this") if f"drop={sights['老街']}" in link)
    after = visitor.get(without).content.decode()
    assert "老街" not in planned(after)
    assert "天坛公园" in planned(after)


def test_what_is_fixed_is_there_and_says_so(visitor: Client, ask: str, sights: dict[str, str]) -> None:
    fixed = next(
        link for link in links(visitor.get(ask).content.decode(), "Keep it on this day") if f"pin={sights['小城博物馆']}%3A1" in link
    )
    assert "you chose it" in planned(visitor.get(fixed).content.decode())


def test_too_little_money_is_said_kindly(visitor: Client, ask: str, sights: dict[str, str]) -> None:
    page = visitor.get(f"{ask.replace('budget=500', 'budget=1')}&pin={sights['老街']}:1")
    assert (page.status_code, "Such a trip cannot be" in page.content.decode()) == (200, True)


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ("days=9", 422), ("days=x", 422), ("party=0", 422), ("starts=2020-01-01", 422), ("starts=nonsense", 422),
        ("budget=much", 422),
        ("budget=-5", 422), ("drop=st-nothing", 404),
        ("days=1&pin=x:99999999999", 200),
        ("like=boats", 200),
    ],
)  # fmt: skip
def test_a_wish_that_cannot_be_read_is_refused(visitor: Client, ask: str, changed: str, status: int) -> None:
    name = changed.split("=")[0]
    assert visitor.get(re.sub(rf"&?{name}=[^&]*", "", ask) + f"&{changed}").status_code == status


def test_plans_are_not_to_be_had_without_end(visitor: Client, ask: str) -> None:
    answers = [visitor.get(ask.replace("days=1", "days=99")).status_code for _ in range(14)]
    assert answers[0] == 422
    assert answers[-1] == 429


@pytest.mark.parametrize(
    ("text", "minutes"), [("12小时 - 3天", 360), ("1小时 - 3小时", 100), ("", 90), ("0.5小时 - 1小时", 40), ("3天", 360)]
)
def test_a_visit_takes_what_the_source_says_within_reason(text: str, minutes: int) -> None:
    assert trips.visit_minutes(text) == minutes
