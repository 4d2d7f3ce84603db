"""To be paid: open an intent, begin to pay it, give it up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from linli.apps.payments import adapters, hot, states
from linli.apps.payments.adapters.base import Asking, NextStep
from linli.apps.payments.events import PaymentExpired
from linli.apps.payments.models import Attempt, Intent
from linli.apps.payments.operations.asking import close, close_attempt
from linli.apps.payments.operations.captures import TOP_UP, capture, captured_nothing
from linli.apps.payments.queries import IntentView, view
from linli.kernel.errors import N_, Conflict, Gone, Invalid, NotFound, Unavailable
from linli.kernel.ids import new_id
from linli.kernel.money import Money
from linli.platform import ids, outbox, policies
from linli.platform.writes import unit
from linli.policy import money as policy

TOP_UP_MINUTES = 15
PATIENCE = timedelta(minutes=2)  # how long an intent outlives its time because the provider does not answer


def open_intent(
    *, ref: str, person_id: int, amount: int, currency: str, methods: Sequence[str], expires_at: datetime, at: datetime, new: bool = False
) -> IntentView:
    """The intent that `amount` be paid for `ref`; asked for again with the same ref it is the same one.

    Nothing to pay counts as paid at once. Raises Invalid for methods that there are not, Conflict for the same ref with another amount.
    For a ref that is `new` in the caller's unit nobody looks whether there is one; it is written with the rest of the unit.
    """
    if amount < 0 or expires_at <= at or not set(methods) <= set(adapters.METHODS):
        raise Invalid("intent.senseless", N_("This cannot be paid like that."))
    if not new or amount == 0:
        return _open_intent(ref, person_id, amount, currency, methods, expires_at, at)
    key = new_id(at)
    hot.open_intent(key, ref, person_id, amount, currency, methods, expires_at, at)
    return IntentView(key, ref, person_id, amount, currency, tuple(methods), "open", "", "", at, expires_at, None, 0, 0, None)


@transaction.atomic
def _open_intent(
    ref: str, person_id: int, amount: int, currency: str, methods: Sequence[str], expires_at: datetime, at: datetime
) -> IntentView:
    row, made = Intent.objects.get_or_create(
        ref=ref,
        defaults={
            "id": new_id(at), "person_id": person_id, "amount": amount, "currency": currency, "methods": list(methods),
            "opened_at": at, "expires_at": expires_at,
        },
    )  # fmt: skip
    if (row.amount, row.person_id, row.currency) != (amount, person_id, currency):
        raise Conflict("intent.mismatch", N_("Another amount is to be paid for this already."))
    if made and amount == 0:
        captured_nothing(row, at)
    return view(row)


def top_up(*, person_id: int, amount: int, key: str, at: datetime, currency: str = "CNY") -> IntentView:
    """An intent that puts `amount` on the person's balance once it is paid; the same `key` is the same intent."""
    most = policies.whole(policy.TOP_UP_MAX)
    if not 0 < amount <= most:
        raise Invalid("top_up.bounds", N_("A top-up can be at most %(most)s."), field="amount", most=str(Money(most, currency)))
    outside = [method.code for method in adapters.METHODS.values() if method.provider]
    return open_intent(
        ref=f"{TOP_UP}{person_id}:{key}", person_id=person_id, amount=amount, currency=currency, methods=outside,
        expires_at=at + timedelta(minutes=TOP_UP_MINUTES), at=at,
    )  # fmt: skip


def _check(found: Intent | hot.Payable | None, method: str, at: datetime) -> None:
    """Raise what stands in the way of paying."""
    if found is None:
        raise NotFound("intent.unknown", N_("There is no such payment."))
    if found.state in ("cancelled", "expired") or (found.state == "open" and found.expires_at <= at):
        raise Gone("intent.closed", N_("The time to pay is over. Nothing was charged."))
    if found.state == "open" and method not in found.methods:
        raise Invalid("method.unknown", N_("This cannot be paid like that."), field="method")


def result_url(intent_id: int) -> str:
    """Where the payer sees what came of the payment."""
    return f"{settings.BASE_URL}/pay/{ids.seal('in', intent_id)}"


def start(*, intent_id: int, person_id: int, method: str, at: datetime) -> NextStep:
    """Begins to pay by `method` and says what the payer does next; pressed twice it goes on with the first try.

    Raises NotFound for another person's intent, Gone when its time is over, Conflict `balance.short`. At a provider two statements.
    """
    known = adapters.METHODS.get(method)
    if known is None or known.provider == "":
        return _start_here(intent_id, person_id, method, at)
    try:
        return _start_there(intent_id, person_id, method, known.provider, at)
    except IntegrityError:  # somebody else has begun in the moment that we waited for: go on with that
        return _start_there(intent_id, person_id, method, known.provider, at)


