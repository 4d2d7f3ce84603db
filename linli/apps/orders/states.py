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

CLOSED = frozenset({"cancelled", "refused", "expired"})
STATES = tuple(sorted(DELIVERY.states | PICKUP.states))
