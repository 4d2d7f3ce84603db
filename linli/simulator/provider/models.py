"""The provider's own books."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Trade(models.Model):
    """What a merchant asked to be paid, under the merchant's own number."""

    id = models.BigIntegerField(primary_key=True)
    merchant = models.CharField(max_length=20)
    out_number = models.CharField(max_length=64)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    subject = models.CharField(max_length=120)
    notify_url = models.CharField(max_length=500)
    return_url = models.CharField(max_length=500)
    state = models.CharField(max_length=8, default="WAIT")  # WAIT, SUCCESS, CLOSED
    mood = models.CharField(max_length=10, default="")
    refunded = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "simulator"
        constraints = [
            models.UniqueConstraint(fields=["merchant", "out_number"], name="trade_once"),
            models.CheckConstraint(condition=Q(amount__gt=0, refunded__gte=0, refunded__lte=F("amount")), name="trade_amounts"),
            models.CheckConstraint(condition=Q(state__in=("WAIT", "SUCCESS", "CLOSED")), name="trade_state"),
        ]
        indexes = [models.Index(fields=["paid_at"], name="trade_paid")]


class TradeRefund(models.Model):
    """Money that went back, under the merchant's own number for it."""

    id = models.BigIntegerField(primary_key=True)
    trade = models.ForeignKey(Trade, on_delete=models.PROTECT, related_name="+")
    out_number = models.CharField(max_length=64)
    amount = models.BigIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        app_label = "simulator"
        constraints = [models.UniqueConstraint(fields=["trade", "out_number"], name="trade_refund_once")]
        indexes = [models.Index(fields=["created_at"], name="trade_refund_made")]


class Notice(models.Model):
    """A message to the merchant, sent until it is acknowledged or the provider gives up."""

    id = models.BigIntegerField(primary_key=True)
    trade = models.ForeignKey(Trade, on_delete=models.PROTECT, related_name="+")
    params = models.JSONField()
    tries = models.IntegerField(default=0)
    state = models.CharField(max_length=10, default="waiting")  # waiting, delivered, given_up
    created_at = models.DateTimeField()
    last_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "simulator"
        indexes = [models.Index(fields=["trade"], name="notice_trade")]
