"""The plumbing's own tables. Nobody outside this package reads them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class ClockSetting(models.Model):
    """One row: what a demo city's clock showed at a real moment, and how fast it has run since."""

    real_at = models.DateTimeField()
    shown_at = models.DateTimeField()
    speed = models.FloatField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="platform_one_clock"),
            models.CheckConstraint(condition=Q(speed__gt=0), name="platform_clock_runs"),
        ]


class Event(models.Model):
    """What happened, in the order in which it was written. Rows are added, never changed."""

    name = models.CharField(max_length=80)
    data = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["name", "at"], name="platform_event_name")]


class Job(models.Model):
    """Work to be done at `run_at`. A finished job is gone: its row is deleted in the transaction of its effect."""

    DUE, RUNNING, POISON = "due", "running", "poison"

    task = models.CharField(max_length=120)
    payload = models.JSONField(default=dict)
    key = models.CharField(max_length=200, null=True, unique=True)
    period_s = models.FloatField(null=True)
    state = models.CharField(max_length=8, default=DUE)
    run_at = models.DateTimeField()
    tries = models.IntegerField(default=0)
    token = models.CharField(max_length=32, default="")
    lease_until = models.DateTimeField(null=True)
    error = models.TextField(default="")
    failed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["run_at", "id"], name="platform_job_next", condition=Q(state__in=["due", "running"])),
            models.Index(fields=["failed_at"], name="platform_job_failed", condition=Q(failed_at__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["due", "running", "poison"]), name="platform_job_state"),
            models.CheckConstraint(condition=Q(tries__gte=0), name="platform_job_tries"),
        ]


class AuditEntry(models.Model):
    """Who did what to what, why, and what it was before. Rows are added, never changed (a trigger refuses)."""

    role = models.CharField(max_length=16)
    person_id = models.BigIntegerField()
    scope_id = models.BigIntegerField(default=0)
    action = models.CharField(max_length=80)
    subject = models.CharField(max_length=120)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    reason = models.CharField(max_length=500, default="")
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["subject", "id"], name="platform_audit_subject"),
            models.Index(fields=["action", "id"], name="platform_audit_action"),
        ]


class PolicyValue(models.Model):
    """A number that somebody changed, for one city, or for all of them (`city_id` 0)."""

    name = models.CharField(max_length=80)
    city_id = models.BigIntegerField(default=0)
    value = models.CharField(max_length=40)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "city_id"], name="platform_policy_once")]


class Limit(models.Model):
    """How far ahead of its even pace a key is: the moment (in µs since 1970) at which all its hits are paid off."""

    key = models.CharField(max_length=200, primary_key=True)
    paid_off = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["paid_off"], name="platform_limit_old")]


class Sent(models.Model):
    """A message that the sandbox kept instead of sending it."""

    channel = models.CharField(max_length=16)
    to = models.CharField(max_length=500)
    subject = models.CharField(max_length=200, default="")
    body = models.TextField()
    url = models.CharField(max_length=500, default="")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["to", "id"], name="platform_sent_to")]


class PushMessage(models.Model):
    """Something that open pages want to hear at once. Kept for a short while, so that a page that was cut off can catch up."""

    topic = models.CharField(max_length=60)
    event = models.CharField(max_length=60)
    data = models.JSONField()
    at = models.DateTimeField()
    real_at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["topic", "id"], name="platform_push_topic")]


class InvariantState(models.Model):
    """How a rule that must always hold came out when it was last checked."""

    name = models.CharField(max_length=80, primary_key=True)
    violations = models.JSONField(default=list)
    checked_at = models.DateTimeField()
    broken_since = models.DateTimeField(null=True)
