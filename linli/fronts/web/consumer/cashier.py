"""The cashier: choose how to pay, go and pay, come back and see."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.apps.dining import queries as dining
from linli.apps.orders import queries as orders
from linli.apps.payments import operations, queries
from linli.apps.payments.queries import IntentView
from linli.fronts.web.consumer.pages import page, part, said
from linli.fronts.web.identity import Request, signed_in
from linli.kernel.errors import N_, NotFound, Problem
from linli.platform import ids


def _mine(request: Request, name: str) -> IntentView:
    """The payment, if it is the person's. Raises NotFound."""
    intent = queries.intent(intent_id=ids.unseal("in", name))
    if intent.person_id != request.actor.person_id:
        raise NotFound("intent.unknown", N_("There is no such payment."))
    return intent


def _home_of(intent: IntentView) -> str:
    """The page of what is paid for."""
    if (checkout_id := _checkout_id(intent)) is not None:
        return f"/checkouts/{ids.seal('ck', checkout_id)}"
    kind, _, number = intent.ref.partition(":")
    if kind == "ts":
        share = dining.share(share_id=int(number), person_id=intent.person_id)
        return f"/visits/{ids.seal('vi', share.visit_id)}/bill"
    order_id = _order_id(intent)
    return f"/orders/{ids.seal('or', order_id)}" if order_id else "/me/balance"


def _checkout_id(intent: IntentView) -> int | None:
    """The checkout that is paid for, if it is one."""
    kind, _, number = intent.ref.partition(":")
    return int(number) if kind == "co" else None


def _order_id(intent: IntentView) -> int | None:
    """The order that is paid for (at once, or what is owed for it) or tipped for; None for the balance."""
    kind, _, number = intent.ref.partition(":")
    if kind == "tip":
        return orders.tip(tip_id=int(number)).order_id
    return int(number.partition(":")[0]) if kind in ("or", "due") else None


def begin(request: Request, intent_id: int, method: str) -> str:
    """The address to go to for paying by `method`; the cashier itself when there is a choice left. Raises what `start` raises."""
    try:
        step = operations.start(intent_id=intent_id, person_id=request.actor.person_id, method=method, at=request.at)
    except Problem:
        return f"/pay/{ids.seal('in', intent_id)}"
    own = settings.BASE_URL
    return step.url[len(own) :] or "/" if step.url.startswith(own) else step.url


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: Request, name: str) -> HttpResponse:
    """The cashier's desk. Paid goes on to the order; a POST begins to pay."""
    intent = _mine(request, name)
    if intent.state == "captured":
        return HttpResponseRedirect(_home_of(intent))
    if request.method == "POST":
        try:
            step = operations.start(
                intent_id=intent.id, person_id=request.actor.person_id, method=request.POST.get("method", ""), at=request.at
            )
        except Problem as problem:
            return _desk(request, intent, problem)
        own = settings.BASE_URL
        return HttpResponseRedirect(step.url[len(own) :] or "/" if step.url.startswith(own) else step.url)
    return _desk(request, intent)


def _desk(request: Request, intent: IntentView, problem: Problem | None = None) -> HttpResponse:
    over = intent.state == "open" and intent.expires_at <= request.at  # the job that closes it may not have come by yet
    state = "expired" if over else intent.state
    order_id, tip = _order_id(intent), intent.ref.startswith("tip:")
    order = orders.order(order_id=order_id, person_id=request.actor.person_id) if order_id else None
    checkout_id = _checkout_id(intent)
    together = orders.together_of(checkout_id=checkout_id, person_id=request.actor.person_id) if checkout_id is not None else []
    first = order or next((each for each in together if each.method not in orders.PAID_BY.values()), None)
    mode, city_id = (first.mode, first.city_id) if first else ("", 0)
    offered = queries.methods(city_id=city_id, amount=intent.amount, mode=mode, person_id=request.actor.person_id)
    methods = [method for method in offered if method.code in intent.methods]
    chosen = intent.method or (first.method if first and intent.ref.startswith(("or:", "co:")) else "")
    context = {
        "intent": intent,
        "order": order,
        "together": together,
        "tip": tip,
        "table": intent.ref.startswith("ts:"),
        "methods": methods,
        "method": chosen,
        "home_of": _home_of(intent),
        "state": state,
        **said(problem),
    }
    return page(request, "pay.html", context, status=problem.status if problem else 200)


@signed_in
@never_cache
@require_GET
def state(request: Request, name: str) -> HttpResponse:
    """Asked every few seconds while the provider's word is awaited: goes on as soon as it is there."""
    intent = _mine(request, name)
    if intent.state != "open":
        return HttpResponse(status=204, headers={"HX-Redirect": _home_of(intent) if intent.state == "captured" else f"/pay/{name}"})
    return part(request, "parts/pay_state.html", {"intent": intent})


@signed_in
@require_POST
def ask(request: Request, name: str) -> HttpResponse:
    """Ask the provider at once, for somebody who has paid and does not want to wait for its word."""
    intent = _mine(request, name)
    operations.ask(intent_id=intent.id, at=request.at)
    return HttpResponseRedirect(f"/pay/{name}")
