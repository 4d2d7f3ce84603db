"""The address book."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from linli.apps.accounts import hot, phones
from linli.apps.accounts.models import Address
from linli.apps.accounts.queries import AddressView, address, unknown_person
from linli.kernel.errors import N_, Conflict, Invalid
from linli.kernel.ids import new_id
from linli.platform import policies
from linli.platform.writes import unit
from linli.policy import accounts as numbers


@unit()
def save_address(
    *,
    person_id: int,
    address_id: int | None = None,
    label: str,
    contact_name: str,
    phone: str,
    place: str,
    detail: str,
    lat: float,
    lng: float,
    is_default: bool,
    at: datetime,
) -> AddressView:
    """Add an address, or change `address_id`; a default takes the place of the one before.

    Raises Invalid (`phone.invalid`, `address.incomplete`, `address.long`, `address.place`), NotFound for somebody else's
    and for nobody, Conflict `address.many`.
    """
    if address_id is None:
        _room_for_one_more(person_id)
    else:
        address(person_id=person_id, address_id=address_id)
    made = AddressView(
        id=address_id or new_id(at),
        person_id=person_id,
        label=_text("label", label, 16, empty=True),
        contact_name=_text("contact_name", contact_name, 64),
        phone=phones.parse(phone),
        place=_text("place", place, 120),
        detail=_text("detail", detail, 120, empty=True),
        lat=lat,
        lng=lng,
        is_default=is_default,
    )
    if not (-90 <= lat <= 90 and -180 <= lng <= 180):
        raise Invalid("address.place", N_("Choose the place on the map or from the list."), field="place")
    fields = tuple(getattr(made, name) for name in made.__slots__)
    if address_id is None:
        hot.add(fields, at)
    else:
        _change(made, at)
    return made


def _change(made: AddressView, at: datetime) -> None:
    mine = Address.objects.filter(person_id=made.person_id)
    if made.is_default:
        mine.filter(is_default=True).exclude(pk=made.id).update(is_default=False)
    mine.filter(pk=made.id).update(**{name: getattr(made, name) for name in made.__slots__[2:]}, used_at=at)


@transaction.atomic
def delete_address(*, person_id: int, address_id: int, at: datetime) -> None:
    """Take an address out of the book. Raises NotFound."""
    address(person_id=person_id, address_id=address_id)
    Address.objects.filter(pk=address_id, person_id=person_id).delete()


def touch_address(*, person_id: int, address_id: int, at: datetime) -> None:
    """An order goes there: it moves to the front of the book."""
    Address.objects.filter(pk=address_id, person_id=person_id).update(used_at=at)


def _room_for_one_more(person_id: int) -> None:
    most = policies.whole(numbers.ADDRESSES_MOST)
    count, known = hot.book(person_id)
    if not known:  # a token outlives the person who is erased
        raise unknown_person()
    if count >= most:
        raise Conflict("address.many", N_("Your book holds %(most)s addresses; delete one first."), most=most)


def _text(field: str, value: str, most: int, *, empty: bool = False) -> str:
    text = " ".join(value.split())
    if not text and not empty:
        raise Invalid("address.incomplete", N_("Name, phone number and place are needed to find you."), field=field)
    if len(text) > most:
        raise Invalid("address.long", N_("This is longer than %(most)s letters."), most=most, field=field)
    return text
