"""What is found out by the clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from linli.apps.accounts import queries as accounts
from linli.apps.city import queries as city
from linli.apps.discovery import queries as discovery
from linli.apps.insight import fitting, grouping, heard, lake, looking, quality, thoughts
from linli.apps.insight import trials as counting
from linli.apps.insight.models import Forgetting, Noted
from linli.platform import policies
from linli.platform.jobs import every, task
from linli.policy import insight as numbers

_FEW_PAIRS = 2_000  # with so few a fit takes a second, and every hour makes it better


@every("insight.carry", seconds=300, transactional=False)
def carry(*, at: datetime) -> None:
    """Bring what waits into the lake, and take out of it whoever is to be forgotten."""
    heard.listen(at=at)
    lake.carry(at=at, rows=policies.whole(numbers.ROWS_AT_ONCE))
    asked = dict(Forgetting.objects.filter(lake_done_at=None).values_list("id", "person_id"))
    if asked:
        Noted.objects.filter(person_id__in=asked.values()).delete()
        lake.erase(list(asked.values()))
        Forgetting.objects.filter(id__in=asked).update(lake_done_at=at)


@every("insight.tidy", seconds=86_400, transactional=False)
def tidy(*, at: datetime) -> None:
    """Put yesterday in order, look at what it holds, and let old days go."""
    lake.tidy(before=at.date(), keep_from=(at - timedelta(days=policies.whole(numbers.KEEP_D))).date())
    quality.report(at=at)


@every("insight.fit", seconds=3_600, transactional=False)
def fit(*, at: datetime) -> None:
    """Learn anew what goes with what where a fit is due: once a day, and every hour in a city that is only beginning."""
    due = [place.id for place in city.cities() if _due(place.id, at)]
    if due:
        _fit(at)


def _due(city_id: int, at: datetime) -> bool:
    last = next(iter(discovery.fits_of(city_id=city_id)), None)
    return last is None or last.metrics["pairs"] < _FEW_PAIRS or at - last.fitted_at >= timedelta(days=1)


@every("insight.trials", seconds=1_800, transactional=False)
def trials(*, at: datetime) -> None:
    """Count what came of showing new stores, so that the next lists know."""
    for place in city.cities():
        counting.count(city_id=place.id, at=at)


@every("insight.group", seconds=21_600, transactional=False)
def group(*, at: datetime) -> None:
    """Find anew who eats alike and what goes with what, four times a day."""
    for place in city.cities():
        grouping.group_people(city_id=place.id, at=at)


@every("insight.look", seconds=86_400, transactional=False)
def look(*, at: datetime) -> None:
    """Look at the experiment of the home page."""
    for place in city.cities():
        looking.look(city_id=place.id, at=at)


@task("insight.refit", transactional=False)
def refit(*, at: datetime) -> None:
    """The same, because somebody wants to be forgotten."""
    _fit(at)


def _fit(at: datetime) -> None:
    """The fit of every city without those who left; with it no older version is kept that may hold them."""
    gone = list(Forgetting.objects.filter(models_done_at=None).values_list("id", flat=True))
    for place in city.cities():
        fitting.fit(city_id=place.id, at=at, only_this=bool(gone))
    thoughts.think(person_ids=accounts.consenting(), at=at)
    Forgetting.objects.filter(id__in=gone).update(models_done_at=at)
