"""What must always hold in promotions."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, OuterRef, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from linli.apps.promotions.models import Campaign, Coupon, Redemption
from linli.platform.invariants import rule


@rule("campaigns.spent")
def campaigns_spent(at: datetime) -> list[str]:
    """What a campaign has spent is the sum of its redemptions."""
    mine = Redemption.objects.filter(campaign=OuterRef("id"), state="redeemed").order_by().values("campaign")
    total = mine.annotate(total=Sum(F("amount_merchant") + F("amount_platform"))).values("total")
    wrong = Campaign.objects.annotate(redeemed=Coalesce(Subquery(total), 0)).exclude(spent=F("redeemed"))
    return [f"campaign {row.id} says {row.spent} spent, its redemptions say {row.redeemed}" for row in wrong[:20]]


@rule("coupons.once")
def coupons_once(at: datetime) -> list[str]:
    """A redeemed coupon has exactly one standing redemption, for the same ref."""
    standing = Redemption.objects.filter(coupon=OuterRef("id"), state="redeemed").values("ref")
    there = Coalesce(Subquery(standing[:1]), Value(""))
    wrong = Coupon.objects.filter(state="redeemed").annotate(there=there).exclude(ref=F("there"))
    return [f"coupon {row.id} is used for {row.ref} without a redemption there" for row in wrong[:20]]
