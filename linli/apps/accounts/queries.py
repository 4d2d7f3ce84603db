"""Who somebody is, what they may do, where they live."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from django.db.models import Exists

from linli.apps.accounts import hot, phones, signed_out
from linli.apps.accounts.models import PERSONALISATION as PERSONALISATION
from linli.apps.accounts.models import Address, Consent, Person, Role, TrustedContact
from linli.kernel.actors import Actor, RoleKind
from linli.kernel.errors import N_, Forbidden, NotFound, Problem, Unauthenticated
from linli.kernel.geo import Point
from linli.platform import policies, security
from linli.platform.reads import Read
from linli.policy import security as numbers

TOKEN = "sign-in"
_OWN_STAFF = {"operator", "support"}
mask_phone = phones.mask
parse_phone = phones.parse


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a valid token speaks for, and since when."""

    person_id: int
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person; `phone` is E.164, or empty for somebody erased."""

    id: int
    phone: str
    name: str
    locale: str
    care_mode: bool


@dataclass(frozen=True, slots=True)
class RoleView:
    """A role held; `scope_id` is the store of a merchant, otherwise 0."""

    kind: RoleKind
    scope_id: int


@dataclass(frozen=True, slots=True)
class AddressView:
    """An address of somebody's book."""

    id: int
    person_id: int
    label: str
    contact_name: str
    phone: str
    place: str
    detail: str
    lat: float
    lng: float
    is_default: bool

    @property
    def point(self) -> Point:
        """Where it is."""
        return Point(self.lat, self.lng)


@dataclass(frozen=True, slots=True)
class ContactView:
    """Whom somebody wants told when a ride of theirs begins and ends."""

    name: str
    phone: str


def trusted_contact(*, person_id: int) -> ContactView | None:
    """The trusted contact of a person, if there is one."""
    row = TrustedContact.objects.filter(person_id=person_id).first()
    return ContactView(row.name, row.phone) if row else None


def identify(*, token: str, at: datetime) -> Identity | None:
    """Whom `token` speaks for; None when it is forged, expired, no token of ours, or ended by signing out.

    Without a statement, but for one every five seconds a process: so long another process may go on believing an ended token.
    """
    try:
        data = security.read(TOKEN, token, at=at)
        found = Identity(int(data["p"]), datetime.fromisoformat(data["i"]))
    except (Problem, KeyError, TypeError, ValueError):
        return None
    return None if signed_out.ended(person_id=found.person_id, issued_at=found.issued_at, at=at) else found


def person(*, person_id: int) -> PersonView:
    """The person. Raises NotFound."""
    found = people(ids=[person_id])
    if person_id not in found:
        raise unknown_person()
    return found[person_id]


def unknown_person() -> NotFound:
    """That there is no such person (any more)."""
    return NotFound("person.unknown", N_("This account does not exist any more."))


def people(*, ids: Iterable[int]) -> dict[int, PersonView]:
    """The people among `ids` that exist and were not erased, by id."""
    return {row.pk: person_view(row) for row in Person.objects.filter(pk__in=list(ids), erased_at=None)}


def person_by_phone(*, phone: str) -> PersonView | None:
    """Who signs in with `phone`, if anybody. Raises Invalid for what is no phone number."""
    row = Person.objects.filter(phone=phones.parse(phone), erased_at=None).first()
    return person_view(row) if row else None


def roles(*, person_id: int) -> tuple[RoleView, ...]:
    """The roles held now, by kind and scope."""
    rows = Role.objects.filter(person_id=person_id).order_by("kind", "scope_id").values_list("kind", "scope_id")
    return tuple(RoleView(cast(RoleKind, kind), scope_id) for kind, scope_id in rows)


def may(*, person_id: int, role: str, scope_id: int = 0) -> bool:
    """Whether the person holds `role` in `scope_id` now."""
    return Role.objects.filter(person_id=person_id, kind=role, scope_id=scope_id).exists()


