"""What is taken down, of whom, and what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest

from linli.apps.accounts import operations as accounts
from linli.apps.accounts.queries import PERSONALISATION
from linli.apps.discovery import queries as discovery
from linli.apps.insight import heard, lake, operations, quality
from linli.apps.insight.models import Noted
from linli.apps.insight.operations import Deed
from linli.kernel.actors import SYSTEM
from linli.platform import jobs, policies
from tests.town import World, refused


def agree(world: World, given: bool = True) -> None:
    accounts.set_consent(person_id=world.lin, purpose=PERSONALISATION, given=given, at=world.at)
    jobs.drain(world.at)


def view(world: World, key: str = "view-0001", **more: object) -> Deed:
    return Deed(kind="view", key=key, at=world.at, store_id=world.noodles, **more)  # type: ignore[arg-type]


def note(world: World, *deeds: Deed) -> None:
    operations.note(city_id=world.city_id, person_id=world.lin, deeds=deeds, at=world.at)


def test_without_consent_a_deed_is_nobodys(world):
    note(world, view(world))
    assert list(Noted.objects.values_list("kind", "person_id")) == [("view", 0)]
    assert discovery.taste(person_id=world.lin) is None


def test_with_consent_it_is_the_persons_and_shows_at_once(world):
    agree(world)
    note(world, view(world))
    assert Noted.objects.get().person_id == world.lin
    taste = discovery.taste(person_id=world.lin)
    assert taste is not None
    assert taste.seen == (world.noodles,)


def test_the_same_key_counts_once(world):
    note(world, view(world), view(world))
    note(world, view(world))
    assert Noted.objects.count() == 1


@pytest.mark.parametrize(
    ("code", "deed"),
    [
        ("deed.kind", {"kind": "sniff"}), ("deed.key", {"key": "x"}), ("deed.key", {"key": "x" * 65}), ("deed.store", {"store_id": 0}),
        ("deed.number", {"seconds": 3601}), ("deed.number", {"place": -1}), ("deed.section", {"section": "a b"}),
        ("deed.section", {"arm": "'; DROP TABLE x; --"}),
    ],
)  # fmt: skip
def test_what_no_person_does_is_refused(world, code, deed):
    with refused(code):
        Deed(**{"kind": "view", "key": "12345678", "at": world.at, "store_id": 1, **deed})


def test_orders_cannot_be_claimed_from_outside_nor_the_past_nor_the_future_nor_too_many_at_once(world):
    with refused("deed.ours"):
        note(world, Deed(kind="order", key="order:12345", at=world.at, store_id=1))
    with refused("deed.at"):
        note(world, Deed(kind="view", key="12345678", at=world.at - timedelta(hours=49), store_id=1))
    with refused("deed.at"):
        note(world, Deed(kind="view", key="12345678", at=world.at + timedelta(hours=1), store_id=1))
    with refused("deed.many"):
        note(world, *[view(world, f"view-{number:04}") for number in range(101)])
    assert Noted.objects.count() == 0


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("面" * 10_000, "面" * 80), ("🍜🍜 tofu\n\t豆腐", "🍜🍜 tofu 豆腐"), ("call 13800000001 please", "call # please"),
        ("'; DROP TABLE insight_noted; --", "'; DROP TABLE insight_noted; --"), ("a\x00b", "a b"),
        ("﷽ 面 مرحبا noodles", "﷽ 面 مرحبا noodles"),
    ],
    ids=("long", "emoji", "phone", "injection", "nul", "scripts"),
)  # fmt: skip
def test_a_search_is_kept_as_short_plain_text(world, typed, kept):
    note(world, Deed(kind="search", key="search-01", at=world.at, text=typed))
    lake.carry(at=world.at, rows=1000)
    assert lake.ask("SELECT text FROM deeds") == [(kept,)]


def test_orders_and_reviews_are_heard_once_and_only_after_they_have_settled(world):
    agree(world)
    world.completed()
    assert heard.listen(at=world.at - timedelta(days=1)) == 0
    heard.listen(at=world.at + timedelta(minutes=3))
    assert list(Noted.objects.values_list("kind", "person_id", "store_id")) == [("order", world.lin, world.noodles)]
    assert heard.listen(at=world.at + timedelta(minutes=3)) == 0
    taste = discovery.taste(person_id=world.lin)
    assert taste is not None
    assert taste.took == (world.noodles,)


def test_whoever_does_more_in_a_day_than_people_do_is_taken_for_a_program(world):
    agree(world)
    policies.change(number_name="insight.bot_a_day", city_id=0, value=100, actor=SYSTEM, at=world.at, reason="test")
    for start in range(0, 150, 50):
        note(world, *[view(world, f"view-{number:05}") for number in range(start, start + 50)])
    lake.carry(at=world.at, rows=1000)
    assert quality.programs(world.at.date()) == {world.lin}
