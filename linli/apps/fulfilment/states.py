"""What may happen to a job, who may do it, and what each state permits."""

from __future__ import annotations

from linli.kernel.states import Machine, table

JOB = Machine(
    "job",
    "waiting",
    table("""
        waiting   | offer   | offered   | system
        waiting   | assign  | accepted  | operator system
        offered   | accept  | accepted  | courier
        offered   | decline | waiting   | courier system
        offered   | assign  | accepted  | operator system
        accepted  | assign  | accepted  | operator system
        arrived   | assign  | accepted  | operator system
        accepted  | arrive  | arrived   | courier
        accepted  | pick_up | picked_up | courier
        arrived   | pick_up | picked_up | courier
        picked_up | deliver | delivered | courier
        accepted  | give_up | waiting   | courier system operator
        arrived   | give_up | waiting   | courier system operator
        picked_up | give_up | failed    | courier operator
        waiting   | cancel  | cancelled | system operator
        offered   | cancel  | cancelled | system operator
        accepted  | cancel  | cancelled | system operator
        arrived   | cancel  | cancelled | system operator
    """),
    {
        "accepted": frozenset({"on_route", "shown_to_consumer"}),
        "arrived": frozenset({"on_route", "shown_to_consumer"}),
        "picked_up": frozenset({"on_route", "shown_to_consumer", "on_board"}),
    },
)

OPEN = JOB.states - JOB.final
ON_ROUTE = frozenset(state for state in JOB.states if JOB.permits(state, "on_route"))
HELD = ON_ROUTE | {"offered"}  # the states in which a job belongs to a courier who has still to do something

DECLINE_REASONS = ("far", "heavy", "break", "direction", "other")
GIVE_UP_REASONS = ("accident", "vehicle", "store_closed", "not_ready", "no_answer", "wrong_address", "spilled", "other")
