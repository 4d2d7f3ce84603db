"""Reviews, one for each order, by whoever had it; and favourites."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Index, Q


class Review(models.Model):
    """What a person thought of an order, in 1 to 5 stars, and what the store answered. `dishes` are their names, for the reader."""

    id = models.BigIntegerField(primary_key=True)
    order = models.OneToOneField("orders.Order", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    store = models.ForeignKey("merchants.Store", on_delete=models.PROTECT, related_name="+", db_index=False)
    stars = models.PositiveSmallIntegerField()
    taste = models.PositiveSmallIntegerField(null=True)
    pack = models.PositiveSmallIntegerField(null=True)
    delivery = models.PositiveSmallIntegerField(null=True)
    text = models.CharField(max_length=1000, blank=True)
    photos = models.JSONField(default=list)
    dishes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    reply = models.CharField(max_length=500, blank=True)
    replied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = tuple(
            CheckConstraint(condition=Q((f"{name}__isnull", True)) | Q((f"{name}__range", (1, 5))), name=f"community_{name}")
            for name in ("stars", "taste", "pack", "delivery")
        )
        indexes = (Index(fields=("store", "-id"), name="community_by_store"),)


class Favourite(models.Model):
    """A store that a person keeps, or one of its offers. `offer_id` is 0 for the store itself, and may be of an offer that is gone."""

    id = models.BigIntegerField(primary_key=True)
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    store = models.ForeignKey("merchants.Store", on_delete=models.PROTECT, related_name="+", db_index=False)
    offer_id = models.BigIntegerField(default=0)
    kept_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("person", "store", "offer_id"), name="community_favourite_once"),)
