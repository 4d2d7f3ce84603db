"""Pictures drawn by us: plates, store fronts, rooms and sights, from a name and a category. The same words give the same picture.

`address("dish", "葱爆羊肉", "北京菜")` is `/pictures/dish/stirfry-3fa2.svg`; `draw("dish", "stirfry-3fa2")` is the drawing.
"""

from __future__ import annotations

import hashlib
import random
import re

from linli.fronts.web.pictures import places, plates, words
from linli.kernel.errors import N_, NotFound

MOTIFS = {"dish": tuple(plates.DRAWN), "front": tuple(places.FRONTS), "room": tuple(places.ROOMS), "sight": tuple(places.SIGHTS)}
SEED = re.compile(r"([a-z]+)-([0-9a-f]{1,8})")


def address(kind: str, name: str, category: str = "", *, of_store: bool = False) -> str:
    """Where the picture of the thing called `name` is. `kind` is dish, front, room or sight; `of_store` asks for a plate typical of a store."""
    motif = words.motif(kind, name, category, of_store=of_store)
    digest = hashlib.blake2s(name.encode(), digest_size=2).hexdigest()
    return f"/pictures/{kind}/{motif}-{digest}.svg"


def draw(kind: str, seed: str) -> str:
    """The drawing, as SVG. Raises NotFound for a kind or motif that nobody draws."""
    match = SEED.fullmatch(seed)
    if match is None or match[1] not in MOTIFS.get(kind, ()):
        raise NotFound("picture.unknown", N_("There is nothing at this address."))
    # Not for secrets: the same name must always give the same picture.
    chance = random.Random(f"{kind}/{seed}")
    drawer = {"dish": plates.draw, "front": places.front, "room": places.room, "sight": places.sight}[kind]
    return drawer(match[1], chance)
