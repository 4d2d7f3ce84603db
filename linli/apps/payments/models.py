"""Tables of payments: what is to be paid, what was, and a ledger in which every line has two sides."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from linli.apps.payments import states

# Accounts whose running sums are kept on the row: one owner each, so that nobody queues for them. Those of the platform itself
# (clearing, revenue, …) are written by every payment; their balance is the sum of their transfers instead.
ROLLING = ("balance", "escrow", "receivable", "refunding", "store", "courier", "cash")
SYSTEM = ("clearing", "revenue", "promotion", "goodwill", "bank")


class Intent(models.Model):
    """That a person is to pay `amount` for `ref`, once."""

    id = models.BigIntegerField(primary_key=True)
    ref = models.CharField(max_length=80, unique=True)
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    methods = models.JSONField()
    state = models.CharField(max_length=10, default="open")
    method = models.CharField(max_length=20, default="")
    provider_ref = models.CharField(max_length=64, default="")
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    captured_at = models.DateTimeField(null=True)
    captured_amount = models.BigIntegerField(default=0)
    refunded = models.BigIntegerField(default=0)
    settled_at = models.DateTimeField(null=True)
    # A part of a payment that is made together with others: it is paid, called off and over when its whole is, and refunded by itself.
    whole = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="intent_amount"),
            models.CheckConstraint(condition=Q(refunded__gte=0, refunded__lte=F("captured_amount")), name="intent_refunded"),
            models.CheckConstraint(condition=Q(state__in=sorted(states.INTENT.states)), name="intent_state"),
            models.CheckConstraint(condition=~Q(state="captured") | Q(captured_at__isnull=False), name="intent_captured"),
        ]
        indexes = [
            models.Index(fields=["expires_at"], condition=Q(state="open"), name="intent_open"),
            models.Index(fields=["person", "opened_at"], name="intent_person"),
            models.Index(fields=["whole"], condition=Q(whole__isnull=False), name="intent_whole"),
        ]


class Attempt(models.Model):
    """One try to pay an intent by one method; `number` is what the provider knows it by."""

    id = models.BigIntegerField(primary_key=True)
    intent = models.ForeignKey(Intent, on_delete=models.PROTECT, related_name="+")
    method = models.CharField(max_length=20)
    provider = models.CharField(max_length=20)
    number = models.CharField(max_length=40, unique=True)
    provider_ref = models.CharField(max_length=64, default="")
    state = models.CharField(max_length=10, default="started")
    started_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)
    amount = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=sorted(states.ATTEMPT.states)), name="attempt_state"),
            models.UniqueConstraint(fields=["intent"], condition=Q(state="paid"), name="attempt_paid_once"),
            # A double click goes on with the number that the provider knows already; it cannot be paid twice.
            models.UniqueConstraint(fields=["intent", "method"], condition=Q(state="started"), name="attempt_started_once"),
        ]
        indexes = [models.Index(fields=["started_at"], condition=Q(state="started"), name="attempt_started")]


class Refund(models.Model):
    """Money on its way back to the payer."""

    id = models.BigIntegerField(primary_key=True)
    intent = models.ForeignKey(Intent, on_delete=models.PROTECT, related_name="+")
    attempt = models.ForeignKey(Attempt, null=True, on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField()
    reason = models.CharField(max_length=200)
    key = models.CharField(max_length=100, unique=True)
    number = models.CharField(max_length=40, unique=True)
    state = models.CharField(max_length=10, default="pending")
    via = models.CharField(max_length=20)
    provider_ref = models.CharField(max_length=64, default="")
    by = models.CharField(max_length=40)
    asked_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_amount"),
            models.CheckConstraint(condition=Q(state__in=sorted(states.REFUND.states)), name="refund_state"),
        ]
        indexes = [models.Index(fields=["asked_at"], condition=Q(state="pending"), name="refund_pending")]


class Callback(models.Model):
    """Everything a provider (or somebody who says so) has told us, and what came of it."""

    provider = models.CharField(max_length=20)
    notice_id = models.CharField(max_length=80)
    number = models.CharField(max_length=40, default="")
    body = models.TextField()
    verified = models.BooleanField()
    outcome = models.CharField(max_length=20)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            # A forged notice must not use up the number of a true one, so only verified ones are unique.
            models.UniqueConstraint(fields=["provider", "notice_id"], condition=Q(verified=True), name="callback_once"),
        ]
        indexes = [
            models.Index(fields=["received_at"], name="callback_received"),
            models.Index(fields=["number"], name="callback_number"),
        ]


class Account(models.Model):
    """A place where money is: `kind` and `owner` say whose; `debits` and `credits` are the sums of its transfers (ROLLING kinds only)."""

    kind = models.CharField(max_length=12)
    owner = models.CharField(max_length=80, default="")
    currency = models.CharField(max_length=3)
    debits = models.BigIntegerField(default=0)
    credits = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "owner", "currency"], name="account_once"),
            models.CheckConstraint(condition=Q(kind__in=ROLLING + SYSTEM), name="account_kind"),
            # Nobody's balance and no order's escrow pays out what it does not hold; nobody owes more for an order than was asked.
            models.CheckConstraint(
                condition=~Q(kind__in=("balance", "escrow", "refunding")) | Q(debits__lte=F("credits")), name="account_covered"
            ),
            models.CheckConstraint(condition=~Q(kind__in=("receivable", "cash")) | Q(credits__lte=F("debits")), name="account_owed"),
        ]


class Transfer(models.Model):
    """`amount` from the credited account's side to the debited one's: two sides of one row, so the ledger cannot but balance."""

    debit = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    credit = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    kind = models.CharField(max_length=20)
    ref = models.CharField(max_length=80)
    key = models.CharField(max_length=140, unique=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="transfer_amount"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="transfer_sides"),
        ]
        indexes = [models.Index(fields=["ref"], name="transfer_ref"), models.Index(fields=["at"], name="transfer_at")]


class Statement(models.Model):
    """One provider's statement of one day, compared with the ledger."""

    provider = models.CharField(max_length=20)
    day = models.DateField()
    lines = models.IntegerField()
    amount_theirs = models.BigIntegerField()
    amount_ours = models.BigIntegerField()
    differences = models.IntegerField()
    compared_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "day"], name="statement_once")]


class Difference(models.Model):
    """A line on which the provider and the ledger do not agree."""

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)  # missing_here, missing_there, amount
    number = models.CharField(max_length=40)
    theirs = models.BigIntegerField(null=True)
    ours = models.BigIntegerField(null=True)
    note = models.CharField(max_length=200, default="")
    cleared_at = models.DateTimeField(null=True)
