"""What messages say: a title and a body for each kind, in English here and in Chinese in the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation.trans_real import translation

from linli.kernel.errors import N_


@dataclass(frozen=True, slots=True)
class Text:
    """English sentences with `%(name)s` places; `loud` ones also go out by mail and Web Push, `urgent` ones by SMS as well."""

    title: str
    body: str
    urgent: bool = False
    loud: bool = True


_BACK = N_("Reason: %(reason)s. Going back to you: %(amount)s.")
_FREE = N_("Reason: %(reason)s. Nothing was charged.")
_HOW = N_("Tell others how %(store)s did, or tell us what went wrong.")

TEXTS: dict[str, Text] = {
    "order.paid": Text(N_("%(store)s has your order"), N_("Paid: %(amount)s. The store answers within a few minutes."), loud=False),
    "order.confirmed": Text(
        N_("%(store)s has your order"), N_("You pay %(amount)s at the door. The store answers within a few minutes."), loud=False
    ),
    "order.accepted": Text(N_("%(store)s is making your order"), N_("It should be ready at %(time)s.")),
    "order.booked": Text(N_("%(store)s has confirmed your booking"), N_("You are expected on %(time)s.")),
    "order.reassigned": Text(
        N_("%(store)s has changed who looks after you"),
        N_("On %(time)s it is %(staff)s. Time and price stay as they are; you can choose another time on the order's page."),
    ),
    "order.reassigned_open": Text(
        N_("%(store)s has changed who looks after you"),
        N_("On %(time)s it is somebody else. Time and price stay as they are; you can choose another time on the order's page."),
    ),
    "order.valid": Text(N_("Your booking at %(store)s is paid"), N_("Paid: %(amount)s. Everything you need is on the order's page.")),
    "order.had": Text(N_("Thank you for your visit to %(store)s"), _HOW),
    "order.ready": Text(N_("Ready to collect at %(store)s"), N_("Show your collection code at the counter."), urgent=True),
    "order.picked_up": Text(N_("Your order is on its way"), N_("A courier has picked it up at %(store)s.")),
    "order.late": Text(N_("Your order will arrive later"), N_("We now expect it between %(time)s and %(until)s. Sorry for the wait.")),
    "order.unfound": Text(
        N_("No courier has been found for your order yet"),
        N_("All are busy. We look on until %(time)s; if nobody comes by then, it is called off and all your money goes back."),
        urgent=True,
    ),
    "order.delivered": Text(N_("Your order has arrived"), _HOW),
    "order.collected": Text(N_("You have collected your order"), _HOW),
    "order.refused": Text(N_("%(store)s could not take your order"), _BACK, urgent=True),
    "order.refused_free": Text(N_("%(store)s could not take your order"), _FREE, urgent=True),
    "order.cancelled": Text(N_("Your order at %(store)s is cancelled"), _BACK, urgent=True),
    "order.cancelled_free": Text(N_("Your order at %(store)s is cancelled"), _FREE, urgent=True),
    "order.called_off": Text(N_("You cancelled your order at %(store)s"), N_("Going back to you: %(amount)s.")),
    "order.expired": Text(N_("Your order at %(store)s was closed"), N_("It was not paid in time. Nothing was charged.")),
    "order.refunded": Text(N_("%(amount)s is going back to you"), N_("Your order at %(store)s. Reason: %(reason)s.")),
    "ride.booked": Text(N_("Your ride is booked for %(time)s"), N_("A driver is looked for shortly before. You are told who comes.")),
    "ride.matched": Text(N_("A driver is coming"), N_("The car: %(plate)s. Your start code is on the page of the ride.")),
    "ride.arrived": Text(N_("Your car is there"), N_("The car: %(plate)s. Check the number, then tell the driver your code.")),
    "ride.finished": Text(N_("You are there"), N_("The ride cost %(amount)s. Say how the driver was, or look what was left in the car.")),
    "ride.deviated": Text(
        N_("Your car is off the usual way"), N_("Support has been told. If you feel unsafe, press the safety button."), urgent=True
    ),
    "order.tab": Text(N_("%(store)s has your order"), N_("%(amount)s on the bill of your table. You pay when you go."), loud=False),
    "order.desk": Text(
        N_("%(store)s has your booking"),
        N_("You pay %(amount)s at the hotel; nothing was charged. The hotel confirms it soon."),
        loud=False,
    ),
    "order.later": Text(
        N_("%(store)s has your booking"),
        N_("You pay %(amount)s after your stay; nothing was charged. The hotel confirms it soon."),
        loud=False,
    ),
    "owed.asked": Text(N_("Your stay at %(store)s: %(amount)s to pay"), N_("Please pay by %(due)s, on the page of your booking.")),
    "owed.soon": Text(N_("%(amount)s is due on %(due)s"), N_("Your stay at %(store)s. You can pay on the page of your booking.")),
    "owed.taken": Text(
        N_("%(amount)s was taken from your balance"), N_("Your stay at %(store)s was to be paid by %(due)s; it is paid now.")
    ),
    "owed.overdue": Text(
        N_("%(amount)s for your stay is overdue"),
        N_("Your stay at %(store)s was to be paid by %(due)s. Until it is paid, other stays cannot be paid afterwards."),
        urgent=True,
    ),
    "owed.paid": Text(N_("%(amount)s for your stay is paid"), N_("Your stay at %(store)s: we have it, and nothing is owed any more.")),
    "owed.given_up": Text(N_("%(amount)s need not be paid any more"), N_("Your stay at %(store)s: we ask for nothing more.")),
    "dining.called": Text(
        N_("Your table at %(store)s is ready"), N_("Number %(number)s: be there by %(time)s, or the next party is called."), urgent=True
    ),
    "dining.passed": Text(
        N_("Number %(number)s was passed over"), N_("You were not there in time. Tell the staff of %(store)s if you still want a table.")
    ),
    "case.answered": Text(N_("%(store)s has answered your complaint"), N_("Read the answer, and say whether it helps.")),
    "case.supported": Text(N_("We have answered your complaint"), N_("It is about your order at %(store)s.")),
    "case.granted": Text(N_("Your complaint is settled"), N_("Your order at %(store)s. Going back to you: %(amount)s."), urgent=True),
    "case.closed": Text(N_("Your complaint has been decided"), N_("Your order at %(store)s. Read how we decided and why.")),
    "review.answered": Text(N_("%(store)s has answered your review"), N_("Read what they say.")),
}


def render(text: str, language: str, words: dict[str, Any]) -> str:
    """`text` in `language`; words that are texts themselves (reasons) are translated too."""
    return _in(language, text) % {name: _in(language, word) if isinstance(word, str) and word else word for name, word in words.items()}


def _in(language: str, text: str) -> str:
    return str(translation(language).gettext(text))  # names and amounts are not in it, and would only crowd a cache
