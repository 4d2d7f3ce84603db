"""From consent to a list that fits, and back to knowing nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from linli.apps.accounts import operations as accounts
from linli.apps.accounts.queries import PERSONALISATION
from linli.apps.catalog import operations as catalog
from linli.apps.catalog.load import OfferRow
from linli.apps.community import operations as community
from linli.apps.discovery import fitted
from linli.apps.discovery import operations as serving
from linli.apps.discovery import queries as discovery
from linli.apps.discovery.models import Edition, Entry
from linli.apps.insight import fitting, invariants, judging, lake, operations, tasks
from linli.apps.insight.models import Forgetting, Noted
from linli.apps.insight.operations import Deed
from linli.apps.insight.rows import write
from linli.apps.merchants import operations as merchants
from linli.apps.merchants.operations import StoreRow
from linli.apps.orders.queries import Taken
from linli.kernel.actors import SYSTEM
from linli.kernel.geo import Point
from linli.platform import jobs, policies
from tests.town import DAILY, HOME, RINGS, World, refused

STORES, PEOPLE = 8, 24


@pytest.fixture
def crowd(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Two tastes: even people order at even stores, odd ones at odd ones; everybody agrees to be known. The last store is new to all."""
    rows = [
        StoreRow(external_ref=f"s{n}", name=f"店{n}", name_en=f"Store {n}", point=Point(39.9050 + n / 5000, 116.4050), cuisine=f"菜{n % 2}",
                 per_head=3000, rating=45, openings=DAILY, rings=RINGS)
        for n in range(STORES)
    ]  # fmt: skip
    stores = merchants.bulk_put(city_id=world.city_id, rows=rows, at=world.at)
    catalog.bulk_put_menu(
        rows=[OfferRow(store_id=s, external_ref="a", section="x", name=f"菜{s}", price=1000) for s in stores], at=world.at
    )
    serving.rebuild(city_id=world.city_id, at=world.at)
    people = [accounts.ensure_person(phone=f"139000000{n:02}", name="", at=world.at).id for n in range(PEOPLE)]
    for person in [*people, world.lin]:
        accounts.set_consent(person_id=person, purpose=PERSONALISATION, given=True, at=world.at)
    rng, taken = np.random.default_rng(1), []
    for n, person in enumerate([*people, world.lin]):
        mine = [s for k, s in enumerate(stores[:-1]) if k % 2 == n % 2]
        for turn, store in enumerate(rng.permutation(mine)[: 1 if person == world.lin else 3]):
            taken.append(Taken(100 * n + turn, person, int(store), world.at - timedelta(days=9 - turn), 3000, (1, 2)))
    monkeypatch.setattr(fitting.orders, "taken", lambda *, city_id, since, person_ids=None: [  # type: ignore[attr-defined]
        one for one in taken if person_ids is None or one.person_id in person_ids
    ])  # fmt: skip
    jobs.drain(world.at)
    world.stores, world.people = stores, people  # type: ignore[attr-defined]
    return world


def home(world: World, person_id: int | None) -> discovery.Recommendation:
    return discovery.recommended(city_id=world.city_id, point=HOME, person_id=person_id, at=world.at)


def fit(world: World) -> None:
    assert fitting.fit(city_id=world.city_id, at=world.at)
    fitted.forget()


def test_a_fit_serves_a_list_that_fits_and_says_why(crowd: World) -> None:
    fit(crowd)
    found = home(crowd, crowd.lin)
    assert found.personal
    personal = [one for one in found.stores if one.reason == "took"]
    assert personal
    assert {one.card.store.cuisine for one in personal} == {"菜0"}  # Lin is the 25th: an even one
    assert all(one.because[0].cuisine == "菜0" for one in personal)
    assert [one.reason for one in found.stores].count("new") >= 1


def test_whoever_is_not_known_gets_what_is_popular_at_this_hour(crowd: World) -> None:
    fit(crowd)
    for person in (None, crowd.he):
        found = home(crowd, person)
        assert not found.personal
        assert {one.reason for one in found.stores} <= {"popular", "new"}
        assert found.stores


