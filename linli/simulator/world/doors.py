"""The doors that simulated people use: the public API and the payment provider's pages, over HTTP. Who works has a `counter`."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, cast

import httpx

from linli.kernel.geo import Point
from linli.platform import ids

Json = dict[str, Any]


class Refused(Exception):
    """The platform said no; `code` is the problem document's."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(f"{status} {code}: {detail}")
        self.status = status
        self.code = code


class Door:
    """One person's way in: an HTTP client and their token."""

    def __init__(self, client: httpx.Client, sign_in: Callable[[], str]) -> None:
        self._client = client
        self._sign_in = sign_in
        self._token = ""

    def _send(self, method: str, path: str, headers: Mapping[str, str], **request: Any) -> httpx.Response:
        """One request; who is not (or no longer) signed in signs in and asks once more."""
        for fresh in (not self._token, True):
            if fresh:
                self._token = self._sign_in()
            signed = {"Authorization": f"Bearer {self._token}", "Accept-Language": "zh-Hans", **headers}
            answer = self._client.request(method, f"/api/v1{path}", headers=signed, **request)
            if answer.status_code != HTTPStatus.UNAUTHORIZED:
                break
        return answer

    def ask(self, method: str, path: str, *, body: Mapping[str, Any] | None = None, key: str = "", **query: Any) -> Any:
        """The document that the API answers. Raises Refused with the problem's code, httpx.HTTPError when nobody answers."""
        return _read(self._send(method, path, {"Idempotency-Key": key} if key else {}, json=body, params=query or None))

    def send(self, path: str, content: bytes, kind: str) -> Any:
        """What the API answers to a body that is no JSON."""
        return _read(self._send("POST", path, {"Content-Type": kind}, content=content))

    def pay(self, url: str, mood: str) -> None:
        """Open the provider's page at `url` and press pay; `mood` is how the provider will tell of it."""
        entered = self._client.get(url)
        page = entered.headers.get("location", "")
        if entered.status_code != 302 or not page:
            raise Refused(entered.status_code, "sandbox", "the provider shows no page")
        paid = self._client.post(page, data={"action": "pay", "mood": mood})
        if paid.status_code != 302:
            raise Refused(paid.status_code, "sandbox", "the provider takes no payment")


def _read(answer: httpx.Response) -> Any:
    if answer.is_success:
        return answer.json()
    try:
        problem = cast(Json, answer.json())
    except ValueError:
        problem = {}
    raise Refused(answer.status_code, str(problem.get("code", "unreadable")), str(problem.get("detail", answer.text[:200])))


