"""What a member bought in a store, noted at its till: by the code on their phone, or by their number."""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2b

from django.db import transaction

from linli.apps.accounts import queries as accounts
from linli.apps.discovery import operations as discovery
from linli.apps.insight.rows import write
from linli.apps.insight.vocabulary import Deed
from linli.apps.merchants import queries as merchants
from linli.kernel.actors import Actor
from linli.kernel.errors import N_, Invalid
from linli.platform import ids, limits, policies, security
from linli.policy import insight as numbers

_PURPOSE, _VALID_S, _DAY_S = "member", 600, 86_400


def member_code(*, person_id: int, at: datetime) -> str:
    """What stands in the square on the person's phone; it counts for ten minutes."""
    return security.sign(_PURPOSE, {"p": ids.seal("pe", person_id)}, at=at, valid_for_s=_VALID_S)


@transaction.atomic
def note_purchase(*, store_id: int, member: str, amount: int, key: str, actor: Actor, at: datetime) -> None:
    """Note that a member bought for `amount` (minor units) in the store; the same `key` is the same purchase.

    It is the person's only if they agreed to be known; otherwise, or when nobody has that number, it is nobody's, and the store is told
    the same. Raises Forbidden, Invalid for what is neither a code nor a number, Gone for a code of ten minutes ago, TooMany.
    """
    merchants.ensure_manages(actor=actor, store_id=store_id)
    if not 8 <= len(key) <= 80 or not 0 < amount < 1 << 40:
        raise Invalid("purchase.amount", N_("Say for how much it was."), field="amount")
    person_id = _member(member.strip()[:400], at)
    if person_id:
        limits.hit(key=f"till:{store_id}:{person_id}", limit=policies.whole(numbers.TILL_A_DAY), per_s=_DAY_S, at=at)
    known = person_id if person_id and accounts.consent(person_id=person_id).given else 0
    city_id = merchants.store(store_id=store_id).city_id
    deed = Deed(
        kind="in_store_purchase",
        key=blake2b(f"{store_id}:{key}".encode(), digest_size=16).hexdigest(),
        at=at,
        store_id=store_id,
        amount=amount,
    )
    write(city_id, known, [deed], at)
    if known:
        discovery.took(person_id=known, city_id=city_id, store_ids=[store_id], at=at)


def _member(text: str, at: datetime) -> int:
    if any(letter.isalpha() for letter in text):
        return ids.unseal("pe", str(security.read(_PURPOSE, text, at=at)["p"]))
    found = accounts.person_by_phone(phone=text)
    return found.id if found else 0
