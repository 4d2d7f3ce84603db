"""Tables of promotions."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

KINDS = ("full_reduction", "percent", "newcomer", "coupon", "delivery")


class Campaign(models.Model):
    """A standing offer to take something off; of one store, or of the platform when `store_id` is null."""

    id = models.BigIntegerField(primary_key=True)
    store = models.ForeignKey("merchants.Store", null=True, on_delete=models.PROTECT, related_name="+")
    city = models.ForeignKey("city.City", null=True, on_delete=models.PROTECT, related_name="+")  # null: every city
    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=60)
    title_en = models.CharField(max_length=60)
    rules = models.JSONField(default=dict)  # what `rules.Rules` reads: tiers, percent_bp, cap, min, target, days, once
    stack = models.JSONField(default=dict)  # the stacking rule: {"group": …, "beside": [groups] or null}
    bearer_merchant_bp = models.IntegerField()  # the merchant's part of each discount; the platform bears the rest
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    budget = models.BigIntegerField(null=True)
    spent = models.BigIntegerField(default=0)
    public = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="campaign_kind"),
            models.CheckConstraint(condition=Q(spent__gte=0), name="campaign_spent"),
            models.CheckConstraint(condition=Q(budget__isnull=True) | Q(spent__lte=F("budget")), name="campaign_budget"),
            models.CheckConstraint(condition=Q(bearer_merchant_bp__gte=0, bearer_merchant_bp__lte=10_000), name="campaign_bearer"),
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="campaign_time"),
        ]
        indexes = [models.Index(fields=["store", "ends_at"], name="campaign_store")]


class Coupon(models.Model):
    """The right of one person to use a campaign once."""

    id = models.BigIntegerField(primary_key=True)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default="granted")  # granted, redeemed, expired
    granted_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ref = models.CharField(max_length=40, default="")  # what it was used for
    key = models.CharField(max_length=80, unique=True)  # the same grant asked for twice is one coupon

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=("granted", "redeemed", "expired")), name="coupon_state"),
            models.CheckConstraint(condition=Q(state="redeemed") ^ Q(ref=""), name="coupon_ref"),
        ]
        indexes = [models.Index(fields=["person", "state", "expires_at"], name="coupon_person")]


class Redemption(models.Model):
    """A discount that was given for `ref`, and who bears it."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="+")
    coupon = models.ForeignKey(Coupon, null=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    ref = models.CharField(max_length=40)
    amount_merchant = models.BigIntegerField()
    amount_platform = models.BigIntegerField()
    state = models.CharField(max_length=10, default="redeemed")  # redeemed, returned
    once_key = models.CharField(max_length=60, null=True, unique=True)  # set while a once-only campaign is used by a person
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "ref"], name="redemption_once"),
            models.CheckConstraint(condition=Q(state__in=("redeemed", "returned")), name="redemption_state"),
            models.CheckConstraint(condition=Q(amount_merchant__gte=0, amount_platform__gte=0), name="redemption_amounts"),
        ]
        indexes = [models.Index(fields=["ref"], name="redemption_ref"), models.Index(fields=["coupon"], name="redemption_coupon")]
