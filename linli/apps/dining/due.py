"""Which tables those who have reserved will sit at: planned anew whenever it is looked at. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Spot:
    """A table with so many seats; `free_at` is when it is expected to be free. `room`: a private room."""

    id: int
    seats: int
    room: bool
    free_at: datetime


@dataclass(frozen=True, slots=True)
class Want:
    """A reservation: of one table for all `guests`, or of up to `tables` that are put together. `room`: it is of a private room."""

    id: int
    starts_at: datetime
    ends_at: datetime
    guests: int
    tables: int
    room: bool


def plan(spots: Sequence[Spot], wants: Sequence[Want]) -> dict[int, tuple[int, ...]]:
    """The tables of each reservation, by its id; whoever finds none is not in it.

    Larger parties choose first, and take what wastes least: in one sitting, where a larger table does for a smaller party as well, nobody
    goes without who could have been seated. A table that serves two reservations does so one after the other.
    """
    taken: dict[int, list[tuple[datetime, datetime]]] = {spot.id: [] for spot in spots}
    found: dict[int, tuple[int, ...]] = {}
    for want in sorted(wants, key=lambda one: (not one.room, -one.guests, one.starts_at, one.id)):
        free = [spot for spot in spots if _free(spot, want, taken[spot.id])]
        chosen = _choose(free, want)
        for spot in chosen:
            taken[spot.id].append((want.starts_at, want.ends_at))
        if chosen:
            found[want.id] = tuple(spot.id for spot in chosen)
    return found


def _free(spot: Spot, want: Want, taken: Sequence[tuple[datetime, datetime]]) -> bool:
    apart = all(end <= want.starts_at or want.ends_at <= start for start, end in taken)
    return spot.room == want.room and spot.free_at <= want.starts_at and apart


def _choose(free: Sequence[Spot], want: Want) -> list[Spot]:
    """The smallest table that seats all, and of those one that is free soonest; otherwise as few as possible of the largest, the last of
    them as small as will do."""
    alone = min((spot for spot in free if spot.seats >= want.guests), key=lambda spot: (spot.seats, spot.free_at, spot.id), default=None)
    if alone is not None:
        return [alone]
    chosen: list[Spot] = []
    for spot in sorted(free, key=lambda spot: (-spot.seats, spot.free_at, spot.id)):
        left = want.guests - sum(one.seats for one in chosen)
        if len(chosen) + 1 <= want.tables and left > 0:
            last = min(
                (one for one in free if one.seats >= left and one not in chosen),
                key=lambda one: (one.seats, one.free_at, one.id),
                default=spot,
            )
            chosen.append(last)
    return chosen if sum(spot.seats for spot in chosen) >= want.guests else []
