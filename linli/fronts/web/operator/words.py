"""What the console calls the states, events, roles and reasons of other rooms."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext

from linli.apps.orders import queries as orders
from linli.kernel.errors import N_

STATES: Mapping[str, str] = {
    "placed": N_("To be paid"),
    "paid": N_("Waits for the store"),
    "accepted": N_("Being made"),
    "ready": N_("Ready"),
    "picked_up": N_("On its way"),
    "delivered": N_("Delivered"),
    "collected": N_("Collected"),
    "served": N_("At the table"),
    "confirmed": N_("Booked"),
    "arrived": N_("Here"),
    "left": N_("Over"),
    "finished": N_("Finished"),
    "checked_in": N_("Checked in"),
    "checked_out": N_("Checked out"),
    "no_show": N_("Nobody came"),
    "calling": N_("Looks for a driver"),
    "matched": N_("A driver is coming"),
    "riding": N_("Under way"),
    "valid": N_("Ready to be used"),
    "redeemed": N_("Used"),
    "lapsed": N_("Over, not used"),
    "completed": N_("Completed"),
    "cancelled": N_("Cancelled"),
    "refused": N_("Refused by the store"),
    "expired": N_("Never paid"),
}
JOB_STATES: Mapping[str, str] = {
    "waiting": N_("Looks for a courier"),
    "offered": N_("Offered to a courier"),
    "accepted": N_("Courier on the way to the store"),
    "arrived": N_("Courier at the store"),
    "picked_up": N_("On its way"),
    "delivered": N_("Delivered"),
    "cancelled": N_("Cancelled"),
    "failed": N_("Failed"),
}
EVENTS: Mapping[str, str] = {
    "place": N_("Order placed"),
    "confirm": N_("Paid"),
    "accept": N_("Accepted by the store"),
    "refuse": N_("Refused by the store"),
    "ready": N_("Ready"),
    "courier": N_("Courier found"),
    "arrived": N_("Courier at the store"),
    "pick_up": N_("Picked up"),
    "deliver": N_("Delivered"),
    "hand_over": N_("Handed over"),
    "match": N_("Driver found"),
    "unmatch": N_("Driver gave it back"),
    "start": N_("Trip begun"),
    "finish": N_("Finished"),
    "complete": N_("Completed and settled"),
    "cancel": N_("Cancelled"),
    "expire": N_("Closed: never paid"),
    "refund": N_("Refunded in part"),
    "tip": N_("Tip added"),
    "serve": N_("Brought to the table"),
    "reschedule": N_("Moved to another time"),
    "arrive": N_("Arrived"),
    "leave": N_("Left"),
    "check_in": N_("Checked in"),
    "check_out": N_("Checked out"),
    "no_show": N_("Nobody came"),
    "use": N_("Code used"),
    "redeem": N_("All of it used"),
    "lapse": N_("Over, not used"),
    "keep": N_("Part kept for the store"),
    "owed": N_("Asked to pay what is owed"),
    "pay": N_("What was owed is paid"),
    "write_off": N_("What was owed is given up"),
}
ROLES: Mapping[str, str] = {
    "consumer": N_("Consumer"),
    "merchant": N_("Merchant"),
    "courier": N_("Courier"),
    "support": N_("Support"),
    "operator": N_("Operator"),
    "system": N_("System"),
}
TONES: Mapping[str, str] = {
    "placed": "",
    "paid": "warn",
    "accepted": "info",
    "ready": "accent",
    "picked_up": "accent",
    "delivered": "good",
    "collected": "good",
    "completed": "good",
    "waiting": "warn",
    "offered": "warn",
    "arrived": "info",
    "failed": "bad",
    "cancelled": "bad",
    "refused": "bad",
    "open": "warn",
    "answered": "info",
    "escalated": "bad",
    "resolved": "good",
    "declined": "",
}
REASONS: Mapping[str, str] = {
    "barred": N_("has declined it already"),
    "full": N_("carries too many already"),
    "small": N_("cannot carry that much"),
    "far": N_("too far away"),
    "busy": N_("would come too late"),
    "dearer": N_("the way is longer"),
    "taken": N_("is needed more elsewhere"),
    "later": N_("decided in a later batch"),
    "idle": N_("nobody was chosen yet"),
    "banned": N_("an operator does not want it"),
    "pinned": N_("it is pinned to another courier"),
    "cut_off": N_("no way leads there"),
    "home": N_("goes home before it could be brought"),
}
OUTCOMES: Mapping[str, str] = {
    "assigned": N_("Given to a courier"),
    "postponed": N_("Decided later: the meal is not ready soon"),
    "unassigned": N_("Nobody could take it"),
}
MODES: Mapping[str, str] = {code: mode.name for code, mode in orders.MODES.items()}
METHODS: Mapping[str, str] = {
    "sandbox": N_("Sandbox provider"),
    "sandbox_qr": N_("Sandbox provider, by QR code"),
    "balance": N_("Balance"),
    "cash": N_("Cash"),
    "tab": N_("On the table's bill"),
    "desk": N_("At the hotel"),
    "later": N_("After the stay"),
}
LINES: Mapping[str, str] = {
    "item": N_("Dishes"),
    "packaging": N_("Packaging"),
    "delivery": N_("Delivery"),
    "discount": N_("Discount"),
    "tip": N_("Tip"),
}
PAY_STATES: Mapping[str, str] = {
    "open": N_("Not paid yet"),
    "captured": N_("Paid"),
    "cancelled": N_("Called off"),
    "expired": N_("Expired"),
    "pending": N_("On its way back"),
    "settled": N_("Given back"),
    "failed": N_("Failed"),
}
VEHICLES: Mapping[str, str] = {"bike": N_("Electric bicycle"), "walk": N_("On foot"), "car": N_("Car")}
CASE_STATES: Mapping[str, str] = {
    "open": N_("Waits for an answer"),
    "answered": N_("Answered"),
    "resolved": N_("Resolved"),
    "declined": N_("Declined"),
    "escalated": N_("With the platform"),
    "withdrawn": N_("Withdrawn"),
}
CASE_KINDS: Mapping[str, str] = {
    "late": N_("Late"),
    "missing": N_("Something missing"),
    "wrong": N_("Something wrong"),
    "quality": N_("Quality"),
    "courier": N_("About the courier"),
    "lost": N_("Left in a car"),
    "safety": N_("Safety"),
    "other": N_("Something else"),
}
MEASURES: Mapping[str, str] = {
    "orders": N_("Orders a visit"),
    "minutes": N_("Minutes until the order"),
    "place": N_("Place in the list that was tapped"),
    "bad_reviews": N_("Reviews of one or two stars"),
}
DONE: Mapping[str, str] = {
    "cancel": N_("The order is cancelled; what was paid goes back."),
    "refund": N_("The refund is on its way."),
    "assign": N_("The courier has been told."),
    "pin": N_("Pinned: nobody else is asked."),
    "unpin": N_("Anybody may bring it again."),
    "ban": N_("This courier is not asked for it."),
    "allow": N_("This courier may be asked again."),
    "accept": N_("The order is accepted for the store."),
    "refuse": N_("The order is refused for the store."),
    "ready": N_("The order is marked as ready."),
    "policy": N_("Changed. Every process knows within seconds."),
    "grant": N_("The role is granted."),
    "revoke": N_("The role is taken away; it is gone with the next request."),
    "retry": N_("The job is tried again."),
    "discard": N_("The job is thrown away."),
    "answer": N_("Your answer has been sent."),
    "decide": N_("The case is decided."),
    "check": N_("Every rule has been checked."),
    "clear": N_("Noted; the difference is cleared."),
    "pay-out": N_("Noted as paid out."),
    "hand-in": N_("The cash is noted as handed in."),
    "debt": N_("Noted; nothing is owed for it any more."),
    "propose": N_("The best places found are on the map."),
    "site": N_("Noted."),
    "fit": N_("That model answers now."),
    "incident": N_("Noted; ways around it are reckoned from now on."),
    "free": N_("The roads are free again."),
}
REMINDERS: Mapping[str, str] = {
    "asked": N_("asked to pay"), "soon": N_("reminded"), "taken": N_("taken from the balance"), "overdue": N_("told that it is overdue"),
}  # fmt: skip
SITES: Mapping[str, str] = {"station": N_("Courier station"), "locker": N_("Locker"), "dark_store": N_("Dark store")}
SITE_STATES: Mapping[str, str] = {"open": N_("There today"), "proposed": N_("Proposed")}
WAYS: Mapping[str, str] = {
    "straight": N_("Straight lines"),
    "graph": N_("The city's own road graph"),
    "osrm": N_("OSRM server"),
    "valhalla": N_("Valhalla server"),
}
TABLES: Mapping[str, Mapping[str, str]] = {
    "state": STATES, "job": JOB_STATES, "event": EVENTS, "role": ROLES, "reason": REASONS, "outcome": OUTCOMES, "mode": MODES,
    "method": METHODS, "line": LINES, "pay": PAY_STATES, "vehicle": VEHICLES, "case": CASE_STATES, "kind": CASE_KINDS, "done": DONE,
    "site": SITES,
    "reminder": REMINDERS,
    "site_state": SITE_STATES,
    "measure": MEASURES,
    "ways": WAYS,
}  # fmt: skip


def say(table: str, code: str) -> str:
    """The words for `code` in the reader's language; the code itself where there are none."""
    found = TABLES[table].get(code)
    return gettext(found) if found else code
