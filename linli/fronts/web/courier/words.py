"""The codes of the street in words; translated where they are shown."""

from __future__ import annotations

from linli.kernel.errors import N_

DECLINE = {
    "far": N_("Too far"),
    "direction": N_("Wrong direction"),
    "heavy": N_("Too much to carry"),
    "break": N_("I need a break"),
    "other": N_("Another reason"),
}
GIVE_UP_BEFORE = {
    "store_closed": N_("The store is closed"),
    "not_ready": N_("Waited too long at the store"),
    "vehicle": N_("My bike has broken down"),
    "accident": N_("An accident"),
    "other": N_("Another reason"),
}
GIVE_UP_AFTER = {
    "no_answer": N_("Nobody answers the door or the phone"),
    "wrong_address": N_("The address is wrong"),
    "spilled": N_("The meal is spilled"),
    "vehicle": N_("My bike has broken down"),
    "accident": N_("An accident"),
    "other": N_("Another reason"),
}
STATES = {
    "offered": (N_("Offered"), "info"),
    "accepted": (N_("On the way to the store"), "info"),
    "arrived": (N_("At the store"), "warn"),
    "picked_up": (N_("On the way to the door"), "brand"),
    "delivered": (N_("Delivered"), "good"),
    "cancelled": (N_("Called off"), ""),
    "failed": (N_("Not delivered"), "bad"),
    "waiting": (N_("Looking for a courier"), ""),
}
PAY = {
    "fare": N_("Your share of fares"),
    "waiting": N_("Waiting at the pickup"),
    "cancelled": N_("Called off late"),
    "base": N_("Per delivery"),
    "distance": N_("For the distance"),
    "night": N_("Night extra"),
    "weather": N_("Weather extra"),
    "tip": N_("Tips"),
}
TOWARDS = (N_("north"), N_("north-east"), N_("east"), N_("south-east"), N_("south"), N_("south-west"), N_("west"), N_("north-west"))
