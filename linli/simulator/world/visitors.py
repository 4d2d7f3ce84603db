"""Noticing that a visitor has taken a persona, so that the crowd leaves that persona's work alone until they have gone."""

from __future__ import annotations

from datetime import datetime, timedelta

from linli.apps.accounts import queries as accounts
from linli.platform import audit
from linli.simulator.demo.cast import PERSONAS
from linli.simulator.world import resuming
from linli.simulator.world.world import World

ACTION = "demo.become"
_STAYS_MIN = 20  # minutes of the visitor's own time after which they are taken to have left
_LOOKS_EVERY_S = 60  # of the city's time


def watch(world: World, speed: float, at: datetime) -> None:
    """Look again and again whether somebody has become the merchant persona, or the one at support."""
    people = {persona.role: accounts.person_by_phone(phone=persona.phone) for persona in PERSONAS}
    merchant, clerk = people["merchant"], people["support"]

    def look(at: datetime) -> None:
        world.soon(at, _LOOKS_EVERY_S, look)
        for store_id in [key for key, until in world.taken.items() if until <= at]:
            del world.taken[store_id]
            resuming.take_over(world, store_id, at)
        if merchant and (until := _until(merchant.id, speed)) and until > at:
            for role in accounts.roles(person_id=merchant.id):
                if role.kind == "merchant":
                    world.taken[role.scope_id] = until
        if clerk and world.support:
            world.support.taken_until = _until(clerk.id, speed)

    look(at)


def _until(person_id: int, speed: float) -> datetime | None:
    """Until when a visitor is believed to be this persona; None when nobody ever was."""
    page = audit.entries(subject=f"pe:{person_id}", action=ACTION, limit=1)
    return page.items[0].at + timedelta(minutes=_STAYS_MIN * speed) if page.items else None
