"""What ranking may know beside the stores themselves: what is ordered at this hour, and, of somebody who agrees, what they like."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from linli.apps.accounts import queries as accounts
from linli.apps.discovery import fitted as fits
from linli.apps.discovery.fitted import Fitted
from linli.apps.discovery.models import Taste
from linli.apps.discovery.recommending import part_of_day
from linli.engines.recommend.score import scores
from linli.engines.search import Known
from linli.platform import policies
from linli.policy import recommend as policy


@dataclass(frozen=True, slots=True)
class Leanings:
    """`popular`: orders of each store at this part of the day. The rest is of one person: `taste` of each store from -1 to 1, the price
    they usually pay (minor units), and the cuisines they want less of. `personal` says that any of it is known.
    """

    popular: Known | None = None
    taste: Known | None = None
    usual_price: int | None = None
    less: tuple[str, ...] = ()

    @property
    def personal(self) -> bool:
        return bool(self.taste or self.usual_price or self.less)


def leanings(*, city_id: int, person_id: int | None, zone: str, at: datetime) -> Leanings:
    """What may be known for a question of `person_id` asked now; at most three statements.

    Nothing of the person without their consent, and nothing while they have paused it: the answer is then what anybody gets.
    """
    fitted = fits.fitted(city_id) if policies.value(policy.ON, city_id) else None
    popular = Known(fitted.stores, fitted.popular[part_of_day(at, zone)].astype(np.float64)) if fitted else None
    taste = agreed(person_id)
    if taste is None:
        return Leanings(popular)
    return Leanings(popular, _liked(fitted, taste), taste.facts.get("usual") or None, tuple(taste.less))


def agreed(person_id: int | None) -> Taste | None:
    """What is known of the person, where they agree to it just now and have not paused it. At most two statements."""
    taste = Taste.objects.filter(person_id=person_id, paused=False).first() if person_id else None
    return taste if taste and accounts.consent(person_id=taste.person_id).given else None


def _liked(fitted: Fitted | None, taste: Taste) -> Known | None:
    """1 for where they ordered, less for what people like them took, -1 for what they do not want to see."""
    values: dict[int, float] = {}
    if fitted and len(items := fitted.items([*taste.took, *taste.seen])):
        rated = np.maximum(scores(fitted.model, items), 0.0)
        best = float(np.delete(rated, items).max(initial=0.0)) or 1.0
        some = np.flatnonzero(rated)
        values = dict(zip(fitted.stores[some].tolist(), np.minimum(rated[some] / best, 1.0).tolist(), strict=True))
    values |= dict.fromkeys(taste.took, 1.0) | dict.fromkeys(taste.hidden, -1.0)
    if not values:
        return None
    ids = sorted(values)
    return Known(np.array(ids, dtype=np.int64), np.array([values[store] for store in ids]))
