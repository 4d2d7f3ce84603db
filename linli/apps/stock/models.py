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
        indexes = (Index(fields=("starts_at",), name="stock_bucket_starts"),)  # what a whole city has left in a night


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


class Resource(models.Model):
    """A supply that bookings are made of: somebody, a room, a piece of equipment, or the tables of one size.

    `label` is what kind of room or equipment it is. A class of tables has `seats` for each, and `joins` of them may be pushed together.
    """

    class Kind(models.TextChoices):
        STAFF = "staff"
        ROOM = "room"
        EQUIPMENT = "equipment"
        TABLE = "table"

    supply = models.OneToOneField(Supply, on_delete=models.PROTECT, primary_key=True, related_name="+")
    store_id = models.BigIntegerField(db_index=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    label = models.CharField(max_length=40, blank=True)
    name_en = models.CharField(max_length=120, blank=True)
    skills = models.JSONField(default=list)
    seats = models.PositiveSmallIntegerField(default=0)
    joins = models.PositiveSmallIntegerField(default=1)
    person_id = models.BigIntegerField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            CheckConstraint(condition=Q(kind__in=("staff", "room", "equipment", "table")), name="stock_resource_kind"),
            CheckConstraint(condition=~Q(kind="table") | Q(seats__gte=1, joins__gte=1), name="stock_resource_seats"),
        )


class Shift(models.Model):
    """When somebody works, week after week, in the store's wall-clock minutes; `rest`: a break within that. Past midnight up to 2,880."""

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="+")
    weekday = models.PositiveSmallIntegerField()
    begins = models.PositiveSmallIntegerField()
    ends = models.PositiveSmallIntegerField()
    rest = models.BooleanField(default=False)

    class Meta:
        constraints = (
            UniqueConstraint(fields=("resource", "weekday", "begins", "rest"), name="stock_shift_once"),
            CheckConstraint(condition=Q(weekday__lte=6, begins__lt=1440, ends__gt=F("begins"), ends__lte=2880), name="stock_shift_range"),
        )


class DayOff(models.Model):
    """A time in which somebody or something is not there."""

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = (CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="stock_dayoff_order"),)


class Booking(models.Model):
    """What a hold with a time is for: the line of the calendar. `lead` is who (or which tables) it is with, `also` the rest of it."""

    class State(models.TextChoices):
        BOOKED = "booked"
        OVER = "over"  # called off, or let go

    id = models.BigIntegerField(primary_key=True)
    ref = models.CharField(max_length=40)
    offer_id = models.BigIntegerField()
    store_id = models.BigIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    guests = models.PositiveSmallIntegerField(default=1)
    lead = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="+")
    also = models.JSONField(default=list)  # [[supply id, qty, minutes before, minutes after], …], the lead among them
    lat = models.FloatField(null=True)
    lng = models.FloatField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.BOOKED)

    class Meta:
        constraints = (CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="stock_booking_order"),)
        indexes = (
            Index(fields=("store_id", "starts_at"), name="stock_booking_store"),
            Index(fields=("lead", "starts_at"), name="stock_booking_lead"),
            Index(fields=("ref",), name="stock_booking_ref"),
        )
