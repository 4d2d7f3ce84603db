"""Support: answers complaints of the crowd within minutes and decides them; those of visitors wait for whoever takes that persona."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime

from linli.simulator.world.doors import Desk, Json
from linli.simulator.world.world import World


@dataclass
class Support:
    """The one on duty."""

    world: World
    door: Desk

    def takes(self, case: Json, rng: random.Random, at: datetime) -> None:
        """Answer soon, decide a little later."""
        grants = rng.random() < 0.75
        self.world.decide(at, "support", "grants" if grants else "declines")
        self.world.soon(at, rng.uniform(30, 170), lambda _: self.door.answer(case["id"], "您好，我们正在核实，请稍等。"))
        refund, words = (case["wanted"], "抱歉给您添麻烦了，已为您退款。") if grants else (0, "核实后门店与骑手均按规定完成，无法退款。")
        self.world.soon(at, rng.uniform(240, 2400), lambda _: self.door.decide(case["id"], refund, words))
