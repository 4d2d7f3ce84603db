"""How people are: shares of those who do not do what the happy path foresees. Made up; each is here to try what a platform must bear."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Moods:
    """Shares (0 to 1) of orders, offers or legs."""

    # consumers
    pickup: float = 0.07
    scheduled: float = 0.03
    walks_away: float = 0.02  # never pays
    pays_late: float = 0.006  # in the last seconds, and the provider tells of it too late
    cash: float = 0.02
    cancels_early: float = 0.018  # within the free minute
    cancels_late: float = 0.008  # with a reason, before the kitchen is done
    tips: float = 0.06
    reviews: float = 0.30
    complains: float = 0.03
    remarks: float = 0.25
    double_click: float = 0.02  # sends the order twice
    stays_away: float = 0.03  # does not come to what they have booked
    calls_off: float = 0.03  # cancels a booking soon after
    wrong_code: float = 0.02  # at the counter or at the door, once
    # payment notices
    notice_late: float = 0.04
    notice_twice: float = 0.04
    notice_shuffled: float = 0.01
    notice_never: float = 0.004
    # kitchens
    refuses: float = 0.012
    sleeps: float = 0.004  # does not answer at all
    slow: float = 0.07
    temper: float = 0.15  # how much kitchens differ in how long they always take against what they say
    sold_out: float = 0.01  # finds out on accepting that a dish is gone, and says so in the menu
    # couriers
    declines: float = 0.04
    ignores: float = 0.02
    gives_up: float = 0.003  # before picking up
    vanishes: float = 0.001  # goes silent with something to collect
    takes_a_break: float = 0.02  # goes off duty for a while after a delivery

    def notice(self, rng: random.Random) -> str:
        """How the provider will tell of a payment."""
        return draw(
            {"late": self.notice_late, "twice": self.notice_twice, "shuffled": self.notice_shuffled, "never": self.notice_never}, rng
        )


CALM = Moods(
    pickup=0, scheduled=0, walks_away=0, pays_late=0, cash=0, cancels_early=0, cancels_late=0, complains=0, double_click=0, wrong_code=0,
    stays_away=0, calls_off=0,
    notice_late=0, notice_twice=0, notice_shuffled=0, notice_never=0, refuses=0, sleeps=0, slow=0, temper=0, sold_out=0, declines=0,
    ignores=0, gives_up=0, vanishes=0, takes_a_break=0,
)  # fmt: skip


def draw(shares: Mapping[str, float], rng: random.Random, rest: str = "normal") -> str:
    """One of the keys, as likely as its share; `rest` for what the shares leave."""
    drawn = rng.random()
    for name, share in shares.items():
        drawn -= share
        if drawn < 0:
            return name
    return rest
