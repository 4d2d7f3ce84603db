"""Recommending: whether at all, and what a list is made of."""

from __future__ import annotations

from linli.kernel.errors import N_
from linli.policy.number import Number

ON = Number(
    "recommend.on", True, "yes/no", False, True, N_("Whether anything is recommended by a fitted model; off, the pages do without.")
)
SHOWN = Number("recommend.shown", 6, "stores", 1, 20, N_("Stores that the home page recommends."))
VARIETY = Number(
    "recommend.variety", 0.2, "share", 0.0, 1.0, N_("How much of the fit is given up for stores that are unlike those above them.")
)
NEWCOMER_EVERY = Number(
    "recommend.newcomer_every", 5, "stores", 2, 100,
    N_("Of so many recommended stores one is kept for those that few have tried, so that they get a chance: the budget of exploring."),
)  # fmt: skip
KNOWN_AFTER = Number("recommend.known_after", 5, "people", 1, 1000, N_("With fewer people than this a store counts as little tried."))
AROUND = Number("recommend.around", 200, "stores", 10, 2000, N_("The nearest open stores that deliver, of which some are recommended."))
HISTORY_D = Number("recommend.history_d", 180, "d", 7, 1000, N_("How far back a fit looks."))
VERSIONS = Number("recommend.versions", 5, "versions", 1, 50, N_("Fitted versions that are kept to roll back to."))
PERSONAL_SHARE = Number(
    "recommend.personal_share", 1.0, "share", 0.0, 1.0,
    N_("Share of the people who see personal order; the others see what is popular: the experiment of the home page."),
)  # fmt: skip
