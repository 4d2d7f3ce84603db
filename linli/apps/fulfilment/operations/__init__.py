"""What is done with couriers and jobs."""

from __future__ import annotations

from linli.apps.fulfilment.operations.assigning import assign
from linli.apps.fulfilment.operations.driving import finish_ride, no_show, rate_driver, rate_rider
from linli.apps.fulfilment.operations.duty import add_courier, go_offline, go_online, report, seen
from linli.apps.fulfilment.operations.hailing import Rider, Spot, hail
from linli.apps.fulfilment.operations.matching import Matched, match_rides
from linli.apps.fulfilment.operations.passes import PassDraft, issue, lapse_passes, look_up, redeem, void
from linli.apps.fulfilment.operations.pinning import allow, ban, pin, unpin
from linli.apps.fulfilment.operations.repositioning import advise_waiting
from linli.apps.fulfilment.operations.requesting import Cooking, DropStop, PickupStop, cancel, request, set_cash_due, set_ready, set_tip
from linli.apps.fulfilment.operations.riding import Proof, answer, arrive, deliver, give_up, pick_up
from linli.apps.fulfilment.operations.ticking import lapse_offers, prune, release_silent, tick
from linli.apps.fulfilment.operations.unfound import see_to_unfound

__all__ = [
    "Cooking",
    "DropStop",
    "Matched",
    "PassDraft",
    "PickupStop",
    "Proof",
    "Rider",
    "Spot",
    "add_courier",
    "advise_waiting",
    "allow",
    "answer",
    "arrive",
    "assign",
    "ban",
    "cancel",
    "deliver",
    "finish_ride",
    "give_up",
    "go_offline",
    "go_online",
    "hail",
    "issue",
    "lapse_offers",
    "lapse_passes",
    "look_up",
    "match_rides",
    "no_show",
    "pick_up",
    "pin",
    "prune",
    "rate_driver",
    "rate_rider",
    "redeem",
    "release_silent",
    "report",
    "request",
    "see_to_unfound",
    "seen",
    "set_cash_due",
    "set_ready",
    "set_tip",
    "tick",
    "unpin",
    "void",
]  # fmt: skip
