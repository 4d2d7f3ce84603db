"""The provider's pages: what the payer sees between the merchant's cashier and its result page."""

from __future__ import annotations

import io

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from linli.kernel.errors import Problem
from linli.kernel.money import Money
from linli.platform import clock, ids
from linli.simulator.provider import books
from linli.simulator.provider.models import Trade
from linli.simulator.provider.moods import CHOICES

KIND = "tr"


def _address(trade: Trade) -> str:
    return f"/sandbox/t/{ids.seal(KIND, trade.id)}"


def _refused(request: HttpRequest, problem: Problem) -> HttpResponse:
    text = _(problem.message) % problem.params
    return render(request, "simulator/provider/refused.html", {"text": text}, status=problem.status)


@require_GET
def enter(request: HttpRequest) -> HttpResponse:
    """Where the merchant's signed address leads: opens the trade and shows it under a short address."""
    try:
        trade = books.take(request.GET.dict(), at=clock.now())
    except Problem as problem:
        return _refused(request, problem)
    return HttpResponseRedirect(_address(trade))


@csrf_exempt  # the address itself is what only the payer knows; the provider has no cookie that could be abused
@require_http_methods(["GET", "POST"])
def trade(request: HttpRequest, token: str) -> HttpResponse:
    """The pay page; `action` is pay, fail or leave, `mood` says how the merchant will be told (by chance when it is not given)."""
    try:
        found = books.find(ids.unseal(KIND, token))
        return _act(request, found) if request.method == "POST" else _page(request, found, "")
    except Problem as problem:
        return _refused(request, problem)


def _act(request: HttpRequest, found: Trade) -> HttpResponse:
    action = request.POST.get("action", "")
    if action == "fail":
        return _page(request, found, _("The bank has declined this payment. Nothing was charged."))
    if action == "pay":
        books.pay(trade_id=found.id, mood=request.POST.get("mood", ""), at=clock.now())
    return HttpResponseRedirect(_back(found))


def _back(found: Trade) -> str:
    """The merchant's result page, only ever on the merchant's own site."""
    return found.return_url if found.return_url.startswith(f"{settings.BASE_URL}/") else "/"


def _page(request: HttpRequest, found: Trade, message: str) -> HttpResponse:
    state = "CLOSED" if found.state == "WAIT" and found.expires_at <= clock.now() else found.state
    moods = dict(zip(CHOICES, (_("on time"), _("a minute late"), _("twice"), _("in the wrong order"), _("never")), strict=True))
    context = {
        "trade": found, "state": state, "amount": str(Money(found.amount, found.currency)), "moods": moods, "message": message,
        "back": _back(found), "qr": f"{_address(found)}/qr.svg",
    }  # fmt: skip
    return render(request, "simulator/provider/pay.html", context)


@require_GET
def qr(request: HttpRequest, token: str) -> HttpResponse:
    """The pay page's address as a QR code, for paying on a phone what was ordered on a desktop."""
    try:
        found = books.find(ids.unseal(KIND, token))
    except Problem as problem:
        return _refused(request, problem)
    out = io.BytesIO()
    segno.make(f"{settings.BASE_URL}{_address(found)}", error="m").save(out, kind="svg", scale=4, border=2, xmldecl=False)
    return HttpResponse(out.getvalue(), content_type="image/svg+xml")
