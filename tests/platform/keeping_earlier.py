"""Keeps the data of this version for the upgrade tests of later ones: run once for each release, on an empty SQLite database.

`LINLI_TESTING=1 LINLI_HOME=$(mktemp -d) python -m tests.platform.keeping_earlier tests/platform/earlier/VERSION.json.gz`
"""

from __future__ import annotations

import gzip
import json
import os
import sqlite3
import sys
from datetime import timedelta
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")
import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from linli.apps.care import operations as care  # noqa: E402
from linli.apps.community import operations as community  # noqa: E402
from linli.apps.orders import operations as orders  # noqa: E402
from linli.apps.promotions import operations as promotions  # noqa: E402
from linli.apps.promotions.operations import CampaignWant  # noqa: E402
from linli.platform import jobs  # noqa: E402
from linli.platform.keeping import stock  # noqa: E402
from tests import town  # noqa: E402

MADE_BY_DJANGO = {"django_migrations", "django_content_type", "auth_permission"}


def live(world: town.World) -> None:
    """Orders in every stage of their life, with tips, coupons, campaigns, a review, a complaint and money given back."""
    day = timedelta(days=1)
    time = {"starts_at": world.at - day, "ends_at": world.at + 30 * day}
    world.limit("牛肉面", 50)
    own = CampaignWant(kind="full_reduction", title="减", title_en="Off", rules={"tiers": [[3000, 333]]}, store_id=world.noodles, **time)
    promotions.put_campaign(want=own, at=world.at)
    coupon = CampaignWant(kind="coupon", title="券", title_en="Coupon", rules={"tiers": [[2000, 500]]}, **time)
    campaign = promotions.put_campaign(want=coupon, at=world.at)
    for person in (world.lin, world.he):
        promotions.grant(campaign_id=campaign, person_id=person, at=world.at)
    praised, complained = world.completed(want=world.want(coupon_id="best", tip=300)), world.completed()
    community.review(order_id=praised.id, person_id=world.lin, stars=5, text="好吃", at=world.at)
    care.complain(order_id=complained.id, person_id=world.lin, kind="quality", text="凉了", wanted=500, at=world.at)
    orders.refund_part(order_id=complained.id, amount=500, reason="cold", by=world.su, key="a", at=world.at, merchant_bears=True)
    orders.cancel(order_id=world.paid().id, actor=world.ou, reason="test", at=world.at)
    jobs.drain(world.at)
    world.picked_up()
    world.accepted({"素面": 1}, want=world.want(mode="pickup", address_id=None))
    world.paid({"拍黄瓜": 2})
    world.place({"牛肉面": 1}, person_id=world.he, want=world.want(address_id=world.he_home), method="sandbox")
    world.fill(world.he, {"素面": 2})


def tables() -> dict[str, dict[str, list[object]]]:
    """Every row as SQLite keeps it."""
    with sqlite3.connect(str(connection.settings_dict["NAME"])) as plain:
        found = {}
        for table in set(stock.tables()) - MADE_BY_DJANGO:
            cursor = plain.execute(f'SELECT * FROM "{table}"')
            columns, rows = [column[0] for column in cursor.description], cursor.fetchall()
            found.update({table: {"columns": columns, "rows": rows}} if rows else {})
    plain.close()
    return dict(sorted(found.items()))


def main() -> None:
    """Write the file."""
    call_command("migrate", verbosity=0)
    world = town.build()
    live(world)
    connection.close()
    migrations = sorted(name.split(".", 1) for name in stock.migrations())
    kept = {"migrations": migrations, "at": world.at.isoformat(), "tables": tables()}
    Path(sys.argv[1]).write_bytes(gzip.compress(json.dumps(kept, ensure_ascii=False).encode(), 9, mtime=0))


if __name__ == "__main__":
    main()
