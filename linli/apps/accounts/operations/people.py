"""People and their roles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from linli.apps.accounts import phones, signed_out
from linli.apps.accounts.events import PersonErased
from linli.apps.accounts.models import Address, Person, Role, SignInCode, TrustedContact
from linli.apps.accounts.operations.consents import end_consents
from linli.apps.accounts.queries import PersonView, person, person_view
from linli.kernel.actors import Actor
from linli.kernel.errors import N_, Invalid
from linli.kernel.ids import new_id, new_ids
from linli.platform import audit, outbox

_BATCH = 500


@dataclass(frozen=True, slots=True)
class PersonWant:
    """Somebody who should have an account."""

    phone: str
    name: str
    locale: str = "zh-hans"


def lock(*, person_id: int) -> None:
    """What else locks the person waits until the caller's transaction ends; rows that only refer to the person do not. One statement."""
    list(Person.objects.select_for_update(no_key=True).filter(id=person_id).values_list("id"))


def ensure_person(*, phone: str, name: str, at: datetime, locale: str = "zh-hans") -> PersonView:
    """The person with `phone`, made when there is none; a name that is already there stays. Raises Invalid `phone.invalid`."""
    defaults = {"id": new_id(at), "name": name, "locale": locale, "created_at": at}
    row, _ = Person.objects.get_or_create(phone=phones.parse(phone), defaults=defaults)
    return person_view(row)


def ensure_people(*, people: Sequence[PersonWant], at: datetime) -> list[PersonView]:
    """The people wanted, in the same order, in few statements. Raises Invalid `phone.invalid` before anything is written."""
    wanted = {phones.parse(want.phone): want for want in people}
    fresh = [
        Person(id=pk, phone=phone, name=want.name, locale=want.locale, created_at=at)
        for pk, (phone, want) in zip(new_ids(at, len(wanted)), wanted.items(), strict=True)
    ]
    with transaction.atomic():
        Person.objects.bulk_create(fresh, batch_size=_BATCH, ignore_conflicts=True)
        rows = {row.phone: row for row in Person.objects.filter(phone__in=list(wanted))}
    return [person_view(rows[phones.parse(want.phone)]) for want in people]


@transaction.atomic
def set_profile(
    *, person_id: int, at: datetime, name: str | None = None, locale: str | None = None, care_mode: bool | None = None
) -> PersonView:
    """Change what is given; None leaves as it is. Raises Invalid `name.long` and `locale.unknown`, NotFound."""
    changes: dict[str, str | bool] = {}
    if name is not None:
        changes["name"] = _name(name)
    if locale is not None:
        if locale not in dict(settings.LANGUAGES):
            raise Invalid("locale.unknown", N_("Choose one of the languages offered."), field="locale")
        changes["locale"] = locale
    if care_mode is not None:
        changes["care_mode"] = care_mode
    if changes:
        Person.objects.filter(pk=person_id, erased_at=None).update(**changes)
    return person(person_id=person_id)


@transaction.atomic
def grant_role(*, person_id: int, role: str, scope_id: int = 0, by: Actor, at: datetime) -> None:
    """Let the person act as `role` in `scope_id`; twice is as good as once. Raises NotFound for nobody."""
    person(person_id=person_id)
    _, created = Role.objects.get_or_create(person_id=person_id, kind=role, scope_id=scope_id, defaults={"granted_at": at})
    if created:
        audit.record(actor=by, action="role.granted", subject=f"pe:{person_id}", at=at, after={"role": role, "scope_id": scope_id})


@transaction.atomic
def revoke_role(*, person_id: int, role: str, scope_id: int = 0, by: Actor, at: datetime, reason: str = "") -> None:
    """Take the role away; it is gone with the next request."""
    deleted, _ = Role.objects.filter(person_id=person_id, kind=role, scope_id=scope_id).delete()
    if deleted:
        before = {"role": role, "scope_id": scope_id}
        audit.record(actor=by, action="role.revoked", subject=f"pe:{person_id}", at=at, before=before, reason=reason)


@transaction.atomic
def erase_person(*, person_id: int, by: Actor, at: datetime) -> None:
    """Forget phone, name, addresses, trusted contact, codes and roles; the bare number stays: orders point to it. Raises NotFound."""
    known = person(person_id=person_id)
    end_consents(person_id=person_id, at=at)
    Address.objects.filter(person_id=person_id).delete()
    TrustedContact.objects.filter(person_id=person_id).delete()
    Role.objects.filter(person_id=person_id).delete()
    SignInCode.objects.filter(phone=known.phone).delete()
    Person.objects.filter(pk=person_id).update(phone=None, name="", signed_out_at=at, erased_at=at)
    transaction.on_commit(lambda: signed_out.note(person_id=person_id, at=at))
    outbox.tell(PersonErased(person_id=person_id), at=at)
    audit.record(actor=by, action="person.erased", subject=f"pe:{person_id}", at=at)


def _name(text: str) -> str:
    name = " ".join(text.split())
    if len(name) > 64:
        raise Invalid("name.long", N_("A name has at most 64 letters."), field="name")
    return name
