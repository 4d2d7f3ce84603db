"""Money: the trial balance, who is owed what, payments and refunds, what providers told us, and where they and we do not agree."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Literal
from uuid import uuid4

from django.http import HttpResponse
from django.utils.translation import gettext

from linli.apps.accounts import queries as accounts
from linli.apps.merchants import queries as merchants
from linli.apps.orders import operations as ordering
from linli.apps.orders import queries as orders
from linli.apps.payments import operations, queries
from linli.fronts.web.identity import Request
from linli.fronts.web.operator.frame import back, city_of, show
from linli.kernel import money
from linli.kernel.errors import N_, Invalid, NotFound, Problem
from linli.platform.ids import seal, unseal

TABS: tuple[tuple[str, str], ...] = (
    ("", N_("Ledger")),
    ("/debts", N_("Debts")),
    ("/payments", N_("Payments")),
    ("/refunds", N_("Refunds")),
    ("/callbacks", N_("What providers told us")),
    ("/statements", N_("Compared with providers")),
)
ACCOUNTS: Mapping[str, str] = {
    "clearing": N_("With payment providers"), "bank": N_("On the bank account"), "receivable": N_("Cash to be collected at the door"),
    "cash": N_("Cash that couriers carry"), "escrow": N_("Held for orders"), "refunding": N_("On the way back to payers"),
    "balance": N_("Balances of persons"), "store": N_("Owed to stores"), "courier": N_("Owed to couriers"),
    "revenue": N_("Commission and fees"), "promotion": N_("Discounts borne by the platform"), "goodwill": N_("Gifts and goodwill"),
}  # fmt: skip
MOVES: Mapping[str, str] = {
    "capture": N_("Paid"), "cash": N_("Cash collected"),
    "tab": N_("Table's bill paid"), "hand_in": N_("Cash handed in"), "refund": N_("Refund"),
    "clawback": N_("Taken back for a refund"), "contribute": N_("Added by the platform"), "settle": N_("Settled"),
    "pay_out": N_("Paid out"), "top_up": N_("Top-up"), "give": N_("Gift"), "clear": N_("Cleared to the bank"),
}  # fmt: skip
OUTCOMES: Mapping[str, tuple[str, str]] = {
    "captured": (N_("paid"), "good"), "refunded": (N_("refund arrived"), "good"), "returned": (N_("too late: sent back"), "warn"),
    "already": (N_("known already"), ""), "noted": (N_("changes nothing"), ""), "forged": (N_("not signed by them"), "bad"),
    "stale": (N_("signed too long ago"), "bad"), "unreadable": (N_("not understood"), "bad"), "merchant": (N_("not for us"), "bad"),
    "amount": (N_("wrong amount"), "bad"), "currency": (N_("wrong currency"), "bad"), "unknown": (N_("unknown number"), "bad"),
}  # fmt: skip
DIFFERENCES: Mapping[str, str] = {
    "missing_here": N_("Only they have it"), "missing_there": N_("Only we have it"), "amount": N_("The amounts differ"),
}  # fmt: skip
STATES: Mapping[str, tuple[str, str]] = {
    "open": (N_("Not paid yet"), "warn"), "captured": (N_("Paid"), "good"), "cancelled": (N_("Called off"), ""),
    "expired": (N_("Expired"), ""), "pending": (N_("On its way back"), "warn"), "settled": (N_("Given back"), "good"),
    "failed": (N_("Failed"), "bad"),
}  # fmt: skip


def _shown(request: Request, tab: str, *, problem: Problem | None = None, **context: object) -> HttpResponse:
    tabs = [(address, gettext(words), address == tab) for address, words in TABS]
    return show(request, "operator/finance.html", "finance", problem=problem, tab=tab or "/ledger", tabs=tabs, **context)


def _worded(table: Mapping[str, tuple[str, str]], code: str) -> tuple[str, str]:
    words, tone = table.get(code, (code, ""))
    return gettext(words), tone


def _account(name: str) -> str:
    """`store:77` in words."""
    kind, _, _owner = name.partition(":")
    return gettext(ACCOUNTS.get(kind, kind))


SEALS: Mapping[str, str] = {"store": "st", "courier": "co", "cash": "co"}


def _owed(kind: str, rows: list[tuple[int, int]], names: Mapping[int, str]) -> tuple[str, str, list[tuple[str, str, int]]]:
    """A card: its title, the kind of account, and for each owner the sealed name, the name and the amount."""
    return gettext(ACCOUNTS[kind]), kind, [(seal(SEALS[kind], owner), names.get(owner, "—"), amount) for owner, amount in rows]


def page(request: Request, problem: Problem | None = None) -> HttpResponse:
    """The trial balance, and to whom most is owed."""
    lines = queries.trial_balance()
    stores, couriers, cash = (queries.payables(kind=kind, limit=10) for kind in ("store", "courier", "cash"))
    names = {store.id: store.name for store in merchants.staff_stores(store_ids=[owner for owner, _ in stores])}
    people = accounts.people(ids=[owner for owner, _ in (*couriers, *cash)])
    called = {owner: person.name for owner, person in people.items()}
    return _shown(
        request, "", problem=problem, key=uuid4().hex,
        lines=[(gettext(ACCOUNTS[line.kind]), line) for line in lines],
        debits=sum(line.debits for line in lines), credits=sum(line.credits for line in lines),
        owed=(_owed("store", stores, names), _owed("courier", couriers, called), _owed("cash", cash, called)),
    )  # fmt: skip


def settle_up(request: Request, kind: str, owner: str) -> HttpResponse:
    """Note that a store or a courier was paid, or that a courier handed in cash; pressed twice, it counts once."""
    if kind not in SEALS:
        raise NotFound("finance.account", N_("There is no such account."))
    number = unseal(SEALS[kind], owner)
    ways: dict[str, Callable[..., bool]] = {
        "store": partial(operations.pay_out, kind="store", owner=number),
        "courier": partial(operations.pay_out, kind="courier", owner=number),
        "cash": partial(operations.hand_in_cash, courier_id=number),
    }
    try:
        amount = money.parse(request.POST.get("amount", ""))
        ways[kind](amount=amount, key=f"desk:{request.POST.get('key', '')[:36]}:{owner}", by=request.actor, at=request.at)
    except Problem as problem:
        return page(request, problem)
    return back("/operator/finance", "hand-in" if kind == "cash" else "pay-out")


def debts(request: Request, problem: Problem | None = None) -> HttpResponse:
    """What people owe for stays in the city, the longest due first."""
    city = city_of(request)
    found = orders.debts(city_id=city.id)
    people = accounts.people(ids=[debt.person_id for debt in found])
    rows = [
        (seal("or", debt.order_id), debt, seal("pe", debt.person_id), people[debt.person_id].name if debt.person_id in people else "—",
         debt.late_d(request.at), debt.due_at < request.at)
        for debt in found
    ]  # fmt: skip
    overdue = [debt for debt in found if debt.due_at < request.at]
    return _shown(
        request, "/debts", problem=problem, rows=rows, total=sum(debt.amount for debt in found), late=sum(debt.amount for debt in overdue),
        count=len(overdue),
    )  # fmt: skip


def close_debt(request: Request, order: str) -> HttpResponse:
    """Note that a debt was paid in some other way, or give it up."""
    how: Mapping[str, Literal["paid", "written_off"]] = {"paid": "paid", "written_off": "written_off"}
    try:
        if request.POST.get("how") not in how:
            raise Invalid("debt.how", N_("Say whether it was paid or is given up."), field="how")
        ordering.close_debt(
            order_id=unseal("or", order), how=how[request.POST["how"]], reason=request.POST.get("reason", ""), actor=request.actor,
            at=request.at,
        )  # fmt: skip
    except Problem as problem:
        return debts(request, problem)
    return back("/operator/finance/debts", "debt")


def _ref(text: str) -> str:
    """The inside ref of what was typed: an order's outside name, or a provider's number."""
    try:
        return f"or:{unseal('or', text)}" if text.startswith("or-") else text
    except Problem:
        return text


def payments(request: Request) -> HttpResponse:
    """Payments, newest first, by order or provider's number and by state."""
    text, state = request.GET.get("q", "").strip(), request.GET.get("state", "")
    found = queries.search_intents(text=_ref(text), state=state, cursor=request.GET.get("cursor"))
    rows = [(seal("in", intent.id), intent, *_worded(STATES, intent.state)) for intent in found.items]
    states = [(code, gettext(STATES[code][0])) for code in ("open", "captured", "cancelled", "expired")]
    return _shown(request, "/payments", rows=rows, following=found.next_cursor, text=text, state=state, states=states)


