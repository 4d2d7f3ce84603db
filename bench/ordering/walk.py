"""The whole walk over HTTP on loopback: a web server and a worker as in use, 16 clients who order from their phones."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from ordering import city, cpu

city.begin()

from django.apps import apps  # noqa: E402 (needs Django)
from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402

from linli.apps.accounts import operations as accounts  # noqa: E402
from linli.platform import ids  # noqa: E402
from ordering import walking  # noqa: E402

CLIENTS, WEB = 16, 2
PATIENCE_S = 60


class Phone:
    """One connection that is kept, and JSON over it; as little as does it, since it runs on the same machine."""

    def __init__(self, port: int, token: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._token, self._rest = token, b""

    def say(self, method: str, path: str, body: Any = None, *, key: str = "", form: bytes = b"") -> Any:
        """The answer as JSON (or text); anything but success raises."""
        data = form or (json.dumps(body).encode() if body is not None else b"")
        kind = "application/x-www-form-urlencoded" if form else "application/json"
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {kind}\r\nContent-Length: {len(data)}\r\n"
        head += f"Authorization: Bearer {self._token}\r\n" + (f"Idempotency-Key: {key}\r\n" if key else "") + "\r\n"
        self._socket.sendall(head.encode() + data)
        status, answer = self._answer()
        if status >= 300:
            raise AssertionError(f"{method} {path}: {status} {answer[:300]!r}")
        return json.loads(answer) if answer[:1] in b"{[" else answer

    def _answer(self) -> tuple[int, bytes]:
        while b"\r\n\r\n" not in self._rest:
            self._more()
        head, _, self._rest = self._rest.partition(b"\r\n\r\n")
        lines = head.lower().split(b"\r\n")
        size = next(int(line.split(b":")[1]) for line in lines[1:] if line.startswith(b"content-length:"))
        while len(self._rest) < size:
            self._more()
        body, self._rest = self._rest[:size], self._rest[size:]
        return int(lines[0].split()[1]), body

    def _more(self) -> None:
        data = self._socket.recv(65_536)
        if not data:
            raise AssertionError("the server hung up")
        self._rest += data

    def close(self) -> None:
        """Hang up."""
        self._socket.close()


def order(port: int, person: int, store: int, offers: list[int], campaign: str, took: list[float]) -> None:
    """Sign in with a token, fill a cart, say where, take a coupon, ask the price, order, pay."""
    api, shop = "/api/v1", ids.seal("st", store)
    phone = Phone(port, accounts.issue_token(person_id=person, at=datetime.now(UTC)))
    began = time.perf_counter()
    phone.say("PUT", f"{api}/carts/{shop}", {"lines": [{"offer_id": ids.seal("of", offer), "qty": 1} for offer in offers]})
    where = {"label": "家", "contact_name": "林", "phone": "13800138000", "place": "楼", "detail": "1", **PLACES[store]}
    address = phone.say("POST", f"{api}/me/addresses", where)["id"]
    phone.say("POST", f"{api}/coupons/claimable/{campaign}")
    want = {"store_id": shop, "mode": "delivery", "address_id": address}
    quote = phone.say("POST", f"{api}/quotes", want)
    asked = time.perf_counter()
    placed = phone.say("POST", f"{api}/orders", want | {"quote_token": quote["token"], "method": "sandbox_qr"}, key=uuid4().hex)
    took.append(time.perf_counter() - asked)
    url = phone.say("POST", f"{api}/payments/{placed['payment']['id']}/start", {"method": "sandbox_qr"})["url"]
    body = walking.notice(url.rsplit("/", 1)[1], placed["total"], datetime.now(UTC))
    phone.say("POST", "/gateways/sandbox/notify", form=body)
    WALKED.append(time.perf_counter() - began)
    phone.close()


PLACES: dict[int, dict[str, float]] = {}
WALKED: list[float] = []


def prepare() -> tuple[list[tuple[int, int, list[int]]], str]:
    """Empty carts, and coupons still to be had; who orders where and what."""
    with connection.cursor() as cursor:
        for table in ("orders_cartline", "promotions_coupon"):
            cursor.execute(f"DELETE FROM {table}")
        cursor.execute("SELECT id FROM promotions_campaign WHERE kind = 'coupon'")
        campaign = ids.seal("ca", cursor.fetchone()[0])
        cursor.execute("SELECT person_id, store_id FROM orders_cart ORDER BY id")
        carts = cursor.fetchall()
        cursor.execute("DELETE FROM orders_cart")
        cursor.execute("SELECT id, lat, lng FROM merchants_store")
        PLACES.update({key: {"lat": lat + 0.003, "lng": lng + 0.003} for key, lat, lng in cursor.fetchall()})
        cursor.execute("SELECT store_id, id FROM catalog_offer WHERE external_ref IN ('o1', 'o6', 'o12')")
        offers: dict[int, list[int]] = {}
        for store, offer in cursor.fetchall():
            offers.setdefault(store, []).append(offer)
    connection.close()
    return [(person, store, offers[store]) for person, store in carts], campaign


def serve(port: int) -> list[subprocess.Popen[bytes]]:
    """The web server and a worker, each a family of processes of its own."""
    said = open(Path(settings.HOME) / "walk.log", "wb")  # noqa: SIM115 (open as long as they run)
    environment = {**os.environ, "PORT": str(port), "LINLI_BASE_URL": f"http://127.0.0.1:{port}"}
    web = ["granian", "--interface", "asgi", "--host", "127.0.0.1", "--port", str(port), "--workers", str(WEB), "--no-ws",
           "--log-level", "error", "linli.serve:asgi"]  # fmt: skip
    words = [web, ["linli", "worker", "--threads", "1"]]
    return [subprocess.Popen([sys.executable, "-m", *line], env=environment, stdout=said, stderr=said) for line in words]


def wait_for(port: int) -> None:
    """Until the server answers and has loaded its program in every worker."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        try:
            for _ in range(20):
                phone = Phone(port, "")
                phone.say("GET", "/health/ready")
                phone.say("GET", "/api/v1/openapi.json")
                phone.close()
            return
        except (OSError, AssertionError):
            time.sleep(0.3)
    raise AssertionError((Path(settings.HOME) / "walk.log").read_text()[-2000:])


