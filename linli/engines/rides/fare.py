"""What a ride costs, part by part, each to the minor unit: the total is the sum of its parts, because it is computed as that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from linli.kernel.money import share

PartKind = Literal["base", "distance", "time", "minimum", "night", "station", "airport", "surge", "pool"]
Place = Literal["", "station", "airport"]
_BP = Decimal(10_000)


@dataclass(frozen=True, slots=True)
class Tariff:
    """Prices of a class in minor units; rates in hundredths of a percent (bp). Raises ValueError for senseless ones."""

    base: int
    per_km: int
    per_min: int
    minimum: int
    night_bp: int
    station: int
    airport: int
    pool_off_bp: int
    class_bp: int = 10_000

    def __post_init__(self) -> None:
        if min(self.base, self.per_km, self.per_min, self.minimum, self.night_bp, self.station, self.airport, self.pool_off_bp) < 0:
            raise ValueError("no price is negative")
        if self.pool_off_bp > _BP or self.class_bp <= 0:
            raise ValueError("a discount takes at most everything off, and a class costs something")


@dataclass(frozen=True, slots=True)
class Trip:
    """What is driven: street metres and seconds, and when and where it is more than usual. `surge` is at least 1."""

    metres: int
    seconds: int
    night: bool = False
    place: Place = ""
    surge: Decimal = Decimal(1)
    pooled: bool = False

    def __post_init__(self) -> None:
        if self.metres < 0 or self.seconds < 0 or self.surge < 1:
            raise ValueError("a way is not negative, and demand only ever raises a fare")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a fare; only `pool` is negative."""

    kind: PartKind
    amount: int


@dataclass(frozen=True, slots=True)
class Fare:
    """The parts in the order in which they are read; none of them is nothing."""

    parts: tuple[Part, ...]

    @property
    def total(self) -> int:
        """What is paid, minor units."""
        return sum(part.amount for part in self.parts)


def fare(trip: Trip, tariff: Tariff) -> Fare:
    """The fare of `trip`. Way and time make the metered fare, at least the minimum; night and demand raise that, not the tolls;
    a pooled ride takes its share off everything."""
    return Fare(tuple(part for part in _parts(trip, tariff) if part.amount))


def _parts(trip: Trip, tariff: Tariff) -> Iterator[Part]:
    rate = Decimal(tariff.class_bp) / _BP
    metered = (
        Part("base", share(tariff.base, rate)),
        Part("distance", share(tariff.per_km, rate * trip.metres / 1_000)),
        Part("time", share(tariff.per_min, rate * trip.seconds / 60)),
    )
    way = sum(part.amount for part in metered)
    least = share(tariff.minimum, rate)
    yield from metered
    yield Part("minimum", max(0, least - way))
    way = max(way, least)
    night = share(way, Decimal(tariff.night_bp) / _BP) if trip.night else 0
    yield Part("night", night)
    toll = {"station": tariff.station, "airport": tariff.airport}.get(trip.place, 0)
    if trip.place:
        yield Part(trip.place, toll)
    demand = share(way + night, trip.surge - 1)
    yield Part("surge", demand)
    if trip.pooled:
        yield Part("pool", -share(way + night + toll + demand, Decimal(tariff.pool_off_bp) / _BP))


def check(trip: Trip, tariff: Tariff, found: Fare) -> list[str]:
    """What is wrong with `found` as the fare of `trip`, worked out without `fare`; an empty list when nothing is."""
    faults, sums = [], {part.kind: part.amount for part in found.parts}
    if len(sums) != len(found.parts):
        faults.append("a part is there twice")
    if any(amount <= 0 for kind, amount in sums.items() if kind != "pool") or sums.get("pool", -1) >= 0:
        faults.append("a part has the wrong sign")
    if ("night" in sums and not trip.night) or ("pool" in sums and not trip.pooled) or ("surge" in sums and trip.surge == 1):
        faults.append("a part is charged that does not apply")
    rate = tariff.class_bp / 10_000
    exact = max(tariff.minimum * rate, rate * (tariff.base + tariff.per_km * trip.metres / 1_000 + tariff.per_min * trip.seconds / 60))
    exact *= (1 + tariff.night_bp / 10_000 * trip.night) * float(trip.surge)
    exact += {"station": tariff.station, "airport": tariff.airport}.get(trip.place, 0)
    exact *= 1 - tariff.pool_off_bp / 10_000 * trip.pooled
    if abs(exact - found.total) > len(PARTS):
        faults.append(f"it comes to {found.total}, not to about {exact:.1f}")
    return faults


PARTS: tuple[PartKind, ...] = ("base", "distance", "time", "minimum", "night", "station", "airport", "surge", "pool")
