"""The provider's interface for merchants: signed forms in, signed JSON out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from linli.platform import clock
from linli.simulator.provider import books
from linli.simulator.provider.models import Trade
from linli.simulator.provider.notices import payment_params, refund_params
from linli.simulator.provider.signing import from_merchant, moment, seal

FRESH_S = 300
Params = Mapping[str, str]


def _query(params: Params, at: datetime) -> dict[str, str]:
    trade = Trade.objects.filter(merchant=params["app_id"], out_number=params["out_trade_no"]).first()
    return {"code": "OK", **payment_params(trade)} if trade else {"code": "UNKNOWN"}


def _close(params: Params, at: datetime) -> dict[str, str]:
    trade = books.close(merchant=params["app_id"], out_number=params["out_trade_no"])
    return {"code": "OK", "status": trade.state} if trade else {"code": "UNKNOWN"}


def _refund(params: Params, at: datetime) -> dict[str, str]:
    made = books.refund(
        merchant=params["app_id"], out_number=params["out_trade_no"], refund_number=params["out_refund_no"],
        amount=int(params["amount"]), currency=params["currency"], at=at,
    )  # fmt: skip
    return {"code": "OK", **refund_params(made)} if made else {"code": "REFUSED"}


def _statement(params: Params, at: datetime) -> dict[str, str]:
    return {"code": "OK", "lines": books.statement(merchant=params["app_id"], day=date.fromisoformat(params["day"]))}


VERBS: dict[str, Callable[[Params, datetime], dict[str, str]]] = {
    "query": _query, "close": _close, "refund": _refund, "statement": _statement,
}  # fmt: skip


@csrf_exempt
@require_POST
def call(request: HttpRequest, verb: str) -> HttpResponse:
    """Does one verb; a request that is unsigned, old or not understood is refused without saying more."""
    params, at = request.POST.dict(), clock.now()
    try:
        fresh = abs((at - moment(params["timestamp"])).total_seconds()) <= FRESH_S
        if not (fresh and from_merchant(params)):
            return HttpResponse("refused", status=401, content_type="text/plain")
        return JsonResponse(seal(VERBS[verb](params, at)))
    except (KeyError, ValueError):
        return HttpResponse("not understood", status=400, content_type="text/plain")
