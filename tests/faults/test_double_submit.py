"""Twenty at once over HTTP against a real server: one order, one payment, one refund, and never more than there is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import httpx
import pytest

from linli.apps.accounts import operations as accounts
from linli.apps.payments import operations as payments
from linli.apps.payments import queries as paying
from linli.apps.promotions import operations as promotions
from linli.apps.promotions import queries as deals
from linli.apps.promotions.operations import CampaignWant
from linli.apps.stock import queries as stock
from linli.kernel.actors import SYSTEM
from linli.platform import clock, ids, invariants, jobs
from tests import town
from tests.server import serving

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
CLIENTS = 20
Answer = tuple[int, dict[str, Any]]


class Live:
    """The town behind a server, and people who talk to it over HTTP."""

    def __init__(self, address: str) -> None:
        self.address = f"{address}/api/v1"
        self.town = town.build()

    def token(self, person_id: int) -> str:
        return accounts.issue_token(person_id=person_id, at=town.NOON)

    def send(self, token: str, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        sent = {"authorization": f"Bearer {token}", "accept-language": "en"} | headers
        reply = httpx.request(method, f"{self.address}{path}", json=body, headers=sent, timeout=60, trust_env=False)
        return reply.status_code, reply.json()

    def fill(self, token: str, address_id: int, qty: int = 2) -> dict[str, Any]:
        """A cart of beef noodles, and what to send to order it."""
        store = ids.seal("st", self.town.noodles)
        added = self.send(token, "POST", f"/carts/{store}/lines", {"offer_id": ids.seal("of", self.town.dishes["牛肉面"]), "qty": qty})
        assert added[0] == 201, added
        want = {"store_id": store, "mode": "delivery", "address_id": ids.seal("ad", address_id)}
        status, quote = self.send(token, "POST", "/quotes", want)
        assert status == 200, quote
        assert quote["problems"] == []
        return want | {"quote_token": quote["token"], "method": "balance"}

    def newcomers(self, count: int) -> list[tuple[int, int]]:
        """People with a balance, and their addresses."""
        made = []
        for number in range(count):
            who = accounts.ensure_person(phone=f"139000000{number:02}", name=f"客{number}", at=town.NOON).id
            where = accounts.save_address(
                person_id=who, label="家", contact_name="客", phone="13900000000", place="和平里", detail="1", lat=town.HOME.lat,
                lng=town.HOME.lng, is_default=True, at=town.NOON,
            )  # fmt: skip
            payments.give_balance(person_id=who, amount=50_000, key=f"new-{who}", reason="test", by=SYSTEM, at=town.NOON)
            made.append((who, where.id))
        return made


@pytest.fixture
def live(transactional_db: None) -> Iterator[Live]:
    clock.set_pace(town.NOON, 1.0)
    with serving() as address:
        made = Live(address)
        yield made
        jobs.drain(town.NOON + timedelta(minutes=1))
        assert {name: wrong for name, wrong in invariants.check_all(town.NOON + timedelta(minutes=1)).items() if wrong} == {}


def at_once(calls: Sequence[Callable[[], Answer]]) -> list[Answer]:
    """What the calls give when all begin together."""
    gate = Barrier(len(calls))

    def run(call: Callable[[], Answer]) -> Answer:
        gate.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def statuses(answers: list[Answer]) -> Counter[str]:
    return Counter(str(status) if status < 400 else answer["code"] for status, answer in answers)


def placed(live: Live, token: str, body: dict[str, Any], key: str) -> Answer:
    return live.send(token, "POST", "/orders", body, **{"idempotency-key": key})


def one_order(live: Live) -> tuple[str, dict[str, Any]]:
    """Lin's token, and an order of hers that waits for payment."""
    token = live.token(live.town.lin)
    status, order = placed(live, token, live.fill(token, live.town.home), "only-one-1")
    assert status == 201, order
    return token, order


def test_the_same_order_sent_twenty_times_is_one(live: Live) -> None:
    token = live.token(live.town.lin)
    body = live.fill(token, live.town.home)
    answers = at_once([lambda: placed(live, token, body, "same-key-1")] * CLIENTS)
    assert statuses(answers) == {"201": CLIENTS}
    assert len({answer["id"] for _, answer in answers}) == 1
    assert len(live.send(token, "GET", "/orders")[1]["items"]) == 1


def test_twenty_clicks_with_keys_of_their_own_empty_the_cart_once(live: Live) -> None:
    token = live.token(live.town.lin)
    body = live.fill(token, live.town.home)
    answers = at_once([lambda n=n: placed(live, token, body, f"own-key-{n:02}") for n in range(CLIENTS)])  # type: ignore[misc]
    assert statuses(answers)["201"] == 1
    assert all(status == 201 or 400 <= status < 500 for status, _ in answers), statuses(answers)
    assert len(live.send(token, "GET", "/orders")[1]["items"]) == 1


def test_paying_twenty_times_pays_once(live: Live) -> None:
    token, order = one_order(live)
    intent = live.send(token, "GET", f"/orders/{order['id']}/payment")[1]["intent"]["id"]
    before = paying.balance(person_id=live.town.lin)
    answers = at_once([lambda: live.send(token, "POST", f"/payments/{intent}/start", {"method": "balance"})] * CLIENTS)
    assert statuses(answers) == {"200": CLIENTS}
    assert {answer["kind"] for _, answer in answers} == {"done"}
    assert paying.balance(person_id=live.town.lin) == before - order["total"]


