"""Everything that a quote and a placed order are made of, read once and judged by the rules. Both come through here, so both agree."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from linli.apps.accounts import queries as accounts
from linli.apps.accounts.queries import AddressView
from linli.apps.catalog import queries as catalog
from linli.apps.catalog.queries import LinePrice, OfferTerms
from linli.apps.city import queries as city
from linli.apps.city.queries import Ground
from linli.apps.fulfilment import queries as fulfilment
from linli.apps.merchants import queries as merchants
from linli.apps.merchants.queries import OpenState, RingView, StoreTerms, StoreView
from linli.apps.orders import basket, credit, hot, modes, promise
from linli.apps.orders.bill import Bill, bill, digest
from linli.apps.orders.hot import Picked
from linli.apps.orders.views import CheckoutWant, QuoteLine, Slot
from linli.apps.payments import queries as paying
from linli.apps.promotions import queries as promotions
from linli.apps.promotions.queries import Basket, Discount, Running
from linli.apps.stock import queries as stock
from linli.apps.stock.queries import Shelf
from linli.kernel.errors import N_, Conflict, Invalid, Problem
from linli.kernel.money import Money
from linli.kernel.time import Window
from linli.platform import policies, reads
from linli.policy import money

VEHICLE = "bike"
MOST_UTENSILS = 20
LONGEST_REMARK = 200
FARTHEST = timedelta(days=366)


@dataclass(frozen=True)
class Checkout:
    """A cart on its way to become an order: what it holds, what it costs, when it comes, and what stands in its way."""

    person_id: int
    want: CheckoutWant
    mode: modes.Mode
    at: datetime
    store: StoreTerms
    city: Ground
    opening: OpenState
    lines: tuple[Picked, ...]
    prices: dict[int, LinePrice]
    address: AddressView | None
    ring: RingView | None
    travel_s: int
    bill: Bill
    discounts: tuple[Discount, ...]
    shelf: Shelf
    problems: tuple[Problem, ...]
    rules: promise.Rules = field(repr=False)

    @property
    def prep_s(self) -> int:
        """How long the kitchen says it takes: the slowest dish, or the store's own time."""
        dishes = [price.prep_minutes or 0 for price in self.prices.values()]
        return max([self.store.prep_minutes, *dishes]) * 60

    @property
    def likely_s(self) -> int:
        """How long it takes by what is known of the kitchen, which is what can be promised."""
        return round(self.store.kitchen.middle_s(self.prep_s))

    @cached_property
    def leaves_s(self) -> float:
        """In how many seconds it can leave the store, as is promised: the meal is ready and, with a way to go, a courier there."""
        if not self.travel_s:
            return self.likely_s
        return fulfilment.leaves_s(city_id=self.store.city_id, place=self.store.point, made_s=self.likely_s, at=self.at)

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """The times that can be chosen."""
        if self.mode.time != "now_or_slot":
            return ()
        return tuple(slots_of(self.store, self.at, self.likely_s, self.travel_s, self.rules))

    @property
    def pay(self) -> str:
        """When what was picked is paid by its own terms: "now", or somewhere else (see `modes.PAID_BY`)."""
        return next((str(line.details.get("pay", "now")) for line in self.bill.lines if line.kind == "item"), "now")

    @property
    def methods(self) -> list[str]:
        """The ways to pay for it: those of the cashier, or the one that belongs to its terms."""
        if self.pay in modes.PAID_BY:
            return [modes.PAID_BY[self.pay]]
        return paying.offered(city_id=self.store.city_id, amount=self.bill.total, mode=self.mode.code)

    @property
    def due_at(self) -> datetime | None:
        """Until when it is to be paid, as far as that is known, when it is paid afterwards."""
        return credit.due_at(city_id=self.store.city_id, since=self.promised.end) if self.pay == "later" else None

    @property
    def begins_at(self) -> datetime | None:
        """When what was booked begins; None for what has no time of its own."""
        return min((line.starts_at for line in self.bill.lines if line.starts_at), default=None)

    @property
    def promised(self) -> Window:
        """When it comes, or when what was booked takes place; what has no time can be had from now on."""
        if self.mode.time != "now_or_slot":
            first = (self.begins_at if self.mode.time == "line" else None) or self.at
            ends = [line.ends_at or line.starts_at or first for line in self.bill.lines]
            return Window(first, max([first, *ends]))
        if self.want.scheduled_for is not None:
            return Window(self.want.scheduled_for, self.want.scheduled_for + timedelta(seconds=self.rules.slot_s))
        return promise.window(self.at, self.leaves_s, self.travel_s, self.rules)

    @property
    def digest(self) -> str:
        """The fingerprint of what is agreed on: who, where, when, and every line of the bill."""
        where = (self.address.id, self.address.lat, self.address.lng) if self.address else None
        return digest(self.person_id, self.store.id, self.mode.code, where, self.want.scheduled_for, self.bill.lines)