def test_a_look_changes_the_next_list_without_a_fit(crowd: World) -> None:
    fit(crowd)
    serving.forget_taste(person_id=crowd.lin)
    assert not home(crowd, crowd.lin).personal
    odd = crowd.stores[1]  # type: ignore[attr-defined]
    deed = Deed(kind="view", key="view-0001", at=crowd.at, store_id=odd)
    operations.note(city_id=crowd.city_id, person_id=crowd.lin, deeds=[deed], at=crowd.at)
    seen = [one for one in home(crowd, crowd.lin).stores if one.reason == "seen"]
    assert seen
    assert {one.card.store.cuisine for one in seen} == {"菜1"}


def test_a_store_closed_for_good_after_the_fit_is_not_recommended(crowd: World) -> None:
    fit(crowd)
    before = {one.card.store.id for one in home(crowd, crowd.lin).stores}
    gone = next(iter(before - {crowd.noodles, crowd.dumplings}))
    Entry.objects.filter(store_id=gone).update(active=False, version=10**6)
    Edition.objects.update(version=10**6)
    assert gone not in {one.card.store.id for one in home(crowd, crowd.lin).stores}


def test_less_of_a_cuisine_and_a_hidden_store_are_heeded_and_a_pause_too(crowd: World) -> None:
    fit(crowd)
    first = home(crowd, crowd.lin).stores[0].card.store.id
    serving.correct(person_id=crowd.lin, change="hide", store_id=first)
    assert first not in {one.card.store.id for one in home(crowd, crowd.lin).stores}
    serving.correct(person_id=crowd.lin, change="less", what="菜0")
    assert "菜0" not in {one.card.store.cuisine for one in home(crowd, crowd.lin).stores}
    serving.correct(person_id=crowd.lin, change="pause")
    assert not home(crowd, crowd.lin).personal
    with refused("taste.change"):
        serving.correct(person_id=crowd.lin, change="stage", what="immortal")
    with refused("taste.unknown"):
        serving.correct(person_id=crowd.he, change="pause")


def search(world: World, person_id: int | None, text: str = "店", **more: Any) -> discovery.Results:
    """A question in the middle of the eight stores, where nearness decides little."""
    return discovery.search(city_id=world.city_id, point=Point(39.9057, 116.4050), text=text, person_id=person_id, at=world.at, **more)


def cuisines(found: discovery.Results) -> list[str]:
    return [card.store.cuisine for card in found.cards if card.store.name.startswith("店")]


def reasons(found: discovery.Results) -> set[str]:
    return {why.reason for several in found.why.values() for why in several}


def test_search_follows_the_taste_of_who_agrees_and_says_so(crowd: World) -> None:
    fit(crowd)
    anybody, mine = search(crowd, None), search(crowd, crowd.lin)
    assert (anybody.personal, mine.personal) == (False, True)
    assert cuisines(mine)[:3] == ["菜0"] * 3 != cuisines(anybody)[:3]
    first = mine.why[mine.cards[0].store.id]
    assert {"text", "near", "quality", "taste", "price"} <= {why.reason for why in first}
    assert [why.points for why in first] == sorted((why.points for why in first), key=abs, reverse=True)
    assert reasons(anybody) <= {"text", "near", "quality", "popular"}
    assert "text" not in reasons(search(crowd, None, text=""))
    assert search(crowd, crowd.lin, sort="distance").why == {}


def test_search_knows_nothing_of_whoever_pauses_or_does_not_agree(crowd: World) -> None:
    fit(crowd)
    anybody = search(crowd, None)
    assert search(crowd, crowd.lin) != anybody  # the control: something is known
    assert search(crowd, crowd.he) == anybody
    serving.correct(person_id=crowd.lin, change="pause")
    assert search(crowd, crowd.lin) == anybody
    serving.correct(person_id=crowd.lin, change="resume")
    accounts.set_consent(person_id=crowd.lin, purpose=PERSONALISATION, given=False, at=crowd.at)
    assert discovery.taste(person_id=crowd.lin) is not None  # still waiting to be forgotten, and yet
    assert search(crowd, crowd.lin) == anybody
    assert not home(crowd, crowd.lin).personal


