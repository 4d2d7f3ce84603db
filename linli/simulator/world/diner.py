"""Somebody who is hungry: looks at what is near, chooses, orders, pays, waits, and says what they think of it."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import exp

from linli.simulator.world import doors, menus
from linli.simulator.world.doors import Consumer, Json, Refused
from linli.simulator.world.moods import draw
from linli.simulator.world.world import Meal, World

REMARKS = ("不要香菜", "少放辣", "多给点餐巾纸", "放门口就行", "到了打电话", "Please leave it at the door", "尽快送达，谢谢")
PRAISE = ("好吃，还会再点", "送得很快，包装也好", "味道不错，分量足", "Great food, still hot", "老味道，推荐")
BLAME = ("有点凉了", "味道一般", "等太久了", "分量少了点")
COMPLAINTS = ("少了一样菜", "洒了一半", "和点的不一样", "送来已经凉了")
REASONS = ("I want to change the order", "Ordered by mistake", "It takes too long", "The address is wrong")
_AGREES = 0.8  # share of people who let what they do be kept
_FOND = 0.2  # share of the kinds of food that somebody is fond of
_TIMES = 6.0  # as often they choose those
_LOYAL = 0.35  # share of meals that are ordered where the last one was, without looking around
_ANNOYED_S = 480  # so late, and people say so
_PATIENCE = 3  # dishes added to reach a store's minimum, or kitchens tried, before somebody gives up


@dataclass
class Diner:
    """A consumer of the crowd; `key` is the same in every city of a seed."""

    world: World
    key: str
    door: Consumer
    _homes: list[Json] = field(default_factory=list)
    _turns: int = 0
    _favourite: Json | None = None  # where they last ordered, and for which door
    _favourite_home: Json | None = None
    _arm: str = ""

    def hungry(self, at: datetime) -> None:
        """Order a meal, if there is something to be had."""
        self._turns += 1
        rng = self.world.rng("meal", self.key, self._turns)
        plan = self._plan(rng)
        self.world.decide(at, self.key, plan)
        if not self._homes:
            self._homes = self.door.addresses()
            if self.world.rng("agrees", self.key).random() < _AGREES:
                self.door.agree()
        if not self._homes:
            return
        home = self._favourite_home if self._favourite and self._favourite_home else rng.choice(self._homes)
        near = [self._favourite] if self._favourite and rng.random() < _LOYAL else self._look_around(home)
        for _ in range(_PATIENCE):
            if not near:
                self.world.refusals["nothing open delivers here"] += 1
                self._favourite = None
                return
            place = self._choice(near, rng)
            card = near.pop(place)
            self._tell(card, place)
            if self._order_at(card, home, plan, rng, at):
                self._favourite, self._favourite_home = card, home
                return

    def _look_around(self, home: Json) -> list[Json]:
        """What delivers here and is open: what is recommended first, as the page has it."""
        seen = self.door.home(home["lat"], home["lng"])
        self._arm = seen["for_you"]["arm"]
        cards = {card["store_id"]: card for card in (*(one["card"] for one in seen["for_you"]["stores"]), *seen["stores"])}
        return [card for card in cards.values() if card["open"]["open"] and card["fee"] is not None]

    def _choice(self, cards: list[Json], rng: random.Random) -> int:
        """A place in a list: the front ones are likelier, and so is what one is fond of."""
        weights = [exp(-place / 5) * (_TIMES if self._fond_of(card["cuisine"]) else 1.0) for place, card in enumerate(cards)]
        return rng.choices(range(len(cards)), weights)[0]

    def _fond_of(self, cuisine: str) -> bool:
        return self.world.rng("fond", self.key, cuisine).random() < _FOND

    def _tell(self, card: Json, place: int) -> None:
        """What a page would tell: which list was shown, what was tapped and looked at."""
        turn, store = f"{self.key}:{self._turns}:{card['store_id']}".replace(" ", "-"), card["store_id"]
        told: list[Json] = [
            {"kind": "click", "key": f"click:{turn}", "store_id": store, "section": "home", "place": place + 1},
            {"kind": "view", "key": f"view:{turn}", "store_id": store},
        ]
        if self._arm:
            told.append({"kind": "exposure", "key": f"shown:{turn}", "section": "home", "arm": self._arm})
        self.door.tell(told)

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
        if self._turns > 1:  # something may be left in the cart from before
            self.door.clear(store)
        for dish in menus.pick(dishes, card["minimum"] or 0, rng):
            self.door.add(store, dish.offer, dish.options, dish.qty)
        want = self._want(store, home, plan, rng)
        quote = self.door.quote(want)
        if plan == "scheduled" and (slots := self._slots(quote)):
            want["scheduled_for"] = rng.choice(slots)
            quote = self.door.quote(want)
        if quote["problems"]:
            self.world.refusals[f"quote: {quote['problems'][0]['code']}"] += 1
            return False
        self._place(want, quote, number_of(store), plan, rng, at)
        return True

    def _slots(self, quote: Json) -> list[str]:
        """The times of the next hours that can be had."""
        ends = self.world.setting.ends_at
        return [slot["start"] for slot in quote["slots"][:12] if ends is None or datetime.fromisoformat(slot["start"]) < ends]

    def _want(self, store: str, home: Json, plan: str, rng: random.Random) -> Json:
        moods = self.world.setting.moods
        return {
            "store_id": store, "mode": "pickup" if plan == "pickup" else "delivery", "address_id": home["id"], "coupon_id": "best",
            "scheduled_for": None, "tip": rng.choice((200, 300, 500)) if rng.random() < moods.tips and plan != "pickup" else 0,
            "utensils": rng.choice((0, 1, 1, 2, 3)), "remark": rng.choice(REMARKS) if rng.random() < moods.remarks else "",
        }  # fmt: skip

    def _place(self, want: Json, quote: Json, store_id: int, plan: str, rng: random.Random, at: datetime) -> None:
        method = "cash" if plan == "cash" and want["mode"] == "delivery" else "sandbox"
        key = doors.fresh_key(self.world.setting.seed, self.key, self._turns, f"{at:%F %T.%f}")
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
        self.world.promised[number] = datetime.fromisoformat(order["promise_to"])
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
        meal = self.world.meals.pop(order_id, None)
        if meal is None:
            return
        moods = self.world.setting.moods
        if meal.rng.random() < moods.complains * (1 if late_s < _ANNOYED_S else 3):
            self.world.soon(at, meal.rng.uniform(240, 1500), lambda at: self._complain(meal, late_s, at))
        elif meal.rng.random() < moods.reviews:
            self.world.soon(at, meal.rng.uniform(900, 6000), lambda _: self._review(meal, late_s))

    def _review(self, meal: Meal, late_s: int) -> None:
        good = meal.rng.random() < (0.86 if late_s < _ANNOYED_S else 0.45)
        stars = meal.rng.choice((4, 5, 5)) if good else meal.rng.choice((1, 2, 3, 3))
        aspects = {"taste": stars, "pack": min(5, stars + 1), "delivery": 5 if late_s == 0 else 2}
        self.door.review(meal.order, stars, aspects, meal.rng.choice(PRAISE if good else BLAME))

    def _complain(self, meal: Meal, late_s: int, at: datetime) -> None:
        kind = "late" if late_s >= _ANNOYED_S else meal.rng.choice(("missing", "wrong", "quality", "courier"))
        self.world.decide(at, self.key, f"complains: {kind}")
        items = [line for line in self.door.order(meal.order)["lines"] if line["kind"] == "item"]
        pieces = [{"line_id": meal.rng.choice(items)["id"], "qty": 1}] if kind in {"missing", "wrong", "quality"} else []
        case = self.door.complain(meal.order, kind, meal.rng.choice(COMPLAINTS), pieces, None if pieces else 300)
        if case["state"] == "open" and self.world.support:
            self.world.support.takes(case, meal.rng, at)


def number_of(store: str) -> int:
    """The number inside of a store's sealed identifier."""
    return doors.number("st", store)
