"""The bill of a table: everybody their own, evenly, one for all, or at the counter. No fen is lost, and none is asked for twice."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from linli.apps.dining import live
from linli.apps.dining.models import Pick, Share, Visit
from linli.apps.dining.operations import visits
from linli.apps.merchants import queries as merchants
from linli.apps.orders import operations as orders
from linli.apps.orders import queries as ordered
from linli.apps.payments import operations as payments
from linli.apps.payments import queries as paying
from linli.kernel.actors import Actor
from linli.kernel.errors import N_, Conflict, Invalid, NotFound
from linli.kernel.ids import new_id, new_ids
from linli.kernel.money import split
from linli.platform import policies
from linli.policy import dining

MOST_SHARES = 30
CURRENCY = "CNY"


@transaction.atomic
def ask_bill(*, visit_id: int, actor: Actor, at: datetime) -> None:
    """Somebody wants to pay: the store sees it on its floor plan. Raises Conflict "bill.nothing" when nothing was sent."""
    visit = visits.mine(visit_id, actor)
    if not visits.orders_of(visit):
        raise nothing()
    visit.bill_at = at
    visit.save(update_fields=["bill_at"])
    live.tell(visit.id, visit.store_id, at)


def nothing() -> Conflict:
    """That there is nothing (left) to pay."""
    return Conflict("bill.nothing", N_("There is nothing to pay here just now."))


def free_of(visit: Visit) -> dict[int, int]:
    """What is owed for each order of the visit and in no share that is being paid, minor units."""
    left = visits.owed(visits.orders_of(visit))
    for parts in Share.objects.filter(visit=visit, state="open").values_list("parts", flat=True):
        for key, amount in parts:
            left[key] = left.get(key, 0) - amount
    return {key: amount for key, amount in sorted(left.items()) if amount > 0}


@transaction.atomic
def share_own(*, visit_id: int, person_id: int, at: datetime) -> int:
    """A share of what the person has picked, to be paid now; returns its payment. Pressed twice it goes on with the first.

    Raises Conflict "bill.nothing" when all of that is paid, or being paid.
    """
    visit = visits.locked(visit_id, person_id=person_id)
    own = set(Pick.objects.filter(visit=visit, person_id=person_id).exclude(order_id=None).values_list("order_id", flat=True))
    return _begin(visit, person_id, "own", {key: amount for key, amount in free_of(visit).items() if key in own}, at)


@transaction.atomic
def share_rest(*, visit_id: int, person_id: int, at: datetime) -> int:
    """A share of all that nobody else has paid or is paying; returns its payment. Raises Conflict "bill.nothing"."""
    visit = visits.locked(visit_id, person_id=person_id)
    return _begin(visit, person_id, "rest", free_of(visit), at)


def _begin(visit: Visit, person_id: int, way: str, parts: dict[int, int], at: datetime) -> int:
    going_on = Share.objects.filter(visit=visit, person_id=person_id, state="open").first()
    if going_on is not None and going_on.way == way:
        return _intent(going_on, at)
    if going_on is not None:
        raise _busy()
    if not parts:
        raise nothing()
    share = Share.objects.create(
        id=new_id(at), visit=visit, person_id=person_id, way=way, amount=sum(parts.values()), parts=[list(part) for part in parts.items()],
        made_at=at,
    )  # fmt: skip
    live.tell(visit.id, visit.store_id, at)
    return _intent(share, at)


def _busy() -> Conflict:
    return Conflict("share.busy", N_("You are paying a part of this bill already. Finish that or call it off first."))


def _intent(share: Share, at: datetime) -> int:
    """The payment of a share that belongs to somebody."""
    assert share.person_id is not None
    city_id = merchants.store(store_id=share.visit.store_id).city_id
    minutes = policies.whole(dining.SHARE_MIN, city_id)
    offered = [code for code in paying.offered(city_id=city_id, amount=share.amount, mode="dine_in") if code != "cash"]
    intent = payments.open_intent(
        ref=ref(share), person_id=share.person_id, amount=share.amount, currency=CURRENCY, methods=offered,
        expires_at=at + timedelta(minutes=minutes), at=at,
    )  # fmt: skip
    return intent.id


def ref(share: Share) -> str:
    """What payments calls the share."""
    return f"ts:{share.pk}"


@transaction.atomic
def split_evenly(*, visit_id: int, actor: Actor, ways: int, at: datetime) -> list[int]:
    """Split what nobody has paid or is paying into `ways` equal shares (the first ones a fen more where it does not come out even), for
    anybody to take; returns their ids.

    Raises Invalid for a senseless number, Conflict "split.there" when it is split already, "bill.nothing".
    """
    visit = visits.mine(visit_id, actor)
    if not 2 <= ways <= MOST_SHARES:
        raise Invalid("split.ways", N_("Between 2 and %(most)s shares."), most=MOST_SHARES, field="ways")
    if Share.objects.filter(visit=visit, way="even", state="open", person=None).exists():
        raise Conflict("split.there", N_("The bill is split already. Undo that first to split it anew."))
    free = free_of(visit)
    if sum(free.values()) < ways:
        raise nothing()
    amounts = split(sum(free.values()), [1] * ways)
    shares = [
        Share(id=key, visit=visit, way="even", amount=amount, parts=_slice(free, amount), made_at=at)
        for key, amount in zip(new_ids(at, ways), amounts, strict=True)
    ]
    Share.objects.bulk_create(shares)
    live.tell(visit.id, visit.store_id, at)
    return [share.id for share in shares]


def _slice(free: dict[int, int], amount: int) -> list[list[int]]:
    """Take `amount` out of what is free, order by order."""
    parts = []
    for key in sorted(free):
        taken = min(free[key], amount)
        if taken:
            parts.append([key, taken])
            free[key] -= taken
            amount -= taken
    return parts


@transaction.atomic
def undo_split(*, visit_id: int, actor: Actor, at: datetime) -> int:
    """Take back the equal shares that nobody has taken yet; how many."""
    visit = visits.mine(visit_id, actor)
    gone, _ = Share.objects.filter(visit=visit, way="even", state="open", person=None).delete()
    live.tell(visit.id, visit.store_id, at)
    return gone


@transaction.atomic
def take_share(*, visit_id: int, share_id: int, person_id: int, at: datetime) -> int:
    """Take one of the equal shares to pay it now; returns its payment. Raises Conflict "share.taken", "share.busy", NotFound."""
    visit = visits.locked(visit_id, person_id=person_id)
    share = _share(visit, share_id)
    if share.state == "open" and share.person_id == person_id:
        return _intent(share, at)
    if Share.objects.filter(visit=visit, person_id=person_id, state="open").exists():
        raise _busy()
    if not Share.objects.filter(pk=share.pk, state="open", person=None).update(person_id=person_id):
        raise Conflict("share.taken", N_("Somebody else has taken this share."))
    share.refresh_from_db()
    live.tell(visit.id, visit.store_id, at)
    return _intent(share, at)


def _share(visit: Visit, share_id: int) -> Share:
    row = Share.objects.filter(pk=share_id, visit=visit).first()
    if row is None:
        raise NotFound("share.unknown", N_("There is no such share of this bill."))
    return row


@transaction.atomic
def drop_share(*, visit_id: int, person_id: int, at: datetime) -> bool:
    """The person does not pay the share that they have begun after all. Returns whether there was one.

    Raises Conflict `intent.captured` when it has just been paid.
    """
    visit = visits.locked(visit_id, person_id=person_id)
    share = Share.objects.filter(visit=visit, person_id=person_id, state="open").first()
    if share is None:
        return False
    payments.cancel(ref=ref(share), at=at)
    _over(share, at)
    live.tell(visit.id, visit.store_id, at)
    return True


def _over(share: Share, at: datetime) -> None:
    Share.objects.filter(pk=share.pk, state="open").update(state="over", over_at=at)


@transaction.atomic
def share_over(*, share_id: int, at: datetime) -> None:
    """Nobody paid a share in time: what it was for is free again."""
    share = Share.objects.filter(pk=share_id, state="open").first()
    if share is not None:
        _over(share, at)
        live.tell(share.visit_id, share.visit.store_id, at)


@transaction.atomic
def share_paid(*, share_id: int, at: datetime) -> None:
    """The money for a share has come in: what it was for is owed no more. What was paid too much goes back by itself."""
    share = Share.objects.filter(pk=share_id).first()
    if share is None:
        return
    visit = Visit.objects.select_for_update().get(pk=share.visit_id)
    payments.pay_off(ref=ref(share), parts=[(f"or:{key}", amount) for key, amount in share.parts], at=at)
    Share.objects.filter(pk=share.pk).update(state="paid", over_at=at)
    _paid(visit, at)


def _paid(visit: Visit, at: datetime) -> None:
    order_ids = visits.orders_of(visit)
    left = visits.owed(order_ids)
    orders.tab_paid(order_ids=[key for key in order_ids if key not in left], at=at)
    live.tell(visit.id, visit.store_id, at)
    if visit.closed_at is None:
        visits.close_if_done(visit, at)


@transaction.atomic
def pay_at_counter(*, visit_id: int, actor: Actor, share_id: int | None = None, key: str, at: datetime) -> int:
    """The store has taken the money itself: for one of the equal shares, or for all that nobody else has paid or is paying. Returns how
    much, minor units; the same `key` counts once (0). Raises Conflict "bill.nothing", "share.taken", Gone, NotFound.
    """
    visit = visits.locked(visit_id, store_id=actor.scope_id)
    if share_id is None:
        parts = free_of(visit)
        if not parts:
            raise nothing()
        share = Share.objects.create(
            id=new_id(at), visit=visit, way="counter", amount=sum(parts.values()), parts=[list(part) for part in parts.items()], made_at=at
        )
    else:
        share = _share(visit, share_id)
        if share.state != "open" or share.person_id is not None:
            raise Conflict("share.taken", N_("Somebody else has taken this share."))
    owed = [(f"or:{order}", amount) for order, amount in share.parts]
    taken = payments.take_at_counter(store_id=visit.store_id, parts=owed, key=f"{visit.id}:{key}", by=actor, at=at)
    if not taken:
        share.delete()
        return 0
    Share.objects.filter(pk=share.pk).update(state="paid", way="counter", amount=taken, over_at=at)
    _paid(visit, at)
    return taken


@transaction.atomic
def forgive(*, visit_id: int, actor: Actor, reason: str, at: datetime) -> int:
    """The store waives what is still owed, and bears it; returns how much. What somebody is paying just now is not waived.

    Raises Invalid without a reason, Conflict "bill.nothing" and "visit.unanswered".
    """
    visit = visits.locked(visit_id, store_id=actor.scope_id)
    if not reason.strip():
        raise Invalid("reason.missing", N_("Say why."), field="reason")
    if Share.objects.filter(visit=visit, state="open", person__isnull=False).exists():
        raise Conflict("share.open", N_("Somebody is paying a part of this bill just now. Wait for that."))
    Share.objects.filter(visit=visit, state="open").delete()
    free = free_of(visit)
    if not free:
        raise nothing()
    if any(view.state == "paid" for view in ordered.orders(ids=list(free)).values()):
        raise Conflict("visit.unanswered", N_("The kitchen has not taken on everything yet. Accept or refuse it first."))
    for key, amount in free.items():
        orders.refund_part(order_id=key, amount=amount, reason=reason.strip(), by=actor, key=f"waive:{visit.id}:{new_id(at)}", at=at)
    _paid(visit, at)
    return sum(free.values())