def staff(*, role: str, scope_id: int = 0) -> tuple[int, ...]:
    """The people who hold `role` in `scope_id`, by id."""
    return tuple(Role.objects.filter(kind=role, scope_id=scope_id).order_by("person_id").values_list("person_id", flat=True))


@dataclass(frozen=True, slots=True)
class ConsentView:
    """An answer to a purpose; `changed_at` is None while nobody has answered."""

    given: bool
    changed_at: datetime | None


def consent(*, person_id: int, purpose: str = PERSONALISATION) -> ConsentView:
    """The person's answer to the purpose; no, when they were never asked."""
    row = Consent.objects.filter(person_id=person_id, purpose=purpose).first()
    return ConsentView(row.given, row.changed_at) if row else ConsentView(False, None)


def consenting(*, ids: Collection[int] | None = None, purpose: str = PERSONALISATION) -> frozenset[int]:
    """Those (among `ids`, if given) who agree to the purpose now. One statement."""
    rows = Consent.objects.filter(purpose=purpose, given=True)
    if ids is not None:
        rows = rows.filter(person_id__in=list(ids))
    return frozenset(rows.values_list("person_id", flat=True))


def actor(*, identity: Identity | None, role: RoleKind, scope_id: int = 0, at: datetime) -> Actor:
    """The person behind `identity`, acting in a staff `role`; read fresh in one statement, so that what is taken away is gone at once.

    Raises Unauthenticated for nobody, for somebody signed out since the token was issued, for somebody erased and, on the platform's own
    staff, after a shift; Forbidden without the role.
    """
    if identity is None:
        raise Unauthenticated("sign_in.required", N_("Please sign in first."))
    held = Role.objects.filter(person_id=identity.person_id, kind=role, scope_id=scope_id)
    standing = (
        Person.objects.filter(pk=identity.person_id, erased_at=None)
        .annotate(held=Exists(held))
        .values_list("signed_out_at", "held")
        .first()
    )
    if standing is None or (standing[0] is not None and standing[0] >= identity.issued_at) or _shift_over(identity, role, at):
        raise Unauthenticated("sign_in.over", N_("You have been signed out. Please sign in again."))
    if not standing[1]:
        raise Forbidden("role.missing", N_("This part is for somebody else."), role=role)
    return Actor(role, identity.person_id, scope_id)


def _shift_over(identity: Identity, role: RoleKind, at: datetime) -> bool:
    return role in _OWN_STAFF and at - identity.issued_at > timedelta(hours=policies.whole(numbers.STAFF_TOKEN_VALID_H))


def person_view(row: Person) -> PersonView:
    """The public face of a row."""
    return PersonView(row.pk, row.phone or "", row.name, row.locale, row.care_mode)


def address_view(row: Address) -> AddressView:
    """The public face of a row."""
    return AddressView(
        row.pk, row.person_id, row.label, row.contact_name, row.phone, row.place, row.detail, row.lat, row.lng, row.is_default
    )


def addresses(*, person_id: int) -> list[AddressView]:
    """The address book: the default first, then the most recently used."""
    rows = Address.objects.filter(person_id=person_id).order_by("-is_default", "-used_at", "-pk")
    return [address_view(row) for row in rows]


def address(*, person_id: int, address_id: int) -> AddressView:
    """One address of this person's book. Raises NotFound, also for somebody else's."""
    row = Address.objects.filter(pk=address_id, person_id=person_id).first()
    if row is None:
        raise unknown_address()
    return address_view(row)


def unknown_address() -> NotFound:
    """That there is no such address in the person's book."""
    return NotFound("address.unknown", N_("This address is not in your book."))


def address_read(*, person_id: int, address_id: int | None) -> Read[AddressView | None]:
    """`address`, to be read together with other things; None when it is not in the book."""
    return Read(hot.ADDRESS, (address_id, person_id), _address)


def _address(row: Any) -> AddressView | None:
    if row is None:
        return None
    row[-1] = bool(row[-1])
    return AddressView(*row)
