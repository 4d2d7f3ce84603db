"""What may happen to an order in which state, who may do it, and what a state permits: one table for each service mode.

Capabilities: `pay` · `cancel` (the consumer may call it off) · `restock` (nothing has been cooked, what was sold goes back on the shelf) ·
`refund` (money may be given back in part) · `work` (the store has it before it) · `wait` (somebody waits for it: the promise clock runs) ·
`tip` (one more, for the courier who brought it) · `complain` · `review` · `reorder`.
"""

from __future__ import annotations

from linli.kernel.states import Machine, table

_BEFORE = """
    placed    | confirm  | paid      | system
    placed    | cancel   | cancelled | consumer support operator system
    placed    | expire   | expired   | system
    paid      | accept   | accepted  | merchant operator system
    paid      | refuse   | refused   | merchant operator system
    paid      | cancel   | cancelled | consumer support operator system
    accepted  | refuse   | refused   | merchant operator
    accepted  | cancel   | cancelled | consumer support operator system
    accepted  | ready    | ready     | merchant operator system
    ready     | cancel   | cancelled | support operator system
"""
_PERMITS = {
    "placed": frozenset({"pay", "cancel"}),
    "paid": frozenset({"cancel", "restock", "refund", "wait", "work"}),
    "accepted": frozenset({"cancel", "restock", "refund", "wait", "work", "complain"}),
    "ready": frozenset({"refund", "wait", "work", "complain"}),
    "completed": frozenset({"refund", "complain", "review", "reorder"}),
    "cancelled": frozenset({"reorder"}),
    "refused": frozenset({"reorder"}),
    "expired": frozenset({"reorder"}),
}
_HAD = frozenset({"refund", "complain", "review", "reorder"})

# A courier's news may overtake one another, so a delivery is believed in every state that a picked-up order may be in.
DELIVERY = Machine(
    "order.delivery",
    "placed",
    table(
        _BEFORE
        + """
    accepted  | pick_up  | picked_up | system
    ready     | pick_up  | picked_up | system
    picked_up | cancel   | cancelled | support operator system
    accepted  | deliver  | delivered | system
    ready     | deliver  | delivered | system
    picked_up | deliver  | delivered | system
    delivered | complete | completed | system
"""
    ),
    {**_PERMITS, "picked_up": frozenset({"refund", "wait", "complain"}), "delivered": _HAD | {"tip"}, "completed": _HAD | {"tip"}},
)

PICKUP = Machine(
    "order.pickup",
    "placed",
    table(
        _BEFORE
        + """
    accepted  | hand_over | collected | merchant operator
    ready     | hand_over | collected | merchant operator
    collected | complete  | completed | system
"""
    ),
    {**_PERMITS, "collected": _HAD},
)

# Food at the table: sent to the kitchen, brought, and no way home.
DINE_IN = Machine(
    "order.dine_in",
    "placed",
    table(
        _BEFORE
        + """
    accepted | serve    | served    | merchant system
    ready    | serve    | served    | merchant system
    served   | complete | completed | system
"""
    ),
    {**_PERMITS, "served": _HAD},
)

_BOOKED = """
    placed    | confirm    | paid      | system
    placed    | cancel     | cancelled | consumer support operator system
    placed    | expire     | expired   | system
    paid      | accept     | confirmed | merchant operator system
    paid      | refuse     | refused   | merchant operator system
    paid      | cancel     | cancelled | consumer support operator system
    confirmed | reschedule | confirmed | consumer merchant support operator
    confirmed | refuse     | refused   | merchant operator
    confirmed | cancel     | cancelled | consumer support operator system
    confirmed | no_show    | no_show   | merchant operator system
"""
_BOOKING = {
    **{state: _PERMITS[state] for state in ("placed", "completed", "cancelled", "refused", "expired")},
    "paid": frozenset({"cancel", "restock", "refund", "work"}),
    "confirmed": frozenset({"cancel", "restock", "refund", "work", "complain"}),
    "no_show": frozenset({"reorder", "complain"}),
}
_HERE = frozenset({"refund", "work", "complain"})

