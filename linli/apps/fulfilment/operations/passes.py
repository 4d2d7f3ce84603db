"""Passes: given out when they are paid, used at a till, called off, over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from linli.apps.fulfilment import codes
from linli.apps.fulfilment.events import PassesLapsed, PassUsed
from linli.apps.fulfilment.models import Pass, PassUse
from linli.apps.fulfilment.queries.passes import PassView, refusal, unused, view
from linli.apps.merchants import queries as merchants
from linli.kernel.actors import Actor
from linli.kernel.errors import N_, Conflict, Invalid, NotFound
from linli.kernel.ids import new_id
from linli.platform import limits, outbox, policies
from linli.policy import security

_TRIES_S = 600


@dataclass(frozen=True, slots=True)
class PassDraft:
    """A pass to give out; `value` is what it cost, minor units."""

    offer_id: int
    title: str
    title_en: str
    uses: int
    value: int
    valid_from: datetime | None
    valid_until: datetime
    zone: str
    blackout: Sequence[Mapping[str, Any]]


@transaction.atomic
def issue(*, ref: str, person_id: int, store_id: int, drafts: Sequence[PassDraft], at: datetime) -> None:
    """Give out the passes of `ref`; asked again it gives out none."""
    if Pass.objects.filter(ref=ref).exists():
        return
    for draft in drafts:
        fields = {name: getattr(draft, name) for name in PassDraft.__slots__} | {"blackout": [dict(rule) for rule in draft.blackout]}
        key = new_id(at)
        salt = next(n for n in range(100) if not Pass.objects.filter(code_hash=codes.found_by(codes.code_of(key, n))).exists())
        found_by = codes.found_by(codes.code_of(key, salt))
        Pass.objects.create(id=key, ref=ref, person_id=person_id, store_id=store_id, salt=salt, code_hash=found_by, **fields)


def look_up(*, store_id: int, code: str, actor: Actor, at: datetime) -> PassView:
    """What a code of the store is, whatever its state; wrong ones are counted. Raises NotFound, TooMany after several, Forbidden."""
    merchants.ensure_manages(actor=actor, store_id=store_id)
    row = Pass.objects.filter(store_id=store_id, code_hash=codes.found_by(codes.plain(code))).first()
    if row is None:
        limits.hit(key=f"redeem:{store_id}", limit=policies.whole(security.REDEEM_TRIES), per_s=_TRIES_S, at=at)
        raise NotFound("pass.unknown", N_("This is not a code of this store."), field="code")
    return view(row)


def redeem(*, store_id: int, code: str, count: int = 1, key: str, actor: Actor, at: datetime) -> PassView:
    """Use a code `count` times in the store; the same `key` is the same use. At however many tills at once: never more often than it has.

    Raises NotFound for a code that is not one of the store's, Conflict "pass.spent", "pass.early", "pass.blackout", Gone "pass.over",
    Invalid for a senseless count or key, TooMany after several wrong codes, Forbidden.
    """
    if not 1 <= count <= 100 or not 8 <= len(key) <= 80:
        raise Invalid("pass.count", N_("Say how often it is used, at least once."), field="count")
    row = look_up(store_id=store_id, code=code, actor=actor, at=at)
    try:
        return _redeem(row.id, store_id, count, key, actor, at)
    except IntegrityError:  # the same press of the button, twice at once
        return view(PassUse.objects.select_related("used").get(store_id=store_id, key=key).used)


@transaction.atomic
def _redeem(pass_id: int, store_id: int, count: int, key: str, actor: Actor, at: datetime) -> PassView:
    known = PassUse.objects.select_related("used").filter(store_id=store_id, key=key).first()
    if known is not None:
        if (known.used_id, known.count) != (pass_id, count):
            raise Conflict("idempotency.mismatch", N_("This was already sent with other content. Start again."))
        return view(known.used)
    if (problem := refusal(view(Pass.objects.get(pk=pass_id)), at)) is not None:
        raise problem
    if not take(pass_id, count):
        row = Pass.objects.get(pk=pass_id)
        raise Conflict(
            "pass.spent", N_("This code can be used %(left)s more times."), left=row.uses - row.used if row.state == "valid" else 0
        )
    PassUse.objects.create(used_id=pass_id, store_id=store_id, key=key, count=count, by=str(actor), at=at)
    Pass.objects.filter(pk=pass_id, used=F("uses")).update(state="used")
    row = Pass.objects.get(pk=pass_id)
    over = row.state == "used" and not Pass.objects.filter(ref=row.ref, state="valid").exists()
    outbox.tell(PassUsed(pass_id=row.id, ref=row.ref, store_id=store_id, count=count, over=over), at=at)
    return view(row)


def take(pass_id: int, count: int) -> bool:
    """Count `count` uses, if so many are left: the condition and the change are one statement."""
    return bool(Pass.objects.filter(pk=pass_id, state="valid", uses__gte=F("used") + count).update(used=F("used") + count))


@transaction.atomic
def void(*, ref: str, state: str = "void", at: datetime) -> tuple[int, int]:
    """End all codes of `ref` that are not used up; what they were worth that was not used, and what all codes were worth, minor units."""
    rows = list(Pass.objects.select_for_update().filter(ref=ref).order_by("id"))
    ended = [row for row in rows if row.state in ("valid", "lapsed")]
    Pass.objects.filter(id__in=[row.id for row in ended]).update(state=state)
    return unused(rows)


@transaction.atomic
def lapse_passes(*, at: datetime, limit: int = 200) -> int:
    """End the codes whose time is over, and tell it; how many refs that concerned."""
    due = list(Pass.objects.filter(state="valid", valid_until__lte=at).order_by("valid_until").values_list("ref", flat=True)[:limit])
    for ref in sorted(set(due)):
        if Pass.objects.filter(ref=ref, state="valid", valid_until__lte=at).update(state="lapsed"):
            outbox.tell(PassesLapsed(ref=ref), at=at)
    return len(set(due))
