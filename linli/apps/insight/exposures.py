"""Lists as they were shown, signed, so that what comes back as seen is what was shown: nobody can make up a chance or a place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from linli.apps.discovery.queries import Recommended
from linli.apps.insight.vocabulary import Deed
from linli.kernel.errors import N_, Invalid
from linli.kernel.ids import new_id
from linli.platform import ids, security

_PURPOSE, _VALID = "shown", timedelta(hours=48)
LIST = "ls"  # the kind of a list's sealed name
MOST = 20  # stores of one list
_SECTIONS = {"took": "for_you", "seen": "for_you", "popular": "popular", "new": "new"}  # why a store was there


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page carries along: `listed` goes with a click in the list, `token` is sent once the list was before the eyes."""

    listed: str
    token: str


def shown(*, stores: Sequence[Recommended], person_id: int | None, at: datetime) -> Shown | None:
    """A list as it is shown to the person (None: to whoever is there); None for one without stores."""
    if not stores:
        return None
    number = new_id(at)
    rows = [[_SECTIONS[one.reason], one.card.store.id, round(one.chance, 6)] for one in stores[:MOST]]
    data = {"l": number, "p": person_id or 0, "s": rows}
    return Shown(ids.seal(LIST, number), security.sign(_PURPOSE, data, at=at, valid_for_s=_VALID.total_seconds()))


def exposures(*, token: str, person_id: int | None, at: datetime) -> list[Deed]:
    """What was seen, a deed for each store. Raises Invalid for a token that is not this person's or none of ours, Gone after two days."""
    data = security.read(_PURPOSE, token, at=at)
    if data["p"] != (person_id or 0):
        raise Invalid("token.forged", N_("This link or code is not a valid one."), field="shown")
    return [
        Deed(
            kind="exposure",
            key=f"list:{data['l']}:{place}",
            at=at,
            store_id=store,
            section=section,
            place=place,
            listed=data["l"],
            chance=chance,
        )
        for place, (section, store, chance) in enumerate(data["s"], 1)
    ]
