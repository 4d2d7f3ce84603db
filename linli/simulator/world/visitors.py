"""Noticing that a visitor has taken a persona, so that the crowd leaves that persona's work alone."""

from __future__ import annotations

from datetime import datetime, timedelta

from linli.apps.accounts import queries as accounts
from linli.platform import audit
from linli.simulator.demo.cast import PERSONAS
from linli.simulator.world.world import World

ACTION = "demo.become"
_STAYS_MIN = 20  # minutes of the visitor's own time after which they are taken to have left
_LOOKS_EVERY_S = 60  # of the city's time


def watch(world: World, speed: float, at: datetime) -> None:
    """Look again and again whether somebody has become the merchant persona."""
    merchant = next(persona for persona in PERSONAS if persona.role == "merchant")
    person = accounts.person_by_phone(phone=merchant.phone)
    if person is None:
        return

    def look(at: datetime) -> None:
        world.soon(at, _LOOKS_EVERY_S, look)
        page = audit.entries(subject=f"pe:{person.id}", action=ACTION, limit=1)
        if not page.items:
            return
        until = page.items[0].at + timedelta(minutes=_STAYS_MIN * speed)
        for role in accounts.roles(person_id=person.id):
            if role.kind == "merchant":
                world.taken[role.scope_id] = until

    look(at)
