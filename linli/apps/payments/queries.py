"""Reads of payments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F, Min, Q, Sum

from linli.apps.payments import hot
from linli.apps.payments.adapters import METHODS
from linli.apps.payments.adapters.base import Method
from linli.apps.payments.ledger import ASSETS, Spot, held
from linli.apps.payments.models import Account, Callback, Difference, Intent, Refund, Statement, Transfer
from linli.apps.payments.views import (
    CallbackView,
    CourierMoney,
    DifferenceView,
    EntryView,
    IntentView,
    MethodView,
    OrderMoney,
    RefundView,
    StatementView,
    TrialLine,
)
from linli.kernel.errors import N_, NotFound
from linli.platform import policies
from linli.platform.pages import Page, page
from linli.platform.reads import Read, inner, when
from linli.policy import money as policy

__all__ = [
    "CallbackView", "CourierMoney", "DifferenceView", "EntryView", "IntentView", "MethodView", "OrderMoney", "RefundView",
    "StatementView", "TrialLine", "balance", "callbacks", "captured", "cash_held", "cashier", "courier_money", "differences", "intent",
    "intents", "method", "methods", "offered", "order_lines", "owed", "payable", "payables", "recent_refunds", "refund_view", "refunds",
    "search_intents", "standing", "statement", "statements", "transfers", "trial_balance", "view",
]  # fmt: skip


def view(row: Intent) -> IntentView:
    """The intent as everybody else sees it."""
    return IntentView(
        row.id, row.ref, row.person_id, row.amount, row.currency, tuple(row.methods), row.state, row.method, row.provider_ref,
        row.opened_at, row.expires_at, row.captured_at, row.captured_amount, row.refunded, row.settled_at,
    )  # fmt: skip


def refund_view(row: Refund, ref: str) -> RefundView:
    """The refund as everybody else sees it."""
    return RefundView(row.id, ref, row.amount, row.reason, row.state, row.via, row.by, row.asked_at, row.settled_at)


def intent(*, ref: str = "", intent_id: int = 0) -> IntentView:
    """The intent for `ref`, or the one called `intent_id`. Raises NotFound."""
    row = Intent.objects.filter(Q(ref=ref) if ref else Q(id=intent_id)).first()
    if row is None:
        raise NotFound("intent.unknown", N_("There is no such payment."))
    return view(row)


def cashier(*, ref: str, person_id: int, currency: str = "CNY") -> Read[tuple[IntentView | None, int]]:
    """The intent for `ref` and the person's balance, to be read together with other things."""
    return hot.cashier(ref, str(person_id), currency, _cashier)


def _cashier(row: Any) -> tuple[IntentView | None, int]:
    kept, balance = inner(row[0]), row[1] or 0
    if kept is None:
        return None, balance
    kept[5] = tuple(inner(kept[5]))
    kept[9:12] = [when(moment) for moment in kept[9:12]]
    kept[14] = when(kept[14])
    return IntentView(*kept), balance


def intents(*, refs: Sequence[str]) -> dict[str, IntentView]:
    """The intents for `refs`, by ref; one statement."""
    return {row.ref: view(row) for row in Intent.objects.filter(ref__in=refs)}


def standing(*, prefix: str) -> list[IntentView]:
    """The intents whose ref begins with `prefix` that are open, or paid and not shared out. One statement."""
    rows = Intent.objects.filter(Q(state="open") | Q(state="captured", settled_at=None), ref__startswith=prefix)
    return [view(row) for row in rows.order_by("id")]


def captured(*, start: datetime, end: datetime) -> list[str]:
    """The refs of what was paid from `start` until before `end`. One statement."""
    rows = Intent.objects.filter(state="captured", captured_at__gte=start, captured_at__lt=end)
    return list(rows.values_list("ref", flat=True))


def search_intents(*, text: str = "", state: str = "", cursor: str | None = None, limit: int = 50) -> Page[IntentView]:
    """Intents, newest first, whose ref or provider number is `text`, in `state`, where these are given."""
    rows = Intent.objects.all()
    if text:
        rows = rows.filter(Q(ref=text) | Q(provider_ref=text) | Q(ref=f"or:{text}"))
    if state:
        rows = rows.filter(state=state)
    return page(rows, cursor=cursor, limit=limit, make=lambda found: [view(row) for row in found])


def refunds(*, ref: str) -> list[RefundView]:
    """The refunds for `ref`, oldest first."""
    return [refund_view(row, ref) for row in Refund.objects.filter(intent__ref=ref).order_by("asked_at", "id")]


