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
        arrived   | no_show | cancelled | courier
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

# What is brought: things, somebody alone in a car, or somebody who may share it.
DELIVERY, SOLO, POOL = "delivery", "ride", "pool"
KINDS = (DELIVERY, SOLO, POOL)
RIDES = (SOLO, POOL)

# Classes of cars, and for each service of rides the cars that may do it.
CARS = ("economy", "comfort", "six")
SERVED_BY = {
    "economy": frozenset({"economy", "comfort"}),
    "comfort": frozenset({"comfort"}),
    "six": frozenset({"six"}),
    "pool": frozenset({"economy", "comfort"}),
}
SERVICES = tuple(SERVED_BY)
SEATS = {"economy": 4, "comfort": 4, "six": 6, "pool": 2}  # most people in one party

DECLINE_REASONS = ("far", "heavy", "break", "direction", "other")
GIVE_UP_REASONS = ("accident", "vehicle", "store_closed", "not_ready", "no_answer", "wrong_address", "spilled", "other")
