"""Whom somebody wants told when a ride of theirs begins and ends."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from linli.apps.accounts import phones
from linli.apps.accounts.models import TrustedContact
from linli.apps.accounts.queries import person
from linli.kernel.errors import N_, Invalid

LONGEST_NAME = 64


@transaction.atomic
def trust(*, person_id: int, name: str, phone: str, at: datetime) -> None:
    """From now on this contact is told, instead of any before. Raises Invalid for no name or number, or one's own number; NotFound."""
    own, number = person(person_id=person_id).phone, phones.parse(phone)
    if not 1 <= len(name.strip()) <= LONGEST_NAME:
        raise Invalid("contact.name", N_("Say who it is."), field="name")
    if number == own:
        raise Invalid("contact.own", N_("That is your own number."), field="phone")
    TrustedContact.objects.update_or_create(person_id=person_id, defaults={"name": name.strip(), "phone": number, "set_at": at})


@transaction.atomic
def trust_nobody(*, person_id: int) -> None:
    """Nobody is told any more."""
    TrustedContact.objects.filter(person_id=person_id).delete()