def recent_refunds(*, state: str = "", cursor: str | None = None, limit: int = 50) -> Page[RefundView]:
    """Refunds, newest first, in `state` if given."""
    rows = Refund.objects.select_related("intent")
    if state:
        rows = rows.filter(state=state)
    return page(rows, cursor=cursor, limit=limit, make=lambda found: [refund_view(row, row.intent.ref) for row in found])


def balance(*, person_id: int, currency: str = "CNY") -> int:
    """What the person has on their balance, minor units; never negative."""
    return held(Spot("balance", str(person_id)), currency)


def payable(*, kind: str, owner: int, currency: str = "CNY") -> int:
    """What the platform owes a `store` or a `courier`, minor units; negative when they owe the platform."""
    return held(Spot(kind, str(owner)), currency)


def cash_held(*, courier_id: int, currency: str = "CNY") -> int:
    """The cash of orders that the courier carries, minor units."""
    return held(Spot("cash", str(courier_id)), currency)


def statement(*, kind: str, owner: int | str, currency: str = "CNY", start: datetime | None = None, end: datetime | None = None,
              cursor: str | None = None, limit: int = 50) -> Page[EntryView]:  # fmt: skip
    """The lines of an account (`store`, `courier`, `balance`, `cash`, …), newest first, within [start, end) where given."""
    account = Account.objects.filter(kind=kind, owner=str(owner), currency=currency).first()
    key = account.pk if account else 0
    rows = Transfer.objects.filter(Q(debit_id=key) | Q(credit_id=key)).select_related("debit", "credit")
    if start:
        rows = rows.filter(at__gte=start)
    if end:
        rows = rows.filter(at__lt=end)
    return page(rows, cursor=cursor, limit=limit, make=lambda found: [_entry(row, key, kind) for row in found])


def _entry(row: Transfer, account_id: int, kind: str) -> EntryView:
    other = row.credit if row.debit_id == account_id else row.debit
    gains = (row.debit_id == account_id) == (kind in ASSETS)
    return EntryView(row.id, row.at, row.kind, row.ref, row.amount if gains else -row.amount, f"{other.kind}:{other.owner}".rstrip(":"))


def courier_money(*, courier_id: int, currency: str = "CNY") -> CourierMoney:
    """What the courier is owed and carries; two statements."""
    earned = held(Spot("courier", str(courier_id)), currency)
    return CourierMoney(earned, held(Spot("cash", str(courier_id)), currency))


def order_lines(*, kind: str, owner: int, start: datetime, end: datetime, currency: str = "CNY") -> list[OrderMoney]:
    """A store's or a courier's statement: one line for each order settled or given back in [start, end), oldest first. One statement."""
    mine = {"kind": kind, "owner": str(owner), "currency": currency}
    came = Q(**{f"credit__{name}": value for name, value in mine.items()}, kind="settle")
    went = Q(**{f"debit__{name}": value for name, value in mine.items()}, kind="clawback")
    rows = Transfer.objects.filter(came | went, at__gte=start, at__lt=end).values("ref")
    totals = rows.annotate(
        first=Min("at"),
        came=Sum("amount", filter=Q(kind="settle"), default=0),
        went=Sum("amount", filter=Q(kind="clawback"), default=0),
    )
    return [OrderMoney(row["ref"], row["first"], row["came"], row["went"]) for row in totals.order_by("first", "ref")]


def payables(*, kind: str, currency: str = "CNY", limit: int = 50) -> list[tuple[int, int]]:
    """The owners of accounts of `kind` (store, courier, cash) that hold most: owner and balance in minor units, largest first."""
    holds = F("debits") - F("credits") if kind in ASSETS else F("credits") - F("debits")
    rows = Account.objects.filter(kind=kind, currency=currency).annotate(holds=holds).exclude(holds=0).order_by("-holds", "id")
    return [(int(owner), amount) for owner, amount in rows.values_list("owner", "holds")[:limit]]


def callbacks(*, text: str = "", outcome: str = "", cursor: str | None = None, limit: int = 50) -> Page[CallbackView]:
    """What providers told us, newest first, about the number `text` and with `outcome`, where given."""
    rows = Callback.objects.all()
    if text:
        rows = rows.filter(number=text)
    if outcome:
        rows = rows.filter(outcome=outcome)
    return page(rows, cursor=cursor, limit=limit, make=lambda found: [_callback(row) for row in found])