def test_what_somebody_said_counts_in_search_too(crowd: World) -> None:
    fit(crowd)
    first = search(crowd, crowd.lin).cards[0].store.id
    serving.correct(person_id=crowd.lin, change="hide", store_id=first)
    found = search(crowd, crowd.lin)
    assert found.cards[0].store.id != first
    assert first in {card.store.id for card in found.cards}  # asked for by name it is still there
    assert min(found.why[first], key=lambda why: why.points).reason == "taste"
    serving.correct(person_id=crowd.lin, change="less", what="菜0")
    assert cuisines(search(crowd, crowd.lin))[0] == "菜1"


def test_what_is_ordered_at_this_hour_comes_first_for_anybody(crowd: World) -> None:
    assert "popular" not in reasons(search(crowd, None))
    fit(crowd)
    found = search(crowd, None)
    new = crowd.stores[-1]  # type: ignore[attr-defined]
    assert "popular" in {why.reason for why in found.why[found.cards[0].store.id]}
    assert "popular" not in {why.reason for why in found.why[new]}


def test_an_operator_can_switch_it_off_and_go_back_a_version(crowd: World) -> None:
    fit(crowd)
    crowd.at += timedelta(hours=1)
    fit(crowd)
    newer, older = discovery.fits_of(city_id=crowd.city_id)
    assert (newer.serving, older.serving) == (True, False)
    assert older.metrics["people"] == PEOPLE + 1
    serving.roll_back(city_id=crowd.city_id, version=older.version, actor=crowd.ou, at=crowd.at)
    fitted.forget()
    assert fitted.fitted(crowd.city_id).version == older.version  # type: ignore[union-attr]
    with refused("fit.unknown"):
        serving.roll_back(city_id=crowd.city_id, version=1, actor=crowd.ou, at=crowd.at)
    policies.change(number_name="recommend.on", city_id=0, value=False, actor=crowd.ou, at=crowd.at, reason="test")
    assert home(crowd, crowd.lin).stores == ()


def test_files_that_are_gone_mean_no_recommendation_and_no_broken_page(crowd: World, caplog: pytest.LogCaptureFixture) -> None:
    fit(crowd)
    version = discovery.fits_of(city_id=crowd.city_id)[0].version
    (discovery.fit_folder(city_id=crowd.city_id) / str(version) / "model.json").unlink()
    fitted.forget()
    assert home(crowd, crowd.lin).stores == ()


def test_with_too_few_people_nothing_is_learned(world: World) -> None:
    assert not fitting.fit(city_id=world.city_id, at=world.at)
    assert home(world, world.lin).stores == ()


def test_consent_withdrawn_midway_leaves_nothing_behind(crowd: World) -> None:
    """Known in the buffer, in the lake, in the profile and in the model; an hour later in none of them, and nowhere in the next fit."""
    deeds = [Deed(kind="cart", key=f"cart-{n:04}", at=crowd.at, store_id=crowd.stores[0]) for n in range(2)]  # type: ignore[attr-defined]
    operations.note(city_id=crowd.city_id, person_id=crowd.lin, deeds=deeds[:1], at=crowd.at)
    lake.carry(at=crowd.at, rows=1000)
    operations.note(city_id=crowd.city_id, person_id=crowd.lin, deeds=deeds[1:], at=crowd.at)
    fit(crowd)
    old = discovery.fits_of(city_id=crowd.city_id)[0].version
    accounts.set_consent(person_id=crowd.lin, purpose=PERSONALISATION, given=False, at=crowd.at)
    operations.note(city_id=crowd.city_id, person_id=crowd.lin, deeds=deeds, at=crowd.at)  # a page that was still open
    jobs.drain(crowd.at)
    assert discovery.taste(person_id=crowd.lin) is None
    assert not Noted.objects.filter(person_id=crowd.lin).exists()
    assert len(invariants.forgotten_in_time(crowd.at + timedelta(hours=25))) == 1
    tasks.carry.run(at=crowd.at)
    assert lake.ask("SELECT count(*) FROM deeds WHERE person_id = ?", crowd.lin) == [(0,)]
    crowd.at += timedelta(minutes=11)
    jobs.drain(crowd.at)
    fitted.forget()
    versions = discovery.fits_of(city_id=crowd.city_id)
    assert [one.metrics["people"] for one in versions] == [PEOPLE]
    assert old not in {one.version for one in versions}
    assert [path.name for path in discovery.fit_folder(city_id=crowd.city_id).iterdir()] == [str(versions[0].version)]
    assert not Forgetting.objects.filter(models_done_at=None).exists()
    assert invariants.forgotten_in_time(crowd.at + timedelta(hours=25)) == []
    assert not home(crowd, crowd.lin).personal