class Consumer(Door):
    """What somebody who is hungry does."""

    def addresses(self) -> list[Json]:
        """The address book."""
        return cast(list[Json], self.ask("GET", "/me/addresses"))

    def home(self, lat: float, lng: float) -> Json:
        """What delivers here."""
        return cast(Json, self.ask("GET", "/home", lat=lat, lng=lng))

    def agree(self) -> None:
        """Let what one does here be kept, and choose what one sees."""
        self.ask("PUT", "/me/personalisation", body={"agree": True})

    def tell(self, events: list[Json]) -> None:
        """What was looked at and tapped."""
        self.ask("POST", "/events", body={"events": events})

    def menu(self, store: str) -> Json:
        """A store's menu."""
        return cast(Json, self.ask("GET", f"/stores/{store}/menu"))

    def clear(self, store: str) -> None:
        """Empty the cart."""
        self.ask("DELETE", f"/carts/{store}")

    def add(self, store: str, offer: str, options: list[Json], qty: int) -> Json:
        """Put a dish into the cart; the cart."""
        return cast(Json, self.ask("POST", f"/carts/{store}/lines", body={"offer_id": offer, "options": options, "qty": qty}))

    def passes(self, store: str) -> list[Json]:
        """The vouchers and tickets of a store."""
        return cast(list[Json], self.ask("GET", f"/stores/{store}/passes"))

    def entries(self, store: str, offer: str) -> Json:
        """The entry slots of the first day for which a ticket is sold."""
        return cast(Json, self.ask("GET", f"/stores/{store}/passes/{offer}/entries"))

    def put(self, store: str, line: Json) -> None:
        """Put something into the cart that may have a time."""
        self.ask("POST", f"/carts/{store}/lines", body=line)

    def codes(self, order: str) -> list[Json]:
        """The codes of an order of vouchers or tickets."""
        return cast(list[Json], self.ask("GET", f"/orders/{order}/passes"))

    def scan(self, token: str, people: int) -> Json:
        """Sit down at the table with this code; the visit."""
        return cast(Json, self.ask("POST", f"/tables/{token}/visit", body={"people": people}))

    def visit(self, visit: str) -> Json:
        """The table at which one sits."""
        return cast(Json, self.ask("GET", f"/visits/{visit}"))

    def pick(self, visit: str, dish: Json) -> None:
        """Put a dish into the cart of the table."""
        self.ask("POST", f"/visits/{visit}/picks", body=dish)

    def send_picks(self, visit: str) -> Json:
        """Send what was picked to the kitchen; the visit."""
        return cast(Json, self.ask("POST", f"/visits/{visit}/send", body={}))

    def bill(self, visit: str) -> None:
        """Say that one wants to pay at the counter."""
        self.ask("POST", f"/visits/{visit}/bill")

    def share(self, visit: str, way: str) -> Json:
        """Begin to pay a part of the bill; its payment."""
        return cast(Json, self.ask("POST", f"/visits/{visit}/shares", body={"way": way}))

    def queue(self, store: str, people: int) -> Json:
        """Take a number; the place in the line."""
        return cast(Json, self.ask("POST", f"/stores/{store}/line", body={"people": people}))

    def unqueue(self, waiting: str) -> None:
        """Wait no longer."""
        self.ask("DELETE", f"/waiting/{waiting}")

    def page(self, store: str) -> Json:
        """A store: where it is, whether it is open."""
        return cast(Json, self.ask("GET", f"/stores/{store}"))

    def timed(self, store: str) -> list[Json]:
        """The services and tables of a store that can be booked."""
        return cast(list[Json], self.ask("GET", f"/stores/{store}/timed"))

    def slots(self, offer: str, guests: int, days: int) -> list[Json]:
        """The times from today on that are free."""
        return cast(list[Json], self.ask("GET", f"/offers/{offer}/slots", guests=guests, days=days)["slots"])

    def hotels(self, near: Point, radius_m: int, **nights: Any) -> list[Json]:
        """Hotels around a place with rooms in these nights."""
        return cast(list[Json], self.ask("GET", "/stays", lat=near.lat, lng=near.lng, radius_m=radius_m, **nights)["items"])

    def rooms(self, store: str, **nights: Any) -> Json:
        """The rooms of a hotel, and what they cost in these nights."""
        return cast(Json, self.ask("GET", f"/stores/{store}/rooms", **nights))

    def owed(self, order: str) -> Json:
        """Begin to pay for a stay that is over; its payment."""
        return cast(Json, self.ask("POST", f"/orders/{order}/owed"))

    def settle(self, intent: Json, mood: str) -> None:
        """Pay `intent` on the provider's page; `mood` is how the provider will tell of it."""
        step = self.start(intent["id"], "sandbox")
        if step["kind"] != "done":
            self.pay(step["url"], mood)

    def quote(self, want: Json) -> Json:
        """What it would cost."""
        return cast(Json, self.ask("POST", "/quotes", body=want))

    def place(self, want: Json, token: str, method: str, key: str) -> Json:
        """Order; the order."""
        return cast(Json, self.ask("POST", "/orders", body={**want, "quote_token": token, "method": method}, key=key))

    def payment(self, order: str) -> Json:
        """What is to be paid."""
        return cast(Json, self.ask("GET", f"/orders/{order}/payment"))

    def start(self, intent: str, method: str) -> Json:
        """Begin to pay; the next step."""
        return cast(Json, self.ask("POST", f"/payments/{intent}/start", body={"method": method}))

    def order(self, order: str) -> Json:
        """One of my orders."""
        return cast(Json, self.ask("GET", f"/orders/{order}"))

    def cancel(self, order: str, reason: str) -> Json:
        """Call it off."""
        return cast(Json, self.ask("POST", f"/orders/{order}/cancel", body={"reason": reason}))

    def estimate(self, origin: tuple[str, Point], target: tuple[str, Point]) -> Json:
        """What a ride would cost."""
        ends: dict[str, Any] = {
            "from_name": origin[0], "from_lat": origin[1].lat, "from_lng": origin[1].lng,
            "to_name": target[0], "to_lat": target[1].lat, "to_lng": target[1].lng,
        }  # fmt: skip
        return cast(Json, self.ask("GET", "/rides/estimate", **ends))

    def call(self, service: str, fare: str, method: str, key: str) -> Json:
        """Call a ride; the order."""
        return cast(Json, self.ask("POST", "/rides", body={"service": service, "fare": fare, "method": method}, key=key))

    def rate_ride(self, order: str, stars: int) -> None:
        """Say how the driver was."""
        self.ask("POST", f"/rides/{order}/rate", body={"stars": stars})

    def review(self, order: str, stars: int, aspects: Mapping[str, int], text: str) -> None:
        """Say how it was."""
        self.ask("POST", f"/orders/{order}/review", body={"stars": stars, "aspects": dict(aspects), "text": text})

    def complain(self, order: str, kind: str, text: str, pieces: list[Json], wanted: int | None) -> Json:
        """Say what was wrong with it; the complaint."""
        body = {"kind": kind, "text": text, "lines": pieces, "wanted": wanted}
        return cast(Json, self.ask("POST", f"/orders/{order}/complaints", body=body))


def sealed(kind: str, number: int) -> str:
    """The identifier as it is outside."""
    return ids.seal(kind, number)


def number(kind: str, text: str) -> int:
    """The identifier as it is inside."""
    return ids.unseal(kind, text)


def fresh_key(*parts: object) -> str:
    """An idempotency key that is the same for the same parts."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "|".join(map(str, parts))))
