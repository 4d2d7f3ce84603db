"""Complaining, answering, deciding. A decision gives the money back in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from linli.apps.care import queries
from linli.apps.care.events import CaseAnswered, CaseDecided, CaseEscalated, CaseOpened
from linli.apps.care.models import Case, CaseMessage
from linli.apps.care.queries import CaseView
from linli.apps.care.states import BY_MERCHANT, CASE, FOR_SUPPORT, OVER
from linli.apps.orders import operations as orders
from linli.apps.orders import queries as ordered
from linli.apps.orders.queries import OrderView
from linli.kernel.actors import SYSTEM, Actor
from linli.kernel.errors import N_, Conflict, Forbidden, Gone, Invalid, NotFound
from linli.kernel.ids import new_id
from linli.kernel.money import Money
from linli.platform import audit, outbox, policies
from linli.platform.jobs import task
from linli.policy import money, promises

LONGEST_TEXT = 1000
MOST_PHOTOS = 6


@transaction.atomic
def complain(
    *, order_id: int, person_id: int, kind: str, text: str, lines: Mapping[int, int] | None = None, wanted: int | None = None,
    photos: Sequence[str] = (), at: datetime,
) -> CaseView:  # fmt: skip
    """Open a complaint about an order of one's own. `lines` (order line id -> pieces) says what is meant; `wanted` is the amount asked for,
    by default what those pieces cost. A small wish of a trusted person is granted at once.

    Raises NotFound, Conflict "complain.state" or "complain.open" (there is one already), Gone "complain.late", Invalid.
    """
    order = ordered.order(order_id=order_id, person_id=person_id)
    _may_complain(order, kind, text, photos, at)
    pieces = dict(lines or {})
    amount = _wanted(order, pieces, wanted)
    at_once = _at_once(order, amount, at)
    case = _open(order, kind, text.strip(), pieces, amount, photos, at)
    orders.set_disputed(order_id=order.id, disputed=True, at=at)
    ids = _ids(case)
    outbox.tell(CaseOpened(**ids, kind=kind, reply_due_at=case.reply_due_at), at=at)
    if at_once:
        case.instant, case.replied_at = True, at
        _end(case, "resolve", SYSTEM, amount, "", at)
    elif kind in FOR_SUPPORT:
        escalate(case_id=case.id, actor=Actor("consumer", person_id), at=at)
    else:
        escalate_later.enqueue(run_at=case.reply_due_at, at=at, case_id=case.id)
    return queries.case(case_id=case.id)


@transaction.atomic
def alarm(*, order_id: int, person_id: int, text: str, at: datetime) -> CaseView:
    """Something feels unsafe: support has it at once. While a case about the order is open already, it is said there and handed on.

    Raises NotFound, Conflict when there is nothing under way, Invalid.
    """
    known = Case.objects.filter(order_id=order_id, person_id=person_id).exclude(state__in=OVER).first()
    if known is None:
        return complain(order_id=order_id, person_id=person_id, kind="safety", text=text, wanted=0, at=at)
    actor = Actor("consumer", person_id)
    Case.objects.filter(pk=known.pk).update(kind="safety")
    answer(case_id=known.pk, actor=actor, text=text, at=at)
    if known.state != "escalated":
        escalate(case_id=known.pk, actor=actor, at=at)
    return queries.case(case_id=known.pk)


def _may_complain(order: OrderView, kind: str, text: str, photos: Sequence[str], at: datetime) -> None:
    rules = order.rules.after_sales
    if kind not in rules.about:
        raise Invalid("complain.kind", N_("Say what is wrong."), field="kind")
    if not text.strip() or len(text) > LONGEST_TEXT:
        raise Invalid("complain.text", N_("Tell us what happened, in at most %(most)s characters."), most=LONGEST_TEXT, field="text")
    if len(photos) > MOST_PHOTOS:
        raise Invalid("complain.photos", N_("At most %(most)s pictures."), most=MOST_PHOTOS, field="photos")
    if "complain" not in order.permits:
        raise Conflict("complain.state", N_("There is nothing to complain about yet; you can still cancel the order."))
    within = timedelta(days=policies.whole(rules.within, order.city_id))
    if order.delivered_at is not None and at > order.delivered_at + within:
        raise Gone("complain.late", N_("Complaints are possible for %(days)s days after delivery."), days=within.days)
    if Case.objects.filter(order_id=order.id).exclude(state__in=OVER).exists():
        raise Conflict("complain.open", N_("You have already told us about this order; we are on it."))


def _wanted(order: OrderView, pieces: Mapping[int, int], wanted: int | None) -> int:
    """The amount asked for: as said, or what the pieces cost; never more than is left of the order."""
    items = {line.id: line for line in order.items}
    for line_id, qty in pieces.items():
        if line_id not in items or not 1 <= qty <= items[line_id].qty - items[line_id].refunded_qty:
            raise Invalid("complain.lines", N_("That many pieces were not in this order."), field="lines")
    left = order.total - order.refunded
    cost = sum(items[line_id].unit * qty for line_id, qty in pieces.items())
    amount = min(cost, left) if wanted is None else wanted
    if not 0 <= amount <= left:
        raise Invalid("complain.wanted", N_("At most %(left)s can be given back."), left=str(Money(left, order.currency)), field="wanted")
    return amount


def _open(
    order: OrderView, kind: str, text: str, pieces: Mapping[int, int], amount: int, photos: Sequence[str], at: datetime
) -> Case:  # fmt: skip
    reply = timedelta(minutes=policies.whole(promises.FIRST_REPLY_MIN, order.city_id))
    solve = timedelta(hours=policies.whole(promises.SOLVE_H, order.city_id))
    return Case.objects.create(
        id=new_id(at), order_id=order.id, person_id=order.person_id, store_id=order.store_id, city_id=order.city_id,
        order_number=order.number, store_name=order.store_name, kind=kind, text=text, photos=list(photos),
        lines={str(key): qty for key, qty in pieces.items()}, wanted=amount, opened_at=at, reply_due_at=at + reply, solve_due_at=at + solve,
    )  # fmt: skip


def _at_once(order: OrderView, amount: int, at: datetime) -> bool:
    """The instant refund rule: a had order, a small amount, a trusted person, and not too much within 30 days."""
    city_id, person_id = order.city_id, order.person_id
    return (
        "review" in order.permits
        and 0 < amount <= policies.whole(money.INSTANT_REFUND, city_id)
        and amount <= queries.instant_left(person_id=person_id, city_id=city_id, at=at)
        and queries.trusted(person_id=person_id, city_id=city_id)
    )


def _locked(case_id: int, actor: Actor) -> Case:
    """The case, locked, if it is any of the actor's business. Raises NotFound otherwise."""
    case = Case.objects.select_for_update().filter(id=case_id).first()
    mine = case is not None and {
        "consumer": case.person_id == actor.person_id, "merchant": case.store_id == actor.scope_id, "courier": False,
    }.get(actor.role, True)  # fmt: skip
    if case is None or not mine:
        raise NotFound("case.unknown", N_("There is no such complaint."))
    return case


