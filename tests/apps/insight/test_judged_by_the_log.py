"""A new model is judged by the lists that were shown before it answers: what it would have earned is told, and a worse one is held back."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from linli.apps.discovery import operations as serving
from linli.apps.discovery import queries as discovery
from linli.apps.discovery.recommending import Pick, shuffled
from linli.apps.insight import fitting, judging, lake
from linli.apps.insight.judging import Seen, verdict
from linli.apps.insight.rows import write
from linli.apps.insight.vocabulary import Deed
from linli.platform import policies
from tests.town import World

SHARE, STORES = 0.3, 4
RATES = (0.30, 0.10, 0.20, 0.05)  # by the place in the likeliest order
pytestmark = pytest.mark.django_db


def log(count: int, seed: int, rates: Sequence[float] = RATES) -> list[Seen]:
    """Lists whose first store was the likeliest, but in a share of them any of four."""
    rng, made = np.random.default_rng(seed), []
    for person in range(count):
        first = int(rng.integers(STORES)) if rng.random() < SHARE else 0
        chance = SHARE / STORES + (0 if first else 1 - SHARE)
        made.append(Seen(person, (1, 2, 3, 4), first, chance, bool(rng.random() < rates[first])))
    return made


def always(place: int) -> Callable[[Seen], int]:
    return lambda one: place


def worth(place: int) -> float:
    """The true value of putting that place first, shuffled in the same share of lists."""
    return (1 - SHARE) * RATES[place] + SHARE * float(np.mean(RATES))


@pytest.mark.parametrize("place", range(STORES))
def test_the_intervals_hold_the_truth_about_as_often_as_they_say(place: int) -> None:
    inside = {"inverse": 0, "normalised": 0, "robust": 0}
    for seed in range(40):
        found = verdict(log(1500, seed), always(place), share=SHARE)
        assert found is not None
        for name in inside:
            one = getattr(found, name)
            inside[name] += one.low <= worth(place) <= one.high
    assert min(inside.values()) >= 34


def test_a_worse_model_is_seen_and_an_equal_or_better_one_is_not_held_back() -> None:
    lists = log(3000, 7)
    same, worse = (verdict(lists, always(place), share=SHARE) for place in (0, 3))
    assert same is not None
    assert worse is not None
    assert worse.worse(0.0)
    assert not worse.worse(0.5)
    assert not same.worse(0.0)
    better = verdict(log(3000, 7, (0.05, 0.1, 0.2, 0.3)), always(3), share=SHARE)
    assert better is not None
    assert not better.worse(0.0)
    assert better.robust.low > better.live.value


def test_with_too_few_lists_or_a_log_that_never_did_it_nothing_is_held_against_it() -> None:
    assert verdict(log(199, 1), always(3), share=SHARE) is None
    lists = [Seen(one.person_id, one.stores, 0, 0.999, one.took) for one in log(400, 1)]
    found = verdict(lists, always(3), share=0.004)
    assert found is not None
    assert not found.worse(0.0)


def test_any_of_the_personal_stores_stands_first_as_often_as_it_is_said(world: World) -> None:
    policies.change(number_name="recommend.shuffled", city_id=0, value=0.4, actor=world.ou, at=world.at, reason="test")
    picks = [Pick(1, "took"), Pick(2, "took"), Pick(3, "popular"), Pick(4, "seen")]
    firsts = [shuffled(picks, world.city_id, seed)[0] for seed in range(2000)]
    for store, chance in ((1, 0.6 + 0.4 / 3), (2, 0.4 / 3), (4, 0.4 / 3)):
        mine = [one for one in firsts if one.store_id == store]
        assert all(one.chance == pytest.approx(chance) for one in mine)
        assert len(mine) / 2000 == pytest.approx(chance, abs=0.03)
    for seed in range(50):
        assert sorted(one.store_id for one in shuffled(picks, world.city_id, seed)) == [1, 2, 3, 4]
        assert shuffled(picks, world.city_id, seed)[2].store_id == 3  # what is popular stays where it is
    assert shuffled(picks[:1], world.city_id, 1) == picks[:1]


def put(world: World, lists: Sequence[Seen]) -> None:
    """The log as deeds in the lake: four showings a list, and a tap where it was taken up."""
    for number, one in enumerate(lists, 1):
        order = [one.first, *(place for place in range(STORES) if place != one.first)]
        deeds = [
            Deed(kind="exposure", key=f"list:{number}:{at}", at=world.at, section="for_you", store_id=one.stores[place], place=at,
                 listed=number, chance=SHARE / STORES + (0 if place else 1 - SHARE))
            for at, place in enumerate(order, 1)
        ]  # fmt: skip
        if one.took:
            deeds.append(Deed(kind="click", key=f"click-{number:04}", at=world.at, store_id=one.stores[one.first], listed=number))
        write(world.city_id, 1 + one.person_id, deeds, world.at)
    lake.carry(at=world.at, rows=100_000)


def test_the_lists_come_out_of_the_lake_as_they_went_in(world: World) -> None:
    lists = log(60, 3)
    put(world, lists)
    found = sorted(judging.seen(city_id=world.city_id, at=world.at), key=lambda one: one.person_id)
    assert [(one.stores[0], one.stores[one.first], round(one.chance, 6), one.took) for one in found] == [
        (one.stores[0], one.stores[one.first], round(one.chance, 6), one.took) for one in lists
    ]


def test_a_model_that_is_surely_worse_is_kept_but_does_not_answer(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    serving.publish_fit(city_id=world.city_id, version=1, metrics={"pairs": 1}, keep=5, at=world.at)
    lists = log(3000, 7)
    bad, good = (verdict(lists, always(place), share=SHARE) for place in (3, 0))
    known = fitting._City(world.city_id, np.arange(5), [(p, s) for p in range(12) for s in range(4)], [])
    monkeypatch.setattr(fitting, "_known", lambda city_id, at: known)
    for found in (bad, good):
        monkeypatch.setattr(fitting, "_verdict", lambda *given, found=found: found)
        assert fitting.fit(city_id=world.city_id, at=world.at)
        newest = discovery.fits_of(city_id=world.city_id)[0]
        assert newest.serving is (found is good)
        assert newest.metrics["held_back"] is (found is bad)
        assert newest.metrics["logged"]["live"]["count"] == 3000
    monkeypatch.setattr(fitting, "_verdict", lambda *given: bad)
    assert fitting.fit(city_id=world.city_id, at=world.at, only_this=True)  # somebody is to be forgotten: the older ones must go
    assert [one.serving for one in discovery.fits_of(city_id=world.city_id)] == [True]


def test_the_version_that_answers_is_kept_however_many_are_held_back(world: World) -> None:
    serving.publish_fit(city_id=world.city_id, version=1, metrics={}, keep=2, at=world.at)
    for version in range(2, 6):
        serving.publish_fit(city_id=world.city_id, version=version, metrics={}, keep=2, serve=False, at=world.at)
    assert [(one.version, one.serving) for one in discovery.fits_of(city_id=world.city_id)] == [(5, False), (4, False), (1, True)]
