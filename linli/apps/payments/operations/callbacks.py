"""What providers tell us: verified, written down once, believed only where it fits what we know."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

from django.db import IntegrityError, transaction

from linli.apps.payments import adapters, hot
from linli.apps.payments.adapters.base import Notice, Provider, Refused
from linli.apps.payments.events import PaymentAlert
from linli.apps.payments.models import Attempt, Callback
from linli.apps.payments.operations.captures import SHARED, TOP_UP, capture, tell_captured
from linli.apps.payments.operations.refunds import record_refund
from linli.kernel.errors import N_, NotFound, TooMany
from linli.kernel.ids import new_id
from linli.platform import limits, outbox
from linli.platform.writes import Raced, unit

log = logging.getLogger("linli.payments")

BODY_MOST = 8_000
NOTED_PER_MINUTE = 60  # callbacks that are not believed and are written down all the same
ACCEPTED = frozenset({"captured", "already", "returned", "refunded", "noted", "replayed"})
_ALARMING = frozenset({"merchant", "amount", "currency", "unknown"})


def record_callback(*, provider: str, headers: Mapping[str, str], body: bytes, at: datetime) -> str:
    """Hears one callback and returns what came of it, in one of these words.

    `captured`, `refunded`: it counted. `already`, `replayed`, `noted`: true, but changes nothing (any more). `returned`: money for
    something cancelled, expired or paid otherwise; it is on its way back. `forged`, `stale`, `unreadable`: not believed.
    `merchant`, `amount`, `currency`, `unknown`: signed, but wrong; refused, and somebody is told. Raises NotFound for an unknown provider.
    """
    client = adapters.PROVIDERS.get(provider)
    if client is None:
        raise NotFound("provider.unknown", N_("There is no such payment provider."))
    try:
        notice = client.read_notice(headers, body, at=at)
    except Refused as refused:
        with suppress(TooMany):  # a flood of forgeries must not fill the disk
            limits.hit(key=f"callbacks:{provider}", limit=NOTED_PER_MINUTE, per_s=60, at=at)
            _note(provider, body, refused.reason, at)
        log.warning("callback.refused", extra={"provider": provider, "reason": refused.reason})
        return refused.reason
    with suppress(Raced, IntegrityError):  # something else happened to it at the same moment: look at it closely
        if _captured(client, notice, body, at):
            return "captured"
    return _record(client, notice, body, at)


def _captured(client: Provider, notice: Notice, body: bytes, at: datetime) -> bool:
    """Takes in the money that is waited for, told for the first time; what is anything else is left alone. Two statements."""
    if notice.kind != "payment" or notice.status != "success" or notice.merchant != client.merchant:
        return False
    with unit():
        found = hot.awaited(notice, client.code)
        if found is None or not _plain(found, notice):
            return False
        hot.take_in(found, notice, client.code, body[:BODY_MOST].decode(errors="replace"), new_id(at), at)
        tell_captured(found.intent_id, found.ref, found.person_id, found.due, found.method, at)
        return True


def _plain(found: hot.Awaited, notice: Notice) -> bool:
    return (
        (found.intent_state, found.attempt_state) == ("open", "started")
        and (found.currency, found.amount) == (notice.currency, notice.amount)
        and found.clearing_id is not None
        and found.escrow_id is None
        and found.callback_id is None
        and not found.ref.startswith((TOP_UP, SHARED))
    )


def _note(provider: str, body: bytes, reason: str, at: datetime) -> None:
    text = body[:BODY_MOST].decode(errors="replace").replace("\x00", "")  # PostgreSQL keeps no zero bytes
    Callback.objects.create(provider=provider, notice_id="", body=text, verified=False, outcome=reason, received_at=at)


@transaction.atomic
def _record(client: Provider, notice: Notice, body: bytes, at: datetime) -> str:
    row = Callback(
        provider=client.code, notice_id=notice.notice_id, number=notice.number[:40], body=body[:BODY_MOST].decode(errors="replace"),
        verified=True, outcome="", received_at=at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        first = Callback.objects.get(provider=client.code, notice_id=notice.notice_id, verified=True).outcome
        return "replayed" if first in ACCEPTED else first
    outcome = apply(notice=notice, client=client, at=at)
    Callback.objects.filter(pk=row.pk).update(outcome=outcome)
    return outcome


@transaction.atomic
def apply(*, notice: Notice, client: Provider, at: datetime) -> str:
    """Lets a verified notice (or a provider's answer) count; the words are those of `record_callback`."""
    outcome = _outcome(notice, client, at)
    if outcome in _ALARMING:
        log.error("payment.alert", extra={"provider": client.code, "reason": outcome, "number": notice.number})
        outbox.tell(PaymentAlert(provider=client.code, reason=outcome, number=notice.number), at=at)
    return outcome


def _outcome(notice: Notice, client: Provider, at: datetime) -> str:
    if notice.merchant != client.merchant:
        return "merchant"
    if notice.kind == "refund":
        return record_refund(notice=notice, provider=client.code, at=at)
    attempt = Attempt.objects.select_related("intent").filter(number=notice.number, provider=client.code).first()
    if attempt is None:
        return "unknown"
    if notice.status == "closed":
        Attempt.objects.filter(id=attempt.id, state="started").update(state="closed")
    if notice.status != "success":
        return "noted"
    if notice.currency != attempt.intent.currency:
        return "currency"
    if notice.amount != attempt.amount:
        return "amount"
    return capture(attempt=attempt, amount=notice.amount, provider_ref=notice.provider_ref, paid_at=notice.happened_at, at=at)


def acknowledge(*, provider: str, outcome: str) -> tuple[int, str]:
    """HTTP status and body with which `provider` is answered."""
    return adapters.PROVIDERS[provider].answer(outcome in ACCEPTED)
