"""When Python looks for garbage that refers to itself, in processes that run for long."""

from __future__ import annotations

import gc

YOUNG = 20_000  # objects made and not yet let go before a look; a request makes a few thousand, and leaves next to none


def look_rarely() -> None:
    """What has been loaded by now stays, and is not looked at again; what is made later is looked at after many objects, not after 700."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 20)