TABLE = Machine(
    "order.table",
    "placed",
    table(
        _BOOKED
        + """
    confirmed | arrive   | arrived   | merchant operator system
    arrived   | leave    | left      | merchant operator system
    left      | complete | completed | system
"""
    ),
    {**_BOOKING, "arrived": _HERE, "left": _HAD},
)

APPOINTMENT = Machine(
    "order.appointment",
    "placed",
    table(
        _BOOKED
        + """
    confirmed | arrive   | arrived   | merchant operator
    arrived   | finish   | finished  | merchant operator system
    finished  | complete | completed | system
"""
    ),
    {**_BOOKING, "arrived": _HERE, "finished": _HAD},
)

STAY = Machine(
    "order.stay",
    "placed",
    table(
        _BOOKED
        + """
    confirmed   | check_in  | checked_in  | merchant operator
    checked_in  | check_out | checked_out | merchant operator system
    checked_out | complete  | completed   | system
"""
    ),
    {**_BOOKING, "checked_in": _HERE, "checked_out": _HAD},
)

# No store answers a ride: paid, it looks for a driver by itself; one that is booked for later does so shortly before.
RIDE = Machine(
    "order.ride",
    "placed",
    table(
        """
    placed   | confirm  | calling   | system
    placed   | book     | confirmed | system
    confirmed | hail    | calling   | system
    confirmed | cancel  | cancelled | consumer support operator system
    placed   | cancel   | cancelled | consumer support operator system
    placed   | expire   | expired   | system
    calling  | match    | matched   | system
    calling  | cancel   | cancelled | consumer support operator system
    matched  | unmatch  | calling   | system
    matched  | arrive   | arrived   | courier system
    matched  | cancel   | cancelled | consumer support operator system
    arrived  | start    | riding    | courier system
    arrived  | cancel   | cancelled | consumer support operator system
    arrived  | no_show  | no_show   | courier operator system
    riding   | cancel   | cancelled | support operator system
    riding   | finish   | finished  | courier operator system
    finished | complete | completed | system
"""
    ),
    {
        **{state: _PERMITS[state] for state in ("placed", "completed", "cancelled", "expired")},
        "confirmed": frozenset({"cancel", "refund"}),
        "calling": frozenset({"cancel", "refund", "wait"}),
        "matched": frozenset({"cancel", "refund", "wait", "complain"}),
        "arrived": frozenset({"cancel", "refund", "wait", "complain"}),
        "riding": frozenset({"refund", "wait", "complain"}),
        "no_show": frozenset({"complain"}),
        "finished": _HAD | {"tip"},
        "completed": _HAD | {"tip"},
    },
)

# Paid, it is a code; used up, it is had. What is unused when its time is over goes back by itself.
VOUCHER = Machine(
    "order.voucher",
    "placed",
    table(
        """
    placed   | confirm  | valid     | system
    placed   | cancel   | cancelled | consumer support operator system
    placed   | expire   | expired   | system
    valid    | cancel   | cancelled | consumer support operator system
    valid    | redeem   | redeemed  | system
    valid    | lapse    | lapsed    | system
    redeemed | complete | completed | system
"""
    ),
    {
        **{state: _PERMITS[state] for state in ("placed", "completed", "cancelled", "expired")},
        "valid": frozenset({"cancel", "restock", "refund", "complain"}),
        "redeemed": _HAD,
        "lapsed": frozenset({"reorder"}),
    },
)

MACHINES = (DELIVERY, PICKUP, DINE_IN, TABLE, APPOINTMENT, STAY, RIDE, VOUCHER)
CLOSED = frozenset({"cancelled", "refused", "expired", "no_show", "lapsed"})
STATES = tuple(sorted({state for machine in MACHINES for state in machine.states}))
