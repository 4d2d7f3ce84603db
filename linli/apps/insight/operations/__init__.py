"""Taking down what people do, and forgetting it again."""

from linli.apps.insight.exposures import LIST, Shown, exposures, shown
from linli.apps.insight.operations.deeds import note
from linli.apps.insight.operations.forgetting import forget
from linli.apps.insight.operations.purchases import member_code, note_purchase
from linli.apps.insight.operations.siting import Without, propose_sites, without_site
from linli.apps.insight.shifts import HalfHour, plan_shifts
from linli.apps.insight.vocabulary import FROM_OUTSIDE, Deed
from linli.apps.insight.where import Demand, demand

__all__ = [
    "FROM_OUTSIDE",
    "LIST",
    "Deed",
    "Demand",
    "HalfHour",
    "Shown",
    "Without",
    "demand",
    "exposures",
    "forget",
    "member_code",
    "note",
    "note_purchase",
    "plan_shifts",
    "propose_sites",
    "shown",
    "without_site",
]  # fmt: skip
