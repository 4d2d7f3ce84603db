"""Talks to the sandbox provider: signed addresses for the payer, signed requests, verified answers and notices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal, cast
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo

import httpx
from django.conf import settings

from linli.apps.payments.adapters.base import Asking, NextStep, Notice, Refused, StatementLine
from linli.apps.payments.adapters.sandbox.signing import genuine, signed
from linli.kernel.errors import N_, Unavailable
from linli.platform import http

FRESH_S = 300  # a notice signed longer ago than this is a replay
TIMEOUT_S = 10
_STATUS: dict[str, Literal["waiting", "success", "closed", "failed"]] = {
    "WAIT": "waiting", "SUCCESS": "success", "CLOSED": "closed", "FAILED": "failed",
}  # fmt: skip


class Sandbox:
    """See `base.Provider`."""

    code = "sandbox"
    merchant = "linli"
    _zone = ZoneInfo("Asia/Shanghai")

    def begin(self, asking: Asking, *, at: datetime) -> NextStep:
        """A redirect carries the signed order; as a QR code that is too dense for a phone, so the code holds a short address of ours."""
        if asking.method == "sandbox_qr":
            return NextStep("qr", f"{settings.BASE_URL}/gateways/sandbox/open/{asking.number}")
        params = {
            "app_id": self.merchant, "out_trade_no": asking.number, "amount": str(asking.amount), "currency": asking.currency,
            "subject": asking.subject, "notify_url": asking.notify_url, "return_url": asking.return_url,
            "expires_at": asking.expires_at.isoformat(), "timestamp": at.isoformat(),
        }  # fmt: skip
        return NextStep("redirect", f"{settings.BASE_URL}/sandbox/pay?{urlencode(signed(params))}")

    def read_notice(self, headers: Mapping[str, str], body: bytes, *, at: datetime) -> Notice:
        try:
            params = dict(parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True, max_num_fields=50))
        except ValueError:
            raise Refused("unreadable") from None
        if not genuine(params):
            raise Refused("forged")
        try:
            sent_at = datetime.fromisoformat(params["notify_time"])
            notice = _notice(params)
        except (KeyError, ValueError, TypeError):
            raise Refused("unreadable") from None
        if abs((at - sent_at).total_seconds()) > FRESH_S:
            raise Refused("stale")
        return notice

    def answer(self, accepted: bool) -> tuple[int, str]:
        return (200, "success") if accepted else (400, "fail")

    def query(self, number: str, *, at: datetime) -> Notice | None:
        found = self._ask("query", {"out_trade_no": number}, at)
        return _notice(found) if found["code"] == "OK" else None

    def close(self, number: str, *, at: datetime) -> None:
        self._ask("close", {"out_trade_no": number}, at)

    def refund(self, *, number: str, refund_number: str, amount: int, currency: str, at: datetime) -> Notice:
        wanted = {"out_trade_no": number, "out_refund_no": refund_number, "amount": str(amount), "currency": currency}
        answer = self._ask("refund", wanted, at)
        if answer["code"] == "OK":
            return _notice(answer)
        return Notice("", "refund", self.merchant, refund_number, "", "failed", amount, currency, at)

    def statement(self, day: date, *, at: datetime) -> Sequence[StatementLine]:
        lines = str(self._ask("statement", {"day": day.isoformat()}, at)["lines"]).splitlines()
        cells = [line.split(",") for line in lines if line]
        return [StatementLine(number, int(amount), ref) for number, amount, ref in cells]

    def day_of(self, moment: datetime) -> date:
        return moment.astimezone(self._zone).date()

    def _ask(self, verb: str, params: Mapping[str, str], at: datetime) -> dict[str, str]:
        """The provider's verified answer. Raises Unavailable when it does not give one."""
        full = signed({"app_id": self.merchant, "timestamp": at.isoformat(), **params})
        try:
            with http.client(f"{settings.BASE_URL}/sandbox/", TIMEOUT_S) as client:
                response = client.post(f"api/{verb}", data=full)
            answer = cast(dict[str, Any], response.json()) if response.status_code == 200 else {}
        except (httpx.HTTPError, ValueError):
            answer = {}
        if not genuine(answer):
            raise Unavailable("provider.unavailable", N_("The payment provider does not answer just now."))
        return answer


def _notice(params: Mapping[str, str]) -> Notice:
    refund = params.get("kind") == "refund"
    return Notice(
        notice_id=params.get("notify_id", ""), kind="refund" if refund else "payment", merchant=params["app_id"],
        number=params["out_refund_no" if refund else "out_trade_no"], provider_ref=params["trade_no"], status=_STATUS[params["status"]],
        amount=int(params["amount"]), currency=params["currency"], happened_at=datetime.fromisoformat(params["happened_at"]),
    )  # fmt: skip
