"""Tables of a store, the visits to them, what is picked there, shares of the bill, and the line of those who wait."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

from linli.apps.dining.states import IN_LINE, SHARE, WAITING

SIZES = ("small", "medium", "large", "room")
WAYS = ("own", "even", "rest", "counter")
COURSES = (1, 2, 3)  # starters, mains, desserts


class Table(models.Model):
    """A table of a store; `x` and `y` are its place on the floor plan (columns and rows of a grid). `version` is that of its QR code: a new
    one makes those that were printed before worthless."""

    id = models.BigIntegerField(primary_key=True)
    store = models.ForeignKey("merchants.Store", on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=20)
    seats = models.PositiveSmallIntegerField()
    size = models.CharField(max_length=8)
    area = models.CharField(max_length=30, blank=True)
    x = models.PositiveSmallIntegerField(default=0)
    y = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = (
            UniqueConstraint(fields=("store", "name"), condition=Q(active=True), name="dining_table_name"),
            CheckConstraint(condition=Q(seats__gte=1, seats__lte=60), name="dining_table_seats"),
            CheckConstraint(condition=Q(size__in=SIZES), name="dining_table_size"),
        )


class Visit(models.Model):
    """A party at its table or tables, from the first scan (or being seated) until everything is paid and it is closed."""

    id = models.BigIntegerField(primary_key=True)
    store = models.ForeignKey("merchants.Store", on_delete=models.PROTECT, related_name="+", db_index=False)
    people = models.PositiveSmallIntegerField(default=0)  # how many they are; 0: nobody has said
    size = models.CharField(max_length=8)  # of the table they began at: for how long such tables are taken
    opened_at = models.DateTimeField()
    bill_at = models.DateTimeField(null=True)  # when somebody asked for the bill
    closed_at = models.DateTimeField(null=True)
    joined = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)  # went on as part of that one

    class Meta:
        indexes = (
            Index(fields=("store",), condition=Q(closed_at=None), name="dining_visit_open"),
            Index(fields=("store", "-closed_at"), name="dining_visit_over"),
        )


class Seating(models.Model):
    """That a visit has a table; a table has one visit at a time."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="+")
    table = models.ForeignKey(Table, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = (UniqueConstraint(fields=("table",), condition=Q(until=None), name="dining_seating_once"),)


class Arrival(models.Model):
    """That a party came for a reservation (an order of mode `table`) and sits: in which visit."""

    order_id = models.BigIntegerField(primary_key=True)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Guest(models.Model):
    """Somebody at the table with a phone of their own."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (UniqueConstraint(fields=("visit", "person"), name="dining_guest_once"),)


class Pick(models.Model):
    """Something picked at the table, by whom, for which course. Once it is sent it is in an order, and stays as it is."""

    id = models.BigIntegerField(primary_key=True)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    offer_id = models.BigIntegerField()
    options = models.JSONField(default=list)
    qty = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=100, blank=True)
    course = models.PositiveSmallIntegerField(default=2)
    order_id = models.BigIntegerField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            CheckConstraint(condition=Q(qty__gte=1), name="dining_pick_qty"),
            CheckConstraint(condition=Q(course__in=COURSES), name="dining_pick_course"),
            CheckConstraint(
                condition=Q(order_id__isnull=True, sent_at__isnull=True) | Q(order_id__isnull=False, sent_at__isnull=False),
                name="dining_pick_sent",
            ),
        )
        indexes = (Index(fields=("order_id",), condition=Q(order_id__isnull=False), name="dining_pick_order"),)


class Share(models.Model):
    """A part of the bill that somebody pays: `parts` say how much of which order (`[[order id, minor units], …]`).

    `way`: own lines, one of equal shares, all the rest, or at the counter. A share of equal ones belongs to nobody until it is taken.
    """

    id = models.BigIntegerField(primary_key=True)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    way = models.CharField(max_length=8)
    amount = models.BigIntegerField()
    parts = models.JSONField()
    state = models.CharField(max_length=8, default=SHARE.initial)
    made_at = models.DateTimeField()
    over_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            CheckConstraint(condition=Q(state__in=sorted(SHARE.states)), name="dining_share_state"),
            CheckConstraint(condition=Q(way__in=WAYS), name="dining_share_way"),
            CheckConstraint(condition=Q(amount__gt=0), name="dining_share_amount"),
            # Somebody pays one share at a time: who presses twice goes on with the first.
            UniqueConstraint(fields=("visit", "person"), condition=Q(state="open", person__isnull=False), name="dining_share_one_open"),
        )


class Waiting(models.Model):
    """A party that waits for a table; its `number` counts on within a day of the store and a size of tables."""

    id = models.BigIntegerField(primary_key=True)
    store = models.ForeignKey("merchants.Store", on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    size = models.CharField(max_length=8)
    number = models.PositiveSmallIntegerField()
    people = models.PositiveSmallIntegerField()
    person = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=8, default=WAITING.initial)
    taken_at = models.DateTimeField()
    line_at = models.DateTimeField()  # its place in the line: when it was taken, or put back
    called_at = models.DateTimeField(null=True)
    there_by = models.DateTimeField(null=True)
    over_at = models.DateTimeField(null=True)
    table = models.ForeignKey(Table, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)  # kept for them while called
    visit = models.ForeignKey(Visit, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = (
            UniqueConstraint(fields=("table",), condition=Q(state="called", table__isnull=False), name="dining_waiting_table"),
            UniqueConstraint(fields=("store", "day", "size", "number"), name="dining_waiting_number"),
            UniqueConstraint(fields=("store", "person"), condition=Q(state__in=IN_LINE, person__isnull=False), name="dining_waiting_once"),
            CheckConstraint(condition=Q(state__in=sorted(WAITING.states)), name="dining_waiting_state"),
            CheckConstraint(condition=Q(people__gte=1, people__lte=60), name="dining_waiting_people"),
            CheckConstraint(condition=Q(size__in=SIZES), name="dining_waiting_size"),
        )
        indexes = (
            Index(fields=("store", "size", "line_at"), condition=Q(state__in=(*IN_LINE, "passed")), name="dining_waiting_line"),
            Index(fields=("there_by",), condition=Q(state="called"), name="dining_waiting_called"),
        )
