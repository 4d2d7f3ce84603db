"""Who gets what: completion pays the parties out of the escrow; cash, goodwill and payouts move around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db import transaction
from django.db.models import Sum

from linli.apps.payments.ledger import Entry, Spot, escrow, held, post
from linli.apps.payments.models import Intent, Transfer
from linli.kernel.actors import Actor
from linli.kernel.errors import N_, Conflict, Invalid, NotFound
from linli.kernel.money import Money, split
from linli.platform import audit

ShareKind = Literal["store", "courier", "platform", "promotion", "goodwill"]
_ACCOUNT = {"store": "store", "courier": "courier", "platform": "revenue", "promotion": "promotion", "goodwill": "goodwill"}
_MAY_ADD = frozenset({"platform", "promotion", "goodwill"})


@dataclass(frozen=True, slots=True)
class Share:
    """A party's part of what an order brought: positive is paid to it; negative is what the platform adds (discounts that it bears)."""

    kind: ShareKind
    owner: int
    amount: int

    @property
    def spot(self) -> Spot:
        """The account of the party."""
        own = self.kind in ("store", "courier")
        return Spot(_ACCOUNT[self.kind], str(self.owner) if own else "")


def _key(step: str, ref: str, index: int) -> str:
    return f"{step}:{ref}:{index}"


def _settling(ref: str, shares: Sequence[Share]) -> list[Entry]:
    pot = escrow(ref)
    return [
        Entry(pot, share.spot, share.amount, _key("settle", ref, index), "settle") if share.amount > 0
        else Entry(share.spot, pot, -share.amount, _key("settle", ref, index), "contribute")
        for index, share in enumerate(shares)
    ]  # fmt: skip


@transaction.atomic
def settle(*, ref: str, shares: Sequence[Share], at: datetime) -> bool:
    """Pays what is held for `ref` to the parties; the shares sum to what is held. Done before it does nothing and returns False.

    Platform-borne discounts are a share of kind `promotion` with a negative amount. Raises Conflict `settle.mismatch`, Invalid, NotFound.
    """
    if any(share.amount < 0 and share.kind not in _MAY_ADD for share in shares):
        raise Invalid("settle.negative", N_("Only the platform can add to what is shared out."))
    if not Intent.objects.filter(ref=ref, state="captured", settled_at__isnull=True).update(settled_at=at):
        if Intent.objects.filter(ref=ref, settled_at__isnull=False).exists():
            return False
        raise NotFound("intent.unknown", N_("There is no such payment."))
    currency = Intent.objects.values_list("currency", flat=True).get(ref=ref)
    pot = held(escrow(ref), currency)
    if sum(share.amount for share in shares) != pot:
        message = N_("The shares come to %(shares)s, but %(held)s is held.")
        raise Conflict(
            "settle.mismatch", message, shares=str(Money(sum(share.amount for share in shares), currency)), held=str(Money(pot, currency))
        )
    post(entries=_settling(ref, shares), ref=ref, currency=currency, at=at)
    return True


def _received(ref: str) -> dict[Spot, int]:
    """What the store and the platform still have of `ref`: settled to them less clawed back."""
    got: dict[Spot, int] = {}
    for side, sign, kinds in (("credit", 1, ("settle",)), ("debit", -1, ("clawback", "contribute"))):
        rows = Transfer.objects.filter(ref=ref, kind__in=kinds, **{f"{side}__kind__in": ("store", "revenue")})
        for kind, owner, total in rows.values_list(f"{side}__kind", f"{side}__owner").annotate(total=Sum("amount")):
            got[Spot(kind, owner)] = got.get(Spot(kind, owner), 0) + sign * total
    return {spot: amount for spot, amount in sorted(got.items()) if amount > 0}


def _bearers(intent: Intent, amount: int, borne_by: Sequence[Share]) -> list[tuple[Spot, int]]:
    if borne_by:
        return [(share.spot, share.amount) for share in borne_by]
    if intent.settled_at is None:
        return []
    received = _received(intent.ref)
    taken = min(amount, sum(received.values()))
    parts = split(taken, list(received.values())) if taken else []
    return [*zip(received, parts, strict=bool(parts)), (Spot("goodwill"), amount - taken)]


