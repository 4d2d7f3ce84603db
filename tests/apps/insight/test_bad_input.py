"""What comes in bad, each with what is done about it: nobody's history, a flood, things that are gone, and questions that are none."""

from __future__ import annotations

from datetime import timedelta

import pytest

from linli.apps.catalog.models import Offer
from linli.apps.discovery import queries as discovery
from linli.apps.insight import fitting, lake, operations, thoughts
from linli.apps.insight.operations import Deed
from linli.apps.insight.rows import write
from linli.fronts.web.consumer.here import Here
from linli.platform import jobs, policies
from tests.apps.insight.test_deeds import agree
from tests.town import HOME, World

QUERIES = {
    "ten thousand": "面" * 10_000, "emoji": "🍜🥢👨‍👩‍👧", "scripts": "﷽ 面 नमस्ते noodles ラーメン", "sql": "'; DROP TABLE x; --",
    "markup": "<script>alert(1)</script>", "template": "{{ 7 * 7 }} {% debug %}", "nul": "面\x00条", "regex": "(a+)+$" * 20,
    "wildcards": "%_*?[]^", "lone": "\ud800面", "spaces": " \t\u3000\u200b ",
}  # fmt: skip


@pytest.mark.parametrize("text", QUERIES.values(), ids=QUERIES)
def test_any_question_is_answered_and_kept_short(world: World, text: str) -> None:
    found = discovery.search(city_id=world.city_id, point=HOME, text=text, at=world.at)
    assert found.total >= 0
    assert len(found.text) <= 200
    discovery.suggestions(city_id=world.city_id, text=text)
    safe = text.encode("utf8", "ignore").decode("utf8")
    operations.note(
        city_id=world.city_id, person_id=None, deeds=[Deed(kind="search", key="search-01", at=world.at, text=safe)], at=world.at
    )
    lake.carry(at=world.at, rows=10)
    ((kept,),) = lake.ask("SELECT text FROM deeds")
    assert len(kept) <= 80
    assert "\x00" not in kept


def test_somebody_without_a_history_gets_what_anybody_gets(world: World) -> None:
    agree(world)
    thoughts.think(person_ids=[world.lin], at=world.at)
    mine, anybodys = (discovery.recommended(city_id=world.city_id, point=HOME, person_id=who, at=world.at) for who in (world.lin, None))
    assert not mine.personal
    assert [one.card.store.id for one in mine.stores] == [one.card.store.id for one in anybodys.stores]


def test_ten_thousand_deeds_in_a_minute_are_no_persons_taste(world: World) -> None:
    """Pages refuse them (see the page's tests); those that came in by many doors are left out of what is learned."""
    agree(world)
    deeds = [Deed(kind="cart", key=f"flood-{number:05}", at=world.at, store_id=world.noodles) for number in range(10_000)]
    write(world.city_id, world.lin, deeds, world.at)
    lake.carry(at=world.at, rows=20_000)
    assert fitting._deeds(world.city_id, world.at, {world.lin}) == []
    policies.change(number_name="insight.bot_a_day", city_id=0, value=20_000, actor=world.ou, at=world.at, reason="the control")
    assert fitting._deeds(world.city_id, world.at, {world.lin}) == [(world.lin, world.noodles)]


def test_an_offer_deleted_after_the_fit_goes_with_nothing_any_more(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from linli.apps.city import queries as city
    from linli.fronts.web.consumer import stores

    beef, cold = world.dishes["牛肉面"], world.dishes["拍黄瓜"]
    monkeypatch.setattr(discovery, "goes_with", lambda *, city_id, offer_ids: [cold])
    place = Here(city.city(city_id=world.city_id), HOME, "", "", True)

    class Asked:
        at = world.at

    assert [one.offer.id for one in stores.goes_with(place, world.noodles, [beef], Asked())] == [cold]  # type: ignore[arg-type]
    Offer.objects.filter(id=cold).update(removed_at=world.at)
    assert stores.goes_with(place, world.noodles, [beef], Asked()) == []  # type: ignore[arg-type]


def test_consent_taken_back_midway_keeps_what_is_on_its_way_out_of_the_next_fit(world: World) -> None:
    agree(world)
    write(world.city_id, world.lin, [Deed(kind="cart", key="cart-0001", at=world.at, store_id=world.noodles)], world.at)
    lake.carry(at=world.at, rows=10)
    assert (world.lin, world.noodles) in fitting._known(world.city_id, world.at + timedelta(minutes=1)).pairs
    agree(world, given=False)
    jobs.drain(world.at)
    assert world.lin not in {person for person, _ in fitting._known(world.city_id, world.at + timedelta(minutes=1)).pairs}
