"""Whether the lake may be believed: what each day holds, and what of it cannot be."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from linli.apps.insight import lake
from linli.apps.insight.models import DayReport
from linli.apps.insight.vocabulary import KINDS, OF_A_STORE, VERSION
from linli.platform import policies
from linli.policy import insight as numbers

_LOOKED_BACK = timedelta(days=3)


def report(*, at: datetime) -> None:
    """Write down the counts and faults of the last days."""
    for day in lake.days():
        if day >= (at - _LOOKED_BACK).date():
            (kinds, faults) = _kinds(day), _faults(day)
            values = {"rows": sum(kinds.values()), "kinds": kinds, "faults": faults, "made_at": at}
            DayReport.objects.update_or_create(day=day, defaults=values)


def _kinds(day: date) -> dict[str, int]:
    found = lake.ask("SELECT kind, count(*) FROM deeds GROUP BY kind ORDER BY kind", since=day, until=day)
    return {str(kind): int(count) for kind, count in found}


def _faults(day: date) -> dict[str, int]:
    kinds, of_a_store = (", ".join(f"'{kind}'" for kind in sorted(names)) for names in (KINDS, OF_A_STORE))
    rows = lake.ask(
        f"""SELECT count(*) - count(DISTINCT mark), count(*) FILTER (WHERE kind NOT IN ({kinds})),
            count(*) FILTER (WHERE kind IN ({of_a_store}) AND store_id = 0), count(*) FILTER (WHERE "at" > received_at + INTERVAL 1 SECOND),
            count(*) FILTER (WHERE version > {VERSION}),
            count(*) FILTER (WHERE kind = 'exposure' AND store_id > 0 AND (chance IS NULL OR chance <= 0 OR listed = 0)) FROM deeds""",
        since=day, until=day,
    )  # fmt: skip
    names = ("twice", "unknown_kind", "no_store", "from_the_future", "unknown_version", "no_chance")
    found = dict(zip(names, map(int, rows[0]), strict=True)) | {"busy_people": len(programs(day))}
    return {name: count for name, count in found.items() if count}


def programs(day: date) -> frozenset[int]:
    """People who did more on that day than people do."""
    most = policies.whole(numbers.BOT_A_DAY)
    query = "SELECT person_id FROM deeds WHERE person_id > 0 GROUP BY person_id HAVING count(*) > ?"
    return frozenset(int(row[0]) for row in lake.ask(query, most, since=day, until=day))