def databases() -> list[int]:
    """The processes that serve this database, when it has some."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
        return [row[0] for row in cursor.fetchall()]


def main() -> None:
    todo, campaign = prepare()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    running = serve(port)
    try:
        wait_for(port)
        walk(port, todo[: city.WISH["orders"] // 10], campaign, 5)  # a server that has answered before
        report(port, todo[city.WISH["orders"] // 10 :], campaign, running)
    finally:
        for one in running:
            one.terminate()
        for one in running:
            one.wait(timeout=30)


def report(port: int, todo: list[tuple[int, int, list[int]]], campaign: str, running: list[subprocess.Popen[bytes]]) -> None:
    """Measure a walk of the wished length."""
    web, work = (cpu.family(one.pid) for one in running)
    settle()
    before = [cpu.of_all(pids) for pids in (web, work, databases())]
    told = messages()
    WALKED.clear()
    began, self_used = time.perf_counter(), time.process_time()
    took = walk(port, todo, campaign, city.WISH["walk_s"])
    walked = time.perf_counter() - began
    settle()
    lasted, self_used = time.perf_counter() - began, time.process_time() - self_used
    made = messages() - told
    used = [(cpu.of_all(pids) - was) * 1000 / made for pids, was in zip((web, work, databases()), before, strict=True)]
    sys.stdout.write(json.dumps({
        "walk_orders": made, "walk_orders_per_s": made / lasted, "walk_cpu_ms": sum(used), "walk_web_cpu_ms": used[0],
        "walk_worker_cpu_ms": used[1], "walk_database_cpu_ms": used[2], "walk_place_p99_ms": sorted(took)[int(len(took) * 0.99)] * 1000,
        "walk_clients_cpu_ms": self_used * 1000 / made, "walk_behind_s": lasted - walked,
        "walk_p50_ms": sorted(WALKED)[len(WALKED) // 2] * 1000,
    }))  # fmt: skip


def messages() -> int:
    """How many confirmations lie in inboxes."""
    return int(apps.get_model("notices.Message").objects.filter(kind="order.paid").count())


def settle() -> None:
    """Until every order that was paid has its confirmation in the inbox."""
    end = time.monotonic() + PATIENCE_S
    orders = apps.get_model("orders.Order").objects
    while messages() < orders.count() and time.monotonic() < end:
        time.sleep(0.05)


def walk(port: int, todo: list[tuple[int, int, list[int]]], campaign: str, seconds: float) -> list[float]:
    """Sixteen clients order for as many seconds; how long each placing took."""
    took: list[float] = []
    wrong: list[str] = []
    left, end = iter(todo), time.perf_counter() + seconds

    def client() -> None:
        try:
            while time.perf_counter() < end and not wrong and (one := next(left, None)):
                order(port, *one, campaign, took)
        except (OSError, AssertionError, KeyError, TypeError) as error:
            wrong.append(repr(error))

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise AssertionError(wrong[0])
    return took


main()