def _ids(case: Case) -> dict[str, int]:
    return {"case_id": case.id, "order_id": case.order_id, "person_id": case.person_id, "store_id": case.store_id}


def _say(case: Case, actor: Actor, text: str, at: datetime, *, note: bool = False) -> None:
    text = text.strip()
    if not text or len(text) > LONGEST_TEXT:
        raise Invalid("case.text", N_("Write between 1 and %(most)s characters."), most=LONGEST_TEXT, field="text")
    CaseMessage.objects.create(case=case, role=actor.role, person_id=actor.person_id, text=text, note=note, at=at)


@transaction.atomic
def answer(*, case_id: int, actor: Actor, text: str, at: datetime, note: bool = False) -> None:
    """Say something; the first words of store or support stop the first clock. A `note` is for staff and stops nothing.

    Raises NotFound, Conflict when it is over, Forbidden for a note of the consumer, Invalid for empty or long text.
    """
    case = _locked(case_id, actor)
    if not CASE.permits(case.state, "talk"):
        raise Conflict("case.over", N_("This complaint is closed. If something is still wrong, ask for a decision."))
    if note and actor.role == "consumer":
        raise Forbidden("state.forbidden", N_("This is for somebody else to do."))
    _say(case, actor, text, at, note=note)
    if note or actor.role == "consumer":
        return
    case.replied_at = case.replied_at or at
    case.state = "answered" if case.state == "open" else case.state
    case.save(update_fields=["state", "replied_at"])
    outbox.tell(CaseAnswered(**_ids(case), role=actor.role), at=at)


