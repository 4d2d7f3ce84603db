"""What has to be held for a line: of which supplies how many, from when to when. By default the offer's own supply; a kind that needs
more (somebody to do it, a room, an instrument) says so in `NEEDS`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Protocol

from linli.apps.catalog.queries import LinePrice
from linli.apps.stock import booking, buckets, hot
from linli.kernel.errors import N_, Invalid

LONGEST_INTERVAL = 1_000  # grains of one want; more is a mistake, not a wish


@dataclass(frozen=True, slots=True)
class Want:
    """`qty` of an offer's supply, or of the supply `supply_id`: of now, or of every grain from `start` up to `end`."""

    offer_id: int | None
    qty: int
    start: datetime | None = None
    end: datetime | None = None
    supply_id: int | None = None
    wish: LinePrice | None = None  # a booking: who and what it is given is chosen when it is held


class Need(Protocol):
    """What a kind needs for a priced line, at `at`; it may look at what is free. Raises Conflict when it cannot be had."""

    def __call__(self, line: LinePrice, at: datetime) -> Sequence[Want]: ...


def own_supply(line: LinePrice, at: datetime) -> Sequence[Want]:
    """As many of the offer itself as there are pieces, for the whole time of the line."""
    return [Want(line.offer_id, line.qty, line.starts_at, line.ends_at if line.starts_at else None)]


def booked(line: LinePrice, at: datetime) -> Sequence[Want]:
    """Somebody or something that is free at the time of the line; who it will be is chosen when it is held. Raises as `booking.plan`."""
    booking.plan([line], at)
    return [Want(line.offer_id, 1, line.starts_at, line.ends_at, wish=line)]


NEEDS: Mapping[str, Need] = {"service": booked, "table": booked}  # kind -> what it needs


def of_line(line: LinePrice, at: datetime) -> Sequence[Want]:
    """What the line needs, by its kind."""
    need: Callable[[LinePrice, datetime], Sequence[Want]] = NEEDS.get(line.kind, own_supply)
    return need(line, at)


Supplies = Mapping[tuple[str, int | None], tuple[int, int, int]]
Spot = tuple[int, datetime]  # a bucket: supply id, start


def supplies_of(wants: Collection[Want]) -> Supplies:
    """The supplies that the wants are about. One statement."""
    own, others = {want.offer_id for want in wants if want.offer_id}, {want.supply_id for want in wants if want.supply_id}
    return hot.supplies(own, others) if own or others else {}


def covered(want: Want, supplies: Supplies, at: datetime) -> list[Spot]:
    """The buckets that a want takes from; none when it is not limited. Raises Invalid for none wanted, or a time that ends too soon."""
    if want.qty < 1 or (want.start and want.end and want.end <= want.start):
        raise senseless()
    supply = supplies.get(("supply", want.supply_id) if want.supply_id else ("offer", want.offer_id))
    if supply is None:
        return []
    supply_id, grain, offset = supply
    found = [(supply_id, moment) for moment in islice(buckets.covering(want.start or at, want.end, grain, offset), LONGEST_INTERVAL + 1)]
    if len(found) > LONGEST_INTERVAL:
        raise senseless()
    return found


def buckets_of(wants: Collection[Want], at: datetime) -> dict[Spot, int]:
    """How many of which bucket. One statement. Raises as `covered`."""
    supplies = supplies_of(wants)
    found: Counter[Spot] = Counter()
    for want in wants:
        for spot in covered(want, supplies, at):
            found[spot] += want.qty
    return dict(found)


def senseless() -> Invalid:
    """That nobody can take so much, or for such a time."""
    return Invalid("stock.want", N_("One can only take one or more, for a time that ends after it begins."))