def test_whoever_is_erased_is_forgotten_as_well(crowd: World) -> None:
    accounts.erase_person(person_id=crowd.lin, by=SYSTEM, at=crowd.at)
    jobs.drain(crowd.at)
    assert Forgetting.objects.get().person_id == crowd.lin
    assert discovery.taste(person_id=crowd.lin) is None


def test_what_is_ordered_together_goes_together(crowd: World) -> None:
    fit(crowd)
    assert discovery.goes_with(city_id=crowd.city_id, offer_ids=[1]) == []  # always both: nothing can be said
    assert discovery.goes_with(city_id=crowd.city_id, offer_ids=[10**15]) == []


def test_a_favourite_counts_until_it_is_let_go_and_only_with_consent(crowd: World) -> None:
    new = crowd.stores[-1]  # type: ignore[attr-defined]
    for person in (crowd.lin, crowd.he):  # He has not agreed
        community.keep(person_id=person, store_id=new, at=crowd.at)
    assert [pair for pair in fitting._known(crowd.city_id, crowd.at).pairs if pair[1] == new] == [(crowd.lin, new)]
    community.drop(person_id=crowd.lin, store_id=new)
    assert new not in {store for _, store in fitting._known(crowd.city_id, crowd.at).pairs}


def test_a_fit_is_judged_by_the_log_through_a_twin_that_knows_only_what_was_before(crowd: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody takes up what is of their taste; the model before put what is not first. The new one is told to be worth more."""
    monkeypatch.setattr(judging, "BACK", timedelta(days=2))
    policies.change(number_name="recommend.judged_by", city_id=0, value=50, actor=crowd.ou, at=crowd.at, reason="test")
    rng = np.random.default_rng(2)
    for n, person in enumerate([*crowd.people] * 12):  # type: ignore[attr-defined]
        fits, other = (crowd.stores[n % 2 + 4], crowd.stores[1 - n % 2 + 4])  # type: ignore[attr-defined]
        number = n + 1
        first = fits if rng.random() < 0.25 else other
        rows = [(first, 1), (other if first == fits else fits, 2)]
        deeds = [
            Deed(kind="exposure", key=f"list:{number}:{place}", at=crowd.at, section="for_you", store_id=store, place=place, listed=number,
                 chance=0.25 if store == fits else 0.75)
            for store, place in rows
        ]  # fmt: skip
        if rng.random() < (0.5 if first == fits else 0.1):
            deeds.append(Deed(kind="click", key=f"click-{number:04}", at=crowd.at, store_id=first, listed=number))
        write(crowd.city_id, person, deeds, crowd.at)
    lake.carry(at=crowd.at, rows=10_000)
    fit(crowd)
    logged = discovery.fits_of(city_id=crowd.city_id)[0].metrics["logged"]
    assert logged["robust"]["low"] > logged["live"]["value"]
    assert not discovery.fits_of(city_id=crowd.city_id)[0].metrics["held_back"]