@transaction.atomic
def escalate(*, case_id: int, actor: Actor, text: str = "", at: datetime) -> None:
    """Ask for a decision by support. Raises NotFound, Conflict when that is not possible (any more)."""
    case = _locked(case_id, actor)
    case.state, case.solved_at = CASE.step(case.state, "escalate", actor), None
    case.save(update_fields=["state", "solved_at"])
    if text.strip():
        _say(case, actor, text, at)
    orders.set_disputed(order_id=case.order_id, disputed=True, at=at)
    outbox.tell(CaseEscalated(**_ids(case)), at=at)


@task("care.escalate")
def escalate_later(*, at: datetime, case_id: int) -> None:
    """A complaint that the store has not answered in time goes to support."""
    if Case.objects.filter(id=case_id, state="open").exists():
        escalate(case_id=case_id, actor=SYSTEM, at=at)


@transaction.atomic
def decide(*, case_id: int, actor: Actor, refund: int, text: str, at: datetime, merchant_bears: bool | None = None) -> None:
    """End it: give `refund` back (0 declines; a store can only grant). Who pays follows from the kind of complaint unless said.

    Raises NotFound, Conflict when it is over or the refund is more than is left, Forbidden, Invalid without an explanation.
    """
    case = _locked(case_id, actor)
    if refund < 0:
        raise Invalid("refund.amount", N_("This amount cannot be refunded."), field="refund")
    if not text.strip():
        raise Invalid("reason.missing", N_("Say why."), field="text")
    _say(case, actor, text, at)
    case.replied_at = case.replied_at or at
    _end(case, "resolve" if refund else "decline", actor, refund, text.strip(), at, merchant_bears)
    audit.record(
        actor=actor, action="case.decide", subject=f"cs:{case.id}", at=at, after={"refund": refund, "state": case.state}, reason=text
    )


@transaction.atomic
def withdraw(*, case_id: int, person_id: int, at: datetime) -> None:
    """The person no longer complains. Raises NotFound, Conflict."""
    actor = Actor("consumer", person_id)
    _end(_locked(case_id, actor), "withdraw", actor, 0, "", at)


def _end(case: Case, event: str, actor: Actor, refund: int, text: str, at: datetime, merchant_bears: bool | None = None) -> None:
    case.state = CASE.step(case.state, event, actor)
    bears = case.kind in BY_MERCHANT or actor.role == "merchant" if merchant_bears is None else merchant_bears
    if refund:
        pieces = {int(key): qty for key, qty in case.lines.items()}
        orders.refund_part(
            order_id=case.order_id, amount=refund, reason=case.text[:200], by=actor, key=f"case:{case.id}", at=at,
            merchant_bears=bears, line_qtys=pieces,
        )  # fmt: skip
    case.refund_amount, case.resolution, case.decided_by, case.solved_at = refund, text[:500], str(actor), at
    case.save(update_fields=["state", "refund_amount", "resolution", "decided_by", "solved_at", "replied_at", "instant"])
    orders.set_disputed(order_id=case.order_id, disputed=False, at=at)
    outbox.tell(CaseDecided(**_ids(case), state=case.state, refund=refund, instant=case.instant), at=at)