def test_starting_at_the_provider_twenty_times_is_one_number(live: Live) -> None:
    token, order = one_order(live)
    intent = live.send(token, "GET", f"/orders/{order['id']}/payment")[1]["intent"]["id"]
    answers = at_once([lambda: live.send(token, "POST", f"/payments/{intent}/start", {"method": "sandbox_qr"})] * CLIENTS)
    assert statuses(answers) == {"200": CLIENTS}
    assert len({answer["url"] for _, answer in answers}) == 1


def test_cancelling_twenty_times_gives_back_once(live: Live) -> None:
    before = paying.balance(person_id=live.town.lin)
    token, order = one_order(live)
    intent = live.send(token, "GET", f"/orders/{order['id']}/payment")[1]["intent"]["id"]
    assert live.send(token, "POST", f"/payments/{intent}/start", {"method": "balance"})[0] == 200
    jobs.drain(town.NOON + timedelta(seconds=30))
    answers = at_once([lambda: live.send(token, "POST", f"/orders/{order['id']}/cancel", {"reason": "changed my mind"})] * CLIENTS)
    assert statuses(answers)["200"] >= 1
    assert all(status < 500 for status, _ in answers), statuses(answers)
    assert paying.balance(person_id=live.town.lin) == before


def test_pay_and_cancel_at_once_leaves_no_money_between_them(live: Live) -> None:
    before = paying.balance(person_id=live.town.lin)
    token, order = one_order(live)
    intent = live.send(token, "GET", f"/orders/{order['id']}/payment")[1]["intent"]["id"]
    pay = [lambda: live.send(token, "POST", f"/payments/{intent}/start", {"method": "balance"})] * (CLIENTS // 2)
    stop = [lambda: live.send(token, "POST", f"/orders/{order['id']}/cancel", {"reason": "changed my mind"})] * (CLIENTS // 2)
    answers = at_once([*pay, *stop])
    assert all(status < 500 for status, _ in answers), statuses(answers)
    jobs.drain(town.NOON + timedelta(minutes=1))
    state = live.send(token, "GET", f"/orders/{order['id']}")[1]["state"]
    kept = before - paying.balance(person_id=live.town.lin)
    assert (state, kept) in {("cancelled", 0), ("paid", order["total"]), ("accepted", order["total"])}


def test_the_last_five_bowls_go_to_five(live: Live) -> None:
    people = live.newcomers(CLIENTS)
    tokens = [live.token(who) for who, _ in people]
    bodies = [live.fill(token, where, qty=1) for token, (_, where) in zip(tokens, people, strict=True)]
    live.town.limit("牛肉面", 5)
    calls = [lambda t=t, b=b: placed(live, t, b, "my-only-key") for t, b in zip(tokens, bodies, strict=True)]  # type: ignore[misc]
    answers = at_once(calls)
    assert statuses(answers)["201"] == 5
    assert statuses(answers).total() == CLIENTS
    assert all(status in {201, 409} for status, _ in answers), statuses(answers)
    assert stock.left(offer_ids=[live.town.dishes["牛肉面"]], at=town.NOON) == {live.town.dishes["牛肉面"]: 0}


def test_a_budget_for_three_is_spent_by_three(live: Live) -> None:
    day = timedelta(days=1)
    want = CampaignWant(
        kind="full_reduction", title="减", title_en="Off", rules={"tiers": [[1000, 500]]}, starts_at=town.NOON - day,
        ends_at=town.NOON + day, store_id=live.town.noodles, budget=1500,
    )  # fmt: skip
    campaign = promotions.put_campaign(want=want, at=town.NOON)
    people = live.newcomers(CLIENTS)
    tokens = [live.token(who) for who, _ in people]
    bodies = [live.fill(token, where, qty=1) for token, (_, where) in zip(tokens, people, strict=True)]
    calls = [lambda t=t, b=b: placed(live, t, b, "my-only-key") for t, b in zip(tokens, bodies, strict=True)]  # type: ignore[misc]
    answers = at_once(calls)
    assert statuses(answers)["201"] == 3
    assert all(status in {201, 409} for status, _ in answers), statuses(answers)
    assert [view.spent for view in deals.campaigns(store_id=live.town.noodles) if view.id == campaign] == [1500]


def test_ordering_and_cancelling_at_once_wait_for_each_other_in_one_order(live: Live) -> None:
    day = timedelta(days=1)
    want = CampaignWant(
        kind="full_reduction", title="减", title_en="Off", rules={"tiers": [[1000, 500]]}, starts_at=town.NOON - day,
        ends_at=town.NOON + day, store_id=live.town.noodles,
    )  # fmt: skip
    promotions.put_campaign(want=want, at=town.NOON)
    live.town.limit("牛肉面", 100)
    people = live.newcomers(CLIENTS)
    tokens = [live.token(who) for who, _ in people]
    bodies = [live.fill(token, where, qty=1) for token, (_, where) in zip(tokens, people, strict=True)]
    early, late = list(zip(tokens, bodies, strict=True))[::2], list(zip(tokens, bodies, strict=True))[1::2]
    made = [(token, placed(live, token, body, "my-only-key")[1]["id"]) for token, body in early]
    stop = [lambda t=t, o=o: live.send(t, "POST", f"/orders/{o}/cancel", {"reason": "test"}) for t, o in made]  # type: ignore[misc]
    go = [lambda t=t, b=b: placed(live, t, b, "my-only-key") for t, b in late]  # type: ignore[misc]
    answers = at_once([call for pair in zip(stop, go, strict=True) for call in pair])
    assert statuses(answers) == {"200": CLIENTS // 2, "201": CLIENTS // 2}
    assert stock.left(offer_ids=[live.town.dishes["牛肉面"]], at=town.NOON) == {live.town.dishes["牛肉面"]: 100 - CLIENTS // 2}
