"""Cash at the door or a hotel's desk: until the courier or the hotel has it, it is owed; what comes back afterwards goes to the balance."""

from __future__ import annotations

from linli.apps.payments.ledger import Spot, held


class Cash:
    """Debits what the person owes for the order."""

    def source(self, *, ref: str, person_id: int) -> Spot:
        return Spot("receivable", ref)

    def back(self, *, ref: str, person_id: int, amount: int, currency: str) -> list[tuple[Spot, int]]:
        """What is still owed is forgiven first; coins that were handed over come back as balance."""
        forgiven = min(amount, held(Spot("receivable", ref), currency))
        return [(Spot("receivable", ref), forgiven), (Spot("balance", str(person_id)), amount - forgiven)]
