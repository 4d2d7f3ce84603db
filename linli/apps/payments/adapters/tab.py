"""On the table's bill, or after a stay: owed until somebody at the table, or several, or the counter, or the guest, has paid it."""

from __future__ import annotations

from django.db.models import Sum

from linli.apps.payments.ledger import Spot, held
from linli.apps.payments.models import Intent, Transfer
from linli.kernel.money import split

KIND = "tab"  # of the transfers that pay it off


class Tab:
    """Debits what the table, or the guest, owes for the order."""

    def source(self, *, ref: str, person_id: int) -> Spot:
        return Spot("receivable", ref)

    def back(self, *, ref: str, person_id: int, amount: int, currency: str) -> list[tuple[Spot, int]]:
        """What is still owed is forgiven first; the rest goes back to those who paid, by what each has paid: people to their balance (what
        came by the bank, too), what was paid at the counter to the store, which gives it back there, what was given up to the platform."""
        forgiven = min(amount, held(Spot("receivable", ref), currency))
        if amount == forgiven:
            return [(Spot("receivable", ref), forgiven)]
        payers = _payers(ref)
        parts = split(amount - forgiven, list(payers.values()))
        return [(Spot("receivable", ref), forgiven), *zip(payers, parts, strict=True)]


def _payers(ref: str) -> dict[Spot, int]:
    """Who has paid how much of it."""
    rows = Transfer.objects.filter(credit__kind="receivable", credit__owner=ref, kind=KIND)
    sums = list(rows.values_list("debit__kind", "debit__owner").annotate(total=Sum("amount")).order_by("debit__kind", "debit__owner"))
    people = dict(Intent.objects.filter(ref__in=[owner for kind, owner, _ in sums if kind == "escrow"]).values_list("ref", "person_id"))
    debtor = Spot("balance", str(Intent.objects.values_list("person_id", flat=True).get(ref=ref)))
    found: dict[Spot, int] = {}
    for kind, owner, total in sums:
        spot = Spot("balance", str(people[owner])) if kind == "escrow" else debtor if kind == "bank" else Spot(kind, owner)
        found[spot] = found.get(spot, 0) + total
    return found
