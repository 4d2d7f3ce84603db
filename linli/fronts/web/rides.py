"""Rides in words, for whoever sees them; translated where they are shown."""

from __future__ import annotations

from linli.kernel.errors import N_

SERVICES = {"economy": N_("Economy"), "comfort": N_("Comfort"), "six": N_("For six"), "pool": N_("Shared")}
ABOUT = {
    "economy": N_("An everyday car, up to 4 people"),
    "comfort": N_("A newer, larger car, up to 4 people"),
    "six": N_("Room for 6 people"),
    "pool": N_("You may share the car; up to 2 people"),
}
PARTS = {
    "base": N_("Base fare"),
    "distance": N_("Distance driven"),
    "time": N_("Time on the way"),
    "minimum": N_("Up to the least fare"),
    "night": N_("Night, 23:00 to 5:00"),
    "station": N_("Railway station"),
    "airport": N_("Airport"),
    "surge": N_("High demand"),
    "pool": N_("Shared car"),
}
# What a driver sees of a ride in each state of its job.
STATES = {
    "offered": (N_("Offered"), "info"),
    "accepted": (N_("On the way to the rider"), "info"),
    "arrived": (N_("At the pickup"), "warn"),
    "picked_up": (N_("On the trip"), "brand"),
    "delivered": (N_("Finished"), "good"),
    "cancelled": (N_("Called off"), ""),
    "failed": (N_("Broken off"), "bad"),
    "waiting": (N_("Looking for a driver"), ""),
}
DECLINE = {
    "far": N_("Too far"),
    "direction": N_("Wrong direction"),
    "break": N_("I need a break"),
    "other": N_("Another reason"),
}
GIVE_UP = {
    "vehicle": N_("My car has broken down"),
    "accident": N_("An accident"),
    "other": N_("Another reason"),
}
STARS = (1, 2, 3, 4, 5)
