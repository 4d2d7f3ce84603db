"""What people do besides having a meal brought: how often, and whose turn it is."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields

from linli.kernel.errors import Invalid
from linli.simulator.world.agenda import Action
from linli.simulator.world.world import World


@dataclass(frozen=True, slots=True)
class Outings:
    """How often, for each meal that is wanted, people want something else besides. Made up. `passes`: vouchers and tickets."""

    dine_in: float = 0.06
    table: float = 0.03
    appointment: float = 0.03
    stay: float = 0.02
    passes: float = 0.04


NONE = Outings(**{field.name: 0.0 for field in fields(Outings)})
MOST = 10
LIVELY = Outings(dine_in=0.35, table=0.1, appointment=0.15, stay=0.08, passes=0.28)  # of a city that somebody looks at


def outings_of(words: Sequence[str], usual: Outings) -> Outings:
    """The `usual` shares, but for those of `MODE=SHARE`. Raises Invalid."""
    shares = asdict(usual)
    for word in words:
        name, _, text = word.partition("=")
        try:
            share = float(text)
        except ValueError:
            share = -1.0
        if name not in shares or not 0 <= share <= MOST:
            raise Invalid(
                "share", f"A share is MODE=NUMBER, with a mode out of {', '.join(shares)} and a number from 0 to {MOST}, not {word!r}."
            )
        shares[name] = share
    return Outings(**shares)


def turns(world: World, outings: Outings) -> list[tuple[str, float, Callable[[random.Random], Action]]]:
    """Each way to go out with its share, and whose turn it is when somebody does."""
    return [
        ("dine_in", outings.dine_in, lambda rng: rng.choice(list(world.patrons.values())).eats_in),
        ("table", outings.table, lambda rng: rng.choice(list(world.bookers.values())).table),
        ("appointment", outings.appointment, lambda rng: rng.choice(list(world.bookers.values())).appointment),
        ("stay", outings.stay, lambda rng: rng.choice(list(world.bookers.values())).stay),
        ("passes", outings.passes, lambda rng: rng.choice(world.guests).buys),
    ]
