"""One look a day at the experiment of the home page, from the lake: who was shown what, and what they did then."""

from __future__ import annotations

from datetime import datetime, timedelta

from linli.apps.discovery import queries as discovery
from linli.apps.insight import lake
from linli.apps.insight.models import Look

_BACK = timedelta(days=60)
# A visit is an hour of the clock in which somebody was shown an arm; an order belongs to it when it comes within two hours after it.
# Whoever was shown both arms (a share that was changed) is left out.
_QUERY = """
, shown AS (
    SELECT person_id, arm, date_trunc('hour', "at") AS visit, min("at") AS first
    FROM deeds WHERE kind = 'exposure' AND section = ? AND city_id = ? AND person_id > 0 GROUP BY person_id, arm, visit),
whole AS (SELECT person_id FROM shown GROUP BY person_id HAVING count(DISTINCT arm) = 1),
ordered AS (
    SELECT s.person_id, s.arm, s.visit, min(o."at") AS first_order, min(s.first) AS first
    FROM shown s SEMI JOIN whole w ON s.person_id = w.person_id
    LEFT JOIN deeds o ON o.person_id = s.person_id AND o.kind = 'order' AND o."at" >= s.first AND o."at" < s.first + INTERVAL 2 HOUR
    GROUP BY s.person_id, s.arm, s.visit),
looks AS (
    SELECT s.person_id, count(*) AS places, sum(c.place) AS depth
    FROM shown s JOIN deeds c ON c.person_id = s.person_id AND c.kind = 'click' AND c.section = ? AND date_trunc('hour', c."at") = s.visit
    GROUP BY s.person_id),
bad AS (SELECT person_id, count(*) AS bad FROM deeds WHERE kind = 'review' AND place <= 2 GROUP BY person_id),
people AS (
    SELECT o.person_id, any_value(o.arm) AS arm, count(first_order) / count(*) AS orders,
        avg(date_diff('second', o.first, first_order)) / 60 AS minutes
    FROM ordered o GROUP BY o.person_id)
SELECT arm, count(*),
    sum(orders), sum(orders * orders), count(*),
    sum(minutes), sum(minutes * minutes), count(minutes),
    sum(depth / places), sum((depth / places) * (depth / places)), count(depth),
    sum(coalesce(bad, 0)), sum(coalesce(bad, 0) * coalesce(bad, 0)), count(*)
FROM people LEFT JOIN looks USING (person_id) LEFT JOIN bad USING (person_id) GROUP BY arm ORDER BY arm"""
MEASURES = ("orders", "minutes", "place", "bad_reviews")


def look(*, city_id: int, at: datetime) -> int:
    """Write down how the arms stand; returns how many arms somebody was shown."""
    rows = lake.ask(_QUERY, discovery.EXPERIMENT, city_id, discovery.EXPERIMENT, since=(at - _BACK).date())
    for arm, people, *sums in rows:
        parts = zip(MEASURES, (sums[turn : turn + 3] for turn in range(0, len(sums), 3)), strict=True)
        measures = {name: [float(total or 0), float(squares or 0), int(count)] for name, (total, squares, count) in parts}
        values = {"people": people, "measures": measures}
        Look.objects.update_or_create(experiment=discovery.EXPERIMENT, city_id=city_id, arm=str(arm), at=at, defaults=values)
    return len(rows)