def payment(request: Request, intent: str) -> HttpResponse:
    """One payment: its refunds and every movement of its money."""
    view = queries.intent(intent_id=unseal("in", intent))
    moves = [
        (gettext(MOVES.get(kind, kind)), _account(debit), _account(credit), amount, at)
        for kind, debit, credit, amount, at in queries.transfers(ref=view.ref)
    ]
    refunds = [(refund, *_worded(STATES, refund.state)) for refund in queries.refunds(ref=view.ref)]
    words = _worded(STATES, view.state)
    return _shown(request, "/payment", intent=view, state=words, moves=moves, refunds=refunds)


def refunds(request: Request) -> HttpResponse:
    """Refunds, newest first."""
    state = request.GET.get("state", "")
    found = queries.recent_refunds(state=state, cursor=request.GET.get("cursor"))
    rows = [(refund, *_worded(STATES, refund.state)) for refund in found.items]
    states = [(code, gettext(STATES[code][0])) for code in ("pending", "settled")]
    return _shown(request, "/refunds", rows=rows, following=found.next_cursor, state=state, states=states)


def callbacks(request: Request) -> HttpResponse:
    """What providers told us, newest first."""
    text, outcome = request.GET.get("q", "").strip(), request.GET.get("state", "")
    found = queries.callbacks(text=text, outcome=outcome, cursor=request.GET.get("cursor"))
    rows = [(callback, *_worded(OUTCOMES, callback.outcome)) for callback in found.items]
    outcomes = [(code, gettext(words)) for code, (words, _) in OUTCOMES.items()]
    return _shown(request, "/callbacks", rows=rows, following=found.next_cursor, text=text, state=outcome, states=outcomes)


def statements(request: Request, problem: Problem | None = None) -> HttpResponse:
    """The days that were compared, and the differences that nobody has explained yet."""
    found = [(row, seal("di", row.id), gettext(DIFFERENCES[row.kind])) for row in queries.differences()]
    return _shown(request, "/statements", problem=problem, days=queries.statements(), differences=found)


def clear(request: Request, difference: str) -> HttpResponse:
    """Say what a difference was."""
    try:
        operations.clear_difference(
            difference_id=unseal("di", difference), note=request.POST.get("note", ""), by=request.actor, at=request.at
        )
    except Problem as problem:
        return statements(request, problem)
    return back("/operator/finance/statements", "clear")
