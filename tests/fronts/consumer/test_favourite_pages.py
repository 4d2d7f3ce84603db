"""Hearts on stores and dishes, the list of what is kept, and the same by the API."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from linli.apps.accounts import operations as accounts
from linli.apps.catalog.models import Offer
from linli.apps.community import queries
from linli.platform.ids import seal
from tests.fronts.consumer.conftest import HTMX
from tests.town import World

pytestmark = pytest.mark.django_db


def test_a_heart_is_tapped_and_tapped_again(town: World, lin: Client) -> None:
    store = f"/stores/{seal('st', town.noodles)}"
    assert 'aria-pressed="false"' in lin.get(store).content.decode()
    assert 'aria-pressed="true"' in lin.post(f"{store}/favourite", {"keep": "1"}, **HTMX).content.decode()
    assert 'aria-pressed="true"' in lin.get(store).content.decode()
    assert lin.post(f"{store}/favourite", {"keep": "0"}).headers["Location"] == store
    assert queries.favourites(person_id=town.lin) == []


def test_the_list_shows_stores_and_dishes_and_says_what_is_gone(town: World, lin: Client) -> None:
    store, beef, cold = f"/stores/{seal('st', town.noodles)}", town.dishes["牛肉面"], town.dishes["拍黄瓜"]
    assert "Nothing kept yet" in lin.get("/me/favourites").content.decode()
    lin.post(f"{store}/favourite", {"keep": "1"})
    for dish in (beef, cold):
        lin.post(f"{store}/favourite", {"keep": "1", "offer": seal("of", dish)})
    Offer.objects.filter(id=cold).update(removed_at=town.at)
    html = lin.get("/me/favourites").content.decode()
    assert f"{store}/offers/{seal('of', beef)}" in html
    assert "Not on the menu any more" in html
    assert lin.post(f"{store}/favourite", {"keep": "0", "offer": seal("of", cold), "back": "list"}).headers["Location"] == "/me/favourites"
    assert "Not on the menu any more" not in lin.get("/me/favourites").content.decode()


def test_whoever_is_not_signed_in_is_asked_to(town: World, visitor: Client) -> None:
    answer = visitor.post(f"/stores/{seal('st', town.noodles)}/favourite", {"keep": "1"})
    assert "/sign-in" in answer.headers["Location"]


def test_the_same_by_the_api(town: World) -> None:
    head = {"Authorization": f"Bearer {accounts.issue_token(person_id=town.lin, at=town.at)}"}
    body = json.dumps({"store_id": seal("st", town.noodles)})
    client, path = Client(), "/api/v1/me/favourites"
    assert client.put(path, body, content_type="application/json", headers=head).status_code == 200
    kept = client.get(path, headers=head).json()
    assert [(one["store_id"], one["offer_id"]) for one in kept] == [(seal("st", town.noodles), None)]
    assert client.delete(f"{path}/{seal('st', town.noodles)}", headers=head).status_code == 200
    assert client.get(path, headers=head).json() == []
    assert client.get(path).status_code == 401
