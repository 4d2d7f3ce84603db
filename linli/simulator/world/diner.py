"""Somebody who is hungry: looks at what is near, chooses, orders, pays, waits, and says what they think of it."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from linli.simulator.world import doors, menus
from linli.simulator.world.doors import Consumer, Json, Refused
from linli.simulator.world.moods import draw
from linli.simulator.world.world import Meal, World

REMARKS = ("不要香菜", "少放辣", "多给点餐巾纸", "放门口就行", "到了打电话", "Please leave it at the door", "尽快送达，谢谢")
REASONS = ("不想要了", "点错了", "等太久了", "地址填错了")
_PATIENCE = 3  # dishes added to reach a store's minimum, or kitchens tried, before somebody gives up


@dataclass
class Diner:
    """A consumer of the crowd; `key` is the same in every city of a seed."""

    world: World
    key: str
    door: Consumer
    _homes: list[Json] = field(default_factory=list)
    _turns: int = 0

    def hungry(self, at: datetime) -> None:
        """Order a meal, if there is something to be had."""
        self._turns += 1
        rng = self.world.rng("meal", self.key, self._turns)
        plan = self._plan(rng)
        self.world.decide(at, self.key, plan)
        if not self._homes:
            self._homes = self.door.addresses()
        if not self._homes:
            return
        home = rng.choice(self._homes)
        cards = self.door.home(home["lat"], home["lng"])["stores"]
        near = [card for card in cards if card["open"]["open"] and card["fee"] is not None]
        for _ in range(_PATIENCE):
            if not near:
                self.world.refusals["nothing open delivers here"] += 1
                return
            card = near.pop(_early(len(near), rng))
            if self._order_at(card, home, plan, rng, at):
                return

    def _plan(self, rng: random.Random) -> str:
        moods = self.world.setting.moods
        shares = {
            "pickup": moods.pickup, "scheduled": moods.scheduled, "walks away": moods.walks_away, "pays late": moods.pays_late,
            "cash": moods.cash, "cancels early": moods.cancels_early, "cancels late": moods.cancels_late,
            "clicks twice": moods.double_click,
        }  # fmt: skip
        return draw(shares, rng)

    def _order_at(self, card: Json, home: Json, plan: str, rng: random.Random, at: datetime) -> bool:
        store = str(card["store_id"])
        dishes = menus.choices(self.door.menu(store))
        if not dishes:
            return False
        self.door.clear(store)
        for dish in menus.pick(dishes, card["minimum"] or 0, rng):
            self.door.add(store, dish.offer, dish.options, dish.qty)
        want = self._want(store, home, plan, rng)
        quote = self.door.quote(want)
        if plan == "scheduled" and quote["slots"]:
            want["scheduled_for"] = rng.choice(quote["slots"][:12])["start"]
            quote = self.door.quote(want)
        if quote["problems"]:
            self.world.refusals[f"quote: {quote['problems'][0]['code']}"] += 1
            return False
        self._place(want, quote, number_of(store), plan, rng, at)
        return True

    def _want(self, store: str, home: Json, plan: str, rng: random.Random) -> Json:
        moods = self.world.setting.moods
        return {
            "store_id": store, "mode": "pickup" if plan == "pickup" else "delivery", "address_id": home["id"], "coupon_id": "best",
            "scheduled_for": None, "tip": rng.choice((200, 300, 500)) if rng.random() < moods.tips and plan != "pickup" else 0,
            "utensils": rng.choice((0, 1, 1, 2, 3)), "remark": rng.choice(REMARKS) if rng.random() < moods.remarks else "",
        }  # fmt: skip

    def _place(self, want: Json, quote: Json, store_id: int, plan: str, rng: random.Random, at: datetime) -> None:
        method = "cash" if plan == "cash" and want["mode"] == "delivery" else "sandbox"
        key = doors.fresh_key(self.world.setting.seed, self.key, self._turns, want["store_id"])
        try:
            order = self.door.place(want, quote["token"], method, key)
        except Refused as refused:
            if method != "cash" or refused.code != "method.unavailable":
                raise
            method, key = "sandbox", f"{key}-2"
            order = self.door.place(want, quote["token"], method, key)
        if plan == "clicks twice" and self.door.place(want, quote["token"], method, key)["id"] != order["id"]:
            raise Refused(500, "twice", "a double click made two orders")
        code = order["pickup_code"] if order["mode"] == "pickup" else order["drop_code"]
        number = doors.number("or", order["id"])
        self.world.meals[number] = Meal(order["id"], store_id, order["mode"], code, plan, rng)
        if method == "cash" or order["state"] != "placed" or plan == "walks away":
            return
        if plan == "pays late":
            pay_by = datetime.fromisoformat(order["pay_by"])
            self.world.when(pay_by - timedelta(seconds=2), lambda at: self._pay(order["id"], "late"))
        else:
            mood = self.world.setting.moods.notice(rng)
            self.world.soon(at, rng.uniform(5, 35), lambda at: self._pay(order["id"], mood))

    def _pay(self, order: str, mood: str) -> None:
        intent = self.door.payment(order)["intent"]
        step = self.door.start(intent["id"], "sandbox")
        if step["kind"] != "done":
            self.door.pay(step["url"], mood)

    def paid(self, order_id: int, at: datetime) -> None:
        """The payment has arrived."""
        meal = self.world.meals.get(order_id)
        if meal is None:
            return
        if meal.plan == "cancels early":
            self.world.soon(at, meal.rng.uniform(5, 50), lambda at: self._cancel(meal, ""))
        elif meal.plan == "cancels late":
            self.world.soon(at, meal.rng.uniform(90, 300), lambda at: self._cancel(meal, meal.rng.choice(REASONS)))

    def _cancel(self, meal: Meal, reason: str) -> None:
        self.door.cancel(meal.order, reason)

    def can_collect(self, order_id: int, at: datetime) -> None:
        """It is ready at the counter."""
        meal = self.world.meals.get(order_id)
        if meal is not None and meal.mode == "pickup":
            self.world.soon(at, meal.rng.uniform(60, 900), lambda at: self._collect(meal, at))

    def _collect(self, meal: Meal, at: datetime) -> None:
        house = self.world.houses.get(meal.store_id)
        if house is not None:
            wrong = meal.rng.random() < self.world.setting.moods.wrong_code
            house.gives(meal.order, meal.code, wrong_first=wrong)

    def fed(self, order_id: int, late_s: int, at: datetime) -> None:
        """It is here: eat, and some say how it was."""
        self.world.meals.pop(order_id, None)


def number_of(store: str) -> int:
    """The number inside of a store's sealed identifier."""
    return doors.number("st", store)


def _early(count: int, rng: random.Random) -> int:
    """A place in a list, the front ones much likelier."""
    return min(int(rng.expovariate(1 / 5)), count - 1)
