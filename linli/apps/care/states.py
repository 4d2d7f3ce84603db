"""What may happen to a complaint, and who may do it. The store answers first; support decides, or the person asks for that."""

from __future__ import annotations

from linli.kernel.states import Machine, table

CASE = Machine(
    "case",
    "open",
    table("""
        open      | answer   | answered  | merchant support operator
        open      | resolve  | resolved  | merchant support operator system
        open      | decline  | declined  | support operator
        open      | escalate | escalated | consumer support operator system
        open      | withdraw | withdrawn | consumer
        answered  | resolve  | resolved  | merchant support operator system
        answered  | decline  | declined  | support operator
        answered  | escalate | escalated | consumer support operator system
        answered  | withdraw | withdrawn | consumer
        escalated | resolve  | resolved  | support operator
        escalated | decline  | declined  | support operator
        escalated | withdraw | withdrawn | consumer
        declined  | escalate | escalated | consumer
    """),
    {state: frozenset({"talk"}) for state in ("open", "answered", "escalated")},
)
OVER = ("resolved", "declined", "withdrawn")
KINDS = ("late", "missing", "wrong", "quality", "courier", "other", "lost", "safety")
FOR_SUPPORT = frozenset({"lost", "safety"})  # not for the store to answer: support has it from the start
# Whose doing it usually is: what a store got wrong is paid by the store, the rest by the platform.
BY_MERCHANT = frozenset({"missing", "wrong", "quality"})
