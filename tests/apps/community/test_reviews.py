"""Whoever had an order says what they think of it, once, and the store's rating follows."""

from __future__ import annotations

from linli.apps.community import operations as community
from linli.apps.community import queries as reviews
from linli.apps.merchants import queries as merchants
from linli.kernel.actors import Actor
from tests.town import World, refused


def test_a_review_counts_towards_the_rating_and_gets_an_answer(world: World) -> None:
    order = world.delivered()
    view = community.review(
        order_id=order.id, person_id=world.lin, stars=4, aspects={"taste": 5, "delivery": 3}, text="good broth", at=world.at
    )
    assert (view.author, view.stars, view.aspects, view.dishes) == ("林**", 4, {"taste": 5, "delivery": 3}, ("牛肉面",))
    store = merchants.store(store_id=world.noodles)
    assert (store.rating, store.rating_count) == (40, 1)
    community.reply(review_id=view.id, actor=world.chen, text="thank you", at=world.at)
    (shown,) = reviews.reviews(store_id=world.noodles).items
    assert (shown.reply, shown.replied_at) == ("thank you", world.at)
    assert reviews.summary(store_id=world.noodles) == reviews.Summary(1, (0, 0, 0, 1, 0), {"taste": 50, "pack": 0, "delivery": 30})
    assert reviews.reviewed(order_ids=[order.id, 7]) == {order.id}
    assert reviews.reviews(store_id=world.noodles, unanswered=True).items == ()


def test_what_is_no_review(world: World) -> None:
    early = world.paid()
    with refused("review.state"):
        community.review(order_id=early.id, person_id=world.lin, stars=5, at=world.at)
    order = world.delivered()
    for stars, aspects in ((0, {}), (6, {}), (5, {"taste": 9}), (5, {"smell": 3})):
        with refused("rating.stars"):
            community.review(order_id=order.id, person_id=world.lin, stars=stars, aspects=aspects, at=world.at)
    with refused("order.unknown"):
        community.review(order_id=order.id, person_id=world.he, stars=1, at=world.at)
    with refused("review.long"):
        community.review(order_id=order.id, person_id=world.lin, stars=5, text="x" * 1001, at=world.at)
    assert merchants.store(store_id=world.noodles).rating_count == 0


def test_once_only_and_not_for_ever(world: World) -> None:
    order = world.delivered()
    community.review(order_id=order.id, person_id=world.lin, stars=5, at=world.at)
    with refused("review.twice"):
        community.review(order_id=order.id, person_id=world.lin, stars=1, at=world.at)
    assert merchants.store(store_id=world.noodles).rating_count == 1
    old = world.delivered()
    world.pass_(16 * 24 * 60)
    with refused("review.late"):
        community.review(order_id=old.id, person_id=world.lin, stars=5, at=world.at)


def test_only_the_store_itself_answers(world: World) -> None:
    view = community.review(order_id=world.delivered().id, person_id=world.lin, stars=5, at=world.at)
    with refused("review.unknown"):
        community.reply(review_id=view.id, actor=world.wang, text="hm", at=world.at)
    with refused("state.forbidden"):
        community.reply(review_id=view.id, actor=Actor("consumer", world.lin), text="hm", at=world.at)
    with refused("review.reply"):
        community.reply(review_id=view.id, actor=world.chen, text="  ", at=world.at)
