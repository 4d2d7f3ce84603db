"""The numbers that steer the day; chosen on public days of seeds 1 and 2, some of them on altered days of seeds 0 to 2."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace


@dataclass(frozen=True, slots=True)
class Params:
    """Costs are in minutes of an order's delay. Raises ValueError for senseless values."""

    look_min: float = 40.0  # couriers who are free within this time are thought of
    slack_min: float = 1.0  # a courier leaves for a store this much earlier than needed
    slack_guess_min: float = 10.0  # the same where ready times are only guessed
    travel: float = 0.1  # cost of a minute on the way to a store
    fair: float = 0.02  # cost per unit of money that a courier has earned beyond the guarantee
    fair_guess: float = 0.01  # the same where ready times are only guessed
    age: float = 0.3  # head start for a minute that ready food has waited
    load_min: float = 15.0  # orders due and couriers free within this time make the load
    load_free: float = 0.7  # load up to which a courier's time has no price
    price: float = 4.0  # price of a courier's minute for each unit of load above that
    price_most: float = 10.0  # the price is never higher
    price_use: float = 0.2  # part of the price that counts in choosing the courier
    price_use_guess: float = 0.05  # the same where ready times are only guessed
    price_after: float = 0.3  # part of the price that is saved for each minute of a trip after its courier's shift
    trip_min: float = 9.0  # what a trip is thought to take before its pickup
    bundle: int = 5  # orders of one store that go together, at most
    second_after_min: float = 5.0  # second trips are thought of when somebody would wait longer
    second_min: float = 3.0  # cost of leaving an order for a courier's second trip
    left_min: float = 60.0  # cost of leaving an order for even later
    regroups: int = 40  # other ways to bundle that are tried in a minute where somebody waits or time has a price, at most
    regroup_min: float = 30.0  # ways that are worse than this before couriers are matched are not tried
    rounds: int = 1  # how often second trips are worked out again from the new first ones
    ahead_moves: int = 3  # couriers with nothing to do who are moved in a minute, at most
    ahead_stores: int = 40  # busiest stores that they are moved to
    ahead_min: float = 10.0  # such a move takes no longer
    ahead_gain: float = 0.03  # and brings the next order's courier nearer by more than this
    ahead_travel: float = 0.02  # and by this for each minute of it
    fade_min: float = 60.0  # an order counts for less and less of a store's demand, by half in this time
    prior_min: float = 18.0  # preparation time of a store of which nothing is known
    prior_orders: float = 5.0  # how many orders that belief weighs
    prior_spread_min: float = 7.0  # how far preparation is from what is usual at the store, before anything is seen
    guess_share: float = 0.5  # food is thought to be ready when so many such orders are

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not math.isfinite(value) or value < 0:
                raise ValueError(f"{field.name} must be a number and not negative, not {value}")
        if not 1 <= self.bundle <= 6:
            raise ValueError("bundle must be 1 to 6, so that the best sequence of doors can be found by trying all")

    def guessing(self) -> Params:
        """These numbers for days on which ready times are only guessed."""
        return replace(self, slack_min=self.slack_guess_min, fair=self.fair_guess, price_use=self.price_use_guess)
