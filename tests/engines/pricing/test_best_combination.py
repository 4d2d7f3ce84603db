"""The best legal combination of deals, against looking at every subset."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from linli.engines.pricing.problem import Deal, Problem, Stack
from linli.engines.pricing.solve import apply, check, legal, solve

GROUPS = ("store", "coupon", "delivery", "newcomer")
sums = st.integers(0, 9000)
stacks = st.builds(Stack, st.sampled_from(GROUPS), st.none() | st.frozensets(st.sampled_from(GROUPS)))


@st.composite
def deals(draw: st.DrawFn) -> tuple[Deal, ...]:
    made = []
    for number in range(draw(st.integers(0, 7))):
        kind = draw(st.sampled_from(["full_reduction", "percent", "newcomer", "coupon", "delivery"]))
        made.append(
            Deal(
                id=number, kind=kind, stack=draw(stacks), target="delivery" if kind == "delivery" else "goods",
                tiers=tuple(draw(st.lists(st.tuples(sums, st.integers(1, 3000)), max_size=2))),
                percent_bp=draw(st.integers(0, 10_000)) if kind == "percent" else 0, minimum=draw(sums),
                cap=draw(st.none() | st.integers(0, 2000)), coupon_id=100 + number if kind == "coupon" else None,
            )
        )  # fmt: skip
    return tuple(made)


@given(sums, st.integers(0, 1500), deals())
def test_nothing_legal_is_better(goods: int, fee: int, offered: tuple[Deal, ...]) -> None:
    problem = Problem(goods, fee, offered)
    result = solve(problem)
    assert check(problem, result) == []
    subsets = [some for size in range(len(offered) + 1) for some in combinations(offered, size) if legal(some)]
    assert result.total == max(apply(problem, some).total for some in subsets)


@given(sums, st.integers(0, 1500), deals())
def test_a_coupon_that_one_insists_on_is_in_it_or_nothing_is(goods: int, fee: int, offered: tuple[Deal, ...]) -> None:
    for must in [deal.coupon_id for deal in offered if deal.coupon_id]:
        result = solve(Problem(goods, fee, offered, must))
        assert not result.taken or must in {taken.deal.coupon_id for taken in result.taken}


def test_percent_is_of_what_the_reduction_left() -> None:
    both = frozenset({"a", "b"})
    offered = (
        Deal(1, "full_reduction", Stack("a", both), tiers=((5000, 1000),)),
        Deal(2, "percent", Stack("b", both), percent_bp=1000),
    )
    assert [taken.amount for taken in solve(Problem(6000, 0, offered)).taken] == [1000, 500]


def test_equal_totals_take_fewer_deals() -> None:
    offered = (
        Deal(1, "newcomer", Stack("a"), tiers=((0, 300),)),
        Deal(2, "coupon", Stack("b"), tiers=((0, 200),), coupon_id=7),
        Deal(3, "full_reduction", Stack("c", frozenset()), tiers=((0, 500),)),
    )
    assert [taken.deal.id for taken in solve(Problem(6000, 0, offered)).taken] == [3]


def test_the_check_sees_what_is_wrong() -> None:
    deal = Deal(1, "newcomer", Stack("a"), tiers=((0, 300),))
    result = solve(Problem(1000, 0, (deal,)))
    assert check(Problem(200, 0, ()), result) == ["a deal from nowhere", "more taken off goods than it costs"]
