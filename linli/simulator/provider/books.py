"""What happens in the provider's books: a trade is made, paid, closed, refunded. Each is one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F

from linli.kernel.errors import N_, Conflict, Gone, Invalid, NotFound
from linli.kernel.ids import new_id
from linli.simulator.provider import notices
from linli.simulator.provider.models import Trade, TradeRefund
from linli.simulator.provider.moods import CHOICES, mood_for
from linli.simulator.provider.signing import from_merchant, moment

ZONE = ZoneInfo("Asia/Shanghai")


def take(params: Mapping[str, str], *, at: datetime) -> Trade:
    """The trade that a signed address asks for; opened twice it is the same one. Raises Invalid, Gone, Conflict."""
    if not from_merchant(params):
        raise Invalid("sandbox.signature", N_("This address was not signed by the merchant."))
    try:
        amount, expires_at = int(params["amount"]), moment(params["expires_at"])
        wanted = {name: params[name] for name in ("currency", "subject", "notify_url", "return_url")}
    except (KeyError, ValueError):
        raise Invalid("sandbox.unreadable", N_("This address is not complete.")) from None
    trade, _ = Trade.objects.get_or_create(
        merchant=params["app_id"], out_number=params["out_trade_no"],
        defaults={"id": new_id(at), "amount": amount, "created_at": at, "expires_at": expires_at, **wanted},
    )  # fmt: skip
    if (trade.amount, trade.currency) != (amount, wanted["currency"]):
        raise Conflict("sandbox.mismatch", N_("The merchant has asked for another amount under this number before."))
    if trade.state == "WAIT" and expires_at <= at:
        raise Gone("sandbox.expired", N_("The time to pay is over. Nothing was charged."))
    return trade


def find(trade_id: int) -> Trade:
    """The trade. Raises NotFound."""
    trade = Trade.objects.filter(id=trade_id).first()
    if trade is None:
        raise NotFound("sandbox.unknown", N_("There is no such payment."))
    return trade


@transaction.atomic
def pay(*, trade_id: int, mood: str, at: datetime) -> bool:
    """The payer pays; pressed twice it is paid once. Returns whether this call did it. Raises Gone when it is closed or too late."""
    waiting = Trade.objects.filter(id=trade_id, state="WAIT", expires_at__gt=at)
    if not waiting.update(state="SUCCESS", paid_at=at):
        if find(trade_id).state == "SUCCESS":
            return False
        raise Gone("sandbox.expired", N_("The time to pay is over. Nothing was charged."))
    trade = find(trade_id)
    trade.mood = mood if mood in CHOICES else mood_for(trade.out_number)
    trade.save(update_fields=["mood"])
    notices.of_payment(trade, at=at)
    return True


@transaction.atomic
def close(*, merchant: str, out_number: str) -> Trade | None:
    """The merchant wants the trade closed; a paid one stays paid. Returns it as it is then, None when there is none."""
    Trade.objects.filter(merchant=merchant, out_number=out_number, state="WAIT").update(state="CLOSED")
    return Trade.objects.filter(merchant=merchant, out_number=out_number).first()


@transaction.atomic
def refund(*, merchant: str, out_number: str, refund_number: str, amount: int, currency: str, at: datetime) -> TradeRefund | None:
    """Sends money back; the same `refund_number` twice is one refund. None when the trade does not hold that much (any more)."""
    trade = Trade.objects.select_for_update().filter(merchant=merchant, out_number=out_number, state="SUCCESS", currency=currency).first()
    if trade is None:
        return None
    known = TradeRefund.objects.filter(trade=trade, out_number=refund_number).first()
    if known is not None:
        return known if known.amount == amount else None
    enough = Trade.objects.filter(id=trade.id, amount__gte=F("refunded") + amount)
    if amount <= 0 or not enough.update(refunded=F("refunded") + amount):
        return None
    made = TradeRefund.objects.create(id=new_id(at), trade=trade, out_number=refund_number, amount=amount, created_at=at)
    notices.of_refund(made, at=at)
    return made


def statement(*, merchant: str, day: date) -> str:
    """The merchant's lines of `day`: number, amount (refunds negative), the provider's number."""
    start = datetime.combine(day, datetime.min.time(), ZONE)
    window = (start, start + timedelta(days=1) - timedelta(microseconds=1))
    paid = Trade.objects.filter(merchant=merchant, paid_at__range=window).values_list("out_number", "amount", "id")
    back = TradeRefund.objects.filter(trade__merchant=merchant, created_at__range=window).values_list("out_number", "amount", "id")
    lines = [f"{number},{amount},{own}" for number, amount, own in paid] + [f"{number},{-amount},{own}" for number, amount, own in back]
    return "\n".join(sorted(lines))
