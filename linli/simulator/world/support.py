"""Support: answers complaints of the crowd within minutes and decides them. A visitor's are decided while they wait, unless a visitor has
taken that persona: then they wait for that one.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime

from linli.simulator.world import doors
from linli.simulator.world.counters import Desk
from linli.simulator.world.doors import Json
from linli.simulator.world.world import World

_GRANTS = 0.75
_KINDNESS = 300  # given when somebody asks for nothing in particular
_GIVEN, _NOT_GIVEN = "抱歉给您添麻烦了，已为您退款。", "核实后门店与骑手均按规定完成，无法退款。"


@dataclass
class Support:
    """The one on duty."""

    world: World
    door: Desk
    taken_until: datetime | None = None  # a visitor sits at the desk, as far as is believed until then

    def takes(self, case: Json, rng: random.Random, at: datetime) -> None:
        """Answer soon, decide a little later."""
        grants = rng.random() < _GRANTS
        self.world.decide(at, "support", "grants" if grants else "declines")
        self.world.soon(at, rng.uniform(30, 170), lambda _: self.door.answer(case["id"], "您好，我们正在核实，请稍等。"))
        refund, words = (case["wanted"], _GIVEN) if grants else (0, _NOT_GIVEN)
        self.world.soon(at, rng.uniform(240, 2400), lambda _: self.door.decide(case["id"], refund, words))

    def asked(self, case_id: int, at: datetime) -> None:
        """A visitor's complaint has come to support, because they ask for it or the store did not answer."""
        case, rng = doors.sealed("cs", case_id), self.world.rng("escalated", case_id, at)
        refund_share = rng.random()
        self.world.soon(at, rng.uniform(100, 220), lambda at: self._decides(case, at, grants=refund_share < _GRANTS))

    def upholds(self, case: str, at: datetime) -> None:
        """The store has said no to a visitor's complaint: support looks at it and mostly says so too."""
        rng = self.world.rng("upholds", case)
        self.world.soon(at, rng.uniform(60, 160), lambda at: self._decides(case, at, grants=rng.random() > _GRANTS))

    def _decides(self, case: str, at: datetime, *, grants: bool) -> None:
        if self.taken_until is not None and at < self.taken_until:
            return
        view = self.door.case(case)
        if view["state"] in {"answered", "escalated"}:
            refund, words = (int(view["wanted"]) or _KINDNESS, _GIVEN) if grants else (0, _NOT_GIVEN)
            self.door.decide(case, refund, words)
