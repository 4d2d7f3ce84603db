"""What is on its way into the lake, who is to be forgotten, and what was found out."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from linli.apps.insight.vocabulary import KINDS


class Batch(models.Model):
    """Rows that go into the lake together; it is there until all of them are."""

    id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()


class Noted(models.Model):
    """Something that somebody did, on its way into the lake. `person_id` is 0 for whoever did not agree to be known."""

    mark = models.CharField(max_length=32, unique=True)
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20)
    person_id = models.BigIntegerField(default=0)
    city_id = models.BigIntegerField()
    store_id = models.BigIntegerField(default=0)
    offer_id = models.BigIntegerField(default=0)
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    section = models.CharField(max_length=40, blank=True)
    place = models.PositiveIntegerField(default=0)
    seconds = models.PositiveIntegerField(default=0)
    text = models.CharField(max_length=80, blank=True)
    arm = models.CharField(max_length=40, blank=True)
    amount = models.BigIntegerField(default=0)
    listed = models.BigIntegerField(default=0)
    chance = models.FloatField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(kind__in=KINDS), name="insight_kind_known")]
        indexes = [models.Index(fields=["person_id"], name="insight_noted_person", condition=Q(person_id__gt=0))]


class Forgetting(models.Model):
    """Somebody who is to be forgotten: from the lake at the next turn, from fitted models with the next fit."""

    person_id = models.BigIntegerField()
    asked_at = models.DateTimeField()
    lake_done_at = models.DateTimeField(null=True)
    models_done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["asked_at"], name="insight_forget_open", condition=Q(models_done_at__isnull=True))]


class DayReport(models.Model):
    """What a day of the lake holds, and what is wrong with it."""

    day = models.DateField(primary_key=True)
    rows = models.BigIntegerField()
    kinds = models.JSONField()
    faults = models.JSONField()
    made_at = models.DateTimeField()


class Heard(models.Model):
    """Up to which event of the outbox other rooms' news has been written down."""

    name = models.CharField(max_length=40, primary_key=True)
    event_id = models.BigIntegerField(default=0)


class Group(models.Model):
    """People of a city who eat alike, as the last turn found them; nobody is named here."""

    city_id = models.BigIntegerField()
    number = models.PositiveSmallIntegerField()
    people = models.PositiveIntegerField()
    marks = models.JSONField()  # [[cuisine, times as often as everybody], ...], what sets them apart
    facts = models.JSONField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["city_id", "number"], name="insight_group_once")]


class Rule(models.Model):
    """Who orders at kinds of stores `left` also orders at `right`, as the last turn found it."""

    city_id = models.BigIntegerField()
    left = models.JSONField()
    right = models.JSONField()
    support = models.FloatField()
    confidence = models.FloatField()
    lift = models.FloatField()
    chance = models.FloatField()  # p-value of so strong a tie by chance (Fisher's exact test, one-sided)
    made_at = models.DateTimeField()


class Look(models.Model):
    """An arm of an experiment as it stood at a look: people, and for each measure its sum and sum of squares."""

    experiment = models.CharField(max_length=40)
    city_id = models.BigIntegerField()
    arm = models.CharField(max_length=40)
    at = models.DateTimeField()
    people = models.BigIntegerField()
    measures = models.JSONField()  # {name: [sum, sum of squares]}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["experiment", "city_id", "arm", "at"], name="insight_look_once")]
