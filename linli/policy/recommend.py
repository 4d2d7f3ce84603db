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
NEW_D = Number("recommend.new_d", 30, "d", 1, 365, N_("For so long after it was listed a store counts as new."))
NEW_SHOWN = Number(
    "recommend.new_shown", 3, "stores", 0, 12,
    N_("Places of “New here” on the home page, which new stores get in turns by what came of it so far: the budget of exploring. 0: none."),
)  # fmt: skip
ANYHOW = Number(
    "recommend.anyhow", 0.1, "share", 0.0, 1.0,
    N_("Share of the lists of new stores that are dealt alike, whatever came of it so far, so that no store is given up for ever."),
)  # fmt: skip
SHUFFLED = Number(
    "recommend.shuffled", 0.1, "share", 0.0, 0.5,
    N_("Share of personal lists in which any of the shown stores stands first, not the best: they tell what a new model is worth."),
)  # fmt: skip
JUDGED_BY = Number(
    "recommend.judged_by", 200, "lists", 50, 100_000,
    N_("With fewer shown lists in the log of two weeks nothing is said of what a new model would have earned."),
)  # fmt: skip
MAY_LOSE = Number(
    "recommend.may_lose", 0.0, "share", 0.0, 1.0,
    N_("A new model answers unless it is surely worse than the one before by more than this share of lists, by what was logged."),
)  # fmt: skip
