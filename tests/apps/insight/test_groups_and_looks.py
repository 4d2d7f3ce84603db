"""Groups and rules that were planted are found, chance is not; and a look at the experiment counts what it says it counts."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from linli.apps.accounts import operations as accounts
from linli.apps.accounts.queries import PERSONALISATION
from linli.apps.insight import grouping, lake, looking, queries
from linli.apps.insight.rows import write
from linli.apps.insight.vocabulary import Deed
from linli.apps.merchants import operations as merchants
from linli.apps.merchants.operations import StoreRow
from linli.apps.orders.queries import Taken
from linli.platform import policies
from tests.town import DAILY, RINGS, SQUARE, World

KINDS = ("火锅", "烧烤", "甜品饮品", "快餐", "素食", "西餐")


@pytest.fixture
def eaters(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Sixty people: half eat hot pot and barbecue, half salads and sweets; fast food is everybody's."""
    rows = [StoreRow(external_ref=name, name=name, point=SQUARE, cuisine=name, openings=DAILY, rings=RINGS) for name in KINDS]
    store = dict(zip(KINDS, merchants.bulk_put(city_id=world.city_id, rows=rows, at=world.at), strict=True))
    rng, taken = np.random.default_rng(3), []
    for n in range(60):
        person = accounts.ensure_person(phone=f"139000000{n:02}", name="", at=world.at).id
        accounts.set_consent(person_id=person, purpose=PERSONALISATION, given=True, at=world.at)
        mine = ("火锅", "烧烤", "快餐") if n % 2 else ("素食", "甜品饮品", "快餐")
        for turn in range(6):
            kind = mine[int(rng.integers(3))]
            at = world.at - timedelta(days=float(rng.uniform(1, 60)))
            taken.append(Taken(n * 10 + turn, person, store[kind], at, 3000 if n % 2 else 5000, ()))
    monkeypatch.setattr(grouping.orders, "taken", lambda *, city_id, since: taken)  # type: ignore[attr-defined]
    return world


def test_planted_groups_are_found_and_named_by_what_sets_them_apart(eaters: World) -> None:
    grouping.group_people(city_id=eaters.city_id, at=eaters.at)
    groups = queries.groups(city_id=eaters.city_id)
    assert sum(group.people for group in groups) <= 60
    names = [{name for name, _ in group.marks} for group in groups]
    assert all("快餐" not in marks or len(marks) > 1 for marks in names)
    assert any(marks and marks <= {"火锅", "烧烤"} for marks in names)
    assert any(marks and marks <= {"素食", "甜品饮品"} for marks in names)
    assert all(0 <= group.facts["alive"] <= 1 and group.facts["orders_30"] >= 0 for group in groups)
    rules = queries.rules(city_id=eaters.city_id)
    assert (("火锅",), ("烧烤",)) in {(rule.left, rule.right) for rule in rules}
    assert not {("火锅", "素食")} & {(rule.left[0], rule.right[0]) for rule in rules}


def test_few_people_are_not_grouped(world: World) -> None:
    grouping.group_people(city_id=world.city_id, at=world.at)
    assert queries.groups(city_id=world.city_id) == []
    assert queries.rules(city_id=world.city_id) == []


def shown(world: World, person: int, arm: str, minutes: float | None) -> None:
    """Somebody is shown an arm, taps the second store and orders after so many minutes."""
    at = world.at
    deeds = [
        Deed(kind="exposure", key=f"exposure-{person}-{arm}", at=at, section="home", arm=arm),
        Deed(kind="click", key=f"click-{person}-{arm}", at=at, section="home", place=2, store_id=world.noodles),
    ]
    if minutes is not None:
        deeds.append(Deed(kind="order", key=f"order-{person}-{arm}", at=at + timedelta(minutes=minutes), store_id=world.noodles))
    write(world.city_id, person, deeds, at)


def test_a_look_counts_orders_a_visit_and_minutes_by_arm(world: World) -> None:
    policies.change(number_name="recommend.personal_share", city_id=0, value=0.5, actor=world.ou, at=world.at, reason="test")
    shown(world, 1, "personal", 5)
    shown(world, 2, "personal", None)
    shown(world, 3, "popular", 15)
    shown(world, 4, "popular", 300)  # too late to be of that visit
    shown(world, 5, "popular", None)
    shown(world, 6, "popular", 5)
    shown(world, 6, "personal", 5)  # both: left out
    lake.carry(at=world.at, rows=1000)
    assert looking.look(city_id=world.city_id, at=world.at) == 2
    found = queries.experiment(city_id=world.city_id)
    arms = {arm.name: (arm.people, dict(arm.means)) for arm in found.arms}
    assert arms["personal"] == (2, {"orders": 0.5, "minutes": 5.0, "place": 2.0, "bad_reviews": 0.0})
    assert arms["popular"][0] == 3
    assert arms["popular"][1]["orders"] == pytest.approx(1 / 3)
    assert arms["popular"][1]["minutes"] == 15.0
    assert (found.running, found.looks, found.split_broken) == (True, 1, False)
    assert all(measure.low is None and not measure.decided for measure in found.measures)  # far too few


def test_a_split_that_is_not_whole_is_said(world: World) -> None:
    policies.change(number_name="recommend.personal_share", city_id=0, value=0.5, actor=world.ou, at=world.at, reason="test")
    for person in range(1, 101):
        shown(world, person, "personal" if person % 5 else "popular", None)
    lake.carry(at=world.at, rows=10_000)
    looking.look(city_id=world.city_id, at=world.at)
    assert queries.experiment(city_id=world.city_id).split_broken
