"""Complaints about orders and what was said about them."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from linli.apps.care.states import CASE, KINDS, OVER


class Case(models.Model):
    """One complaint. `wanted` is what the person asks for, `refund_amount` what was given, minor units."""

    id = models.BigIntegerField(primary_key=True)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    store = models.ForeignKey("merchants.Store", on_delete=models.PROTECT, related_name="+", db_index=False)
    city_id = models.BigIntegerField()
    order_number = models.CharField(max_length=20)
    store_name = models.CharField(max_length=200)
    kind = models.CharField(max_length=8)
    text = models.CharField(max_length=1000)
    lines = models.JSONField(default=dict)  # order line id (as text) -> pieces
    photos = models.JSONField(default=list)
    wanted = models.BigIntegerField()
    state = models.CharField(max_length=10, default=CASE.initial)
    instant = models.BooleanField(default=False)
    refund_amount = models.BigIntegerField(default=0)
    resolution = models.CharField(max_length=500, blank=True)
    decided_by = models.CharField(max_length=40, blank=True)
    opened_at = models.DateTimeField()
    reply_due_at = models.DateTimeField()
    replied_at = models.DateTimeField(null=True)
    solve_due_at = models.DateTimeField()
    solved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            CheckConstraint(condition=Q(state__in=sorted(CASE.states)), name="care_case_state"),
            CheckConstraint(condition=Q(kind__in=KINDS), name="care_case_kind"),
            CheckConstraint(condition=Q(wanted__gte=0, refund_amount__gte=0), name="care_case_amounts"),
            CheckConstraint(condition=Q(reply_due_at__lte=F("solve_due_at")), name="care_case_clocks"),
            UniqueConstraint(fields=("order",), condition=~Q(state__in=OVER), name="care_case_one_open"),
        )
        indexes = (
            Index(fields=("solve_due_at",), condition=~Q(state__in=OVER), name="care_queue"),
            Index(fields=("person", "-opened_at"), name="care_by_person"),
            Index(fields=("store", "-opened_at"), name="care_by_store"),
        )


class CaseMessage(models.Model):
    """Something said in a case; a `note` is seen by staff only."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=12)
    person_id = models.BigIntegerField()
    text = models.CharField(max_length=1000)
    note = models.BooleanField(default=False)
    at = models.DateTimeField()
