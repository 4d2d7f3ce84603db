"""What came of showing new stores, counted from the lake: a showing is taken up when the store was tapped in that very list, or ordered at
by the same person within two hours.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from linli.apps.discovery import operations as discovery
from linli.apps.insight import lake
from linli.platform import policies
from linli.policy import insight as numbers

_BACK = timedelta(days=60)
# Clicks are joined by the list, whose name only its reader has, and a showing counts once however often it is tapped.
TAKEN = """
, programs AS (
    SELECT person_id FROM deeds WHERE person_id > 0 GROUP BY person_id, CAST(received_at AS DATE) HAVING count(*) > ?),
seen AS (
    SELECT listed, store_id, person_id, section, min(place) AS place, min(chance) AS chance, min("at") AS "at" FROM deeds
    WHERE kind = 'exposure' AND listed > 0 AND city_id = ? AND person_id NOT IN (SELECT person_id FROM programs)
    GROUP BY listed, store_id, person_id, section),
tapped AS (SELECT DISTINCT listed, store_id, person_id FROM deeds WHERE kind = 'click' AND listed > 0),
bought AS (SELECT person_id, store_id, "at" FROM deeds WHERE kind = 'order' AND person_id > 0),
came AS (
    SELECT s.*, t.listed IS NOT NULL OR EXISTS (
        SELECT 1 FROM bought b WHERE b.person_id = s.person_id AND b.store_id = s.store_id AND b."at" >= s."at"
            AND b."at" < s."at" + INTERVAL 2 HOUR) AS took
    FROM seen s LEFT JOIN tapped t ON t.listed = s.listed AND t.store_id = s.store_id AND t.person_id = s.person_id)
"""


def count(*, city_id: int, at: datetime) -> int:
    """Write down what came of each store that was shown as a new one; returns how many there are."""
    most = policies.whole(numbers.BOT_A_DAY)
    query = TAKEN + "SELECT store_id, count(*), count(*) FILTER (WHERE took) FROM came WHERE section = 'new' GROUP BY store_id"
    rows = lake.ask(query, most, city_id, since=(at - _BACK).date())
    discovery.put_trials(city_id=city_id, trials={int(store): (int(shown), int(taken)) for store, shown, taken in rows})
    return len(rows)
