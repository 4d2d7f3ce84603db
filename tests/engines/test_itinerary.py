"""Day plans: exact where small, near it where large, liveable always, and kept together when a person changes something."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import combinations, permutations

import pytest

from linli.engines.itinerary import Day, Meal, Params, Problem, Result, Spot, check, instead, solve
from linli.engines.itinerary.cheapest import cheapest
from linli.engines.itinerary.problem import LUNCH
from linli.engines.itinerary.route import route
from linli.engines.itinerary.table import Table
from linli.kernel.geo import Point

HOME = Point(39.91, 116.40)
ALWAYS = (((540, 1260),),) * 7
EXACT, SEARCH = Params(exact_most=99), Params(exact_most=0)
ONE = (Day(2, 540, 1080),)


def near(dice: random.Random, km: float = 3.0) -> Point:
    return Point(HOME.lat + dice.uniform(-1, 1) * km / 111, HOME.lng + dice.uniform(-1, 1) * km / 85)


def sight(name: str, dice: random.Random, **given: object) -> Spot:
    usual = {"at": near(dice), "minutes": dice.randint(40, 120), "price": dice.choice([0, 3000, 6000]), "worth": dice.uniform(0.3, 2)}
    return Spot(**{"id": name, "kind": "sight", "tag": dice.choice("abc"), "hours": ALWAYS} | usual | given)  # type: ignore[arg-type]


def food(name: str, dice: random.Random, **given: object) -> Spot:
    return replace(sight(name, dice), kind="meal", minutes=60, **given)  # type: ignore[arg-type]


def wish(seed: int, sights: int, places: int, days: int = 1, **given: object) -> Problem:
    dice = random.Random(seed)
    spots = (*(sight(f"s{n}", dice) for n in range(sights)), *(food(f"m{n}", dice) for n in range(places)))
    asked = {"days": tuple(Day(2 + n, 540, 1080) for n in range(days)), "party": 2, "budget": 80_000, "meals": (LUNCH,)} | given
    return Problem(home=HOME, spots=spots, **asked)  # type: ignore[arg-type]


def brute(problem: Problem) -> float | None:
    """The best value over every order of every choice, for one day and one meal."""
    table = Table(problem, Params())
    sights, meals = ([i for i in range(1, len(table.stay)) if table.eats[i] is eats] for eats in (False, True))
    found = []
    for meal in meals:
        for size in range(len(sights) + 1):
            for chosen in combinations(sights, size):
                for order in permutations((*chosen, meal)):
                    at = route(table, 0, [(i, 0 if i == meal else -1) for i in order])
                    if at is not None and at.cost <= problem.budget:
                        found.append(table.liking(order) - at.travel * table.drag)
    return max(found, default=None)


@pytest.mark.parametrize("seed", range(12))
def test_a_plan_over_few_spots_is_the_best_there_is(seed: int) -> None:
    problem = wish(seed, 4, 2, budget=30_000 + 7_000 * seed)
    result, expected = solve(problem, EXACT), brute(problem)
    assert check(problem, result) == []
    assert result.feasible == (expected is not None)
    if expected is not None:
        assert result.exact
        assert result.value == pytest.approx(expected)


def test_a_plan_by_search_is_near_the_best() -> None:
    shares = []
    for seed in range(5):
        problem = wish(seed, 5, 2, days=1 + seed % 2)
        best, found = solve(problem, EXACT), solve(problem, replace(SEARCH, rounds=60), seed=seed)
        assert check(problem, found) == []
        shares.append(found.value / best.value)
    assert max(shares) <= 1 + 1e-9
    assert sum(shares) / len(shares) > 0.98


@pytest.mark.parametrize("seed", range(4))
def test_a_large_wish_has_a_plan_that_can_be_lived_and_says_why(seed: int) -> None:
    problem = wish(seed, 60, 20, days=3, meals=(LUNCH, Meal("dinner", 960, 1020)), budget=400_000)
    result = solve(problem, Params(rounds=30), seed=seed)
    assert check(problem, result) == []
    assert [visit.meal for visits in result.days for visit in visits if visit.meal] == ["lunch", "dinner"] * 3
    assert result.cost <= problem.budget
    assert set(result.left_out.values()) <= {"closed", "too_dear", "no_time", "others_gain_more"}
    assert result == solve(problem, Params(rounds=30), seed=seed)


def test_hours_are_kept_and_what_is_closed_is_left_out() -> None:
    dice = random.Random(1)
    monday = (((540, 1260),), *((),) * 6)
    spots = (sight("gate", dice, hours=monday, worth=9.0), sight("park", dice, at=HOME, hours=(((600, 700), (900, 1000)),) * 7, minutes=90))
    problem = Problem((Day(3, 660, 1200),), HOME, spots, 1, 10_000, meals=())
    result = solve(problem)
    assert [(visit.spot, visit.begins) for visit in result.days[0]] == [("park", 900)]
    assert result.left_out == {"gate": "closed"}


def test_of_many_alike_the_next_counts_less() -> None:
    dice = random.Random(2)
    temples = tuple(sight(f"temple{n}", dice, at=HOME, tag="temple", worth=1.0, minutes=120) for n in range(4))
    park = sight("park", dice, at=HOME, tag="park", worth=0.8, minutes=120)
    seen = solve(Problem((Day(0, 540, 785),), HOME, (*temples, park), 1, 99_999, meals=())).days[0]
    assert "park" in {visit.spot for visit in seen}


def edited(problem: Problem, result: Result, **given: object) -> Result:
    """The plan after a person's change: the rest of it is to stay."""
    kept = {visit.spot: day for day, visits in enumerate(result.days) for visit in visits}
    return solve(replace(problem, kept=kept, **given), Params(rounds=40), seed=1)


