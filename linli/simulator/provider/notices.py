"""Messages to the merchant: signed at the moment of sending, sent again and again until they are acknowledged."""

from __future__ import annotations

from datetime import datetime, timedelta

import httpx
from django.conf import settings
from django.db.models import F

from linli.kernel.ids import new_id
from linli.platform import http
from linli.platform.jobs import task
from linli.simulator.provider.models import Notice, Trade, TradeRefund
from linli.simulator.provider.signing import seal

LATE = timedelta(seconds=60)
# Seconds to the next try, as the large providers of China document theirs; after the last one the provider gives up.
PAUSES_S = (15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10_800, 10_800, 10_800, 21_600, 21_600)
TIMEOUT_S = 10


def payment_params(trade: Trade) -> dict[str, str]:
    """What the provider says about a trade, in a notice as in an answer."""
    return {
        "kind": "payment", "app_id": trade.merchant, "out_trade_no": trade.out_number, "trade_no": str(trade.id), "status": trade.state,
        "amount": str(trade.amount), "currency": trade.currency, "happened_at": (trade.paid_at or trade.created_at).isoformat(),
    }  # fmt: skip


def refund_params(refund: TradeRefund) -> dict[str, str]:
    """What the provider says about a refund, in a notice as in an answer."""
    return {
        "kind": "refund", "app_id": refund.trade.merchant, "out_trade_no": refund.trade.out_number, "out_refund_no": refund.out_number,
        "trade_no": str(refund.id), "status": "SUCCESS", "amount": str(refund.amount), "currency": refund.trade.currency,
        "happened_at": refund.created_at.isoformat(),
    }  # fmt: skip


def of_payment(trade: Trade, *, at: datetime) -> None:
    """Tells of a payment in the trade's mood: on time, late, twice, after it an older truth, or not at all."""
    if trade.mood == "never":
        return
    told = payment_params(trade)
    _tell(trade, told, at + LATE if trade.mood == "late" else at, at)
    if trade.mood == "twice":
        _tell(trade, told, at, at)
    if trade.mood == "shuffled":
        _tell(trade, {**told, "status": "WAIT"}, at, at)


def of_refund(refund: TradeRefund, *, at: datetime) -> None:
    """Tells of a refund."""
    _tell(refund.trade, refund_params(refund), at, at)


def _tell(trade: Trade, params: dict[str, str], run_at: datetime, at: datetime) -> None:
    notice = Notice.objects.create(id=new_id(at), trade=trade, params=params, created_at=at)
    deliver.enqueue(run_at=run_at, at=at, notice_id=notice.id)


@task("sandbox.deliver", transactional=False, retries=3)
def deliver(*, at: datetime, notice_id: int) -> None:
    """Sends a notice once; what is not acknowledged with `success` is sent again after a pause."""
    notice = Notice.objects.select_related("trade").get(id=notice_id)
    if notice.state != "waiting":
        return
    params = seal({**notice.params, "notify_id": f"n{notice.id}", "notify_time": at.isoformat()})
    done = _sent(notice.trade.notify_url, params)
    last = notice.tries >= len(PAUSES_S)
    state = "delivered" if done else "given_up" if last else "waiting"
    Notice.objects.filter(id=notice_id).update(tries=F("tries") + 1, state=state, last_at=at)
    if state == "waiting":
        deliver.enqueue(run_at=at + timedelta(seconds=PAUSES_S[notice.tries]), at=at, notice_id=notice_id)


def _sent(url: str, params: dict[str, str]) -> bool:
    """Whether the merchant has acknowledged. Only the merchant's own address is called, whatever the trade says."""
    if not url.startswith(f"{settings.BASE_URL}/gateways/"):
        return False
    try:
        with http.client("", TIMEOUT_S) as client:
            answer = client.post(url, data=params)
    except httpx.HTTPError:
        return False
    return answer.status_code == 200 and answer.text.strip() == "success"
