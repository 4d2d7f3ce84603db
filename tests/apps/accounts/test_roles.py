"""Roles open rooms, are read afresh, and leave a trail."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from linli.apps.accounts import operations, queries
from linli.apps.accounts.models import Person
from linli.apps.accounts.queries import Identity, RoleView
from linli.kernel.actors import SYSTEM, Actor
from linli.kernel.errors import Forbidden, NotFound, Unauthenticated
from linli.platform import audit

NOON = datetime(2026, 5, 4, 4, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def li():
    return operations.ensure_person(phone="13800138000", name="李雷", at=NOON)


def acts(person, role, scope_id=0, *, issued=NOON, at=NOON):
    return queries.actor(identity=Identity(person.id, issued), role=role, scope_id=scope_id, at=at)


def test_a_role_opens_its_own_scope_only(li):
    operations.grant_role(person_id=li.id, role="merchant", scope_id=5, by=SYSTEM, at=NOON)
    assert acts(li, "merchant", 5) == Actor("merchant", li.id, 5)
    for role, scope_id in (("merchant", 6), ("merchant", 0), ("courier", 5), ("operator", 0)):
        with pytest.raises(Forbidden):
            acts(li, role, scope_id)
    assert queries.roles(person_id=li.id) == (RoleView("merchant", 5),)
    assert queries.may(person_id=li.id, role="merchant", scope_id=5)
    assert queries.staff(role="merchant", scope_id=5) == (li.id,)


def test_who_acts_is_found_in_one_statement(li, django_assert_num_queries):
    operations.grant_role(person_id=li.id, role="courier", by=SYSTEM, at=NOON)
    with django_assert_num_queries(1):
        acts(li, "courier")


def test_a_role_taken_away_is_gone_at_once(li):
    operations.grant_role(person_id=li.id, role="courier", by=SYSTEM, at=NOON)
    assert acts(li, "courier")
    operations.revoke_role(person_id=li.id, role="courier", by=SYSTEM, at=NOON, reason="left")
    with pytest.raises(Forbidden):
        acts(li, "courier")
    assert [entry.action for entry in audit.entries(subject=f"pe:{li.id}").items] == ["role.revoked", "role.granted"]


def test_granting_twice_is_as_good_as_once(li):
    for _ in range(2):
        operations.grant_role(person_id=li.id, role="courier", by=SYSTEM, at=NOON)
    assert len(queries.roles(person_id=li.id)) == 1
    assert len(audit.entries(subject=f"pe:{li.id}").items) == 1


def test_tokens_from_before_a_sign_out_open_no_staff_room(li):
    operations.grant_role(person_id=li.id, role="courier", by=SYSTEM, at=NOON)
    Person.objects.filter(pk=li.id).update(signed_out_at=NOON + timedelta(minutes=1))
    with pytest.raises(Unauthenticated):
        acts(li, "courier")
    assert acts(li, "courier", issued=NOON + timedelta(minutes=2))


def test_the_platforms_own_staff_sign_in_again_after_a_shift(li):
    for role in ("operator", "courier"):
        operations.grant_role(person_id=li.id, role=role, by=SYSTEM, at=NOON)
    later = NOON + timedelta(hours=17)
    with pytest.raises(Unauthenticated):
        acts(li, "operator", at=later)
    assert acts(li, "courier", at=later)


def test_nobody_is_nobody():
    with pytest.raises(Unauthenticated):
        queries.actor(identity=None, role="operator", at=NOON)
    with pytest.raises(NotFound):
        operations.grant_role(person_id=404, role="operator", by=SYSTEM, at=NOON)


def test_an_erased_person_leaves_nothing_behind(li):
    operations.grant_role(person_id=li.id, role="courier", by=SYSTEM, at=NOON)
    operations.erase_person(person_id=li.id, by=SYSTEM, at=NOON)
    assert queries.people(ids=[li.id]) == {}
    assert queries.person_by_phone(phone="13800138000") is None
    with pytest.raises(Unauthenticated):
        acts(li, "courier", issued=NOON + timedelta(days=1))
    assert operations.ensure_person(phone="13800138000", name="", at=NOON).id != li.id


def test_many_people_are_made_in_few_statements(django_assert_max_num_queries, li):
    wants = [operations.PersonWant(f"139{turn:08}", f"邻居{turn}") for turn in range(100)]
    with django_assert_max_num_queries(6):
        made = operations.ensure_people(people=[*wants, operations.PersonWant("13800138000", "somebody else")], at=NOON)
    assert [view.name for view in made[:2]] == ["邻居0", "邻居1"]
    assert made[-1] == li
    assert len({view.id for view in made}) == 101
