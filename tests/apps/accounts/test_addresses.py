"""The address book: own addresses only, one default, nothing half filled in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from linli.apps.accounts import operations, queries
from linli.apps.accounts.models import Address
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import Conflict, Invalid, NotFound
from linli.kernel.geo import Point

NOON = datetime(2026, 5, 4, 4, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def li():
    return operations.ensure_person(phone="13800138000", name="李雷", at=NOON)


def save(person, **changes):
    fields = {
        "label": "家", "contact_name": "李雷", "phone": "13800138000", "place": "鼓楼东大街 5 号", "detail": "3 单元 201",
        "lat": 39.94, "lng": 116.39, "is_default": False, "at": NOON,
    }  # fmt: skip
    return operations.save_address(person_id=person.id, **(fields | changes))


def test_an_address_is_kept_changed_and_deleted(li):
    home = save(li)
    assert home.point == Point(39.94, 116.39)
    moved = save(li, address_id=home.id, place="南锣鼓巷 9 号")
    assert (moved.id, moved.place, moved.phone) == (home.id, "南锣鼓巷 9 号", "+8613800138000")
    assert queries.addresses(person_id=li.id) == [moved]
    operations.delete_address(person_id=li.id, address_id=home.id, at=NOON)
    assert queries.addresses(person_id=li.id) == []


def test_there_is_one_default_and_it_comes_first(li):
    first, second = save(li, is_default=True), save(li, is_default=True, at=NOON + timedelta(seconds=1))
    third = save(li, at=NOON + timedelta(seconds=2))
    assert [view.id for view in queries.addresses(person_id=li.id)] == [second.id, third.id, first.id]
    assert [view.is_default for view in queries.addresses(person_id=li.id)] == [True, False, False]
    operations.touch_address(person_id=li.id, address_id=first.id, at=NOON + timedelta(days=1))
    assert [view.id for view in queries.addresses(person_id=li.id)] == [second.id, first.id, third.id]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"contact_name": "  "}, "address.incomplete"),
        ({"place": ""}, "address.incomplete"),
        ({"phone": "123"}, "phone.invalid"),
        ({"detail": "x" * 121}, "address.long"),
        ({"lat": 91.0}, "address.place"),
        ({"lng": float("nan")}, "address.place"),
    ],
)
def test_a_bad_address_is_refused_with_its_field(li, change, code):
    with pytest.raises(Invalid) as refused:
        save(li, **change)
    assert refused.value.code == code
    assert refused.value.params["field"]
    assert not Address.objects.exists()


def test_somebody_elses_address_does_not_exist(li):
    home = save(li)
    stranger = operations.ensure_person(phone="13900139000", name="", at=NOON)
    with pytest.raises(NotFound):
        queries.address(person_id=stranger.id, address_id=home.id)
    with pytest.raises(NotFound):
        save(stranger, address_id=home.id, place="mine now")
    with pytest.raises(NotFound):
        operations.delete_address(person_id=stranger.id, address_id=home.id, at=NOON)
    assert queries.addresses(person_id=li.id) == [home]


def test_somebody_erased_gets_no_new_address(li):
    operations.erase_person(person_id=li.id, by=SYSTEM, at=NOON)
    with pytest.raises(NotFound):
        save(li)
    assert not Address.objects.exists()


def test_the_book_has_an_end(li):
    for turn in range(30):
        save(li, at=NOON + timedelta(seconds=turn))
    with pytest.raises(Conflict):
        save(li, at=NOON + timedelta(seconds=31))


def test_a_profile_changes_what_is_given(li):
    assert operations.set_profile(person_id=li.id, locale="en", care_mode=True, at=NOON).name == "李雷"
    assert operations.set_profile(person_id=li.id, name=" Li  Lei ", at=NOON) == queries.PersonView(
        li.id, "+8613800138000", "Li Lei", "en", True
    )
    for change in ({"locale": "xx"}, {"name": "x" * 65}):
        with pytest.raises(Invalid):
            operations.set_profile(person_id=li.id, at=NOON, **change)
