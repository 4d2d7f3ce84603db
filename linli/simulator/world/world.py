"""The simulated city: its people, its agenda and its memory. Who drives it (a clock or the next event) is somebody else's business."""

from __future__ import annotations

import logging
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import httpx

from linli.apps.orders import queries as orders
from linli.kernel.errors import Problem
from linli.kernel.geo import Point
from linli.simulator.world.agenda import Action, Agenda
from linli.simulator.world.counters import Till
from linli.simulator.world.doors import Refused
from linli.simulator.world.moods import Moods

if TYPE_CHECKING:
    from linli.simulator.world.booker import Booker
    from linli.simulator.world.courier import Courier
    from linli.simulator.world.diner import Diner
    from linli.simulator.world.guest import Guest
    from linli.simulator.world.host import Host
    from linli.simulator.world.house import House
    from linli.simulator.world.passenger import Passenger
    from linli.simulator.world.patron import Patron, Sitting
    from linli.simulator.world.support import Support

log = logging.getLogger("linli.city")


@dataclass(frozen=True, slots=True)
class Setting:
    """What a world is made of: its seed, its people's moods, its city, how often a courier says where it is (seconds), and its end."""

    seed: int
    moods: Moods
    city_id: int
    zone: str
    centre: Point
    report_s: int
    idle_report_s: int
    ends_at: datetime | None = None  # nobody orders for a later time
    tail: timedelta = timedelta(0)  # so long after that the last of it may be going on


@dataclass
class Meal:
    """An order as its consumer remembers it; `code` is what they say at the counter or at the door."""

    order: str
    store_id: int
    mode: str
    code: str
    plan: str
    rng: random.Random


@dataclass
class Trip:
    """A ride as whoever called it remembers it."""

    order: str
    plan: str
    rng: random.Random


@dataclass
class World:
    """Everybody, by the number that events know them by."""

    setting: Setting
    client: httpx.Client
    agenda: Agenda = field(default_factory=Agenda)
    diners: dict[int, Diner] = field(default_factory=dict)
    houses: dict[int, House] = field(default_factory=dict)
    couriers: dict[int, Courier] = field(default_factory=dict)
    meals: dict[int, Meal] = field(default_factory=dict)
    promised: dict[int, datetime] = field(default_factory=dict)  # until when each order was to come, kept to the end
    decisions: list[str] = field(default_factory=list)
    refusals: Counter[str] = field(default_factory=Counter)
    support: Support | None = None
    passengers: dict[int, Passenger] = field(default_factory=dict)
    trips: dict[int, Trip] = field(default_factory=dict)
    guests: list[Guest] = field(default_factory=list)
    tills: dict[int, Till] = field(default_factory=dict)  # of the stores that sell vouchers or tickets
    bookers: dict[int, Booker] = field(default_factory=dict)
    patrons: dict[int, Patron] = field(default_factory=dict)
    hosts: dict[int, Host] = field(default_factory=dict)  # of the stores that take bookings
    bookable: dict[str, list[int]] = field(default_factory=dict)  # stores by what of them can be booked: table, service
    inns: dict[int, Point] = field(default_factory=dict)  # hotels with somebody at the desk
    dining_rooms: list[int] = field(default_factory=list)  # stores with tables to sit down at
    sittings: dict[int, tuple[Patron, Sitting]] = field(default_factory=dict)  # by order, while the kitchen has it
    absent: set[int] = field(default_factory=set)  # orders of bookings that nobody will come to
    places: list[tuple[str, Point]] = field(default_factory=list)  # where people ride to
    taken: dict[int, datetime] = field(default_factory=dict)  # stores that a visitor runs, and until when that is believed

    def rng(self, *key: object) -> random.Random:
        """A source of chance of somebody's own: what others do does not move it."""
        return random.Random("|".join(map(str, (self.setting.seed, *key))))

    def soon(self, at: datetime, seconds: float, action: Action) -> None:
        """Let `action` happen `seconds` after `at`; a refusal in it is noted, not raised."""
        self.agenda.plan(at + timedelta(seconds=seconds), self._borne(action))

    def when(self, moment: datetime, action: Action) -> None:
        """Let `action` happen at `moment`; a refusal in it is noted, not raised."""
        self.agenda.plan(moment, self._borne(action))

    def _borne(self, action: Action) -> Action:
        def borne(at: datetime) -> None:
            self.try_to(lambda: action(at))

        return borne

    def try_to(self, act: Callable[[], None]) -> bool:
        """Whether `act` went through; what the platform refused, or that it did not answer, is counted."""
        try:
            act()
        except Refused as refused:
            self.refusals[refused.code] += 1
            log.info("city.refused", extra={"code": refused.code, "words": str(refused)})
            return False
        except httpx.HTTPError as error:
            self.refusals["no answer"] += 1
            log.warning("city.no_answer", extra={"words": str(error)})
            return False
        return True

    def start_code(self, order_id: int) -> str:
        """What whoever rides says to the driver; nothing, when they do not come."""
        trip = self.trips.get(order_id)
        if trip is not None and trip.plan == "never comes":
            return ""
        try:
            return orders.order(order_id=order_id).pickup_code
        except Problem:
            return ""

    def stands_back(self, store_id: int, at: datetime) -> bool:
        """Whether a visitor runs this store now, so that its simulated staff leaves it alone."""
        return self.taken.get(store_id, at) > at

    def forget_decisions(self) -> None:
        """Keep only the latest decisions, in a city that lives on and on."""
        del self.decisions[:-1000]

    def decide(self, at: datetime, who: str, what: str) -> None:
        """Write down what somebody has made up their mind to do."""
        self.decisions.append(f"{at:%d %H:%M:%S.%f} {who}: {what}")
