"""Merchants, their stores, when these are open and how far they deliver."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from linli.kernel.time import DAY_MINUTES

PLACES = ("restaurant", "hotel", "sight", "service")  # a service store cuts hair, trains, cleans homes; its `cuisine` says which
KINDS = (*PLACES, "ride")  # a ride company is nowhere one goes to


class Merchant(models.Model):
    """Who runs stores: one person, a company, a chain."""

    id = models.BigIntegerField(primary_key=True)
    external_ref = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    created_at = models.DateTimeField()


class Store(models.Model):
    """A place that sells: a restaurant, a hotel, a sight, a hairdresser."""

    id = models.BigIntegerField(primary_key=True)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="stores")
    city = models.ForeignKey("city.City", on_delete=models.PROTECT, related_name="+")
    external_ref = models.CharField(max_length=80)
    kind = models.CharField(max_length=16, choices=[(kind, kind) for kind in KINDS])
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160, blank=True)
    pinyin = models.CharField(max_length=600, blank=True)
    initials = models.CharField(max_length=120, blank=True)
    lat = models.FloatField()
    lng = models.FloatField()
    cell = models.CharField(max_length=16)  # H3, resolution 8
    zone = models.CharField(max_length=40)
    address = models.CharField(max_length=240, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    per_head = models.BigIntegerField(default=0)
    rating = models.PositiveSmallIntegerField(default=0)  # tenths of a star; 0 is not rated
    rating_count = models.PositiveIntegerField(default=0)
    rating_total = models.PositiveBigIntegerField(default=0)  # tenths of stars, summed over `rating_weight` voices
    rating_weight = models.PositiveBigIntegerField(default=0)
    cuisine = models.CharField(max_length=40, blank=True)
    tags = models.JSONField(default=list)
    facilities = models.JSONField(default=list)
    facts = models.JSONField(default=dict)
    prep_minutes = models.PositiveSmallIntegerField(default=15)
    paused_until = models.DateTimeField(null=True)
    accepts = models.BooleanField(default=False)  # takes new orders by itself
    approximate = models.BooleanField(default=False)  # the position is near the true one
    origin = models.CharField(max_length=240, blank=True)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["city", "external_ref"], name="store_external_ref"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="store_kind"),
            models.CheckConstraint(condition=Q(lat__gte=-90, lat__lte=90, lng__gte=-180, lng__lte=180), name="store_on_earth"),
            models.CheckConstraint(condition=Q(rating__lte=50), name="store_rating_range"),
            models.CheckConstraint(condition=Q(per_head__gte=0), name="store_per_head_positive"),
            models.CheckConstraint(condition=Q(prep_minutes__lte=240), name="store_prep_range"),
        ]
        indexes = [models.Index(fields=["city", "kind", "lat", "lng"], name="store_near")]


class StoreHours(models.Model):
    """One weekly opening in the store's own wall-clock minutes; `closes` may pass midnight (up to 2,880)."""

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField()  # 0 is Monday
    opens = models.PositiveSmallIntegerField()
    closes = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "weekday", "opens"], name="store_hours_once"),
            models.CheckConstraint(condition=Q(weekday__lte=6, opens__lt=DAY_MINUTES), name="store_hours_range"),
            models.CheckConstraint(condition=Q(closes__gt=F("opens"), closes__lte=2 * DAY_MINUTES), name="store_hours_order"),
        ]


class StoreKitchen(models.Model):
    """What is believed of how long a store's kitchen takes against what it says (`engines.forecast.kitchen.Kitchen`)."""

    store = models.OneToOneField(Store, primary_key=True, on_delete=models.CASCADE, related_name="kitchen")
    drift = models.FloatField()
    variance = models.FloatField()
    weight = models.FloatField()
    heard_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(variance__gte=0, variance__lt=10, weight__gt=0), name="store_kitchen_can_be"),
        ]

    def __str__(self) -> str:
        return f"{self.store_id} {self.drift:+.2f}"


class StoreRing(models.Model):
    """A delivery ring: up to `radius_m` metres away, delivery costs `fee` and takes an order of at least `minimum`."""

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="rings")
    radius_m = models.PositiveIntegerField()
    fee = models.BigIntegerField()
    minimum = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "radius_m"], name="store_ring_once"),
            models.CheckConstraint(condition=Q(radius_m__gt=0, radius_m__lte=50_000), name="store_ring_radius"),
            models.CheckConstraint(condition=Q(fee__gte=0, minimum__gte=0), name="store_ring_positive"),
        ]
