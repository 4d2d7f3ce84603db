"""Coupons and reductions of the demo city; made up."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from linli.apps.merchants.queries import StoreView
from linli.apps.promotions import operations, queries
from linli.apps.promotions.operations import CampaignWant

_RUN_D = 365
_OF_THE_CITY = (
    ("newcomer", "新人立减12元", "12 yuan off your first order", {"tiers": [[2_000, 1_200]]}, 20_000_000, True),
    ("coupon", "满38减6神券", "6 off from 38", {"tiers": [[3_800, 600]], "days": 7}, 30_000_000, True),
    ("coupon", "满80减15大餐券", "15 off from 80", {"tiers": [[8_000, 1_500]], "days": 14}, 30_000_000, True),
    ("delivery", "满60免3元配送费", "3 yuan off delivery from 60", {"tiers": [[6_000, 300]]}, 30_000_000, True),
)  # fmt: skip
_REDUCTIONS = (
    ("满30减4,满60减9", "4 off 30, 9 off 60", [[3_000, 400], [6_000, 900]]),
    ("满50减8,满100减18", "8 off 50, 18 off 100", [[5_000, 800], [10_000, 1_800]]),
    ("满120减20,满240减48", "20 off 120, 48 off 240", [[12_000, 2_000], [24_000, 4_800]]),
)


def announce(*, city_id: int, houses: Sequence[StoreView], rng: random.Random, at: datetime) -> dict[str, int]:
    """Make the platform's campaigns and reductions at about every third house, unless the platform's are there already."""
    if any(campaign.title == _OF_THE_CITY[0][1] for campaign in queries.campaigns()):
        return {"campaigns": 0}
    starts, ends = at - timedelta(hours=1), at + timedelta(days=_RUN_D)
    wants = [
        CampaignWant(
            kind=kind,
            title=title,
            title_en=title_en,
            rules=rules,
            starts_at=starts,
            ends_at=ends,
            city_id=city_id,
            budget=budget,
            public=public,
        )
        for kind, title, title_en, rules, budget, public in _OF_THE_CITY
    ]
    for house in houses:
        if rng.random() < 0.35:
            title, title_en, tiers = _REDUCTIONS[0 if house.per_head < 5_000 else 1 if house.per_head < 12_000 else 2]
            wants.append(CampaignWant(
                kind="full_reduction", title=title, title_en=title_en, rules={"tiers": tiers}, starts_at=starts, ends_at=ends,
                store_id=house.id, city_id=city_id,
            ))  # fmt: skip
    return {"campaigns": len(operations.bulk_put_campaigns(wants=wants, at=at))}
