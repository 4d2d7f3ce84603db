"""Paying from the balance: money that the person has put in before, or got back."""

from __future__ import annotations

from linli.apps.payments.ledger import Spot


class Balance:
    """Debits the person's balance; never more than there is (the ledger's guard)."""

    def source(self, *, ref: str, person_id: int) -> Spot:
        return Spot("balance", str(person_id))

    def back(self, *, ref: str, person_id: int, amount: int, currency: str) -> list[tuple[Spot, int]]:
        return [(Spot("balance", str(person_id)), amount)]