def slots_of(store: StoreTerms | StoreView, at: datetime, prep_s: int, travel_s: int, rules: promise.Rules) -> Iterator[Slot]:
    """The slots of a store, from when it no longer pauses."""
    start = max(at, store.paused_until) if store.paused_until else at
    first = start.astimezone(ZoneInfo(store.zone)).date() - timedelta(days=1)
    openings = (window for window in store.hours.windows(first, rules.ahead_days + 2) if window.end > start)
    return promise.slots(start, openings, prep_s, travel_s, rules) if store.active else iter(())


def prepare(
    *,
    person_id: int,
    want: CheckoutWant,
    at: datetime,
    take: bool = False,
    look: bool = True,
    taken: Sequence[Discount] = (),
    lines: Sequence[Picked] | None = None,
    rounds: Collection[int] = (),
    beside: int = 0,
) -> Checkout:
    """Read and judge; problems are collected, not raised, except where there is nothing to judge (NotFound, unknown mode). Two statements.

    Who places the order in the next breath may `take` the lines out of the cart, and need not `look` at what is left in the store: the
    hold looks for itself. `lines` that were picked elsewhere (at a table) stand in for those of the cart. `taken` are discounts that the
    person uses for something else that is ordered together with it, `beside` what of that is to be paid afterwards (minor units), `rounds`
    the orders that it is one more round of.
    """
    mode = modes.mode(want.mode)
    if lines is None:
        lines, returning = hot.cart(person_id, want.store_id, kinds=mode.takes, take=take)
    else:
        returning = True
    store, town, address, offers, deals, shelf = _read(person_id, want, basket.offer_ids(lines), at)
    prices, wrong = basket.priced(store.id, lines, offers, at)
    problems = [*wrong.values(), *(basket.short(lines, prices, shelf).values() if look else ())]
    problems += _address_problems(want, mode, address)
    address = address if mode.to_address else None
    ring = store.ring_at(address.point) if address else None
    travel_s = _travel(town, store, address, at) if address and ring else 0
    problems += _judge(want, mode, store, address, ring, lines)
    items = [_item(line, prices[line.id]) for line in lines if line.id in prices]
    goods = sum(item.amount for item in items)
    if rounds:
        off = promotions.redeemed(refs=[f"or:{key}" for key in rounds])
        deals = promotions.one_more_round(running=deals, goods=hot.goods_of(rounds), off=off)
    # Orders that came to nothing do not make somebody an old customer.
    goods_and_fee = Basket(store.id, store.city_id, person_id, goods, ring.fee if ring else 0, want.mode, not returning)
    discounts = _discounts(goods_and_fee, promotions.without(running=deals, taken=taken), want, problems)
    paper = bill(
        items=items,
        packaging=policies.whole(money.PACKAGING, store.city_id) if mode.packaging and items else 0,
        delivery_fee=ring.fee if ring else 0,
        discounts=discounts,
        tip=max(0, want.tip) if mode.tips else 0,
    )
    made = Checkout(
        person_id, want, mode, at, store, town, merchants.open_state(store, at), tuple(lines), prices, address, ring, travel_s, paper,
        tuple(discounts), shelf, (), promise.rules(store.city_id),
    )  # fmt: skip
    if len({price.details.get("pay", "now") for price in prices.values()}) > 1:
        problems.append(
            Conflict("cart.pay_mixed", N_("What is paid now and what is paid at the hotel or afterwards are booked one after the other."))
        )
    elif made.pay == "later":
        standing = credit.standing(person_id=person_id, city_id=store.city_id, at=at)
        problems += standing.problems(amount=beside + paper.total, currency=town.currency)
    unique = {(problem.code, str(problem)): problem for problem in (*_when(made), *problems, *_sums(made))}
    return replace(made, problems=tuple(unique.values()))


Found = tuple[StoreTerms, Ground, AddressView | None, dict[int, OfferTerms], list[Running], Shelf]


def _read(person_id: int, want: CheckoutWant, offer_ids: Sequence[int], at: datetime) -> Found:
    """What each room knows about it, in one statement. Raises NotFound for an unknown store."""
    city_id = merchants.city_of(store_id=want.store_id)
    store, town, *rest = reads.together([
        merchants.terms(store_id=want.store_id),
        city.ground(city_id=city_id, at=at),
        accounts.address_read(person_id=person_id, address_id=want.address_id),
        catalog.terms(offer_ids=offer_ids),
        promotions.running(store_id=want.store_id, city_id=city_id, person_id=person_id, at=at),
        stock.shelf(offer_ids=offer_ids, at=_wanted_at(want, at)),
    ])  # fmt: skip
    if store is None or town is None:
        raise merchants.unknown()
    return store, town, *rest


