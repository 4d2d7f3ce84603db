"""Everything that can be wrong with a wish is said clearly, by the quote and again by the order, and changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from linli.apps.catalog import operations as catalog
from linli.apps.merchants import operations as merchants
from linli.apps.merchants.operations import Ring
from linli.apps.orders import operations as orders
from linli.apps.orders import queries as ordered
from linli.apps.orders.models import Order
from linli.apps.orders.queries import CheckoutWant
from linli.apps.payments import queries as paying
from linli.apps.promotions import operations as promotions
from linli.apps.promotions.operations import CampaignWant
from linli.apps.stock import operations as stock
from linli.apps.stock import queries as left_of
from linli.kernel.actors import SYSTEM
from linli.platform import policies
from tests.town import World, refused

Change = Callable[[World], object]


def raise_price(world: World, price: int = 2900) -> None:
    """Chen asks for more (or less) for his beef noodles."""
    from linli.apps.catalog.models import Offer

    Offer.objects.filter(id=world.dishes["牛肉面"]).update(price=price)


def untouched(world: World) -> None:
    """Nothing was ordered, held, redeemed or asked for; the cart is as it was."""
    assert Order.objects.count() == 0
    assert ordered.cart(person_id=world.lin, store_id=world.noodles, at=world.at).lines != ()
    assert paying.balance(person_id=world.lin) == 1_000_000
    for view in left_of.supplies(store_id=world.noodles, at=world.at):
        assert view.left == view.capacity or view.left == 0


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("offer.gone", lambda world: catalog.set_on_sale(offer_id=world.dishes["牛肉面"], on=False, actor=world.chen, at=world.at)),
        ("option.gone", lambda world: catalog.set_option_on_sale(option_id=world.options["大份"], on=False, actor=world.chen, at=world.at)),
        ("stock.short", lambda world: world.limit("牛肉面", 0)),
        ("store.paused", lambda world: merchants.pause(
            store_id=world.noodles, until=world.at + timedelta(hours=1), actor=world.chen, at=world.at)),
        ("store.closed", lambda world: merchants.set_hours(store_id=world.noodles, openings=(), actor=world.chen, at=world.at)),
        ("address.outside", lambda world: merchants.set_rings(
            store_id=world.noodles, rings=[Ring(100, 0, 0)], actor=world.chen, at=world.at)),
        ("order.minimum", lambda world: merchants.set_rings(
            store_id=world.noodles, rings=[Ring(5000, 0, 9_900)], actor=world.chen, at=world.at)),
        ("order.too_large", lambda world: policies.change(
            number_name="money.order_max", city_id=0, value=2000, actor=SYSTEM, at=world.at, reason="test")),
        ("quote.changed", raise_price),
        ("quote.changed", lambda world: raise_price(world, 2700)),
        ("quote.changed", lambda world: merchants.set_rings(
            store_id=world.noodles, rings=[Ring(5000, 301, 0)], actor=world.chen, at=world.at)),
        ("quote.changed", lambda world: world.fill(world.lin, {"拍黄瓜": 1})),
        ("address.unknown", lambda world: _forget_home(world)),
    ],
)  # fmt: skip
def test_what_changes_between_quote_and_order_is_told_and_nothing_happens(world: World, code: str, change: Change) -> None:
    world.fill(world.lin, {"牛肉面": 2}, options=[(world.options["大份"], 1)])
    token = world.quote().token
    assert token
    change(world)
    with refused(code):
        orders.place(
            person_id=world.lin, want=world.want(), quote_token=token, method="balance", idempotency_key="test-key", at=world.at
        )  # fmt: skip
    if code != "quote.changed":
        quote = world.quote()
        assert code in {problem.code for problem in quote.problems}
        assert quote.token == ""
        assert all(str(problem) for problem in quote.problems)  # every placeholder of the sentence is filled
    untouched(world)


def _forget_home(world: World) -> None:
    from linli.apps.accounts import operations as accounts

    accounts.delete_address(person_id=world.lin, address_id=world.home, at=world.at)


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("address.missing", {"address_id": None}),
        ("address.outside", {"address_id": "abroad"}),
        ("address.unknown", {"address_id": "he_home"}),
        ("slot.unavailable", {"scheduled_for": "midnight"}),
        ("slot.unavailable", {"scheduled_for": "yesterday"}),
        ("slot.unavailable", {"scheduled_for": "crooked"}),
        ("tip.range", {"tip": -1}),
        ("tip.range", {"tip": 20_001}),
        ("tip.range", {"tip": 100, "mode": "pickup"}),
        ("utensils.range", {"utensils": 21}),
        ("remark.long", {"remark": "x" * 201}),
        ("coupon.unusable", {"coupon_id": 17}),
    ],
)
def test_wishes_that_cannot_be_met(world: World, code: str, changes: dict[str, object]) -> None:
    times = {"midnight": timedelta(hours=12, minutes=30), "yesterday": timedelta(days=-1), "crooked": timedelta(minutes=91)}
    scheduled = changes.get("scheduled_for")
    given = {
        **changes,
        **({"scheduled_for": world.at + times[str(scheduled)]} if scheduled else {}),
        **({"address_id": getattr(world, str(changes["address_id"]))} if isinstance(changes.get("address_id"), str) else {}),
    }
    world.fill(world.lin, {"牛肉面": 2})
    quote = world.quote(world.want(**given))
    assert [problem.code for problem in quote.problems] == [code]
    assert quote.token == ""
    with refused("quote.forged"):
        orders.place(
            person_id=world.lin, want=world.want(**given), quote_token="", method="balance", idempotency_key="test-key", at=world.at
        )  # fmt: skip
    untouched(world)


def test_an_unknown_mode_and_an_unknown_store(world: World) -> None:
    with refused("mode.unknown"):
        world.quote(world.want(mode="teleport"))
    with refused("store.unknown"):
        world.quote(world.want(store_id=1))


def test_an_empty_cart(world: World) -> None:
    assert [problem.code for problem in world.quote().problems] == ["cart.empty"]


def test_a_quote_holds_until_the_time_it_says(world: World) -> None:
    world.fill(world.lin, {"牛肉面": 2})
    quote = world.quote()
    world.at = quote.valid_until
    with refused("quote.expired"):
        orders.place(
            person_id=world.lin, want=world.want(), quote_token=quote.token, method="balance", idempotency_key="test-key", at=world.at
        )  # fmt: skip
    untouched(world)
    world.at = quote.valid_until - timedelta(seconds=1)
    world.place({}, token=quote.token)


def test_a_quote_is_for_whoever_asked_and_for_what_they_asked(world: World) -> None:
    world.fill(world.lin, {"牛肉面": 2})
    world.fill(world.he, {"牛肉面": 2})
    token = world.quote().token
    for person_id, want in (
        (world.he, world.want(address_id=world.he_home)),
        (world.lin, world.want(address_id=world.office)),
        (world.lin, world.want(tip=100)),
    ):
        with refused("quote.changed"):
            orders.place(
                person_id=person_id, want=want, quote_token=token, method="balance", idempotency_key="test-key", at=world.at
            )  # fmt: skip
    with refused("quote.forged"):
        orders.place(
            person_id=world.lin, want=world.want(), quote_token=token[:-2], method="balance", idempotency_key="test-key", at=world.at
        )
    untouched(world)


@pytest.mark.parametrize(("method", "mode"), [("shells", "delivery"), ("cash", "pickup"), ("", "delivery")])
def test_what_cannot_be_paid_like_that(world: World, method: str, mode: str) -> None:
    with refused("method.unavailable"):
        world.place(want=world.want(mode=mode), method=method)
    untouched(world)


def test_the_same_key_for_something_else(world: World) -> None:
    order = world.place(key="the-same-key")
    world.fill(world.lin, {"素面": 2})
    with refused("idempotency.mismatch"):
        world.place({}, key="the-same-key")
    assert Order.objects.get().id == order.id
    with refused("idempotency.key"):
        world.place({}, key="short")


def test_a_key_belongs_to_one_person(world: World) -> None:
    one = world.place(key="the-same-key")
    other = world.place(want=world.want(address_id=world.he_home), person_id=world.he, key="the-same-key")
    assert one.id != other.id


def test_a_refused_order_may_be_sent_again_with_the_same_key(world: World) -> None:
    world.limit("牛肉面", 1)
    with refused("stock.short"):
        world.fill(world.lin, {"牛肉面": 2})
    stock.set_count(offer_id=world.dishes["牛肉面"], count=2, actor=world.chen, at=world.at)
    world.fill(world.lin, {"牛肉面": 2})
    token = world.quote().token
    stock.set_count(offer_id=world.dishes["牛肉面"], count=1, actor=world.chen, at=world.at)
    with refused("stock.short"):
        world.place({}, token=token, key="again-and-again")
    stock.set_count(offer_id=world.dishes["牛肉面"], count=5, actor=world.chen, at=world.at)
    assert world.place({}, token=token, key="again-and-again").state == "placed"


def test_a_coupon_is_used_once(world: World) -> None:
    campaign = promotions.put_campaign(
        want=CampaignWant(
            kind="coupon", title="减十元", title_en="10 off", rules={"tiers": [[2000, 1000]]}, starts_at=world.at - timedelta(days=1),
            ends_at=world.at + timedelta(days=1),
        ),
        at=world.at,
    )  # fmt: skip
    coupon = promotions.grant(campaign_id=campaign, person_id=world.lin, at=world.at)
    order = world.paid(want=world.want(coupon_id=coupon))
    assert (order.discount, order.total) == (1000, 5000)
    world.fill(world.lin, {"牛肉面": 2})
    assert [problem.code for problem in world.quote(world.want(coupon_id=coupon)).problems] == ["coupon.unusable"]
    orders.cancel(order_id=order.id, actor=world.ou, reason="test", at=world.at)
    assert world.quote(world.want(coupon_id=coupon)).total == 5000  # it came back


def test_carts_refuse_what_makes_no_sense(world: World) -> None:
    add = {"person_id": world.lin, "store_id": world.noodles, "offer_id": world.dishes["牛肉面"], "at": world.at}
    egg = world.options["加蛋"]
    for code, changes in {
        "cart.qty": {"qty": 0}, "offer.gone": {"offer_id": 1}, "option.limits": {"options": [(egg, 4)]},
        "option.gone": {"options": [(1, 1)]}, "cart.note": {"note": "x" * 101},
    }.items():  # fmt: skip
        with refused(code):
            orders.add_line(**{**add, **changes})  # type: ignore[arg-type]
    with refused("offer.gone"):  # a dish of another store
        orders.add_line(**{**add, "store_id": world.dumplings})  # type: ignore[arg-type]
    assert ordered.cart(person_id=world.lin, store_id=world.noodles, at=world.at).lines == ()
    line = orders.add_line(**add, qty=60)  # type: ignore[arg-type]
    with refused("cart.qty"):
        orders.add_line(**add, qty=60)  # type: ignore[arg-type]
    with refused("cart.line"):
        orders.set_line(person_id=world.he, line_id=line, qty=1, at=world.at)
    assert ordered.cart(person_id=world.lin, store_id=world.noodles, at=world.at).count == 60


def test_a_menu_that_changes_shows_in_the_cart(world: World) -> None:
    world.fill(world.lin, {"牛肉面": 2, "素面": 1})
    catalog.set_on_sale(offer_id=world.dishes["牛肉面"], on=False, actor=world.chen, at=world.at)
    cart = ordered.cart(person_id=world.lin, store_id=world.noodles, at=world.at)
    assert [(line.title, line.problem.code if line.problem else "") for line in cart.lines] == [("牛肉面", "offer.gone"), ("素面", "")]
    assert (cart.goods, cart.count) == (1600, 1)


def test_a_late_payment_of_a_cancelled_order_goes_back(world: World) -> None:
    from linli.kernel.actors import Actor

    order = world.place()
    intent = paying.intent(ref=order.ref)
    from linli.apps.payments import operations as payments

    payments.start(intent_id=intent.id, person_id=world.lin, method="balance", at=world.at)  # paid, but the news has not been heard yet
    orders.cancel(order_id=order.id, actor=Actor("consumer", world.lin), reason="", at=world.at)
    world.pass_(1)
    gone = world.order(order)
    assert (gone.state, gone.refunded) == ("cancelled", order.total)
    assert paying.balance(person_id=world.lin) == 1_000_000


def test_someone_elses_order_is_not_there(world: World) -> None:
    order = world.place()
    with refused("order.unknown"):
        ordered.order(order_id=order.id, person_id=world.he)
    with refused("order.unknown"):
        ordered.order(order_id=order.id, store_id=world.dumplings)
    with refused("order.unknown"):
        orders.reorder(person_id=world.he, order_id=order.id, at=world.at)
    assert ordered.orders_of(person_id=world.he).items == ()


def test_a_plain_want_is_what_the_api_gets(world: World) -> None:
    want = CheckoutWant(store_id=world.noodles, mode="pickup")
    world.fill(world.lin, {"素面": 1})
    quote = world.quote(want)
    assert (quote.problems, quote.total, quote.savings) == ((), 1700, 0)
