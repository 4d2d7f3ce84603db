"""What stands on the cards of a list of stores, written by hand once for both databases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db import connection

from linli.platform import sql
from linli.platform.reads import Read, Sql, moment, number, sized
from linli.platform.writes import Write, later

_LABELS = """
SELECT store_id, id, kind, rules, title, title_en FROM promotions_campaign
WHERE store_id IN ({marks}) AND public AND starts_at <= %s AND ends_at > %s AND (budget IS NULL OR spent < budget)
"""


def labels_statement(stores: int) -> str:
    """The text that `labels` runs for so many stores."""
    return _LABELS.format(marks=", ".join(["%s"] * stores))


def labels(store_ids: Sequence[int], at: datetime) -> list[tuple[int, int, str, str, str, str]]:
    """(store, id, kind, rules as JSON, title, English title) of the stores' public campaigns that run and are not spent. One statement."""
    if not store_ids:
        return []
    moment = connection.ops.adapt_datetimefield_value(at)
    with connection.cursor() as cursor:
        cursor.execute(labels_statement(len(store_ids)), [*store_ids, moment, moment])
        rows: list[tuple[int, int, str, str, str, str]] = cursor.fetchall()
        return rows


T = TypeVar("T")

_CAMPAIGN = "c.id, c.kind, c.title, c.title_en, {json}(c.rules), {json}(c.stack), c.bearer_merchant_bp, c.budget, c.spent"
_HERE = "(c.store_id = %s OR (c.store_id IS NULL AND (c.city_id IS NULL OR c.city_id = CITY)))"
_OPEN = f"""
SELECT {{list}}(
  {{json}}((SELECT {{all}}({{list}}({_CAMPAIGN})) FROM promotions_campaign c
   WHERE {_HERE} AND c.starts_at <= %s AND c.ends_at > %s AND c.public AND c.kind <> 'coupon' AND NOT EXISTS
     (SELECT 1 FROM promotions_redemption r WHERE r.person_id = %s AND r.campaign_id = c.id AND r.once_key IS NOT NULL))),
  {{json}}((SELECT {{all}}({{list}}({_CAMPAIGN.replace("c.", "m.").replace("m.id", "m.campaign_id")}, m.id)) FROM
    (SELECT k.id, k.expires_at, c.id AS campaign_id, c.kind, c.title, c.title_en, c.rules, c.stack, c.bearer_merchant_bp, c.budget, c.spent
     FROM promotions_coupon k JOIN promotions_campaign c ON c.id = k.campaign_id
     WHERE k.person_id = %s AND k.state = 'granted' AND k.expires_at > %s AND {_HERE} ORDER BY k.expires_at, k.id LIMIT %s) m)))
"""
_SPEND = """
UPDATE promotions_campaign SET spent = spent + %s
WHERE id = %s AND (budget IS NULL OR budget >= spent + %s) AND starts_at <= %s AND (ends_at > %s OR kind = 'coupon')
"""
_USE = """
UPDATE promotions_coupon SET state = 'redeemed', ref = %s
WHERE id = %s AND campaign_id = %s AND person_id = %s AND state = 'granted' AND expires_at > %s
"""
_GRANT = """
INSERT INTO promotions_coupon (id, campaign_id, person_id, state, granted_at, expires_at, ref, "key")
VALUES (%s, %s, %s, 'granted', %s, %s, '', %s) ON CONFLICT ("key") DO NOTHING RETURNING id
"""
_GRANTED = 'SELECT id FROM promotions_coupon WHERE "key" = %s'
_TERMS = (
    "SELECT {list}(public, starts_at, ends_at, budget, spent, {json}(rules)) FROM promotions_campaign WHERE id = %s AND kind = 'coupon'"
)
_MINE = """
SELECT {all}({list}(m.id, m.campaign_id, m.store_id, m.city_id, m.title, m.title_en, {json}(m.rules), m.state, m.expires_at)) FROM
  (SELECT k.id, k.campaign_id, c.store_id, c.city_id, c.title, c.title_en, c.rules, k.state, k.expires_at
   FROM promotions_coupon k JOIN promotions_campaign c ON c.id = k.campaign_id
   WHERE k.person_id = %s AND (%s = 0 OR (k.state = 'granted' AND k.expires_at > %s)) ORDER BY k.expires_at, k.id LIMIT %s) m
"""
_REDEEM = """
INSERT INTO promotions_redemption
  (campaign_id, coupon_id, person_id, ref, amount_merchant, amount_platform, state, once_key, at) VALUES """
_ROW = "(%s, %s, %s, %s, %s, %s, 'redeemed', %s, %s)"


def running(store_id: int, city_id: int | Sql, person_id: int, at: datetime, most: int, make: Callable[[Any], T]) -> Read[T]:
    """The campaigns that an order of the person in the store may use, and those that one of at most `most` coupons opens."""
    city, now = number(city_id), moment(at)
    here = (store_id, *city.params)
    return Read(_OPEN.replace("CITY", city.text), (*here, now, now, person_id, person_id, now, *here, most), make)


def spend(campaign_id: int, amount: int, at: datetime) -> None:
    """Take `amount` from the budget of a campaign that runs (one with coupons may be over: a coupon granted stays good)."""
    now = moment(at)
    later(Write(_SPEND, (amount, campaign_id, amount, now, now), rows=1))


def use(coupon_id: int, campaign_id: int, person_id: int, ref: str, at: datetime) -> None:
    """The person's coupon is used for `ref`."""
    later(Write(_USE, (ref, coupon_id, campaign_id, person_id, moment(at)), rows=1))


def grants(campaign_id: int, make: Callable[[Any], T]) -> Read[T]:
    """Whether anybody may have a coupon of the campaign, from when until when, its budget, what is spent of it, its rules."""
    return Read(_TERMS, (campaign_id,), make)


def mine(person_id: int, at: datetime, usable_only: bool, most: int, make: Callable[[Any], T]) -> Read[T]:
    """The person's coupons with what their campaigns say, at most `most`, those that end first on top."""
    return Read(_MINE, (person_id, int(usable_only), moment(at), most), make)


def grant(coupon_id: int, campaign_id: int, person_id: int, key: str, at: datetime, expires_at: datetime) -> int:
    """The id of the coupon with that key, made if there is none. One statement, two if there is."""
    row = sql.run(_GRANT, sized([coupon_id, campaign_id, person_id, moment(at), moment(expires_at), key])).fetchone()
    return int((row or sql.run(_GRANTED, [key]).fetchone())[0])


def redeem(rows: Sequence[tuple[int, int | None, int, str, int, int, str | None]], at: datetime) -> None:
    """Write down what was given: (campaign, coupon, person, ref, by merchant, by platform, key of what may be used once only)."""
    now = moment(at)
    later(Write(_REDEEM + ", ".join([_ROW] * len(rows)), [value for row in rows for value in (*row, now)]))
