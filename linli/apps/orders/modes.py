"""The service modes: for each its state table and its rules, all data. A new mode is a new line here."""

from __future__ import annotations

from dataclasses import dataclass

from linli.apps.orders import states
from linli.kernel.errors import N_, Invalid
from linli.kernel.states import Machine


@dataclass(frozen=True, slots=True)
class Mode:
    """How one service mode differs from the others.

    `to_address`: it is brought to an address within a ring of the store, whose fee and minimum count. `courier`: fulfilment brings it.
    `packaging`: it is packed for the way. `tips`: a tip can go with it. `done`: the state in which the person has what was ordered.
    """

    code: str
    machine: Machine
    to_address: bool
    courier: bool
    packaging: bool
    tips: bool
    done: str


MODES = {
    mode.code: mode
    for mode in (
        Mode("delivery", states.DELIVERY, to_address=True, courier=True, packaging=True, tips=True, done="delivered"),
        Mode("pickup", states.PICKUP, to_address=False, courier=False, packaging=True, tips=False, done="collected"),
    )
}
DONE = frozenset(mode.done for mode in MODES.values())


def mode(code: str) -> Mode:
    """The mode called `code`. Raises Invalid."""
    if code not in MODES:
        raise Invalid("mode.unknown", N_("This cannot be ordered in that way."), field="mode")
    return MODES[code]
