"""Somebody who eats in with friends: finds a table or waits for one, picks by phone, eats, pays the bill in one of its ways, and goes."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime

from linli.simulator.world import doors, menus
from linli.simulator.world.buyer import Buyer
from linli.simulator.world.doors import Consumer, Json

_PARTIES = (1, 2, 2, 2, 3, 4, 4, 6)
_COURSES = (1, 2, 2, 2, 3)
_TRIED = 3  # restaurants
_PATIENCE_S = 2_700  # so long somebody waits for a table
_ANOTHER_ROUND = 0.2
_SAT_S, _EATS_S = (60, 400), (900, 2_400)
_GOES_S = 900  # after paying, whoever has not gone is seen off
_HAD = frozenset({"served", "completed", "cancelled", "refused"})


@dataclass
class Sitting:
    """A party at its table as it remembers it: `waits_for` are its orders in the kitchen."""

    visit: str
    store_id: int
    phones: list[Consumer]
    rng: random.Random
    waits_for: set[int] = field(default_factory=set)
    had: int = 0
    rounds: int = 0


@dataclass
class Patron(Buyer):
    """A consumer of the crowd who eats in."""

    _wanted: dict[int, tuple[str, Json]] = field(default_factory=dict)  # places in lines: of which store, and what they want there

    def eats_in(self, at: datetime) -> None:
        """Go to a restaurant with some friends; wait for a table where all are taken."""
        rng = self.turn()
        store = self._somewhere(rng)
        if store is None:
            self.world.refusals["no restaurant is open"] += 1
            return
        people = rng.choice(_PARTIES)
        self.world.decide(at, self.key, f"eats in, {people} people")
        if not self.sits(store, people, rng, at):
            self._waits(store, people, at)

    def _somewhere(self, rng: random.Random) -> int | None:
        rooms = self.world.dining_rooms
        for store in rng.sample(rooms, min(_TRIED, len(rooms))):
            if self.door.page(doors.sealed("st", store))["open"]["open"]:
                return store
        return None

    def sits(self, store: int, people: int, rng: random.Random, at: datetime) -> bool:
        """Sit down at a free table, if there is one."""
        token = self.world.houses[store].free_table(people, at)
        if not token:
            return False
        visit = self.door.scan(token, people)
        self._begins(visit["id"], store, people, token, rng, at)
        return True

    def _begins(self, visit: str, store: int, people: int, token: str, rng: random.Random, at: datetime) -> None:
        phones = [self.door]
        friend = rng.choice(list(self.world.patrons.values()))
        if people > 1 and rng.random() < 0.5 and friend is not self:
            friend.door.scan(token, 0)
            phones.append(friend.door)
        sitting = Sitting(visit, store, phones, rng)
        self.world.soon(at, rng.uniform(*_SAT_S), lambda at: self._orders(sitting, at))

    def _waits(self, store: int, people: int, at: datetime) -> None:
        place = self.door.queue(doors.sealed("st", store), people)
        number = doors.number("wa", place["id"])
        self.world.decide(at, self.key, "waits for a table")
        self._wanted[number] = (place["id"], {"store": store, "people": people})
        self.world.soon(at, _PATIENCE_S, lambda _: self._gives_up(number))

    def _gives_up(self, number: int) -> None:
        key, _ = self._wanted.pop(number, ("", {}))
        if key:
            self.door.unqueue(key)

    def called(self, number: int, at: datetime) -> None:
        """There is a table: be there in a moment."""
        key, want = self._wanted.pop(number, ("", {}))
        if key:
            rng = self.world.rng("called", self.key, self._turns)
            self.world.soon(at, rng.uniform(20, 200), lambda at: self._led(key, want["store"], want["people"], rng, at))

    def _led(self, waiting: str, store: int, people: int, rng: random.Random, at: datetime) -> None:
        led = self.world.houses[store].leads(waiting, at)
        if led is not None:
            visit, token = led
            self._begins(visit, store, people, token, rng, at)

    def led_to(self, visit: Json, store: int, at: datetime) -> None:
        """To the table that they have reserved."""
        token = self.world.houses[store].code(visit["tables"][0]["id"], at)
        self._begins(visit["id"], store, visit["people"], token, self.turn(), at)

    def _orders(self, sitting: Sitting, at: datetime) -> None:
        """Everybody with a phone picks, one of them sends it all."""
        sitting.rounds += 1
        if not self.world.try_to(lambda: self._sends(sitting)):
            self.world.soon(at, 60, lambda at: self._goes(sitting, at))

    def _sends(self, sitting: Sitting) -> None:
        dishes = menus.choices(sitting.phones[0].menu(doors.sealed("st", sitting.store_id)))
        for phone in sitting.phones if dishes else []:
            for dish in menus.pick(dishes, 0, sitting.rng):
                course = sitting.rng.choice(_COURSES)
                phone.pick(sitting.visit, {"offer_id": dish.offer, "options": dish.options, "qty": dish.qty, "course": course})
        for order in sitting.phones[0].send_picks(sitting.visit)["orders"]:
            self._remembers(sitting, order)

    def _remembers(self, sitting: Sitting, order: Json) -> None:
        number = doors.number("or", order["id"])
        if order["state"] not in _HAD:
            sitting.waits_for.add(number)
            self.world.sittings[number] = (self, sitting)

    def heard(self, sitting: Sitting, order_id: int, at: datetime, *, served: bool) -> None:
        """Something was brought, or will not come."""
        sitting.waits_for.discard(order_id)
        sitting.had += served
        if sitting.waits_for:
            return
        rng = sitting.rng
        if not sitting.had:
            self.world.soon(at, rng.uniform(60, 300), lambda at: self._goes(sitting, at))
        elif sitting.rounds < 2 and rng.random() < _ANOTHER_ROUND:
            self.world.soon(at, rng.uniform(300, 900), lambda at: self._orders(sitting, at))
        else:
            self.world.soon(at, rng.uniform(*_EATS_S), lambda at: self._pays(sitting, at))

    def _pays(self, sitting: Sitting, at: datetime) -> None:
        """Everybody their own, one for all, or at the counter."""
        way = sitting.rng.choice(("own", "rest", "rest", "counter"))
        self.world.decide(at, self.key, f"pays: {way}")
        self.world.soon(at, _GOES_S, lambda at: self._goes(sitting, at))
        if way == "counter":
            self.door.bill(sitting.visit)
            self.world.soon(at, sitting.rng.uniform(60, 240), lambda at: self._at_counter(sitting, at))
            return
        for phone in sitting.phones if way == "own" else sitting.phones[:1]:
            self._pays_share(phone, sitting, way)

    def _at_counter(self, sitting: Sitting, at: datetime) -> None:
        self.world.houses[sitting.store_id].takes_money(sitting.visit, at)

    def _pays_share(self, phone: Consumer, sitting: Sitting, way: str) -> None:
        mood = self.world.setting.moods.notice(sitting.rng)
        self.world.try_to(lambda: phone.settle(phone.share(sitting.visit, way), mood))

    def _goes(self, sitting: Sitting, at: datetime) -> None:
        """What is still owed is paid at the counter, or by phone where nobody takes it there; then they go."""
        view = self.door.visit(sitting.visit)
        if view["closed_at"]:
            return
        house = self.world.houses[sitting.store_id]
        if view["owed"] and not house.takes_money(sitting.visit, at):
            self._pays_share(self.door, sitting, "rest")
        house.clears(sitting.visit, at)

    def resumes(self, visit: str, store: int, at: datetime) -> None:
        """Go on with a meal that the city stopped in."""
        sitting = Sitting(visit, store, [self.door], self.world.rng("resumed", visit), rounds=2)
        for order in self.door.visit(visit)["orders"]:
            sitting.had += order["state"] in {"served", "completed"}
            self._remembers(sitting, order)
        if not sitting.waits_for:
            self.world.soon(
                at, sitting.rng.uniform(60, 1_200), lambda at: self._pays(sitting, at) if sitting.had else self._goes(sitting, at)
            )
