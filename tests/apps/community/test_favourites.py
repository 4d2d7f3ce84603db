"""Favourites: kept once, let go at once, told once, learned from only with consent, and gone with whoever is forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest

from linli.apps.accounts import operations as accounts
from linli.apps.accounts.queries import PERSONALISATION
from linli.apps.community import operations, queries
from linli.apps.community.models import Favourite
from linli.apps.discovery import queries as discovery
from linli.apps.insight import heard
from linli.apps.insight.models import Noted
from linli.kernel.actors import SYSTEM
from linli.platform import jobs
from tests.town import World, refused


def test_kept_twice_is_kept_once_and_told_once(world: World) -> None:
    for _ in range(2):
        operations.keep(person_id=world.lin, store_id=world.noodles, at=world.at)
    operations.keep(person_id=world.lin, store_id=world.noodles, offer_id=world.dishes["牛肉面"], at=world.at)
    assert queries.kept_of(person_id=world.lin, store_id=world.noodles) == {0, world.dishes["牛肉面"]}
    heard.listen(at=world.at + timedelta(minutes=3))
    heard.listen(at=world.at + timedelta(minutes=4))
    assert list(Noted.objects.values_list("kind", "person_id", "offer_id").order_by("id")) == [
        ("favourite", 0, 0), ("favourite", 0, world.dishes["牛肉面"]),
    ]  # fmt: skip


def test_with_consent_it_is_the_persons_and_changes_the_next_list(world: World) -> None:
    accounts.set_consent(person_id=world.lin, purpose=PERSONALISATION, given=True, at=world.at)
    jobs.drain(world.at)
    operations.keep(person_id=world.lin, store_id=world.dumplings, at=world.at)
    heard.listen(at=world.at + timedelta(minutes=3))
    assert Noted.objects.get().person_id == world.lin
    taste = discovery.taste(person_id=world.lin)
    assert taste is not None
    assert taste.seen == (world.dumplings,)


def test_let_go_it_is_gone_and_nobody_elses_is(world: World) -> None:
    for person in (world.lin, world.he):
        operations.keep(person_id=person, store_id=world.noodles, at=world.at)
    operations.drop(person_id=world.lin, store_id=world.noodles)
    operations.drop(person_id=world.lin, store_id=world.noodles)
    assert queries.favourite_pairs(until=world.at) == [(world.he, world.noodles)]


def test_what_is_no_store_or_is_anothers_dish_is_refused(world: World) -> None:
    with refused("store.unknown"):
        operations.keep(person_id=world.lin, store_id=1, at=world.at)
    with refused("offer.unknown"):
        operations.keep(person_id=world.lin, store_id=world.dumplings, offer_id=world.dishes["牛肉面"], at=world.at)
    assert not Favourite.objects.exists()


def test_too_many_are_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "MOST_KEPT", 1)
    operations.keep(person_id=world.lin, store_id=world.noodles, at=world.at)
    with refused("favourite.many"):
        operations.keep(person_id=world.lin, store_id=world.dumplings, at=world.at)


def test_whoever_is_erased_keeps_nothing(world: World) -> None:
    operations.keep(person_id=world.lin, store_id=world.noodles, at=world.at)
    accounts.erase_person(person_id=world.lin, by=SYSTEM, at=world.at)
    jobs.drain(world.at)
    assert not Favourite.objects.exists()
