"""The page of what is known: off until somebody agrees, everything on it, every button of it works; and what pages tell by the way."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from linli.apps.accounts import queries as accounts
from linli.apps.discovery import queries as discovery
from linli.apps.insight.models import Noted
from linli.apps.insight.tasks import carry
from linli.platform import ids, jobs
from tests.town import World

pytestmark = pytest.mark.django_db


def press(client: Client, **form: str) -> int:
    return client.post("/me/taste", form).status_code


def tell(client: Client, *deeds: dict[str, object]) -> int:
    return client.post("/deeds", {"deeds": json.dumps(deeds)}).status_code


def test_it_is_off_until_one_agrees_and_one_tap_switches_it_off_again(town: World, lin: Client) -> None:
    html = lin.get("/me/taste").content.decode()
    assert "Suggestions that fit you are off" in html
    assert "Where you ordered" not in html
    town.completed()
    assert press(lin, change="agree") == 302
    jobs.drain(town.at)
    html = lin.get("/me/taste").content.decode()
    assert "Where you ordered" in html
    assert "Delete and switch off" in html
    assert press(lin, change="delete") == 302
    assert "Suggestions that fit you are off" in lin.get("/me/taste").content.decode()
    jobs.drain(town.at)
    assert discovery.taste(person_id=town.lin) is None
    assert accounts.consent(person_id=town.lin).given is False


def test_what_is_corrected_stays_corrected(town: World, lin: Client) -> None:
    town.completed()
    press(lin, change="agree")
    jobs.drain(town.at)
    store = ids.seal("st", town.noodles)
    for form in ({"change": "hide", "store": store}, {"change": "less", "what": "面馆"}, {"change": "stage", "what": "26-35"}):
        assert press(lin, **form) == 302
    press(lin, change="pause")
    known = discovery.taste(person_id=town.lin)
    assert known is not None
    assert (known.hidden, known.less, known.stage, known.paused) == ((town.noodles,), ("面馆",), "26-35", True)
    html = lin.get("/me/taste").content.decode()
    assert "Paused" in html
    assert "Never suggested" in html


@pytest.mark.parametrize("form", [{"change": "fly"}, {"change": "hide"}, {"change": "stage", "what": "1000"}])
def test_nonsense_changes_nothing(town: World, lin: Client, form: dict[str, str]) -> None:
    press(lin, change="agree")
    jobs.drain(town.at)
    before = discovery.taste(person_id=town.lin)
    assert press(lin, **form) == 422
    assert discovery.taste(person_id=town.lin) == before


def test_pages_tell_what_was_looked_at(town: World, lin: Client) -> None:
    store = ids.seal("st", town.noodles)
    press(lin, change="agree")
    jobs.drain(town.at)
    assert tell(lin, {"kind": "view", "key": "k" * 8, "store": store}, {"kind": "search", "key": "s" * 8, "text": "牛肉面"}) == 204
    assert sorted(Noted.objects.values_list("kind", "person_id")) == [("search", town.lin), ("view", town.lin)]
    assert "What you looked at lately" in lin.get("/me/taste").content.decode()


@pytest.mark.parametrize(
    "sent",
    [
        "", "{", "[1]", "{}", "[" * 5000, json.dumps([{"kind": "order", "key": "12345678"}]), json.dumps([{"kind": 1}]),
        json.dumps([{"kind": "view", "key": "12345678", "store": "st-'; DROP TABLE"}]),
        json.dumps([{"kind": "view", "key": "12345678", "place": 1e9}]),
        json.dumps([{"kind": "search", "key": "12345678", "text": "x" * 25_000}]),
    ],
    ids=range(10),
)  # fmt: skip
def test_what_no_page_of_ours_would_tell_is_refused_and_nothing_is_noted(town: World, lin: Client, sent: str) -> None:
    assert lin.post("/deeds", {"deeds": sent}).status_code in {400, 404, 422}
    assert not Noted.objects.exists()


def test_ten_thousand_in_a_minute_are_not_taken_down(town: World, lin: Client) -> None:
    store, answers = ids.seal("st", town.noodles), []
    for turn in range(10):
        deeds = [{"kind": "view", "key": f"bot-{turn}-{number:05}", "store": store} for number in range(40)]
        answers.append(tell(lin, *deeds))
    assert set(answers) == {204, 429}
    assert Noted.objects.count() <= 160  # the limit of a minute, and what came with the last batch


def test_a_page_that_is_read_writes_nothing(town: World, lin: Client) -> None:
    for path in ("/", f"/stores/{ids.seal('st', town.noodles)}", "/search?q=面"):
        assert lin.get(path).status_code == 200
    assert not Noted.objects.exists()


def test_forgetting_reaches_what_pages_told(town: World, lin: Client) -> None:
    press(lin, change="agree")
    jobs.drain(town.at)
    tell(lin, {"kind": "view", "key": "k" * 8, "store": ids.seal("st", town.noodles)})
    press(lin, change="delete")
    jobs.drain(town.at)
    carry.run(at=town.at)
    assert not Noted.objects.exclude(person_id=0).exists()
