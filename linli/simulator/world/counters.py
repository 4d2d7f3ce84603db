"""The doors of those who work in the simulated city: at the till, in the kitchen, at the reception, at support, on the street."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import cast

import httpx

from linli.simulator.world.doors import Door, Json


class Desk(Door):
    """What support does."""

    def case(self, case: str) -> Json:
        """A complaint."""
        return cast(Json, self.ask("GET", f"/support/cases/{case}"))

    def answer(self, case: str, text: str) -> None:
        """Say something to the person."""
        self.ask("POST", f"/support/cases/{case}/messages", body={"text": text})

    def decide(self, case: str, refund: int, text: str) -> None:
        """End it."""
        self.ask("POST", f"/support/cases/{case}/decide", body={"refund": refund, "text": text})


class Till(Door):
    """What somebody at the till of a store, or at the gate of a sight, does."""

    def __init__(self, client: httpx.Client, sign_in: Callable[[], str], store: str) -> None:
        super().__init__(client, sign_in)
        self._base = f"/merchant/stores/{store}"

    def redeem(self, code: str, key: str) -> None:
        """Use a code once."""
        self.ask("POST", f"{self._base}/redemptions", body={"code": code}, key=key)


class Kitchen(Door):
    """What the staff of a store does."""

    def __init__(self, client: httpx.Client, sign_in: Callable[[], str], store: str) -> None:
        super().__init__(client, sign_in)
        self._base = f"/merchant/stores/{store}"

    def order(self, order: str) -> Json:
        """An order of the store."""
        return cast(Json, self.ask("GET", f"{self._base}/orders/{order}"))

    def accept(self, order: str) -> Json:
        """Take it on."""
        return cast(Json, self.ask("POST", f"{self._base}/orders/{order}/accept", body={}))

    def refuse(self, order: str, reason: str) -> None:
        """Say that it cannot be made."""
        self.ask("POST", f"{self._base}/orders/{order}/refuse", body={"reason": reason})

    def ready(self, order: str) -> None:
        """Packed."""
        self.ask("POST", f"{self._base}/orders/{order}/ready")

    def served(self, order: str) -> None:
        """Brought to the table."""
        self.ask("POST", f"{self._base}/orders/{order}/served")

    def floor(self) -> list[Json]:
        """The tables, and who sits there."""
        return cast(list[Json], self.ask("GET", f"{self._base}/floor"))

    def reservations(self) -> list[Json]:
        """Who has reserved, and the tables that are planned for them."""
        return cast(list[Json], self.ask("GET", f"{self._base}/reservations"))

    def visit(self, visit: str) -> Json:
        """A party at its table."""
        return cast(Json, self.ask("GET", f"{self._base}/visits/{visit}"))

    def take_money(self, visit: str, key: str) -> None:
        """They have paid at the counter what they owe."""
        self.ask("POST", f"{self._base}/visits/{visit}/counter", body={}, key=key)

    def clear(self, visit: str) -> None:
        """They have gone; the table is free."""
        self.ask("POST", f"{self._base}/visits/{visit}/close")

    def line(self) -> list[Json]:
        """Who waits for a table."""
        return cast(list[Json], self.ask("GET", f"{self._base}/line"))

    def call(self, waiting: str, table: str) -> None:
        """Call a party; the table is kept for it."""
        self.ask("POST", f"{self._base}/line/{waiting}/call", body={"table_id": table})

    def lead(self, waiting: str, table: str) -> Json:
        """Lead a party that was called to its table; the visit."""
        return cast(Json, self.ask("POST", f"{self._base}/line/{waiting}/seat", body={"table_id": table}))

    def hand_over(self, order: str, code: str) -> None:
        """Give it to whoever says its code."""
        self.ask("POST", f"{self._base}/orders/{order}/hand-over", body={"code": code})

    def complaint(self, case: str) -> Json:
        """A complaint about an order of the store."""
        return cast(Json, self.ask("GET", f"{self._base}/complaints/{case}"))

    def answer(self, case: str, text: str) -> None:
        """Say something about it."""
        self.ask("POST", f"{self._base}/complaints/{case}/messages", body={"text": text})

    def grant(self, case: str, refund: int, text: str) -> None:
        """Give money back for it."""
        self.ask("POST", f"{self._base}/complaints/{case}/grant", body={"refund": refund, "text": text})

    def sold_out(self, offer: str) -> None:
        """Take a dish off sale."""
        self.ask("PUT", f"{self._base}/offers/{offer}/on-sale", body={"on": False})

    def back_on_sale(self, offer: str) -> None:
        """Put a dish on sale again."""
        self.ask("PUT", f"{self._base}/offers/{offer}/on-sale", body={"on": True})


class Reception(Door):
    """What whoever receives guests does: those of a restaurant who have booked, of a salon, of a hotel."""

    def __init__(self, client: httpx.Client, sign_in: Callable[[], str], store: str) -> None:
        super().__init__(client, sign_in)
        self._base = f"/merchant/stores/{store}"

    def order(self, order: str) -> Json:
        """What somebody has booked."""
        return cast(Json, self.ask("GET", f"{self._base}/orders/{order}"))

    def accept(self, order: str) -> None:
        """Confirm it."""
        self.ask("POST", f"{self._base}/orders/{order}/accept", body={})

    def calendar(self, day: date) -> list[Json]:
        """What is booked for a day."""
        return cast(list[Json], self.ask("GET", f"{self._base}/bookings", first=day.isoformat(), days=1))

    def step(self, booking: str, event: str) -> None:
        """They are here (`arrive`), or have had it (`finish`, `leave`)."""
        self.ask("POST", f"{self._base}/bookings/{booking}/step", body={"event": event})

    def seat(self, order: str) -> Json:
        """Lead who has reserved to the table that was planned for them; the visit."""
        return cast(Json, self.ask("POST", f"{self._base}/reservations/{order}/seat", body={}))

    def check_in(self, order: str, room: str) -> None:
        """Give a guest the room."""
        self.ask("POST", f"{self._base}/orders/{order}/check-in", body={"room": room, "id_seen": True})

    def check_out(self, order: str) -> None:
        """The guest leaves."""
        self.ask("POST", f"{self._base}/orders/{order}/check-out")

    def paid(self, order: str) -> None:
        """The guest has paid at the desk."""
        self.ask("POST", f"{self._base}/orders/{order}/paid-at-desk")

    def nobody(self, order: str) -> None:
        """Nobody came."""
        self.ask("POST", f"{self._base}/orders/{order}/no-show")


class Rider(Door):
    """What a courier does."""

    def online(self, lat: float, lng: float, until: datetime | None = None) -> None:
        """Begin a shift."""
        self.ask("POST", "/courier/online", body={"lat": lat, "lng": lng, "until": until and until.isoformat()})

    def offline(self) -> None:
        """End it."""
        self.ask("POST", "/courier/offline")

    def report(self, fixes: list[tuple[float, float, datetime]]) -> None:
        """Say where one has been."""
        points = [{"lat": lat, "lng": lng, "at": at.isoformat()} for lat, lng, at in fixes]
        self.ask("POST", "/courier/positions", body={"points": points})

    def plan(self) -> list[Json]:
        """The stops, in the best order."""
        return cast(list[Json], self.ask("GET", "/courier/plan"))

    def job(self, job: str) -> Json:
        """One of my jobs."""
        return cast(Json, self.ask("GET", f"/courier/jobs/{job}"))

    def answer(self, job: str, *, accept: bool, reason: str = "") -> None:
        """Yes or no."""
        self.ask("POST", f"/courier/jobs/{job}/answer", body={"accept": accept, "reason": reason})

    def arrive(self, job: str) -> Json:
        """At the store."""
        return cast(Json, self.ask("POST", f"/courier/jobs/{job}/arrive"))

    def pick_up(self, job: str, code: str) -> None:
        """With the bag in hand."""
        self.ask("POST", f"/courier/jobs/{job}/pick-up", body={"code": code})

    def deliver(self, job: str, kind: str, value: str) -> None:
        """At the door."""
        self.ask("POST", f"/courier/jobs/{job}/deliver", body={"kind": kind, "value": value})

    def photo(self, picture: bytes) -> str:
        """The name under which the picture is kept."""
        return str(self.send("/courier/photos", picture, "image/jpeg")["name"])

    def finish(self, job: str) -> None:
        """There."""
        self.ask("POST", f"/courier/jobs/{job}/finish")

    def no_show(self, job: str) -> None:
        """Nobody came."""
        self.ask("POST", f"/courier/jobs/{job}/no-show")

    def rate(self, job: str, stars: int) -> None:
        """Say how the rider was."""
        self.ask("POST", f"/courier/jobs/{job}/rate", body={"stars": stars})

    def give_up(self, job: str, reason: str) -> None:
        """Hand it back."""
        self.ask("POST", f"/courier/jobs/{job}/give-up", body={"reason": reason})
