"""What it would cost and when it would come, in a form that can be held to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from linli.apps.merchants import queries as merchants
from linli.apps.orders import checkout, modes, promise, together
from linli.apps.orders.checkout import Checkout
from linli.apps.orders.views import CheckoutWant, Quote, Slot, TogetherQuote
from linli.platform import policies, security
from linli.policy import promises

TOKEN = "orders.quote"  # the purpose that a quote is signed for


def quote(*, person_id: int, want: CheckoutWant, at: datetime) -> Quote:
    """What the person's cart in the store would cost, wanted like that.

    Raises NotFound for an unknown store, Invalid for an unknown mode; everything else that is wrong is in `problems`.
    """
    return shown(checkout.prepare(person_id=person_id, want=want, at=at))


def shown(made: Checkout) -> Quote:
    """The quote of a checkout; signed when nothing stands in its way."""
    valid_for_s = policies.whole(promises.QUOTE_VALID_MIN, made.store.city_id) * 60
    token = "" if made.problems else security.sign(TOKEN, {"g": made.digest}, at=made.at, valid_for_s=valid_for_s)
    promised = made.promised
    return Quote(
        store_id=made.store.id,
        currency=made.city.currency,
        lines=made.bill.lines,
        total=made.bill.total,
        savings=made.bill.discount,
        token=token,
        valid_until=made.at + timedelta(seconds=valid_for_s),
        promise_from=promised.start,
        promise_to=promised.end,
        problems=made.problems,
        slots=made.slots,
        asap=made.opening.open,
        minimum=made.ring.minimum if made.ring else 0,
        pay=made.pay,
        due_at=made.due_at,
    )


def quote_all(*, person_id: int, wants: Sequence[CheckoutWant], at: datetime) -> TogetherQuote:
    """What several carts would cost ordered together. Raises NotFound, Invalid for a wrong list of parts; all else is in `problems`."""
    made = together.prepare(person_id=person_id, wants=wants, at=at)
    valid_for_s = min(policies.whole(promises.QUOTE_VALID_MIN, part.store.city_id) for part in made.parts) * 60
    token = "" if made.problems else security.sign(TOKEN, {"g": made.digest}, at=at, valid_for_s=valid_for_s)
    return TogetherQuote(
        parts=tuple(shown(part) for part in made.parts), wants=tuple(part.want for part in made.parts),
        currency=made.parts[0].city.currency, total=made.total, due_now=made.due_now,
        savings=sum(part.bill.discount for part in made.parts), token=token,
        valid_until=at + timedelta(seconds=valid_for_s), methods=made.methods, problems=made.problems,
    )  # fmt: skip


def scheduled_slots(*, store_id: int, mode: str, at: datetime, travel_s: int = 0) -> list[Slot]:
    """The times that an order of an average dish could be scheduled for; a way to the person takes `travel_s` seconds."""
    store = merchants.store(store_id=store_id)
    way = max(1, travel_s) if modes.mode(mode).courier else 0
    return list(checkout.slots_of(store, at, store.prep_minutes * 60, way, promise.rules(store.city_id)))
