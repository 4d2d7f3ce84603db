"""Supplies, their buckets, and the holds on them. One idea for everything scarce: an interval is all the buckets it covers."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint


class Supply(models.Model):
    """Something scarce of a store. `grain_minutes` 0: units, in one bucket for ever; otherwise one bucket a slot, a day, a night."""

    id = models.BigIntegerField(primary_key=True)
    store_id = models.BigIntegerField(db_index=True)
    offer_id = models.BigIntegerField(null=True, unique=True)
    name = models.CharField(max_length=200)
    grain_minutes = models.PositiveIntegerField(default=0)
    offset_minutes = models.IntegerField(default=0)
    capacity = models.PositiveIntegerField()

    class Meta:
        constraints = (CheckConstraint(condition=Q(grain_minutes__lte=525_600), name="stock_supply_grain"),)


class Bucket(models.Model):
    """What there is of a supply in one grain of time. Left is `capacity - held - sold`, and the database keeps it from going below zero."""

    supply = models.ForeignKey(Supply, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    capacity = models.BigIntegerField()
    held = models.BigIntegerField(default=0)
    sold = models.BigIntegerField(default=0)

    class Meta:
        constraints = (
            UniqueConstraint(fields=("supply", "starts_at"), name="stock_bucket_once"),
            CheckConstraint(condition=Q(held__gte=0), name="stock_bucket_held"),
            CheckConstraint(condition=Q(sold__gte=0), name="stock_bucket_sold"),
            CheckConstraint(condition=Q(capacity__gte=F("held") + F("sold")), name="stock_bucket_enough"),
        )


class Hold(models.Model):
    """What one owner (`ref`, such as `or:17`) has taken, until it is committed, released, or expires."""

    class State(models.TextChoices):
        HELD = "held"
        COMMITTED = "committed"
        RELEASED = "released"

    ref = models.CharField(max_length=40, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.HELD)
    expires_at = models.DateTimeField()

    class Meta:
        indexes = (Index(fields=("expires_at",), condition=Q(state="held"), name="stock_hold_due"),)


class HoldLine(models.Model):
    """`qty` of one bucket; `returned` of them came back after the sale."""

    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="+")
    bucket = models.ForeignKey(Bucket, on_delete=models.PROTECT, related_name="+")
    qty = models.PositiveIntegerField()
    returned = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            UniqueConstraint(fields=("hold", "bucket"), name="stock_line_once"),
            CheckConstraint(condition=Q(qty__gte=1), name="stock_line_qty"),
            CheckConstraint(condition=Q(returned__lte=F("qty")), name="stock_line_returned"),
        )


class Movement(models.Model):
    """One line of the stock's book; `qty` is signed only for a count, where it is the difference that was found."""

    class Kind(models.TextChoices):
        OPENING = "opening"
        HELD = "held"
        RELEASED = "released"
        SOLD = "sold"
        RETURNED = "returned"
        COUNTED = "counted"
        RECEIVED = "received"

    bucket = models.ForeignKey(Bucket, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    qty = models.BigIntegerField()
    ref = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()
