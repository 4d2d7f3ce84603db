"""The checker of a day finds each kind of broken rule, and only that."""

from __future__ import annotations

from dataclasses import replace

import pytest

from linli.engines.mealday import Assignment, Courier, Day, Departure, Order, Result, Rules, Store, check, figures

# The store is 2 minutes from the courier's start; a's door is 3 minutes from the store, b's one minute further.
DAY = Day(
    "one",
    Rules(100.0),
    (Store("r", 150.0, 0.0), Store("s", 150.0, 400.0)),
    (Order("a", 450.0, 0.0, 600, "r", 610), Order("b", 550.0, 0.0, 601, "r", 609), Order("z", 150.0, 450.0, 600, "s", 605)),
    (Courier("c", 0.0, 0.0, 600, 640), Courier("d", 0.0, 0.0, 600, 640)),
)
# There at 607, from 609 ready to collect; in hand at 610, away at 612, a's door 615 to 619, b's 620 to 624.
BOTH = Assignment(605, 610, "c", ("a", "b"), (617, 622))
MOVES = (Departure("c", 605, "c", "r"), Departure("c", 612, "r", "a"), Departure("c", 619, "a", "b"))
GOOD = Result((BOTH,), MOVES)


def test_a_day_by_the_rules_passes() -> None:
    assert check(DAY, GOOD) == []
    assert check(DAY, Result()) == []


def test_the_figures_are_those_of_the_literature() -> None:
    told = figures(DAY, GOOD)
    assert told.undelivered_pct == pytest.approx(100 / 3)
    assert told.click_to_door_mean == (17 + 21) / 2
    assert told.ready_to_pickup_mean == (0 + 1) / 2
    assert told.cost_per_order == (20 + 10) / 2  # one courier by the order, the other what 40 minutes guarantee
    assert told.orders_per_bundle == 2


def moved(number: int, **changes: object) -> Result:
    moves = list(MOVES)
    moves[number] = replace(moves[number], **changes)  # type: ignore[arg-type]
    return Result((BOTH,), tuple(moves))


def given(**changes: object) -> Result:
    return Result((replace(BOTH, **changes),), MOVES)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (given(at=600), "order b is assigned at 600, before it is placed"),
        (given(pickup=609), "order a is picked up at 609, before it is ready"),
        (given(at=611), "what is decided at 611"),
        (moved(0, at=607), "too soon after arriving at 609"),
        (moved(0, at=599), "not free before 600"),
        (moved(1, at=611), "not free before 612"),
        (moved(2, at=618), "not free before 619"),
        (moved(2, origin="r"), "but is at a"),
        (moved(1, origin="c"), "but is at r"),
        (given(dropped=(616, 622)), "handed over at 616, too soon"),
        (given(dropped=(617, 621)), "handed over at 621, too soon"),
        (given(dropped=(617,)), "do not fit"),
        (given(orders=("b", "a")), "does not go to the door of b"),
        (Result((BOTH,), MOVES[:2]), "does not go to the door of b"),
        (Result((), MOVES), "with nothing for it"),
        (given(courier="x"), "no courier x"),
        (given(orders=("a", "y")), "no order y"),
        (moved(0, destination="y"), "no way from c to y"),
        (moved(0, destination="s"), "but is at s"),
        (Result((BOTH,), MOVES[1:]), "but is at c"),
    ],
)
def test_each_broken_rule_is_found(result: Result, words: str) -> None:
    assert any(words in fault for fault in check(DAY, result)), check(DAY, result)


def test_nothing_is_picked_up_after_the_shift() -> None:
    over = replace(DAY, couriers=(Courier("c", 0.0, 0.0, 600, 609), DAY.couriers[1]))
    assert check(over, GOOD) == ["c picks up at 610, after the end at 609"]


def test_orders_of_two_stores_are_not_carried_together() -> None:
    mixed = Result((replace(BOTH, orders=("a", "z"), dropped=(617, 640)),), (*MOVES[:2], Departure("c", 619, "a", "z")))
    assert check(DAY, mixed) == ["c at 610: orders of more than one store together"]


def test_an_order_is_brought_once() -> None:
    again = tuple(replace(move, courier="d", origin="d" if move.origin == "c" else move.origin) for move in MOVES)
    twice = Result((BOTH, replace(BOTH, courier="d")), (*MOVES, *again))
    assert check(DAY, twice) == ["order a is brought 2 times", "order b is brought 2 times"]


def test_a_courier_may_be_told_another_store_on_arriving() -> None:
    other = Result(
        (Assignment(606, 611, "c", ("z",), (616,)),),
        (Departure("c", 600, "c", "r"), Departure("c", 602, "r", "s"), Departure("c", 613, "s", "z")),
    )
    assert check(DAY, other) == []