def test_a_change_keeps_the_rest_of_the_plan() -> None:
    problem = wish(5, 30, 8, days=2, budget=300_000)
    before = solve(problem, Params(rounds=60), seed=1)
    days = [{visit.spot for visit in visits} for visits in before.days]
    moved = next(visit.spot for visit in before.days[0] if not visit.meal)
    after = edited(problem, before, pins={moved: 1})
    assert moved in {visit.spot for visit in after.days[1]}
    assert "pinned" in next(visit.why for visit in after.days[1] if visit.spot == moved)
    kept = sum(len(old & {visit.spot for visit in new}) for old, new in zip(days, after.days, strict=True))
    assert kept >= 0.7 * (sum(map(len, days)) - 1)
    dropped = edited(problem, before, spots=tuple(spot for spot in problem.spots if spot.id != moved))
    assert moved not in {visit.spot for visits in dropped.days for visit in visits}
    assert check(problem, dropped) == []


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"budget": 10}, "the budget is less"),
        ({"pins": {"s0": 0}, "days": (Day(2, 540, 560),), "meals": ()}, "s0 cannot be visited"),
        ({"meals": (Meal("supper", 1300, 1400),), "days": (Day(2, 540, 1430),)}, "nowhere to eat for supper on day 1"),
        ({"spots": ()}, "fewer places to eat"),
    ],
)
@pytest.mark.parametrize("params", [EXACT, SEARCH])
def test_what_cannot_be_is_refused_with_its_reason(given: dict[str, object], reason: str, params: Params) -> None:
    dice = random.Random(3)
    problem = replace(wish(3, 3, 0), spots=(sight("s0", dice), food("m0", dice, price=4_000)))
    result = solve(replace(problem, **given), params)  # type: ignore[arg-type]
    assert not result.feasible
    assert any(reason in str(told) for told in result.reasons)


@pytest.mark.parametrize(
    "broken",
    [
        lambda: Day(7, 0, 10), lambda: Day(0, 10, 10), lambda: wish(0, 1, 1, party=0), lambda: wish(0, 1, 1, budget=-1),
        lambda: wish(0, 1, 1, pins={"nothing": None}), lambda: wish(0, 1, 1, pins={"s0": 5}), lambda: Params(again=0),
        lambda: replace(sight("x", random.Random(0)), minutes=0),
        lambda: replace(wish(0, 1, 1), spots=(sight("x", random.Random(0)), sight("x", random.Random(1)))),
    ],
)  # fmt: skip
def test_a_wish_that_makes_no_sense_is_not_taken(broken: object) -> None:
    with pytest.raises(ValueError):
        broken()  # type: ignore[operator]


def test_a_broken_plan_is_found_out() -> None:
    problem = wish(4, 5, 2)
    good = solve(problem, EXACT)
    visits = good.days[0]
    for broken in (
        replace(good, days=(visits[1:],)),
        replace(good, days=((*visits, visits[0]),)),
        replace(good, days=(tuple(replace(visit, begins=visit.begins - 30, leaves=visit.leaves - 30) for visit in visits),)),
        replace(good, cost=good.cost - 1),
        replace(good, days=(tuple(replace(visit, meal="") for visit in visits),)),
        replace(good, days=(visits, visits)),
    ):
        assert check(problem, broken)
    assert check(problem, Result((), (), 0, 0.0, False)) == ["no plan and no reason"]
    assert check(replace(problem, budget=0), good)
    assert check(replace(problem, pins={"s0": 0}), replace(good, days=(tuple(v for v in visits if v.spot != "s0"),)))
    assert solve(replace(problem, days=ONE), EXACT).feasible


def test_a_visit_is_when_it_was_wished_or_it_is_said_that_it_cannot_be() -> None:
    problem = wish(6, 6, 3, days=2, budget=300_000)
    name = next(visit.spot for visits in solve(problem, EXACT).days for visit in visits if not visit.meal)
    for params in (EXACT, SEARCH):
        asked = replace(problem, pins={name: 1}, when={name: (840, 960)})
        late = solve(asked, params)
        (visit,) = (visit for visit in late.days[1] if visit.spot == name)
        assert 840 <= visit.begins <= 960
        assert check(asked, late) == []
        assert check(replace(asked, when={name: (0, visit.begins - 1)}), late)
    night = solve(replace(problem, pins={name: 1}, when={name: (1300, 1400)}), EXACT)
    assert [str(reason) for reason in night.reasons] == [f"{name} cannot be visited"]
    with pytest.raises(ValueError):
        replace(problem, when={"nothing": (0, 1)})


