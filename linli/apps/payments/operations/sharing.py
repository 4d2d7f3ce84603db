"""One payment for several things: a whole and its parts. The whole is paid; its money is shared out over the parts in the same transaction,
so that each of them has an escrow, refunds and a settlement of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from linli.apps.payments import adapters
from linli.apps.payments.models import Intent
from linli.apps.payments.operations.captures import SHARED, captured_nothing, share_out
from linli.apps.payments.queries import IntentView, view
from linli.kernel.errors import N_, Invalid
from linli.kernel.ids import new_id, new_ids


@transaction.atomic
def open_shared(
    *, ref: str, person_id: int, parts: Sequence[tuple[str, int, str]], currency: str, methods: Sequence[str], expires_at: datetime,
    at: datetime,
) -> IntentView:  # fmt: skip
    """The new intent `ref` (it begins with `co:`) that the amounts of `parts`, (ref, minor units, method), be paid together; a part with a
    method of its own (one of the house's) is not in the sum, and counts as paid by that as soon as the whole is paid.

    A part cannot be paid by itself. Nothing to pay counts as paid at once. Raises Invalid for methods that there are not, for amounts
    below zero and for no parts.
    """
    senseless = expires_at <= at or not parts or any(amount < 0 for _, amount, _ in parts) or not ref.startswith(SHARED)
    if senseless or not set(methods) <= set(adapters.METHODS) or not {own for *_, own in parts} <= {"", *adapters.HOUSE}:
        raise Invalid("intent.senseless", N_("This cannot be paid like that."))
    plain = {"person_id": person_id, "currency": currency, "opened_at": at, "expires_at": expires_at}
    whole = Intent(id=new_id(at), ref=ref, amount=sum(amount for _, amount, own in parts if not own), methods=list(methods), **plain)
    whole.save(force_insert=True)
    Intent.objects.bulk_create([
        Intent(id=key, ref=part, amount=amount, methods=[own] if own else [], whole=whole, **plain)
        for key, (part, amount, own) in zip(new_ids(at, len(parts)), parts, strict=True)
    ])  # fmt: skip
    if not whole.amount:
        share_out(whole, "none", at)
        captured_nothing(whole, at)
    return view(whole)