def clawback(*, intent: Intent, amount: int, borne_by: Sequence[Share], key: str, at: datetime) -> None:
    """Brings `amount` for a refund back into the escrow from those who bear it; before settlement it is there already."""
    if any(share.amount < 0 for share in borne_by):
        raise Invalid("refund.amount", N_("This amount cannot be refunded."), field="amount")
    entries = [
        Entry(spot, escrow(intent.ref), part, f"clawback:{key}:{index}", "clawback")
        for index, (spot, part) in enumerate(_bearers(intent, amount, borne_by))
    ]
    post(entries=entries, ref=intent.ref, currency=intent.currency, at=at)


@transaction.atomic
def collect_cash(*, ref: str, courier_id: int, amount: int, at: datetime) -> bool:
    """The courier has taken the cash for `ref`: it is owed no more by the payer, but by the courier. Again: nothing, False.

    Raises Conflict `cash.amount` when it is not what is owed.
    """
    intent = Intent.objects.select_for_update().filter(ref=ref, state="captured", method="cash").first()
    if intent is None:
        raise NotFound("intent.unknown", N_("There is no such payment."))
    if Transfer.objects.filter(key=f"cash:{ref}").exists():
        return False
    owed = held(Spot("receivable", ref), intent.currency)
    if amount != owed:
        raise Conflict("cash.amount", N_("%(owed)s is to be collected, not %(amount)s."), owed=str(Money(owed)), amount=str(Money(amount)))
    entry = Entry(Spot("cash", str(courier_id)), Spot("receivable", ref), amount, f"cash:{ref}", "cash")
    post(entries=[entry], ref=ref, currency=intent.currency, at=at)
    return True


def _once(entry: Entry, ref: str, currency: str, at: datetime) -> bool:
    if Transfer.objects.filter(key=entry.key).exists():
        return False
    if entry.amount <= 0:
        raise Invalid("money.positive", N_("The amount must be more than nothing."), field="amount")
    post(entries=[entry], ref=ref, currency=currency, at=at)
    return True


@transaction.atomic
def hand_in_cash(*, courier_id: int, amount: int, key: str, by: Actor, at: datetime, currency: str = "CNY") -> bool:
    """The courier brings cash to the office. Raises Conflict when it is more than they carry; the same `key` counts once."""
    entry = Entry(Spot("bank"), Spot("cash", str(courier_id)), amount, f"hand_in:{key}", "hand_in")
    done = _once(entry, f"co:{courier_id}", currency, at)
    audit.record(actor=by, action="cash.hand_in", subject=f"co:{courier_id}", at=at, after={"amount": amount, "key": key})
    return done


@transaction.atomic
def pay_out(
    *, kind: Literal["store", "courier"], owner: int, amount: int, key: str, by: Actor, at: datetime, currency: str = "CNY"
) -> bool:
    """Pays a store or a courier what they have earned. Raises Conflict `payout.short` beyond that; the same `key` counts once."""
    entry = Entry(Spot(kind, str(owner)), Spot("bank"), amount, f"pay_out:{key}", "pay_out")
    done = _once(entry, f"{kind}:{owner}", currency, at)
    if done and held(Spot(kind, str(owner)), currency) < 0:
        raise Conflict("payout.short", N_("There is not that much on this account."))
    audit.record(actor=by, action="pay_out", subject=f"{kind}:{owner}", at=at, after={"amount": amount, "key": key})
    return done


@transaction.atomic
def give_balance(*, person_id: int, amount: int, key: str, reason: str, by: Actor, at: datetime, currency: str = "CNY") -> bool:
    """The platform puts `amount` on a person's balance at its own cost (a compensation, a gift); the same `key` counts once."""
    entry = Entry(Spot("goodwill"), Spot("balance", str(person_id)), amount, f"give:{key}", "give")
    done = _once(entry, f"pe:{person_id}", currency, at)
    audit.record(actor=by, action="balance.give", subject=f"pe:{person_id}", at=at, after={"amount": amount, "key": key}, reason=reason)
    return done
