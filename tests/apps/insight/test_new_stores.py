"""New stores get their places by what came of it: each is shown, those that people take up more, and every showing is in the log."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from linli.apps.accounts import operations as accounts
from linli.apps.accounts.queries import PERSONALISATION
from linli.apps.discovery import operations as serving
from linli.apps.discovery import queries as discovery
from linli.apps.discovery import trying
from linli.apps.insight import lake, operations, quality, trials
from linli.apps.insight.models import DayReport, Noted
from linli.apps.insight.operations import Deed
from linli.apps.insight.rows import write
from linli.apps.merchants import operations as merchants
from linli.apps.merchants.operations import StoreRow
from linli.kernel.geo import Point
from linli.platform import ids, jobs, policies
from tests.town import DAILY, HOME, RINGS, World, refused

STORES = 10


@pytest.fixture
def street(world: World) -> World:
    """Ten stores that were listed today near Lin, and the two of the town that were there before."""
    rows = [
        StoreRow(external_ref=f"s{n}", name=f"新店{n}", point=Point(39.905 + n / 5000, 116.405), cuisine="x", openings=DAILY, rings=RINGS)
        for n in range(STORES)
    ]  # fmt: skip
    world.stores = merchants.bulk_put(city_id=world.city_id, rows=rows, at=world.at)  # type: ignore[attr-defined]
    merchants.listed(store_ids=[world.noodles, world.dumplings], at=world.at - timedelta(days=400))
    serving.rebuild(city_id=world.city_id, at=world.at)
    return world


def new_of(world: World, hour: int = 0) -> tuple[discovery.Recommended, ...]:
    """What is new for Lin, some hours later of the same opening time (each hour deals anew)."""
    at = world.at + timedelta(days=hour // 6, hours=hour % 6)
    return discovery.recommended(city_id=world.city_id, point=HOME, person_id=world.lin, at=at).new


def change(world: World, name: str, value: float) -> None:
    policies.change(number_name=name, city_id=0, value=value, actor=world.ou, at=world.at, reason="test")
    trying.forget()


def test_what_was_listed_lately_is_new_and_what_was_there_is_not(street: World) -> None:
    found = new_of(street)
    assert len(found) == 3
    assert {one.card.store.id for one in found} <= set(street.stores)  # type: ignore[attr-defined]
    assert all(one.reason == "new" and 0 < one.chance <= 1 for one in found)
    assert new_of(street, 6 * 31) == ()  # a month later nothing is


def test_the_budget_is_a_policy_and_zero_is_none(street: World) -> None:
    change(street, "recommend.new_shown", 5)
    assert len(new_of(street)) == 5
    change(street, "recommend.new_shown", 0)
    assert new_of(street) == ()


def test_every_new_store_gets_its_turn_and_those_that_are_taken_up_more(street: World) -> None:
    first = Counter(one.card.store.id for hour in range(60) for one in new_of(street, hour))
    assert len(first) == STORES
    good, *others = street.stores  # type: ignore[attr-defined]
    serving.put_trials(city_id=street.city_id, trials={good: (60, 30), **dict.fromkeys(others, (60, 2))})
    trying.forget()
    later = Counter(one.card.store.id for hour in range(60) for one in new_of(street, hour))
    assert later[good] >= 55
    assert first[good] < 40
    assert all(later[store] for store in others)  # nobody is given up


def test_the_chance_that_is_told_is_the_share_that_is_dealt(street: World) -> None:
    """Calibrated: of stores told with a chance near p, a share near p is shown."""
    good, *others = street.stores  # type: ignore[attr-defined]
    known = {good: (60, 12), **{store: (20, n % 4) for n, store in enumerate(others)}}
    dealt, told = Counter[int](), Counter[int]()
    for seed in range(400):
        for store, chance in trying.deal(known, street.stores, 3, street.city_id, seed):  # type: ignore[attr-defined]
            dealt[store] += 1
            told[store] += chance  # type: ignore[assignment]
    for store, count in dealt.items():
        assert told[store] / count == pytest.approx(count / 400, abs=0.08)


def test_whom_the_person_knows_or_hides_is_not_new_to_them(street: World) -> None:
    change(street, "recommend.new_shown", 12)
    accounts.set_consent(person_id=street.lin, purpose=PERSONALISATION, given=True, at=street.at)
    jobs.drain(street.at)
    known, hidden = street.stores[:2]  # type: ignore[attr-defined]
    serving.took(person_id=street.lin, city_id=street.city_id, store_ids=[known], at=street.at)
    serving.correct(person_id=street.lin, change="hide", store_id=hidden)
    assert {one.card.store.id for one in new_of(street)} == set(street.stores[2:])  # type: ignore[attr-defined]


def test_a_showing_comes_back_once_and_only_as_it_was(street: World) -> None:
    shown = operations.shown(stores=new_of(street), person_id=street.lin, at=street.at)
    assert shown is not None
    for _ in range(2):  # seen twice is the same list
        deeds = operations.exposures(token=shown.token, person_id=street.lin, at=street.at)
        operations.note(city_id=street.city_id, person_id=street.lin, deeds=deeds, at=street.at)
    rows = list(Noted.objects.values_list("kind", "section", "place", "listed"))
    assert [row[:3] for row in rows] == [("exposure", "new", place) for place in (1, 2, 3)]
    assert ids.seal(operations.LIST, rows[0][3]) == shown.listed
    with refused("token.forged"):
        operations.exposures(token=shown.token, person_id=street.he, at=street.at)
    with refused("token.forged"):
        operations.exposures(token=shown.token[:-2] + "xx", person_id=street.lin, at=street.at)
    with refused("token.expired"):
        operations.exposures(token=shown.token, person_id=street.lin, at=street.at + timedelta(days=3))


def seen(world: World, person: int, listed: int, store: int, *, tap: bool = False, order_min: float | None = None) -> None:
    deeds = [Deed(kind="exposure", key=f"list:{listed}:1", at=world.at, section="new", store_id=store, place=1, listed=listed, chance=0.3)]
    if tap:
        deeds += [
            Deed(kind="click", key=f"click-{listed}-{n}", at=world.at, section="new_here", store_id=store, listed=listed) for n in (1, 2)
        ]
    if order_min is not None:
        at = world.at + timedelta(minutes=order_min)
        deeds.append(Deed(kind="order", key=f"order:{listed}", at=at, store_id=store))
    write(world.city_id, person, deeds, world.at)


def test_what_came_of_it_is_counted_by_the_list_and_serves_the_next_one(street: World) -> None:
    one, two, three = street.stores[:3]  # type: ignore[attr-defined]
    seen(street, 0, 11, one, tap=True)  # nobody in particular, tapped twice: once
    seen(street, 0, 12, one)
    seen(street, 7, 13, two, order_min=30)
    seen(street, 8, 14, two, order_min=180)  # too late
    write(
        street.city_id, 0, [Deed(kind="click", key=f"made-up-{n}", at=street.at, store_id=three, listed=99) for n in range(50)], street.at
    )
    lake.carry(at=street.at, rows=1000)
    assert trials.count(city_id=street.city_id, at=street.at) == 2
    trying.forget()
    assert trying.known(street.city_id, street.at).trials == {one: (2, 1), two: (2, 1)}  # clicks in no list count for nothing


def test_a_program_is_left_out(street: World) -> None:
    change(street, "insight.bot_a_day", 100)
    for number in range(1, 120):
        seen(street, 7, number, street.stores[0], tap=True)  # type: ignore[attr-defined]
    seen(street, 8, 500, street.stores[1])  # type: ignore[attr-defined]
    lake.carry(at=street.at, rows=1000)
    assert trials.count(city_id=street.city_id, at=street.at) == 1


def test_days_of_the_first_version_are_still_read_and_a_showing_without_a_chance_is_a_fault(
    street: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = {name: kind for name, kind in lake.COLUMNS.items() if name not in {"listed", "chance"}}
    with monkeypatch.context() as patch:
        patch.setattr(lake, "COLUMNS", old)
        write(street.city_id, 7, [Deed(kind="view", key="view-old", at=street.at, store_id=1)], street.at)
        lake.carry(at=street.at, rows=10)
    assert lake.ask("SELECT kind, listed, chance FROM deeds") == [("view", None, None)]
    write(street.city_id, 7, [Deed(kind="exposure", key="exposure-new", at=street.at, store_id=1, section="new")], street.at)
    lake.carry(at=street.at, rows=10)
    lake.tidy(before=(street.at + timedelta(days=1)).date(), keep_from=street.at.date())
    assert sorted(lake.ask("SELECT kind, chance FROM deeds")) == [("exposure", 0.0), ("view", None)]
    quality.report(at=street.at)
    assert DayReport.objects.get().faults == {"no_chance": 1}
