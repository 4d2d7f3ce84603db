"""Why orders end, in words. Reasons that the platform or a list gives are kept as codes; what somebody wrote is kept as it was written."""

from __future__ import annotations

from linli.kernel.errors import N_

WORDS = {
    "stock": N_("Something in it had just sold out when the payment came in."),
    "unanswered": N_("The store did not answer in time."),
    "no_courier": N_("No courier could be found for it."),
    "no_driver": N_("No driver could be found in time. It cost you nothing."),
    "sold_out": N_("A dish is sold out."),
    "busy": N_("The kitchen is too busy."),
    "closing": N_("The store is about to close."),
    "broken": N_("Something in the kitchen has broken down."),
    "lost:accident": N_("The courier had an accident on the way."),
    "lost:vehicle": N_("The courier's bike broke down on the way."),
    "lost:store_closed": N_("The courier found the store closed."),
    "lost:not_ready": N_("The meal was not ready and the courier could not wait any longer."),
    "lost:no_answer": N_("Nobody answered the door or the phone."),
    "lost:wrong_address": N_("The address was wrong."),
    "lost:spilled": N_("The meal was spilled on the way."),
    "lost:other": N_("The courier could not bring it."),
    "lost:nobody": N_("No courier could be found for it."),
    "lost:car": N_("The driver had to break off the trip."),
    "lapsed": N_("It was not used in time."),
    "unused": N_("It was not used."),
    "no_show": N_("Nobody came."),
    "cancel": N_("The order was cancelled."),
    "cancelled": N_("The order was cancelled."),
    "refuse": N_("The store refused the order."),
    "refused": N_("The store refused the order."),
    "expire": N_("It was not paid in time."),
    "expired": N_("It was not paid in time."),
}


def words(reason: str) -> str:
    """The sentence for a reason, in English and to be translated by whoever shows it; words that somebody wrote stay as they are."""
    if reason.startswith("lost:"):
        return WORDS.get(reason, WORDS["lost:other"])
    return WORDS.get(reason, reason)
