"""State machines as tables: what may happen in which state, who may do it, and what a state permits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from linli.kernel.actors import Actor
from linli.kernel.errors import N_, Conflict, Forbidden

# What states are called in a refusal, wherever they belong; doors translate it.
WORDS = {
    "placed": N_("waiting for payment"),
    "paid": N_("paid"),
    "accepted": N_("accepted"),
    "ready": N_("ready"),
    "picked_up": N_("on the way"),
    "delivered": N_("delivered"),
    "collected": N_("collected"),
    "served": N_("served"),
    "confirmed": N_("confirmed"),
    "left": N_("over"),
    "finished": N_("finished"),
    "checked_in": N_("checked in"),
    "checked_out": N_("checked out"),
    "no_show": N_("nobody came"),
    "calling": N_("looking for a driver"),
    "matched": N_("a driver is coming"),
    "riding": N_("under way"),
    "valid": N_("ready to be used"),
    "redeemed": N_("used"),
    "lapsed": N_("over, not used"),
    "completed": N_("completed"),
    "cancelled": N_("cancelled"),
    "refused": N_("refused"),
    "expired": N_("closed, not paid in time"),
    "queued": N_("waiting for a table"),
    "called": N_("called"),
    "seated": N_("seated"),
    "passed": N_("passed over"),
    "gone": N_("no longer waiting"),
    "over": N_("over"),
    "waiting": N_("looking for a courier"),
    "offered": N_("offered to a courier"),
    "arrived": N_("at the store"),
    "failed": N_("not delivered"),
    "open": N_("open"),
    "answered": N_("answered"),
    "escalated": N_("with support"),
    "resolved": N_("settled"),
    "declined": N_("declined"),
    "withdrawn": N_("taken back"),
    "captured": N_("paid"),
    "pending": N_("on its way back"),
    "settled": N_("given back"),
    "started": N_("begun"),
    "closed": N_("closed"),
    "surplus": N_("paid twice"),
}


@dataclass(frozen=True, slots=True)
class Transition:
    """In `state`, `event` leads to `to`; only the roles in `who` may cause it."""

    state: str
    event: str
    to: str
    who: frozenset[str]


def row(state: str, event: str, to: str, who: str) -> Transition:
    """A line of a table; `who` lists roles with spaces between."""
    return Transition(state, event, to, frozenset(who.split()))


@dataclass(frozen=True)
class Machine:
    """A table of transitions, and for each state what it permits (its capabilities)."""

    name: str
    initial: str
    transitions: tuple[Transition, ...]
    capabilities: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        keys = [(transition.state, transition.event) for transition in self.transitions]
        if len(keys) != len(set(keys)):
            raise ValueError(f"{self.name}: one state and event lead to two places")
        unknown = set(self.capabilities) - self.states
        if unknown:
            raise ValueError(f"{self.name}: capabilities of unknown states {unknown}")

    @property
    def states(self) -> frozenset[str]:
        """Every state of the table."""
        return frozenset({self.initial} | {t.state for t in self.transitions} | {t.to for t in self.transitions})

    @property
    def final(self) -> frozenset[str]:
        """The states that nothing leads out of."""
        return self.states - {transition.state for transition in self.transitions}

    def find(self, state: str, event: str) -> Transition | None:
        """The line for `event` in `state`, if there is one."""
        return next((t for t in self.transitions if t.state == state and t.event == event), None)

    def step(self, state: str, event: str, actor: Actor) -> str:
        """The state that follows. Raises Conflict when the table has no such line, Forbidden when `actor` may not."""
        transition = self.find(state, event)
        if transition is None:
            raise Conflict("state.conflict", N_("This is not possible any more: it is already “%(state)s”."), state=state, event=event)
        if actor.role not in transition.who:
            raise Forbidden("state.forbidden", N_("This is for somebody else to do."), state=state, event=event)
        return transition.to

    def sources(self, event: str) -> frozenset[str]:
        """The states in which `event` may happen (for a compare-and-set)."""
        return frozenset(t.state for t in self.transitions if t.event == event)

    def events(self, state: str, role: str) -> tuple[str, ...]:
        """What `role` may do in `state`, in the table's order."""
        return tuple(t.event for t in self.transitions if t.state == state and role in t.who)

    def permits(self, state: str, capability: str) -> bool:
        """Whether `state` permits `capability`."""
        return capability in self.capabilities.get(state, frozenset())


def table(text: str) -> tuple[Transition, ...]:
    """Transitions from lines of `state | event | next | who who`; empty lines are skipped."""
    lines: Iterable[list[str]] = ([cell.strip() for cell in line.split("|")] for line in text.splitlines() if line.strip())
    return tuple(row(*cells) for cells in lines)
