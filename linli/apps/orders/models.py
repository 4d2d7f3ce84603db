"""Carts and orders. An order keeps copies of what was agreed (titles, prices, address): later changes elsewhere do not touch it."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from linli.apps.orders.modes import DONE, MODES
from linli.apps.orders.states import CLOSED, STATES

KINDS = ("item", "packaging", "delivery", "discount", "tip")


class Cart(models.Model):
    """What a person has picked in one store."""

    id = models.BigIntegerField(primary_key=True)
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    store = models.ForeignKey("merchants.Store", on_delete=models.PROTECT, related_name="+", db_index=False)
    touched_at = models.DateTimeField()

    class Meta:
        constraints = (UniqueConstraint(fields=("person", "store"), name="orders_cart_once"),)


class CartLine(models.Model):
    """One offer with its options (`[[option id, qty], …]`, sorted) and, where its kind asks for it, when, for how many and in which way.

    `options_key` is all of that as text: what has the same key is the same thing.
    """

    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="+")
    offer_id = models.BigIntegerField()
    options = models.JSONField(default=list)
    options_key = models.CharField(max_length=500)
    qty = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=100, blank=True)
    kind = models.CharField(max_length=16, default="dish")
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    guests = models.PositiveSmallIntegerField(default=0)
    details = models.JSONField(default=dict)

    class Meta:
        constraints = (
            UniqueConstraint(fields=("cart", "offer_id", "options_key", "note"), name="orders_cartline_once"),
            CheckConstraint(condition=Q(qty__gte=1), name="orders_cartline_qty"),
        )


class Claim(models.Model):
    """An idempotency key, taken before anything is checked, so that a replay meets the first answer and not a changed world."""

    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    order_id = models.BigIntegerField()

    class Meta:
        constraints = (UniqueConstraint(fields=("person", "key"), name="orders_claim_once"),)


class Order(models.Model):
    """An order of one person in one store. Amounts in minor units; `total` is what is paid, and the sum of the lines."""

    id = models.BigIntegerField(primary_key=True)
    number = models.CharField(max_length=20)
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    city = models.ForeignKey("city.City", on_delete=models.PROTECT, related_name="+", db_index=False)
    store = models.ForeignKey("merchants.Store", on_delete=models.PROTECT, related_name="+", db_index=False)
    store_name = models.CharField(max_length=200)
    store_name_en = models.CharField(max_length=200, blank=True)
    mode = models.CharField(max_length=12)
    state = models.CharField(max_length=12)
    currency = models.CharField(max_length=3)
    goods = models.BigIntegerField()
    packaging = models.BigIntegerField()
    delivery_fee = models.BigIntegerField()
    discount = models.BigIntegerField()
    tip = models.BigIntegerField()
    total = models.BigIntegerField()
    refunded = models.BigIntegerField(default=0)
    kept = models.BigIntegerField(default=0)  # what calling it off cost: the store's, of what was paid
    checkout_id = models.BigIntegerField(null=True)  # the id of the first order of those that were placed and paid together
    placed_at = models.DateTimeField()
    pay_by = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    accept_by = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    ready_at = models.DateTimeField(null=True)  # when it is or, before that, when the store expects it to be
    picked_up_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)  # or collected: when the person had it
    completed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)  # until when what is owed for it is to be paid; nothing once it is
    scheduled_for = models.DateTimeField(null=True)
    promise_from = models.DateTimeField()
    promise_to = models.DateTimeField()
    prep_s = models.PositiveIntegerField()
    travel_s = models.PositiveIntegerField(default=0)
    called_at = models.DateTimeField(null=True)  # when a courier was asked for
    courier_fee = models.BigIntegerField(default=0)  # what the way is worth to a courier
    courier_id = models.BigIntegerField(null=True)  # who brings it, as far as fulfilment has told
    courier_pay = models.BigIntegerField(default=0)  # what the courier earned with it, tip included
    address = models.JSONField(null=True)
    table_name = models.CharField(max_length=40, blank=True)  # where it is eaten in, as it was called when it was sent
    course = models.PositiveSmallIntegerField(default=0)  # of a meal at a table: 1 starters, 2 mains, 3 desserts
    remark = models.CharField(max_length=200, blank=True)
    utensils = models.PositiveSmallIntegerField(default=0)
    pickup_code = models.CharField(max_length=8)
    drop_code = models.CharField(max_length=8)
    method = models.CharField(max_length=20)
    cancel_reason = models.CharField(max_length=200, blank=True)
    cancelled_by = models.CharField(max_length=12, blank=True)
    disputed = models.BooleanField(default=False)

    class Meta:
        constraints = (
            CheckConstraint(condition=Q(state__in=STATES), name="orders_order_state"),
            CheckConstraint(condition=Q(mode__in=tuple(MODES)), name="orders_order_mode"),
            CheckConstraint(
                condition=Q(total=F("goods") + F("packaging") + F("delivery_fee") + F("tip") - F("discount")), name="orders_order_total"
            ),
            CheckConstraint(
                condition=Q(goods__gte=0, packaging__gte=0, delivery_fee__gte=0, tip__gte=0, discount__gte=0, total__gte=0),
                name="orders_order_amounts",
            ),
            CheckConstraint(condition=Q(refunded__gte=0, kept__gte=0, refunded__lte=F("total") - F("kept")), name="orders_order_refunded"),
        )
        indexes = (
            Index(fields=("person", "-id"), name="orders_by_person"),
            Index(fields=("store", "-id"), name="orders_by_store"),
            Index(fields=("city", "promise_to"), condition=~Q(state__in=("completed", *sorted(CLOSED))), name="orders_open"),
            Index(fields=("person", "due_at"), condition=Q(due_at__isnull=False), name="orders_due"),
            Index(fields=("checkout_id",), condition=Q(checkout_id__isnull=False), name="orders_together"),
            Index(fields=("pay_by",), condition=Q(state="placed"), name="orders_unpaid"),
            Index(fields=("accept_by",), condition=Q(state="paid"), name="orders_unaccepted"),
            Index(fields=("delivered_at",), condition=Q(state__in=sorted(DONE)), name="orders_uncompleted"),
        )


class OrderLine(models.Model):
    """One line of the bill; `amount` is negative for a discount, of which `by_merchant + by_platform` say who pays."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10)
    offer_id = models.BigIntegerField(null=True)
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    options = models.JSONField(default=list)
    note = models.CharField(max_length=100, blank=True)
    qty = models.PositiveSmallIntegerField()
    unit = models.BigIntegerField()
    amount = models.BigIntegerField()
    by_merchant = models.BigIntegerField(default=0)
    by_platform = models.BigIntegerField(default=0)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    guests = models.PositiveSmallIntegerField(default=0)
    details = models.JSONField(default=dict)
    refunded_qty = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = (
            CheckConstraint(condition=Q(kind__in=KINDS), name="orders_line_kind"),
            CheckConstraint(condition=Q(amount=F("unit") * F("qty")), name="orders_line_amount"),
            CheckConstraint(condition=Q(refunded_qty__lte=F("qty")), name="orders_line_refunded"),
            CheckConstraint(
                condition=~Q(kind="discount") | Q(amount=-F("by_merchant") - F("by_platform"), amount__lte=0), name="orders_line_bearer"
            ),
        )


class OrderEvent(models.Model):
    """One step of an order's life."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+")
    event = models.CharField(max_length=20)
    state = models.CharField(max_length=12)
    role = models.CharField(max_length=12)
    person_id = models.BigIntegerField()
    at = models.DateTimeField()
    data = models.JSONField(default=dict)


class OrderRefund(models.Model):
    """Money given back for an order that goes on (or went on): how much, why, and who pays."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=80)
    amount = models.BigIntegerField()
    by_merchant = models.BigIntegerField()
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            UniqueConstraint(fields=("order", "key"), name="orders_refund_once"),
            CheckConstraint(condition=Q(amount__gt=0, by_merchant__gte=0, by_merchant__lte=F("amount")), name="orders_refund_amount"),
        )


class OrderTip(models.Model):
    """A tip given after delivery, paid by an intent of its own (`tip:<id>`), so that the order's total stays what it was."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=80)
    amount = models.BigIntegerField()
    asked_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            UniqueConstraint(fields=("order", "key"), name="orders_tip_once"),
            CheckConstraint(condition=Q(amount__gt=0), name="orders_tip_amount"),
        )
