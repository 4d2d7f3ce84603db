"""Loading the demo city: Beijing's places, then the people who live and work there. Loading it again changes nothing that matters."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction

from linli.apps.city import queries as cities
from linli.apps.merchants import operations as merchants_operations
from linli.apps.merchants import queries as merchants
from linli.fronts.commands.loading import Report, load_folder
from linli.simulator.demo import bookable, campaigns, passes, people, rides

DATA = Path(__file__).resolve().parents[1] / "beijing" / "data"
SEED = 20_260_302
_SETTLED, _NEW_OF = timedelta(days=400), 15  # all but each fifteenth restaurant have been there for long


@transaction.atomic
def load(
    *,
    at: datetime,
    consumers: int = people.CONSUMERS,
    couriers: int = people.COURIERS,
    drivers: int = rides.DRIVERS,
    seed: int = SEED,
    folder: Path = DATA,
) -> Report:
    """Load the city of `folder` with so many people, the owners of its stores, an operator, support, coupons and campaigns."""
    report = load_folder(folder=folder, at=at)
    city = cities.city(slug=report.city)
    houses = merchants.all_stores(city_id=city.id, kinds=("restaurant",))
    fresh = {house.id for house in random.Random(f"{seed}|new").sample(houses, len(houses) // _NEW_OF)}
    merchants_operations.listed(store_ids=[house.id for house in houses if house.id not in fresh], at=at - _SETTLED)
    rng = random.Random(seed)
    report.loaded |= people.settle(city=city, houses=houses, consumers=consumers, couriers=couriers, rng=rng, at=at)
    wheel = [people.persona("driver", at), *people.crowd("driver", drivers, random.Random(f"{seed}|drivers"), at)]
    report.loaded |= rides.set_up(city=city, drivers=wheel, rng=random.Random(f"{seed}|cars"), at=at)
    report.loaded |= bookable.open_all(city=city, houses=houses, rng=random.Random(seed), at=at)
    report.loaded |= passes.put_all(city_id=city.id, houses=houses, at=at)
    report.loaded |= campaigns.announce(city_id=city.id, houses=houses, rng=rng, at=at)
    return report
