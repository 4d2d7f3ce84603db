"""Who pays in these tests: 李雷 for order 1 with a courier and a store that only have numbers here."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from linli.apps.accounts import operations as accounts
from linli.apps.payments import operations as payments
from linli.apps.payments.operations import Share
from linli.apps.payments.queries import IntentView
from linli.kernel.actors import Actor

AT = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
STORE, COURIER = 77, 88
OPERATOR = Actor("operator", 9)
ALL = ("sandbox", "sandbox_qr", "balance", "cash")


def payer(phone: str = "13800000001") -> int:
    """李雷."""
    return accounts.ensure_person(phone=phone, name="李雷", at=AT).id


def opened(*, ref: str = "or:1", amount: int = 4200, person_id: int | None = None) -> IntentView:
    """An intent open for 15 minutes."""
    who = person_id or payer()
    return payments.open_intent(
        ref=ref, person_id=who, amount=amount, currency="CNY", methods=ALL, expires_at=AT + timedelta(minutes=15), at=AT
    )


def paid(method: str, *, ref: str = "or:1", amount: int = 4200) -> IntentView:
    """An intent paid by a method of the house; the balance is filled for it."""
    intent = opened(ref=ref, amount=amount)
    if method == "balance":
        payments.give_balance(person_id=intent.person_id, amount=amount, key=f"for {ref}", reason="test", by=OPERATOR, at=AT)
    payments.start(intent_id=intent.id, person_id=intent.person_id, method=method, at=AT)
    return intent


def shares(total: int, *, courier: int = 500, commission: int = 200, promotion: int = 0) -> list[Share]:
    """How `total` (and what the platform adds for its promotion) is shared out."""
    store = total + promotion - courier - commission
    parts = [Share("store", STORE, store), Share("courier", COURIER, courier), Share("platform", 0, commission)]
    return [*parts, Share("promotion", 0, -promotion)] if promotion else parts