def _callback(row: Callback) -> CallbackView:
    return CallbackView(row.id, row.provider, row.notice_id, row.number, row.body, row.verified, row.outcome, row.received_at)


def statements(*, limit: int = 31) -> list[StatementView]:
    """The latest days that were compared with their provider, newest first."""
    rows = list(Statement.objects.order_by("-day", "provider")[:limit])
    uncleared = Difference.objects.filter(statement__in=rows, cleared_at__isnull=True).values_list("statement_id", flat=True)
    open_ = Counter(uncleared)
    return [
        StatementView(
            row.id, row.provider, row.day, row.lines, row.amount_theirs, row.amount_ours, row.differences, open_[row.id],
            row.compared_at,
        )
        for row in rows
    ]  # fmt: skip


def differences(*, open_only: bool = True, limit: int = 100) -> list[DifferenceView]:
    """What providers and we do not agree on, newest first."""
    rows = Difference.objects.select_related("statement").order_by("-id")
    if open_only:
        rows = rows.filter(cleared_at__isnull=True)
    return [
        DifferenceView(
            row.id, row.statement.provider, row.statement.day, row.kind, row.number, row.theirs, row.ours, row.note, row.cleared_at
        )
        for row in rows[:limit]
    ]  # fmt: skip


def transfers(*, ref: str) -> list[tuple[str, str, str, int, datetime]]:
    """Every movement for `ref` in order: kind, debited account, credited account, amount, moment."""
    rows = Transfer.objects.filter(ref=ref).select_related("debit", "credit").order_by("id")
    names = [(row, f"{row.debit.kind}:{row.debit.owner}".rstrip(":"), f"{row.credit.kind}:{row.credit.owner}".rstrip(":")) for row in rows]
    return [(row.kind, debit, credit, row.amount, row.at) for row, debit, credit in names]


def owed(*, refs: Collection[str], currency: str = "CNY") -> dict[str, int]:
    """What is still owed for each of `refs` that something is owed for, minor units. One statement."""
    rows = Account.objects.filter(kind="receivable", owner__in=list(refs), currency=currency)
    return {row.owner: left for row in rows if (left := row.debits - row.credits)}


def offered(*, city_id: int, amount: int, mode: str) -> list[str]:
    """The codes of the ways to pay that somebody signed in is offered, as `methods` has them; no statement."""
    return [method.code for method in _offered(city_id, amount, mode)]


def _offered(city_id: int, amount: int, mode: str) -> list[Method]:
    cash = bool(policies.value(policy.CASH_ON, city_id)) and amount <= policies.whole(policy.CASH_MAX, city_id)
    fits = [method for method in METHODS.values() if method.offered and (not method.modes or mode in method.modes)]
    return [method for method in fits if method.code != "cash" or cash]


def methods(*, city_id: int, amount: int, mode: str, person_id: int | None = None, has: int | None = None) -> list[MethodView]:
    """The ways to pay `amount` (minor units) for an order of `mode`, in the cashier's order; one statement for the person's balance,
    unless it is known what the person `has`."""
    mine = has if has is not None else balance(person_id=person_id) if person_id else 0
    found = [method for method in _offered(city_id, amount, mode) if method.code != "balance" or person_id]
    return [
        MethodView(method.code, method.name, method.code != "balance" or mine >= amount, mine if method.code == "balance" else None)
        for method in found
    ]


def method(*, code: str) -> MethodView:
    """A way to pay that is not chosen in the cashier but belongs to what is ordered, such as at the desk of a hotel."""
    return MethodView(code, METHODS[code].name, True, None)


def trial_balance(*, currency: str = "CNY") -> list[TrialLine]:
    """What every kind of account was debited and credited, from the transfers alone; the two columns have equal sums. Three statements."""
    totals: dict[str, list[int]] = {}
    for side, index in (("debit", 0), ("credit", 1)):
        rows = Transfer.objects.filter(currency=currency).values_list(f"{side}__kind").annotate(total=Sum("amount"))
        for kind, total in rows:
            totals.setdefault(kind, [0, 0])[index] += total
    counts: dict[str, int] = {}
    for kind in Account.objects.filter(currency=currency).values_list("kind", flat=True):
        counts[kind] = counts.get(kind, 0) + 1
    return [TrialLine(kind, counts.get(kind, 0), debits, credits) for kind, (debits, credits) in sorted(totals.items())]