def _start_there(intent_id: int, person_id: int, method: str, provider: str, at: datetime) -> NextStep:
    with unit():
        found = hot.payable(intent_id, person_id, method)
        _check(found, method, at)
        assert found is not None
        if found.state == "captured":
            return NextStep("done", result_url(found.id))
        number = found.started
        if number is None:
            attempt_id = new_id(at)
            number = ids.seal("at", attempt_id)
            hot.begin(attempt_id, found.id, method, provider, number, found.amount, at)
        return adapters.PROVIDERS[provider].begin(_asking(found, number, provider, method), at=at)


@transaction.atomic
def _start_here(intent_id: int, person_id: int, method: str, at: datetime) -> NextStep:
    row = Intent.objects.select_for_update().filter(id=intent_id, person_id=person_id).first()
    _check(row, method, at)
    assert row is not None
    if row.whole_id is not None and row.state != "captured":  # it is paid with its whole, not by itself
        raise Invalid("method.unknown", N_("This cannot be paid like that."), field="method")
    if row.state != "captured":
        capture(attempt=_attempt(row, method, at), amount=row.amount, provider_ref="", paid_at=at, at=at)
    return NextStep("done", result_url(row.id))


def _attempt(row: Intent, method: str, at: datetime) -> Attempt:
    number = new_id(at)
    fields = {
        "id": number, "provider": adapters.METHODS[method].provider, "number": ids.seal("at", number), "started_at": at,
        "amount": row.amount,
    }  # fmt: skip
    try:
        with transaction.atomic():
            return Attempt.objects.get_or_create(intent=row, method=method, state="started", defaults=fields)[0]
    except IntegrityError:
        raise Conflict("intent.busy", N_("This payment is being started already.")) from None


def _asking(row: Intent | hot.Payable, number: str, provider: str, method: str) -> Asking:
    return Asking(
        number=number, method=method, amount=row.amount, currency=row.currency, subject="邻里 Linli",
        notify_url=f"{settings.BASE_URL}/gateways/{provider}/notify", return_url=result_url(row.id), expires_at=row.expires_at,
    )  # fmt: skip


def open_address(*, number: str, at: datetime) -> str:
    """The provider's address for a started attempt (what a short address in a QR code leads to). Raises Gone when it is over."""
    attempt = Attempt.objects.select_related("intent").filter(number=number, state="started").exclude(provider="").first()
    if attempt is None or attempt.intent.state != "open" or attempt.intent.expires_at <= at:
        raise Gone("intent.closed", N_("The time to pay is over. Nothing was charged."))
    return adapters.PROVIDERS[attempt.provider].begin(_asking(attempt.intent, number, attempt.provider, attempt.provider), at=at).url


@transaction.atomic
def cancel(*, ref: str, at: datetime) -> bool:
    """Gives up an intent that is not paid, and all that would be paid together with it; money that still arrives goes back by itself.
    Returns whether this call did it.

    Raises Conflict `intent.captured` when it is paid already (then it is refunded, not cancelled).
    """
    ref = Intent.objects.filter(ref=ref, whole__isnull=False).values_list("whole__ref", flat=True).first() or ref
    if Intent.objects.filter(ref=ref, state__in=states.INTENT.sources("cancel")).update(state="cancelled"):
        Intent.objects.filter(whole__ref=ref).update(state="cancelled")
        _close_later(ref, at)
        return True
    if Intent.objects.filter(ref=ref, state="captured").exists():
        raise Conflict("intent.captured", N_("This has just been paid."))
    return False


@transaction.atomic
def expire(*, intent_id: int, at: datetime) -> bool:
    """Ends an intent whose time is over, and tells it. Returns whether this call did it."""
    rows = Intent.objects.filter(id=intent_id, state__in=states.INTENT.sources("expire"), expires_at__lte=at)
    if not rows.update(state="expired"):
        return False
    Intent.objects.filter(whole_id=intent_id).update(state="expired")
    ref = Intent.objects.values_list("ref", flat=True).get(id=intent_id)
    outbox.tell(PaymentExpired(intent_id=intent_id, ref=ref), at=at)
    return True


def _close_later(ref: str, at: datetime) -> None:
    for number in Attempt.objects.filter(intent__ref=ref, state="started").exclude(provider="").values_list("id", flat=True):
        close.enqueue(run_at=at, at=at, attempt_id=number)


def wind_up(*, intent_id: int, at: datetime) -> str:
    """Ends an intent whose time is over, the provider's side first, so that no payment can slip in between. Returns its state.

    Raises Unavailable while the provider does not answer, for two minutes; then it ends anyway, and late money goes back.
    """
    intent = Intent.objects.get(id=intent_id)
    try:
        for attempt_id in Attempt.objects.filter(intent_id=intent_id, state="started").exclude(provider="").values_list("id", flat=True):
            close_attempt(attempt_id=attempt_id, at=at)
    except Unavailable:
        if at < intent.expires_at + PATIENCE:
            raise
    expire(intent_id=intent_id, at=at)
    return str(Intent.objects.values_list("state", flat=True).get(id=intent_id))


def overdue(*, at: datetime, limit: int = 200) -> list[int]:
    """Open intents whose time is over."""
    return list(
        Intent.objects.filter(state="open", expires_at__lte=at, whole=None).order_by("expires_at").values_list("id", flat=True)[:limit]
    )
