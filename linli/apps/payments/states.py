"""The life of an intent and of a refund, as tables."""

from __future__ import annotations

from linli.kernel.states import Machine, table

INTENT = Machine(
    "intent",
    "open",
    table("""
        open     | capture | captured  | system consumer
        open     | cancel  | cancelled | system consumer
        open     | expire  | expired   | system
    """),
    {"open": frozenset({"pay", "cancel"}), "captured": frozenset({"refund", "settle"})},
)

REFUND = Machine(
    "refund",
    "pending",
    table("""
        pending | settle | settled | system
        pending | refuse | failed  | system
        failed  | settle | settled | system
    """),
)

ATTEMPT = Machine(
    "attempt",
    "started",
    table("""
        started | pay   | paid    | system consumer
        started | close | closed  | system
        closed  | pay   | surplus | system
        started | late  | surplus | system
    """),
)
