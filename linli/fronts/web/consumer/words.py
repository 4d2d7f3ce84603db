"""What states are called on the consumer's pages, and the path that an order of each mode takes."""

from __future__ import annotations

from linli.kernel.errors import N_
from linli.kernel.states import WORDS

STATES = {
    "placed": N_("Waiting for payment"),
    "paid": N_("Paid, waiting for the store"),
    "accepted": N_("Being prepared"),
    "ready": N_("Ready"),
    "picked_up": N_("On the way"),
    "delivered": N_("Delivered"),
    "collected": N_("Collected"),
    "served": N_("At the table"),
    "confirmed": N_("Confirmed"),
    "arrived": N_("Arrived"),
    "left": N_("Over"),
    "finished": N_("Finished"),
    "checked_in": N_("Checked in"),
    "checked_out": N_("Checked out"),
    "no_show": N_("Nobody came"),
    "calling": N_("Looking for a driver"),
    "matched": N_("A driver is coming"),
    "riding": N_("On the trip"),
    "valid": N_("Ready to be used"),
    "redeemed": N_("Used"),
    "lapsed": N_("Over, not used"),
    "completed": N_("Completed"),
    "cancelled": N_("Cancelled"),
    "refused": N_("Refused by the store"),
    "expired": N_("Closed, not paid in time"),
}
DONE = {
    "placed": N_("Order placed"),
    "paid": N_("Paid"),
    "accepted": N_("Taken by the store"),
}  # what a step is called once it is behind; the others keep their names
SENT = {"now": N_("Sent, waiting for the kitchen"), "done": N_("Sent to the kitchen")}  # for "paid", where one pays when one goes
BOOKED = {"now": N_("Sent, waiting for the hotel"), "done": N_("Sent to the hotel")}  # for "paid", where one pays at or after the stay
STEPS = {
    "desk": ("paid", "confirmed", "checked_in", "checked_out"),
    "later": ("paid", "confirmed", "checked_in", "checked_out"),
    "delivery": ("placed", "paid", "accepted", "ready", "picked_up", "delivered"),
    "pickup": ("placed", "paid", "accepted", "ready", "collected"),
    "dine_in": ("placed", "paid", "accepted", "ready", "served"),
    "tab": ("paid", "accepted", "ready", "served"),  # eaten in, and paid when one goes
    "table": ("placed", "paid", "confirmed", "arrived", "left"),
    "appointment": ("placed", "paid", "confirmed", "arrived", "finished"),
    "stay": ("placed", "paid", "confirmed", "checked_in", "checked_out"),
    "booked_ride": ("placed", "confirmed", "calling", "matched", "arrived", "riding", "finished"),
    "ride": ("placed", "calling", "matched", "arrived", "riding", "finished"),
    "voucher": ("placed", "valid", "redeemed"),
}
CANCEL_REASONS = (N_("Ordered by mistake"), N_("It takes too long"), N_("I want to change the order"), N_("The address is wrong"))
RIDE_CANCEL_REASONS = (N_("It takes too long"), N_("I go another way"), N_("The driver asked me to"), N_("Ordered by mistake"))
REVIEW_ASPECTS = (("taste", N_("Taste")), ("pack", N_("Packaging")), ("delivery", N_("Delivery")))
COMPLAINTS = (
    ("late", N_("It is late")),
    ("missing", N_("Something is missing")),
    ("wrong", N_("The wrong thing came")),
    ("quality", N_("Quality")),
    ("courier", N_("The courier")),
    ("other", N_("Something else")),
)
RIDE_COMPLAINTS = (
    ("lost", N_("Something was left in the car")),
    ("safety", N_("I did not feel safe")),
    ("late", N_("It was late")),
    ("courier", N_("The driver")),
    ("wrong", N_("The way or the fare")),
    ("other", N_("Something else")),
)
CASE_KINDS = dict(RIDE_COMPLAINTS) | dict(COMPLAINTS)
CASE_STATES = {
    "open": N_("Waiting for the store"),
    "answered": N_("The store has answered"),
    "escalated": N_("Support decides"),
    "resolved": N_("Settled"),
    "declined": N_("Declined"),
    "withdrawn": N_("Taken back"),
}
HAPPENED = {
    "open": N_("The store has been told and is looking at it. This page shows its answer by itself."),
    "answered": N_("The store has answered and will say what it does about it. You can ask support to decide instead."),
    "escalated": N_("Support has taken it over from the store and decides."),
    "declined": N_("Support looked at it and gives nothing back. You can ask for a second look."),
    "withdrawn": N_("You took it back; nothing else happens."),
}
DIETS = {
    "vegetarian": N_("Vegetarian"),
    "vegan": N_("Vegan"),
    "halal": N_("Halal"),
    "spicy": N_("Spicy"),
    "gluten_free": N_("Gluten-free"),
}

STATES = {**WORDS, **STATES}  # what has no words of its own here is called as everywhere