def _wanted_at(want: CheckoutWant, at: datetime) -> datetime:
    """When it is wanted; now, for a time so far away that it is refused anyhow."""
    return want.scheduled_for if want.scheduled_for and abs(want.scheduled_for - at) < FARTHEST else at


def _address_problems(want: CheckoutWant, mode: modes.Mode, address: AddressView | None) -> Iterator[Problem]:
    if mode.to_address and want.address_id is None:
        yield Invalid("address.missing", N_("Say where it should go."), field="address_id")
    elif mode.to_address and address is None:
        yield accounts.unknown_address()


def _travel(town: Ground, store: StoreTerms, address: AddressView, at: datetime) -> int:
    return max(1, town.travel_seconds(origin=store.point, destination=address.point, vehicle=VEHICLE, at=at))


def _item(line: Picked, price: LinePrice) -> QuoteLine:
    return QuoteLine(
        "item",
        line.offer_id,
        price.title,
        price.title_en,
        basket.picked(price),
        line.note,
        line.qty,
        price.unit,
        price.amount,
        starts_at=price.starts_at,
        ends_at=price.ends_at,
        guests=price.guests,
        details=price.details,
    )


def _discounts(basket: Basket, deals: Sequence[Running], want: CheckoutWant, problems: list[Problem]) -> list[Discount]:
    if not basket.goods:
        return []
    try:
        return promotions.choose(running=deals, basket=basket, coupon_id=want.coupon_id)
    except Problem as unusable:
        problems.append(unusable)
        return promotions.choose(running=deals, basket=basket, coupon_id=None)


def _judge(
    want: CheckoutWant, mode: modes.Mode, store: StoreTerms, address: AddressView | None, ring: RingView | None, lines: Sequence[Picked]
) -> Iterator[Problem]:
    """What is wrong with the wish itself."""
    if not lines:
        yield Invalid("cart.empty", N_("The cart is empty."))
    if mode.to_address and address and ring is None:
        yield Conflict("address.outside", N_("“%(store)s” does not deliver to this address."), store=store.name, field="address_id")
    most = policies.whole(money.TIP_MAX, store.city_id) if mode.tips else 0
    if not 0 <= want.tip <= most:
        yield Invalid("tip.range", N_("A tip can be at most %(most)s."), most=str(Money(most)), field="tip")
    if not 0 <= want.utensils <= MOST_UTENSILS:
        yield Invalid("utensils.range", N_("At most %(most)s sets of cutlery."), most=MOST_UTENSILS, field="utensils")
    if len(want.remark) > LONGEST_REMARK:
        yield Invalid("remark.long", N_("A remark has at most %(most)s characters."), most=LONGEST_REMARK, field="remark")


def _when(made: Checkout) -> Iterator[Problem]:
    """Whether the store can have it ready when it is wanted; what has a time of its own was judged by its kind."""
    if made.mode.time != "now_or_slot":
        return
    if made.want.scheduled_for is not None:
        if made.want.scheduled_for not in {slot.start for slot in made.slots}:
            yield Conflict("slot.unavailable", N_("This time cannot be chosen any more."), field="scheduled_for")
    elif not made.opening.open:
        next_at = made.opening.next_at.isoformat() if made.opening.next_at else ""
        if made.opening.reason == "paused":
            yield Conflict("store.paused", N_("“%(store)s” takes no orders just now."), store=made.store.name, next_at=next_at)
        else:
            yield Conflict("store.closed", N_("“%(store)s” is closed now."), store=made.store.name, next_at=next_at)


def _sums(made: Checkout) -> Iterator[Problem]:
    """Whether it is enough, and not too much."""
    minimum = made.ring.minimum if made.ring else 0
    if made.lines and made.bill.goods < minimum:
        missing, currency = minimum - made.bill.goods, made.city.currency
        yield Conflict(
            "order.minimum", N_("%(missing)s more for the minimum order of %(minimum)s."),
            minimum=str(Money(minimum, currency)), missing=str(Money(missing, currency)), missing_amount=missing,
        )  # fmt: skip
    most = policies.whole(money.ORDER_MAX, made.store.city_id)
    if made.bill.total > most:
        yield Conflict("order.too_large", N_("One order can cost at most %(most)s."), most=str(Money(most, made.city.currency)))
    if made.bill.total < 0:
        raise ValueError("discounts take off more than there is")