def test_what_could_be_instead_can_be_lived_and_leaves_the_rest_alone() -> None:
    problem = wish(5, 30, 8, days=2, budget=120_000)
    plan = solve(problem, Params(rounds=40), seed=1)
    tried = 0
    for number, visits in enumerate(plan.days):
        for visit in visits:
            options = instead(problem, plan, visit.spot)
            assert len({option.spot for option in options}) == len(options)
            assert not {option.spot for option in options} & {other.spot for day in plan.days for other in day}
            for option in options[:1]:
                kept = {other.spot: day for day, others in enumerate(plan.days) for other in others if other != visit}
                spots = tuple(spot for spot in problem.spots if spot.id in kept or spot.id == option.spot)
                after = solve(replace(problem, spots=spots, pins={**kept, option.spot: number}), replace(SEARCH, rounds=5))
                assert after.feasible
                assert after.cost <= problem.budget
                tried += 1
    assert tried > 4
    assert instead(problem, plan, "nothing") == ()


def test_little_money_is_enough_where_cheap_food_is_near() -> None:
    """Tempting and dear beside the bed, cheapest far away where fares come on top: what does is plain food within a walk."""
    dice = random.Random(8)
    sights = tuple(sight(f"s{n}", dice, at=near(dice, 12), price=0) for n in range(12))
    dear = tuple(food(f"d{n}", dice, at=HOME, price=1_300, worth=9.0, hours=ALWAYS) for n in range(5))
    far = tuple(food(f"f{n}", dice, at=Point(HOME.lat + 0.2, HOME.lng), price=700, hours=ALWAYS) for n in range(8))
    plain = tuple(food(f"c{n}", dice, at=near(dice, 0.4), price=1_000, worth=0.1, hours=ALWAYS) for n in range(4))
    problem = Problem(tuple(Day(n, 540, 1230) for n in range(2)), HOME, (*sights, *dear, *far, *plain), 1, 4_000)
    plan = solve(problem)
    assert plan.feasible
    assert check(problem, plan) == []


def test_every_stop_says_why() -> None:
    plan = solve(wish(5, 30, 8, days=2, budget=300_000), Params(rounds=30), seed=1)
    assert all(set(visit.why) - {"kept"} for visits in plan.days for visit in visits)


def test_a_pin_that_leaves_no_time_for_lunch_is_proven_to_be_too_long() -> None:
    dice = random.Random(3)
    long = sight("long", dice, minutes=360, hours=(((540, 1050),),) * 7)
    problem = Problem(
        (Day(2, 480, 1350),), HOME, (long, *(food(f"m{n}", dice, hours=ALWAYS) for n in range(4))), 1, 99_999, pins={"long": None}
    )
    assert [str(reason) for reason in solve(problem, SEARCH).reasons] == ["long cannot be visited"]


@pytest.mark.parametrize("seed", range(12))
def test_what_is_proven_impossible_is_impossible_and_else_there_is_a_plan(seed: int) -> None:
    """Against the exact search over everything, with money that is just enough or just not."""
    dice = random.Random(seed)
    spots = []
    for number in range(7):
        kind = "meal" if number < 4 else "sight"
        at = Point(39.9 + dice.uniform(-0.02, 0.02), 116.4 + dice.uniform(-0.02, 0.02))
        price = dice.choice((0, 300, 1500)) if kind == "sight" else dice.choice((1500, 2500))
        spots.append(Spot(f"{kind}{number}", kind, at, 40, price, 1.0, kind, (((0, 1440),),) * 7))  # type: ignore[arg-type]
    asked_for: dict[str, int | None] = {"sight4": None} if seed % 2 else {}
    little = Problem((Day(2, 480, 1350),), Point(39.9, 116.4), tuple(spots), 1, 0, pins=asked_for)
    for budget in range(2_800, 6_200, 200):
        asked = replace(little, budget=budget)
        best = solve(asked, Params(exact_most=99))
        found = cheapest(asked, Params())
        assert not (found.proven and best.feasible), budget
        assert not (found.days and not best.feasible), budget


def test_a_fare_that_is_lacking_is_proven_to_be_lacking() -> None:
    """A pin beyond a walk and food beside it: with a yuan less than the ways and the meal cost there is no plan, and that is certain."""
    dice = random.Random(1)
    far = Point(HOME.lat + 0.05, HOME.lng)
    spots = (sight("s1", dice, at=far, price=1_000), *(food(f"m{n}", dice, at=far, price=2_000) for n in range(12)))
    enough = Problem(ONE, HOME, spots, 2, 2 * (1_000 + 2_000 + 2 * 400), meals=(LUNCH,), pins={"s1": None})
    assert solve(enough).feasible
    assert [one.code for one in solve(replace(enough, budget=enough.budget - 100)).reasons] in (["budget"], ["together"])
    assert cheapest(replace(enough, budget=enough.budget - 100), Params()).proven
