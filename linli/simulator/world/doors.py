"""The doors that simulated people use: the public API and the payment provider's pages, over HTTP."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
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


def sealed(kind: str, number: int) -> str:
    """The identifier as it is outside."""
    return ids.seal(kind, number)


def number(kind: str, text: str) -> int:
    """The identifier as it is inside."""
    return ids.unseal(kind, text)


def fresh_key(*parts: object) -> str:
    """An idempotency key that is the same for the same parts."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "|".join(map(str, parts))))
